// When things happen: one file beside this one for each clock tick, with a name, an interval and one call. Agenda carries
// the ticks, in PostgreSQL or MongoDB. Nothing but ticks is in its store, so that losing it loses no work: every few
// seconds a running process looks whether they are all there, and schedules again what is missing.
import { Agenda } from 'agenda'
import type { Logger } from 'pino'
import { carry } from './carry.ts'
import type { JobStore, OpenJobStore } from './job-store.ts'
import { openJobStore } from './open-job-store.ts'
import { Schedule } from './schedule.ts'
import { StoreHealth } from './store-health.ts'
import type { Tick } from './tick.ts'
import { type TickStatus, tickStatuses } from './tick-status.ts'

export interface Ticks {
  /** Schedules every tick and begins to run them here. */
  start(): Promise<void>
  /** Reads how each tick is doing from the job store, in the order in which they were given. */
  list(): Promise<TickStatus[]>
  /** Begins nothing more, waits for what runs (`drainSeconds` at most), and closes the store. */
  stop(): Promise<void>
}

interface TickLimits {
  /** A tick whose process died is given to another one after this long. */
  lockSeconds: number
  /** How often this process looks for ticks that are due. */
  scanSeconds: number
  /** How often it looks whether all ticks are still in the store. */
  checkSeconds: number
  drainSeconds: number
}

const LIMITS: TickLimits = { lockSeconds: 15, scanSeconds: 1, checkSeconds: 5, drainSeconds: 10 }

/** Opens the job store; nothing runs before `start`. Throws JobStoreUnreachable. */
export async function openTicks(args: {
  store: JobStore
  ticks: Tick[]
  log: Logger
  limits?: Partial<TickLimits>
}): Promise<Ticks> {
  const { ticks, log } = args
  const limits = { ...LIMITS, ...args.limits }
  const health = new StoreHealth({ kind: args.store.kind, log })
  const store = await openJobStore(args.store, { report: health.trouble })
  const agenda = agendaOn(store, limits)
  agenda.on('error', health.trouble)
  const carried = carry({ agenda, ticks, lockSeconds: limits.lockSeconds, log })
  const schedule = new Schedule({ agenda, store, ticks, lockSeconds: limits.lockSeconds })
  let checking: NodeJS.Timeout | undefined
  const check = async () => {
    try {
      const lost = await schedule.mend()
      if (lost.length > 0) log.warn({ ticks: lost }, 'ticks were missing from the job store; they are scheduled again')
      health.well()
    } catch (error) {
      health.trouble(error)
    }
  }
  return {
    async start() {
      await schedule.begin()
      await agenda.start()
      checking = setInterval(check, limits.checkSeconds * 1000)
    },
    async list() {
      const { jobs } = await store.repository.queryJobs({ names: ticks.map(({ name }) => name) })
      return tickStatuses({ ticks, jobs, kind: args.store.kind, lockSeconds: limits.lockSeconds, now: new Date() })
    },
    async stop() {
      clearInterval(checking)
      // Gives free what is held and has not begun.
      await agenda.stop(false).catch(health.trouble)
      await carried.ended({ withinSeconds: limits.drainSeconds })
      await store.close()
    },
  }
}

function agendaOn({ repository }: OpenJobStore, { lockSeconds, scanSeconds }: TickLimits): Agenda {
  return new Agenda({
    // The store is open already. Agenda itself would connect in its constructor, where nobody can catch the error.
    backend: {
      name: 'job store',
      repository,
      connect: async () => {},
      disconnect: async () => {},
      ownsConnection: false,
    },
    processEvery: scanSeconds * 1000,
    defaultConcurrency: 1,
    defaultLockLifetime: lockSeconds * 1000,
  })
}
