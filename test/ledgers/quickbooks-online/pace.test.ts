import { describe, expect, test } from '@jest/globals'
import type { Envelope, Pace } from '../../../src/ledgers/ledger.ts'
import { INTUIT_LIMITS, openPace } from '../../../src/ledgers/quickbooks-online/pace.ts'

const single: Envelope = { method: 'POST', path: '/v3/company/1/invoice?x', contentType: '', body: '', exchanges: [] }
const batch: Envelope = { ...single, path: '/v3/company/1/batch?x' }
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
  prepare,
}: {
  count: number
  envelope: Envelope
  prepare?: (pace: Pace) => void
}) {
  const clock = aClock()
  const pace = openPace({ limits: INTUIT_LIMITS, now: clock.now, sleep: clock.sleep })
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

  test('what an earlier owner of the lane sent counts', async () => {
    const past = Array.from({ length: 40 }, () => ({ sentAt: new Date(start - 20_000), path: batch.path }))
    const [first] = await turnsOf({ count: 1, envelope: batch, prepare: (pace) => pace.remember(past) })
    expect(first).toBeGreaterThanOrEqual(40)
  })
})
