import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { type Logger, pino } from 'pino'
import { type JobStore, JobStoreUnreachable } from '../../src/jobs/job-store.ts'
import { openTicks, type Ticks } from '../../src/jobs/jobs.ts'
import type { Tick } from '../../src/jobs/tick.ts'

/** A job store that a test may harm. */
export interface HarmedStore {
  store: JobStore
  names(): Promise<string[]>
  /** Takes every tick away. */
  empty(): Promise<void>
  /** Takes even the table, or the collection, away. */
  demolish(): Promise<void>
  cut(): Promise<void>
  mend(): Promise<void>
  close(): Promise<void>
}

const LIMITS = { lockSeconds: 1.5, scanSeconds: 0.1, checkSeconds: 0.3, drainSeconds: 5 }
/** A lock that a busy machine does not take for one that was let go: see the test of a stop. */
const LONG_LOCK_SECONDS = 8
const PATIENCE_SECONDS = 15

interface Line {
  level: number
  msg: string
  [field: string]: unknown
}

/** What every job store must do, whichever carries the ticks. `open` gives an empty one; `nowhere` is one that nobody serves. */
export function jobStoreContract(subject: { open: () => Promise<HarmedStore>; nowhere: () => JobStore }): void {
  let harmed: HarmedStore
  let running: Ticks[] = []
  let children: ChildProcess[] = []
  let lines: Line[] = []
  /** When Agenda has looked for the last time after what ran under a long lock. */
  let lookedAfterAt = 0

  const start = async (ticks: Tick[], limits = LIMITS): Promise<Ticks> => {
    const opened = await openTicks({ store: harmed.store, ticks, log: logInto(lines), limits })
    running.push(opened)
    await opened.start()
    return opened
  }
  const stop = async (ticks: Ticks) => {
    running = running.filter((one) => one !== ticks)
    await ticks.stop()
  }
  const only = async (ticks: Ticks) => {
    const [status, ...others] = await ticks.list()
    expect(others).toEqual([])
    if (!status) throw new Error('there is no tick')
    return status
  }

  beforeAll(async () => {
    harmed = await subject.open()
  })
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL')
    children = []
    for (const ticks of running) await ticks.stop()
    running = []
    lines = []
    await harmed.empty()
  })
  afterAll(async () => {
    await harmed.close()
    // Agenda looks half a lock later whether what it ran still runs, and cannot be told not to.
    await sleep(Math.max(LIMITS.lockSeconds * 500, lookedAfterAt - Date.now()))
  })

  // The first of all, so that what Agenda does half a long lock later is over before the others end.
  test('a stop waits for the tick that runs, begins no other, and leaves no lock behind', async () => {
    const gate = gateway()
    let others = 0
    const other = async () => {
      others += 1
    }
    const limits = { ...LIMITS, lockSeconds: LONG_LOCK_SECONDS }
    const first = await start(
      [tick({ everySeconds: 60, run: gate.pass }), tick({ name: 'other', everySeconds: 60, run: other })],
      limits,
    )
    await gate.entered
    await until(() => others === 1)
    let stopped = false
    const stopping = stop(first).then(() => {
      stopped = true
    })
    await sleep(300)
    expect(stopped).toBe(false)
    gate.open()
    await stopping
    // Nothing is locked: the next process begins both at once, because their interval is another one now.
    let again = 0
    const run = async () => {
      again += 1
    }
    const startedAt = Date.now()
    await start([tick({ everySeconds: 50, run }), tick({ name: 'other', everySeconds: 50, run })], limits)
    await until(() => again === 2)
    lookedAfterAt = Date.now() + LONG_LOCK_SECONDS * 500
    expect(Date.now() - startedAt).toBeLessThan(LONG_LOCK_SECONDS * 1000 * 0.8)
  })

  test('a tick runs at its interval', async () => {
    const at: number[] = []
    const began = Date.now()
    await start([tick({ run: async () => at.push(Date.now()) })])
    await until(() => at.length >= 5)
    // A tick that came late is followed by one in time, so single gaps may be short; there are never more than intervals.
    at.forEach((time, index) => {
      expect(time - began).toBeGreaterThan(EVERY_SECONDS * 1000 * (index * 0.9 - 0.5))
    })
  })

  test('a tick that throws is logged with its reason, shows it, and runs again', async () => {
    let runs = 0
    const ticks = await start([
      tick({
        run: async () => {
          runs += 1
          if (runs <= 2) throw new Error('the CRM sleeps')
        },
      }),
    ])
    await until(() => runs === 2)
    await until(async () => (await only(ticks)).consecutiveFailures === 2)
    expect(await only(ticks)).toMatchObject({ lastFailure: 'the CRM sleeps', lastFailedAt: expect.any(Date) })
    expect(lines.filter(({ msg }) => msg === 'a tick failed')[0]).toMatchObject({
      level: 50,
      tick: 'shared',
      error: expect.stringContaining('the CRM sleeps'),
    })
    await until(async () => (await only(ticks)).consecutiveFailures === 0)
    expect(runs).toBeGreaterThanOrEqual(3)
  })

  test('what a tick does is told from the store: running now, then when it ended and how long it took', async () => {
    const gate = gateway()
    const ticks = await start([tick({ everySeconds: 60, run: gate.pass })])
    await gate.entered
    expect(await only(ticks)).toMatchObject({
      name: 'shared',
      does: 'is shared',
      everySeconds: 60,
      store: harmed.store.kind,
      running: true,
      lastRunAt: expect.any(Date),
      lastDurationSeconds: null,
      consecutiveFailures: 0,
      lastFailure: null,
    })
    await sleep(300)
    gate.open()
    await until(async () => !(await only(ticks)).running)
    const { lastDurationSeconds, lastFinishedAt, nextRunAt, lastRunAt } = await only(ticks)
    expect(lastDurationSeconds).toBeGreaterThan(0.25)
    expect(lastFinishedAt?.getTime()).toBeGreaterThan(lastRunAt?.getTime() ?? Number.POSITIVE_INFINITY)
    expect(Math.round(((nextRunAt?.getTime() ?? 0) - (lastRunAt?.getTime() ?? 0)) / 1000)).toBe(60)
  })

  test('two processes share a tick, and never run it twice at once, even when it outlives its lock', async () => {
    let inside = 0
    let most = 0
    const carriers = new Set<string>()
    let runs = 0
    const shared = (who: string, everySeconds: number) =>
      tick({
        everySeconds,
        run: async () => {
          inside += 1
          runs += 1
          most = Math.max(most, inside)
          carriers.add(who)
          await sleep(runs === 1 ? LIMITS.lockSeconds * 1000 * 2.5 : 60)
          inside -= 1
        },
      })
    const first = await start([shared('first', EVERY_SECONDS)])
    await until(() => runs === 1)
    // The second comes while the first runs, and with another interval, as after a change of settings.
    await start([shared('second', EVERY_SECONDS / 2)])
    await until(() => runs >= 4)
    await stop(first)
    const before = runs
    await until(() => runs > before)
    expect(most).toBe(1)
    expect(carriers.has('second')).toBe(true)
    expect(await harmed.names()).toEqual(['shared'])
  })

  test('a tick whose process died is given to another when its lock has run out, and not before', async () => {
    const child = spawnCarrier({ store: harmed.store })
    children.push(child)
    await once(child, 'message', { signal: AbortSignal.timeout(20_000) })
    const killedAt = Date.now()
    child.kill('SIGKILL')
    await once(child, 'exit')
    let takenAt = 0
    await start([
      tick({
        everySeconds: 1,
        run: async () => {
          takenAt ||= Date.now()
        },
      }),
    ])
    await until(() => takenAt > 0)
    const renewalSeconds = LIMITS.lockSeconds / 3
    expect(takenAt - killedAt).toBeGreaterThan((LIMITS.lockSeconds - renewalSeconds) * 1000 * 0.8)
    expect(takenAt - killedAt).toBeLessThan((LIMITS.lockSeconds + 3) * 1000)
  })

  test('a restart makes no second tick, keeps its history, and takes a new interval at once', async () => {
    let runs = 0
    const run = async () => {
      runs += 1
    }
    const first = await start([tick({ everySeconds: 60, run })])
    await until(async () => runs === 1 && !(await only(first)).running)
    const before = await only(first)
    await stop(first)
    const second = await start([tick({ everySeconds: 60, run })])
    expect(await harmed.names()).toEqual(['shared'])
    expect(await only(second)).toMatchObject({ lastRunAt: before.lastRunAt, nextRunAt: before.nextRunAt })
    await stop(second)
    await start([tick({ everySeconds: EVERY_SECONDS, run })])
    await until(() => runs >= 3)
    expect(await harmed.names()).toEqual(['shared'])
  })

  test('two processes that start at the same moment on an empty store make one tick between them', async () => {
    await harmed.demolish()
    await Promise.all([start([tick({})]), start([tick({})]), start([tick({})])])
    await sleep(LIMITS.checkSeconds * 1000 * 2)
    expect(await harmed.names()).toEqual(['shared'])
  })

  test.each([
    ['emptied', () => harmed.empty()],
    ['demolished', () => harmed.demolish()],
  ])('a store that is %s in the middle is noticed, and its ticks are scheduled again', async (_, harm) => {
    let runs = 0
    const ticks = await start([
      tick({
        run: async () => {
          runs += 1
        },
      }),
    ])
    await until(() => runs >= 2)
    await harm()
    await until(() => lines.some(({ msg }) => msg.includes('missing from the job store')))
    const before = runs
    await until(() => runs >= before + 2)
    expect(await harmed.names()).toEqual(['shared'])
    expect((await only(ticks)).nextRunAt).toBeInstanceOf(Date)
  })

  test('a store that nobody serves is a clear error at the start, and the error keeps its password to itself', async () => {
    const store = subject.nowhere()
    const refused = await openTicks({ store, ticks: [tick({})], log: logInto(lines) }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(JobStoreUnreachable)
    const { message } = refused as Error
    expect(message).toMatch(/^The job store \((PostgreSQL|MongoDB) at 127\.0\.0\.1:1\/\w+\) cannot be used: .+/)
    expect(message).toMatch(/Check (DATABASE_URL|MONGODB_URL), and whether the server runs\.$/)
    expect(message).not.toContain('very-secret')
  })

  test('a connection that is lost in the middle is said once and thrown nowhere, and ticks go on when it is back', async () => {
    let runs = 0
    const ticks = await start([
      tick({
        run: async () => {
          runs += 1
        },
      }),
    ])
    await until(() => runs >= 2)
    await harmed.cut()
    await until(() => lines.some(({ level }) => level === 50))
    await sleep(1500)
    const before = runs
    await expect(ticks.list()).rejects.toThrow()
    await harmed.mend()
    await until(() => runs >= before + 3)
    await until(() => lines.some(({ msg }) => msg === 'the job store is well again'))
    const loud = lines.filter(({ level }) => level >= 50).map(({ error }) => error)
    expect(new Set(loud).size).toBe(loud.length)
  })
}

const EVERY_SECONDS = 0.4

function tick(given: Partial<Tick>): Tick {
  return { name: 'shared', does: 'is shared', everySeconds: EVERY_SECONDS, run: async () => {}, ...given }
}

/** Waits until something is so; a test that waits in vain fails with what it waited for. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_SECONDS * 1000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${PATIENCE_SECONDS} s in vain for ${holds}`)
    await sleep(20)
  }
}

/** A door at which a call waits until it is opened. */
function gateway(): { entered: Promise<void>; pass: () => Promise<void>; open: () => void } {
  const entered = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  return {
    entered: entered.promise,
    pass: () => {
      entered.resolve()
      return opened.promise
    },
    open: () => opened.resolve(),
  }
}

function logInto(lines: Line[]): Logger {
  return pino({ level: 'info' }, { write: (line) => lines.push(JSON.parse(line) as Line) })
}

function spawnCarrier({ store }: { store: JobStore }): ChildProcess {
  const given = JSON.stringify({ store, limits: LIMITS })
  return spawn(process.execPath, [join(import.meta.dirname, 'tick-process.ts'), given], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}
