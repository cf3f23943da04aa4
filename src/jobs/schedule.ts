import type { Agenda, JobWithState } from 'agenda'
import type { OpenJobStore } from './job-store.ts'
import type { Tick } from './tick.ts'
import { isRunning } from './tick-status.ts'

/** Sees to it that every tick is in the job store, once. */
export class Schedule {
  readonly #agenda: Agenda
  readonly #store: OpenJobStore
  readonly #ticks: Tick[]
  readonly #lockSeconds: number

  constructor(args: { agenda: Agenda; store: OpenJobStore; ticks: Tick[]; lockSeconds: number }) {
    this.#agenda = args.agenda
    this.#store = args.store
    this.#ticks = args.ticks
    this.#lockSeconds = args.lockSeconds
  }

  /** Schedules what is missing, and what has another interval than before; all else keeps its time and its history. */
  async begin(): Promise<void> {
    const known = await this.#known()
    for (const tick of this.#ticks) {
      const job = known.get(tick.name)
      if (job?.repeatInterval === intervalOf(tick)) continue
      // One that runs keeps its lock, and its next time. Any other begins its new interval now.
      if (job && !this.#isRunning(job)) await this.#store.repository.removeJobs({ id: job._id })
      await this.#agenda.every(intervalOf(tick), tick.name)
    }
  }

  /** Schedules again what is missing, in tables made again where they are gone; gives the names. */
  async mend(): Promise<string[]> {
    const known = await this.#known().catch(() => null)
    const missing = this.#ticks.filter(({ name }) => !known?.has(name))
    if (missing.length === 0) return []
    await this.#store.prepare()
    const found = await this.#known()
    const lost = missing.filter(({ name }) => !found.has(name))
    for (const tick of lost) await this.#agenda.every(intervalOf(tick), tick.name)
    return lost.map(({ name }) => name)
  }

  async #known(): Promise<Map<string, JobWithState>> {
    const { jobs } = await this.#store.repository.queryJobs({ names: this.#ticks.map(({ name }) => name) })
    return new Map(jobs.map((job) => [job.name, job]))
  }

  #isRunning(job: JobWithState): boolean {
    return isRunning({ job, lockSeconds: this.#lockSeconds, now: new Date() })
  }
}

function intervalOf({ everySeconds }: Tick): string {
  return `${everySeconds} seconds`
}
