// Two workers, one company, and trouble: processes that are killed and frozen at random moments, answers that are lost after
// the fact, and a job store that is wiped in the middle. Everything random comes from one seed, which is printed.
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { RunningSandbox } from '../sandbox/spawn.ts'
import { type Audit, audit, overlaps, type WorkerEnd } from './auditor.ts'
import { environmentFor, hurried, WAITS, WorkerProcess } from './workers.ts'

export interface ChaosOptions {
  sandbox: RunningSandbox
  databaseUrl: string
  seed: number
  /** Processes that are killed or frozen, by turns of chance. */
  blows: number
  secondsBetween: { min: number; max: number }
  /** When everything must have come to rest. */
  secondsMax: number
}

export interface ChaosReport extends Audit {
  overlaps: string[]
  kills: number
  freezes: number
  seconds: number
  /** What the workers said last; for whoever must find out why. */
  words: string
}

/** Lets two workers work through the trouble; gives what the auditor found when everything had come to rest, or time was up. */
export async function chaos(options: ChaosOptions): Promise<ChaosReport> {
  const startedAt = Date.now()
  const storm = new Storm(options)
  const client = new pg.Client({ connectionString: options.databaseUrl, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    for (let blow = 0; blow < options.blows; blow += 1) {
      await storm.wait(options.secondsBetween)
      await storm.strike()
      if (blow === Math.floor(options.blows / 2)) await wipeJobStore(client)
    }
    await storm.calm()
    while (!(await isAtRest(client)) && Date.now() - startedAt < options.secondsMax * 1000) await sleep(250)
    const { sandbox, databaseUrl: url } = options
    const { ends, kills, freezes } = storm
    return {
      ...(await audit({ sandbox, url })),
      overlaps: await overlaps({ sandbox, ends, answerTimeoutSeconds: WAITS.answerTimeoutSeconds }),
      kills,
      freezes,
      seconds: Math.round((Date.now() - startedAt) / 1000),
      words: storm.words,
    }
  } finally {
    await Promise.all([client.end(), storm.end()])
  }
}

class Storm {
  readonly ends: WorkerEnd[] = []
  kills = 0
  freezes = 0
  readonly #environment: Record<string, string>
  readonly #random: () => number
  #workers: WorkerProcess[]
  #thawing: Promise<void>[] = []
  #gone = ''

  constructor({ sandbox, databaseUrl, seed }: ChaosOptions) {
    this.#environment = hurried(environmentFor({ sandbox, databaseUrl }))
    this.#random = randomFrom(seed)
    this.#workers = [new WorkerProcess(this.#environment), new WorkerProcess(this.#environment)]
  }

  get words(): string {
    return [this.#gone, ...this.#workers.map(({ words }) => words)].join('\n').slice(-20_000)
  }

  async wait({ min, max }: { min: number; max: number }): Promise<void> {
    await sleep((min + (max - min) * this.#random()) * 1000)
  }

  /** Kills one worker, which a new process replaces, or freezes it: shorter than its lease, or longer. */
  async strike(): Promise<void> {
    const at = this.#random() < 0.5 ? 0 : 1
    const kills = this.#random() < 0.5
    const seconds = this.#random() < 0.5 ? 1 : WAITS.leaseSeconds + 1
    const worker = this.#workers[at]
    if (!worker) return
    if (kills) {
      this.kills += 1
      this.ends.push(await worker.kill())
      this.#gone = (this.#gone + worker.words).slice(-20_000)
      this.#workers[at] = new WorkerProcess(this.#environment)
      return
    }
    this.freezes += 1
    worker.freeze()
    this.#thawing.push(sleep(seconds * 1000).then(() => worker.thaw()))
  }

  /** Waits until nobody is frozen any more. */
  async calm(): Promise<void> {
    await Promise.all(this.#thawing)
    const dead = this.#workers.filter(({ isAlive }) => !isAlive)
    if (dead.length > 0) throw new Error(`a worker ended by itself:\n${dead.map(({ words }) => words).join('\n')}`)
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.kill()))
  }
}

/** Empties every table of the job store, whatever it is called. */
async function wipeJobStore(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'agenda'`,
  )
  for (const { name } of rows) await client.query(`truncate ${name} cascade`)
}

async function isAtRest(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ live: string; known: string }>(
    `select count(*) filter (where state in ('PENDING', 'CLAIMED', 'SENT', 'UNKNOWN', 'POSTED') or write_back_at is not null) as live,
            count(*) as known from posting`,
  )
  return rows[0]?.live === '0' && rows[0].known !== '0'
}

/** Mulberry32: numbers from 0 up to 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
