import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { keepLane, laneHolder, leaveLane, takeLane } from '../../src/storage/lanes.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows } from './rows.ts'

const now = new Date('2026-03-02T10:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)

let fresh: FreshDatabase
const connection = connectionRow()

beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection])
})
beforeEach(() =>
  fresh.database.run(sql`update connection set lane_owner = null, lane_epoch = 3, lane_lease_until = null`),
)
afterAll(() => fresh.close())

const take = (owner: string, seenEpoch: number) =>
  takeLane(fresh.database, { connectionId: connection.id, owner, seenEpoch, leaseSeconds: 60, now })
const holder = () => laneHolder(fresh.database, connection.id)

describe('a lane', () => {
  test('is taken by one of many who saw it free, and its epoch grows by one', async () => {
    const tries = await Promise.all(Array.from({ length: 10 }, (_, index) => take(`worker ${index}`, 3)))
    const [lane, ...others] = tries.filter((each) => each !== null)
    expect(others).toEqual([])
    expect(await holder()).toEqual({ owner: lane?.owner, epoch: 4, leaseUntil: later(60) })
  })

  test('is not taken on what was seen before somebody else took it', async () => {
    await take('first', 3)
    expect(await take('second', 3)).toBeNull()
    expect(await take('second', 4)).toMatchObject({ owner: 'second', epoch: 5 })
  })

  test('is kept by its owner only', async () => {
    const lane = await take('first', 3)
    if (!lane) throw new Error('the lane could not be taken')
    const keep = (given: Partial<typeof lane>) =>
      keepLane(fresh.database, { lane: { ...lane, ...given }, leaseSeconds: 60, now: later(20) })
    expect([await keep({ owner: 'second' }), await keep({ epoch: 3 }), await keep({})]).toEqual([false, false, true])
    expect((await holder()).leaseUntil).toEqual(later(80))
  })

  test('that was left is free at once, and its epoch stays used up', async () => {
    const lane = await take('first', 3)
    if (!lane) throw new Error('the lane could not be taken')
    await leaveLane(fresh.database, { lane, now })
    expect(await holder()).toEqual({ owner: null, epoch: 4, leaseUntil: null })
    expect(await take('second', 4)).toMatchObject({ epoch: 5 })
  })

  test('cannot be left by an owner who lost it', async () => {
    const lost = await take('first', 3)
    if (!lost) throw new Error('the lane could not be taken')
    await take('second', 4)
    await leaveLane(fresh.database, { lane: lost, now })
    expect(await holder()).toMatchObject({ owner: 'second', epoch: 5 })
  })

  test('of a connection that does not exist is an error', async () => {
    await expect(laneHolder(fresh.database, '00000000-0000-4000-8000-000000000000')).rejects.toThrow(/no connection/)
  })
})
