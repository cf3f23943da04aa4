import { setTimeout as sleep } from 'node:timers/promises'
import type { Agenda, Job } from 'agenda'
import type { Logger } from 'pino'
import type { Tick } from './tick.ts'

/** A lock is renewed so often within its life that one renewal may fail. */
const RENEWALS_PER_LOCK = 3

/** Tells Agenda what to call. A tick that throws is logged, kept as failed in the store, and runs again at its next time. */
export function carry(args: { agenda: Agenda; ticks: Tick[]; lockSeconds: number; log: Logger }): {
  /** Waits until nothing runs here any more, or the time is over. */
  ended(limit: { withinSeconds: number }): Promise<void>
} {
  const { agenda, ticks, lockSeconds, log } = args
  const running = new Map<string, Promise<void>>()
  for (const tick of ticks) {
    agenda.define(tick.name, async (job: Job) => {
      const lock = keepLocked(job, { lockSeconds, log })
      try {
        await tick.run()
      } finally {
        await lock.end()
      }
    })
  }
  agenda.on('start', (job: Job) => {
    running.set(job.attrs.name, new Promise((done) => agenda.once(`complete:${job.attrs.name}`, () => done())))
  })
  agenda.on('complete', (job: Job) => running.delete(job.attrs.name))
  agenda.on('fail', (error: Error, job: Job) => {
    log.error({ tick: job.attrs.name, error: error.stack ?? error.message }, 'a tick failed')
  })
  return {
    async ended({ withinSeconds }) {
      const late = new AbortController()
      const patience = sleep(withinSeconds * 1000, undefined, { signal: late.signal }).catch(() => undefined)
      await Promise.race([Promise.all(running.values()), patience])
      late.abort()
    },
  }
}

/**
 * Renews the lock of a tick while it runs: without this, one that takes longer than its lock would be given to another
 * process while it still runs here.
 */
function keepLocked(job: Job, { lockSeconds, log }: { lockSeconds: number; log: Logger }): { end(): Promise<void> } {
  let renewal: Promise<void> = Promise.resolve()
  const timer = setInterval(
    () => {
      renewal = job.touch().catch((error: unknown) => {
        log.debug({ tick: job.attrs.name, error: String(error) }, 'a lock could not be renewed')
      })
    },
    (lockSeconds * 1000) / RENEWALS_PER_LOCK,
  )
  return {
    /** A renewal that is under way must not arrive after the lock was given free. */
    async end() {
      clearInterval(timer)
      await renewal
    },
  }
}
