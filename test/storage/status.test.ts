import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { PostingState } from '../../src/domain/transitions.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { backlogs, databaseTrouble, lastSyncRun, processingSpeed } from '../../src/storage/status.ts'
import { emptyDatabase, type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, idAt, insertRows, postingRow, processed } from './rows.ts'

let fresh: FreshDatabase
const now = new Date('2026-03-01T12:00:00Z')
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString()
const connections = [connectionRow(), connectionRow()]
const [first, second] = connections.map(({ id }) => id) as [string, string]

beforeEach(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', connections)
})
afterEach(() => fresh.close())

function done({ connection_id = first, seconds, took }: { connection_id?: string; seconds: number; took: number }) {
  return postingRow({ connection_id, created_at: ago(seconds + took), ...processed(ago(seconds)) })
}

describe('the backlog', () => {
  test('is nothing when there is nothing', async () => {
    expect((await backlogs(fresh.database, { now })).total).toEqual({
      pending: 0,
      oldestPendingAt: null,
      etaSeconds: 0,
    })
  })

  test('counts what is on its way, by connection and together, and not what came to rest', async () => {
    await insertRows(fresh.database, 'posting', [
      postingRow({ connection_id: first, created_at: ago(300) }),
      postingRow({ connection_id: first, created_at: ago(200), state: PostingState.UNKNOWN }),
      postingRow({ connection_id: second, created_at: ago(100), state: PostingState.POSTED }),
      postingRow({ connection_id: second, created_at: ago(900), state: PostingState.FAILED }),
      done({ connection_id: second, seconds: 9_000, took: 5 }),
    ])
    const { total, byConnection } = await backlogs(fresh.database, { now })
    expect(total).toMatchObject({ pending: 3, oldestPendingAt: new Date(ago(300)) })
    expect(byConnection.get(first)?.pending).toBe(2)
    expect(byConnection.get(second)).toMatchObject({ pending: 1, oldestPendingAt: new Date(ago(100)) })
  })

  test('its end is foretold from the rate of the last ten minutes', async () => {
    const pending = Array.from({ length: 30 }, () => postingRow({ connection_id: first, created_at: ago(60) }))
    const recent = Array.from({ length: 20 }, (_, index) => done({ seconds: 100 - index * 5, took: 1 }))
    await insertRows(fresh.database, 'posting', [...pending, ...recent, done({ seconds: 601, took: 1 })])
    // 20 in 100 seconds are 5 seconds each.
    expect((await backlogs(fresh.database, { now })).total.etaSeconds).toBe(150)
  })

  test('its end is not foretold when nothing was processed lately', async () => {
    await insertRows(fresh.database, 'posting', [
      postingRow({ connection_id: first, created_at: ago(60) }),
      done({ seconds: 601, took: 1 }),
    ])
    expect((await backlogs(fresh.database, { now })).total.etaSeconds).toBeNull()
  })
})

describe('the speed', () => {
  test('is the 95th percentile of the last 24 hours, from creation to PROCESSED', async () => {
    const recent = Array.from({ length: 100 }, (_, index) => done({ seconds: 60, took: index + 1 }))
    await insertRows(fresh.database, 'posting', [...recent, done({ seconds: 90_000, took: 5_000 })])
    expect(await processingSpeed(fresh.database, { now })).toEqual({ p95Seconds: 95, processed: 100 })
  })

  test('is unknown when nothing was processed', async () => {
    expect(await processingSpeed(fresh.database, { now })).toEqual({ p95Seconds: null, processed: 0 })
  })
})

test('the last run is the one that began last', async () => {
  expect(await lastSyncRun(fresh.database)).toBeNull()
  const rows = [ago(30), ago(15), ago(45)].map((started_at) => ({ id: idAt(started_at), started_at }))
  await insertRows(fresh.database, 'sync_run', rows)
  expect(await lastSyncRun(fresh.database)).toMatchObject({ startedAt: new Date(ago(15)) })
})

describe('the trouble with a database', () => {
  test('is none when every migration was applied', async () => {
    expect(await databaseTrouble(fresh.database)).toBeNull()
  })

  test('is told when migrations are missing, and when nobody answers', async () => {
    const bare = await openDatabase({ url: await emptyDatabase() })
    expect(await databaseTrouble(bare.database)).toMatch(/lacks \d+ migrations, Migration\d+_\w+ first: run/)
    await bare.close()
    const gone = await openDatabase({ url: 'postgresql://nobody@127.0.0.1:9/none' })
    expect(await databaseTrouble(gone.database)).toMatch(/does not answer/)
    await gone.close()
  })
})
