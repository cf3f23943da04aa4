import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Tick } from './tick.ts'

const EVERY_SECONDS = 5
const DOES = 'Posts what is due, looks for lost answers, and tells the CRM what it has not heard yet.'

/**
 * Moves what a wake-up missed: postings whose time has come, lost answers, write-backs that are due again. A round that
 * takes longer than `everySeconds` goes on by itself and the tick ends, so that another process is woken too and takes the
 * lanes that are free.
 */
export function workTick(args: { wake: () => Promise<void>; log: Logger; everySeconds?: number }): Tick {
  const { wake, log, everySeconds = EVERY_SECONDS } = args
  return {
    name: 'work',
    does: DOES,
    everySeconds,
    async run() {
      const waiting = new AbortController()
      const round = wake().finally(() => waiting.abort())
      const ended = await Promise.race([
        round.then(() => true),
        sleep(everySeconds * 1000, false, { signal: waiting.signal }).catch(() => round.then(() => true)),
      ])
      if (ended) return
      round.catch((error: unknown) => log.error({ error: String(error) }, 'a long round of work failed'))
    },
  }
}
