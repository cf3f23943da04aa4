import { describe, expect, test } from '@jest/globals'
import type { Envelope, StoredExchange } from '../../../src/ledgers/ledger.ts'
import {
  INTUIT_LIMITS,
  type OnlinePace,
  openPace,
  type PaceLimits,
} from '../../../src/ledgers/quickbooks-online/pace.ts'

const single: Envelope = { method: 'POST', path: '/v3/company/1/invoice?x', contentType: '', body: '', exchanges: [] }
const batch: Envelope = { ...single, path: '/v3/company/1/batch?x' }
const ofThirty: Envelope = { ...batch, exchanges: Array.from({ length: 30 }, () => ({}) as StoredExchange) }
const start = Date.UTC(2026, 10, 2)

/** A clock that only sleeping moves: each sleeper wakes in the order of its time. */
function aClock() {
  let nowMs = start
  const sleepers: { atMs: number; wake: () => void }[] = []
  return {
    now: () => new Date(nowMs),
    sleep: (ms: number) => new Promise<void>((wake) => sleepers.push({ atMs: nowMs + ms, wake })),
    /** Runs until nobody sleeps. */
    async run() {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve))
        const next = sleepers.sort((a, b) => a.atMs - b.atMs).shift()
        if (!next) return
        nowMs = Math.max(nowMs, next.atMs)
        next.wake()
      }
    },
  }
}

/** Takes so many turns, returning each at once, and gives the seconds since the start at which they came. */
async function turnsOf({
  count,
  envelope,
  limits = {},
  prepare,
}: {
  count: number
  envelope: Envelope
  limits?: Partial<PaceLimits>
  prepare?: (pace: OnlinePace) => void
}) {
  const clock = aClock()
  const pace = openPace({ limits: { ...INTUIT_LIMITS, ...limits }, now: clock.now, sleep: clock.sleep })
  prepare?.(pace)
  const seconds: number[] = []
  const turns = Array.from({ length: count }, async () => {
    const done = await pace.turn(envelope)
    seconds.push((clock.now().getTime() - start) / 1000)
    done()
  })
  await clock.run()
  await Promise.all(turns)
  return seconds
}

/** The most that fell into any window of this length. */
function mostWithin({ seconds, window }: { seconds: number[]; window: number }): number {
  return Math.max(...seconds.map((from) => seconds.filter((at) => at >= from && at < from + window).length))
}

