import type { Envelope, Pace } from '../ledger.ts'
import { throttleSeconds } from './faults.ts'

/** What Intuit allows one company and one app. */
export interface PaceLimits {
  requestsPerSecond: number
  requestsPerMinute: number
  batchesPerMinute: number
  concurrent: number
  /** Whether each item of a batch counts towards `requestsPerMinute`; nobody says, so it is told here or learned. */
  batchItemsCount: boolean
}

export const INTUIT_LIMITS: PaceLimits = {
  requestsPerSecond: 10,
  requestsPerMinute: 500,
  batchesPerMinute: 40,
  concurrent: 10,
  batchItemsCount: false,
}

/** Items of a batch are written one after another, so several batches are kept in flight. */
const batchesAtOnce = 4

/** A little longer than Intuit's, for clocks are coarse. */
const secondWindowMs = 1_020
const minuteWindowMs = 60_250

/** At the door a request counts from its leaving on: what leaves within a second may arrive closer together. */
const doorWindowMs = 1_150

/** Whoever is not answered within this time, as a batch, arrived long before: for the window of a second he counts from here on. */
const arrivalMs = 1_000

/**
 * How many may be within one window. What is under way counts until its answer, and from then on for the length of the
 * window: whenever it arrived, it was before that. `arrivalMs` is the longest that it can have been under way to there.
 */
class MovingWindow {
  #times: number[] = []
  #underWay: number[] = []
  readonly #limit: number
  readonly #lengthMs: number
  readonly #arrivalMs: number

  constructor(args: { limit: number; lengthMs: number; arrivalMs?: number }) {
    this.#limit = args.limit
    this.#lengthMs = args.lengthMs
    this.#arrivalMs = args.arrivalMs ?? Number.POSITIVE_INFINITY
  }

