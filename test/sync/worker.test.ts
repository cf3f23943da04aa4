import { describe, expect, test } from '@jest/globals'
import { coalesced } from '../../src/sync/worker.ts'

/** A task whose runs are ended by hand. */
function heldTask() {
  const ends: (() => void)[] = []
  const task = () => new Promise<void>((resolve) => ends.push(resolve))
  return { task, ends }
}
const breath = () => new Promise((resolve) => setImmediate(resolve))

describe('calls that come while work is under way', () => {
  test('are answered by one more run after it, however many they are', async () => {
    const { task, ends } = heldTask()
    const { run } = coalesced(task)
    const calls = [run(), run(), run()]
    expect(ends).toHaveLength(1)
    ends[0]?.()
    await breath()
    expect(ends).toHaveLength(2)
    ends[1]?.()
    await Promise.all(calls)
    await breath()
    expect(ends).toHaveLength(2)
  })

  test('are not lost in the moment in which a run ends', async () => {
    const { task, ends } = heldTask()
    const { run } = coalesced(task)
    let late: Promise<void> | null = null
    const first = run().then(() => {
      late = run()
    })
    ends[0]?.()
    await first
    expect(ends).toHaveLength(2)
    ends[1]?.()
    await late
  })

  test('begin anew after a run that failed', async () => {
    let runs = 0
    const { run, idle } = coalesced(async () => {
      runs += 1
      await breath()
      if (runs === 1) throw new Error('the database was away')
    })
    await expect(run()).rejects.toThrow('away')
    await run()
    await idle()
    expect(runs).toBe(2)
  })
})