describe('the pace of one company', () => {
  test('no second holds more than ten requests, and no minute more than five hundred', async () => {
    const seconds = await turnsOf({ count: 1100, envelope: single })
    expect(mostWithin({ seconds, window: 1 })).toBe(10)
    expect(mostWithin({ seconds, window: 60 })).toBe(500)
  })

  test('deliveries that were recorded slowly do not leave together with those after them', async () => {
    const clock = aClock()
    const pace = openPace({ limits: INTUIT_LIMITS, now: clock.now, sleep: clock.sleep })
    const seconds: number[] = []
    const sent = Array.from({ length: 20 }, async (_, index) => {
      const done = await pace.turn(single)
      if (index < 10) await clock.sleep(500)
      await pace.leave()
      seconds.push((clock.now().getTime() - start) / 1000)
      done()
    })
    await clock.run()
    await Promise.all(sent)
    expect(seconds).toHaveLength(20)
    expect(mostWithin({ seconds, window: 1 })).toBe(10)
  })

  test('no minute holds more than forty batches', async () => {
    const seconds = await turnsOf({ count: 100, envelope: batch })
    expect(mostWithin({ seconds, window: 60 })).toBe(40)
    expect(seconds.at(-1)).toBeLessThan(130)
  })

  test('no more than ten are in flight, and a returned turn lets the next one go', async () => {
    const clock = aClock()
    const pace = openPace({ limits: { ...INTUIT_LIMITS, requestsPerSecond: 100 }, ...clock })
    const returns: (() => void)[] = []
    for (let index = 0; index < 12; index += 1) void pace.turn(single).then((done) => returns.push(done))
    await clock.run()
    expect(returns).toHaveLength(10)
    returns[0]?.()
    returns[0]?.()
    await clock.run()
    expect(returns).toHaveLength(11)
  })

  test('a look-up does not wait behind batches that wait for their own window', async () => {
    const clock = aClock()
    const pace = openPace({ limits: { ...INTUIT_LIMITS, batchesPerMinute: 1 }, ...clock })
    const order: string[] = []
    const take = async (name: string, envelope: Envelope) => {
      const done = await pace.turn(envelope)
      order.push(name)
      done()
    }
    const turns = [take('batch 1', batch), take('batch 2', batch), take('look-up', single)]
    await clock.run()
    await Promise.all(turns)
    expect(order).toHaveLength(3)
    expect(order.at(-1)).toBe('batch 2')
  })

  test('nothing goes before the end of a pause, even when it grows while somebody waits', async () => {
    const seconds = await turnsOf({
      count: 3,
      envelope: single,
      prepare: (pace) => {
        pace.pauseUntil(new Date(start + 60_000))
        setImmediate(() => pace.pauseUntil(new Date(start + 90_000)))
      },
    })
    expect(seconds).toEqual([90, 90, 90])
  })

  test('batches that waited out a pause together still keep to forty a minute', async () => {
    const seconds = await turnsOf({
      count: 81,
      envelope: batch,
      prepare: (pace) => pace.pauseUntil(new Date(start + 60_000)),
    })
    expect(mostWithin({ seconds, window: 60 })).toBe(40)
  })

  test('a request that arrived late counts from its answer on, for it may have arrived just before that', async () => {
    const clock = aClock()
    const pace = openPace({ limits: { ...INTUIT_LIMITS, batchesPerMinute: 2 }, ...clock })
    const spans: { from: number; until: number }[] = []
    const sent = Array.from({ length: 6 }, async () => {
      const done = await pace.turn(batch)
      const from = clock.now().getTime()
      await clock.sleep(4_000)
      spans.push({ from, until: clock.now().getTime() })
      done()
    })
    await clock.run()
    await Promise.all(sent)
    const starts = spans.map(({ from }) => from)
    // Whichever moment within its span it arrived at: a third one leaves a minute after two earlier ones were answered.
    for (const [index, { from }] of spans.entries()) {
      expect(spans.slice(0, Math.max(0, index - 1)).every(({ until }) => from - until >= 60_000)).toBe(true)
    }
    expect(starts.at(-1)).toBeLessThan(start + 140_000)
  })

  test('where the items of batches count, no minute holds more than five hundred of both together', async () => {
    const seconds = await turnsOf({ count: 40, envelope: ofThirty, limits: { batchItemsCount: true } })
    const most = mostWithin({ seconds, window: 60 })
    expect(most * 31).toBeLessThanOrEqual(500)
    expect(most * 31).toBeGreaterThan(500 - 31)
  })

  test('that items count is learned while batches wait, and holds for those too', async () => {
    const seconds = await turnsOf({
      count: 40,
      envelope: ofThirty,
      prepare: (pace) => {
        pace.pauseUntil(new Date(start + 60_000))
        setImmediate(() => pace.itemsCount())
      },
    })
    expect(mostWithin({ seconds, window: 60 })).toBe(16)
  })

  test('of a full claim four batches are packed, and beside them go as many alone as the minute has room for', () => {
    const pace = openPace({ limits: INTUIT_LIMITS, ...aClock() })
    const counts = [1, 29, 120, 121, 166, 1000]
    expect(counts.map((count) => pace.alone?.(count, { packMax: 30 }))).toEqual([0, 0, 0, 1, 46, 46])
  })

  test('where the items of batches count, everything travels alone: a batch would only cost one more', () => {
    const pace = openPace({ limits: INTUIT_LIMITS, ...aClock() })
    pace.itemsCount()
    expect(pace.alone?.(166, { packMax: 30 })).toBe(166)
  })

  test('what an earlier owner of the lane sent counts', async () => {
    const past = Array.from({ length: 40 }, () => ({ sentAt: new Date(start - 20_000), path: batch.path }))
    const [first] = await turnsOf({ count: 1, envelope: batch, prepare: (pace) => pace.remember(past) })
    expect(first).toBeGreaterThanOrEqual(40)
  })

  test('what an earlier owner of the lane was told to wait for is waited for', async () => {
    const past = [{ sentAt: new Date(start - 21_000), path: single.path, throttledAt: new Date(start - 20_000) }]
    const [first] = await turnsOf({ count: 1, envelope: single, prepare: (pace) => pace.remember(past) })
    expect(first).toBe(40)
  })
})