  /** How long until so many more fit. */
  waitMs(nowMs: number, count = 1): number {
    this.#times = this.#times.filter((time) => time > nowMs - this.#lengthMs)
    const underWay = this.#underWay.map((startMs) => this.#latest({ startMs, nowMs }))
    const times = [...this.#times, ...underWay].sort((a, b) => a - b)
    const leaves = times[times.length + Math.min(count, this.#limit) - this.#limit - 1]
    return leaves === undefined ? 0 : Math.max(0, leaves + this.#lengthMs - nowMs)
  }

  /** So many begin; the returned function is called with the time of their answer. */
  begin(startMs: number, count = 1): (nowMs: number) => void {
    this.#underWay.push(...Array.from({ length: count }, () => startMs))
    return (nowMs) => {
      this.#underWay.splice(this.#underWay.indexOf(startMs), count)
      this.add(...Array.from({ length: count }, () => this.#latest({ startMs, nowMs })))
    }
  }

  add(...timesMs: number[]): void {
    this.#times.push(...timesMs)
  }

  #latest({ startMs, nowMs }: { startMs: number; nowMs: number }): number {
    return Math.min(nowMs, startMs + this.#arrivalMs)
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

interface PaceOptions {
  limits: PaceLimits
  now: () => Date
  sleep: (ms: number) => Promise<void>
}

export interface OnlinePace extends Pace {
  /**
   * Waits at the door itself, right before the bytes leave. Between its turn and its sending a delivery is recorded, and
   * deliveries that were recorded slowly must not leave together.
   */
  leave(): Promise<void>
  /** An item of a batch was throttled: from now on the items of batches count as requests. */
  itemsCount(): void
}

/**
 * Keeps one company within Intuit's limits: moving windows per second and per minute, batches counted apart too, and so
 * many in flight. Turns come in the order in which they were asked for, except that a look-up overtakes batches that wait
 * for a batch's turn.
 */
export function openPace({ limits, now, sleep }: PaceOptions): OnlinePace {
  const second = new MovingWindow({ limit: limits.requestsPerSecond, lengthMs: secondWindowMs, arrivalMs })
  const minute = new MovingWindow({ limit: limits.requestsPerMinute, lengthMs: minuteWindowMs })
  const batches = new MovingWindow({ limit: limits.batchesPerMinute, lengthMs: minuteWindowMs })
  const door = openDoor({ limits, now, sleep })
  const all = new Queue()
  const batchesOnly = new Queue()
  let pausedUntilMs = 0
  let inFlight = 0
  let whenReturned: (() => void) | null = null
  let itemsCount = limits.batchItemsCount

  async function roomIn(windows: MovingWindow[], weigh = () => 1): Promise<void> {
    for (;;) {
      const nowMs = now().getTime()
      const waits = windows.map((window) => window.waitMs(nowMs, window === minute ? weigh() : 1))
      const waitMs = Math.max(pausedUntilMs - nowMs, ...waits)
      if (waitMs <= 0) return
      await sleep(waitMs)
    }
  }

  async function start(windows: MovingWindow[], weigh = () => 1): Promise<() => void> {
    while (inFlight >= limits.concurrent) await new Promise<void>((resolve) => (whenReturned = resolve))
    await roomIn([second, ...windows], weigh)
    const startMs = now().getTime()
    const ends = [second, ...windows].map((window) => window.begin(startMs, window === minute ? weigh() : 1))
    inFlight += 1
    let returned = false
    return () => {
      if (returned) return
      returned = true
      for (const end of ends) end(now().getTime())
      inFlight -= 1
      whenReturned?.()
    }
  }

  return {
    turn: ({ path, exchanges }: Envelope) =>
      isBatch(path)
        ? batchesOnly.run(async () => {
            await roomIn([batches])
            // Weighed when it goes, not when it came: what was learned meanwhile holds for it too.
            return all.run(() => start([minute, batches], () => 1 + (itemsCount ? exchanges.length : 0)))
          })
        : all.run(() => start([minute])),
    leave: door.leave,
    alone: (count, { packMax }) => (itemsCount ? count : besideBatches({ count, packMax, limits })),
    itemsCount() {
      itemsCount = true
    },
    remember(past) {
      const times = past.map(({ sentAt }) => sentAt.getTime())
      second.add(...times)
      door.remember(times)
      minute.add(...times.map((time) => time + arrivalMs))
      batches.add(...past.filter(({ path }) => isBatch(path)).map(({ sentAt }) => sentAt.getTime() + arrivalMs))
      for (const { throttledAt } of past) {
        if (throttledAt) pausedUntilMs = Math.max(pausedUntilMs, throttledAt.getTime() + throttleSeconds * 1000)
      }
    },
    pauseUntil(time) {
      pausedUntilMs = Math.max(pausedUntilMs, time.getTime())
    },
  }
}

/** So many as the minute has room for beside as many batches as go at once. */
function besideBatches(args: { count: number; packMax: number; limits: PaceLimits }): number {
  const { requestsPerMinute, batchesPerMinute } = args.limits
  const share = (requestsPerMinute - batchesPerMinute) / batchesPerMinute
  return Math.min(Math.floor(batchesAtOnce * share), Math.max(0, args.count - batchesAtOnce * args.packMax))
}

/** The last wait: of what has its turn, no more leaves within a second than may. */
function openDoor({ limits, now, sleep }: PaceOptions) {
  const window = new MovingWindow({ limit: limits.requestsPerSecond, lengthMs: doorWindowMs })
  const doorway = new Queue()
  const waitMs = () => window.waitMs(now().getTime())
  return {
    leave: () =>
      doorway.run(async () => {
        for (let wait = waitMs(); wait > 0; wait = waitMs()) await sleep(wait)
        window.add(now().getTime())
      }),
    remember: (timesMs: number[]) => window.add(...timesMs),
  }
}

export function isBatch(path: string): boolean {
  return /\/batch(\?|$)/.test(path)
}
