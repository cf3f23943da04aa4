import type { Envelope, Pace } from '../ledger.ts'

/** What Intuit allows one company and one app. */
export interface PaceLimits {
  requestsPerSecond: number
  requestsPerMinute: number
  batchesPerMinute: number
  concurrent: number
}

export const INTUIT_LIMITS: PaceLimits = {
  requestsPerSecond: 10,
  requestsPerMinute: 500,
  batchesPerMinute: 40,
  concurrent: 10,
}

/** Our windows are a little longer than Intuit's: what leaves here within a second may arrive there closer together. */
const secondWindowMs = 1_150
const minuteWindowMs = 61_500

/** The times at which something was sent, and how many may be within one window. */
class MovingWindow {
  #times: number[] = []
  readonly #limit: number
  readonly #lengthMs: number

  constructor({ limit, lengthMs }: { limit: number; lengthMs: number }) {
    this.#limit = limit
    this.#lengthMs = lengthMs
  }

  /** How long until one more fits. */
  waitMs(nowMs: number): number {
    this.#times = this.#times.filter((time) => time > nowMs - this.#lengthMs)
    const leaves = this.#times[this.#times.length - this.#limit]
    return leaves === undefined ? 0 : leaves + this.#lengthMs - nowMs
  }

  add(...timesMs: number[]): void {
    this.#times = [...this.#times, ...timesMs].sort((a, b) => a - b)
  }
}

/** Runs one task after the other, in the order of their coming. */
class Queue {
  #last: Promise<unknown> = Promise.resolve()

  run<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(task)
    this.#last = result.catch(() => undefined)
    return result
  }
}

export interface OnlinePace extends Pace {
  /**
   * Waits at the door itself, right before the bytes leave. Between its turn and its sending a delivery is recorded, and
   * deliveries that were recorded slowly must not leave together.
   */
  leave(): Promise<void>
}

/**
 * Keeps one company within Intuit's limits: moving windows per second and per minute, batches counted apart too, and so
 * many in flight. Turns come in the order in which they were asked for, except that a look-up overtakes batches that wait
 * for a batch's turn.
 */
export function openPace({
  limits,
  now,
  sleep,
}: {
  limits: PaceLimits
  now: () => Date
  sleep: (ms: number) => Promise<void>
}): OnlinePace {
  const second = new MovingWindow({ limit: limits.requestsPerSecond, lengthMs: secondWindowMs })
  const minute = new MovingWindow({ limit: limits.requestsPerMinute, lengthMs: minuteWindowMs })
  const batches = new MovingWindow({ limit: limits.batchesPerMinute, lengthMs: minuteWindowMs })
  const door = new MovingWindow({ limit: limits.requestsPerSecond, lengthMs: secondWindowMs })
  const doorway = new Queue()
  const all = new Queue()
  const batchesOnly = new Queue()
  let pausedUntilMs = 0
  let inFlight = 0
  let whenReturned: (() => void) | null = null

  async function roomIn(windows: MovingWindow[]): Promise<void> {
    for (;;) {
      const nowMs = now().getTime()
      const waitMs = Math.max(pausedUntilMs - nowMs, ...windows.map((window) => window.waitMs(nowMs)))
      if (waitMs <= 0) return
      await sleep(waitMs)
    }
  }

  async function start(windows: MovingWindow[]): Promise<() => void> {
    while (inFlight >= limits.concurrent) await new Promise<void>((resolve) => (whenReturned = resolve))
    await roomIn(windows)
    for (const window of windows) window.add(now().getTime())
    inFlight += 1
    let returned = false
    return () => {
      if (returned) return
      returned = true
      inFlight -= 1
      whenReturned?.()
    }
  }

  return {
    turn: ({ path }: Envelope) =>
      isBatch(path)
        ? batchesOnly.run(async () => {
            await roomIn([batches])
            return all.run(() => start([second, minute, batches]))
          })
        : all.run(() => start([second, minute])),
    leave: () =>
      doorway.run(async () => {
        for (let waitMs = door.waitMs(now().getTime()); waitMs > 0; waitMs = door.waitMs(now().getTime()))
          await sleep(waitMs)
        door.add(now().getTime())
      }),
    remember(past) {
      const times = past.map(({ sentAt }) => sentAt.getTime())
      second.add(...times)
      door.add(...times)
      minute.add(...times)
      batches.add(...past.filter(({ path }) => isBatch(path)).map(({ sentAt }) => sentAt.getTime()))
    },
    pauseUntil(time) {
      pausedUntilMs = Math.max(pausedUntilMs, time.getTime())
    },
  }
}

function isBatch(path: string): boolean {
  return /\/batch(\?|$)/.test(path)
}
