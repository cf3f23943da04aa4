import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { mirrorConditions } from '../../src/storage/mirror-conditions.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows } from './rows.ts'

let fresh: FreshDatabase
const connection = connectionRow()
const now = new Date('2026-03-01T12:00:00Z')
beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection])
})
afterAll(() => fresh?.close())

const told = (minutesAgo: number) =>
  insertRows(fresh.database, 'webhook_event', [
    {
      id: uuidv7(),
      key: `told ${minutesAgo}`,
      connection_id: connection.id,
      realm_id: '1',
      entity_name: 'Invoice',
      entity: 'INVOICE',
      quick_books_id: '7',
      operation: 'UPDATED',
      received_at: new Date(now.getTime() - minutesAgo * 60_000).toISOString(),
      state: 'PENDING',
    },
  ])
const conditions = async () =>
  (await mirrorConditions(fresh.database, { readsPerMonthMax: 1_000, now })).map(({ code, count }) => ({ code, count }))

test('what QuickBooks told of and nobody took in for ten minutes is one condition, which ends when it was taken in', async () => {
  await told(9)
  expect(await conditions()).toEqual([])
  await told(11)
  await told(40)
  expect(await conditions()).toEqual([{ code: 'WEBHOOKS_LATE', count: 2 }])
  await fresh.database.run(sql`update webhook_event set state = 'PROCESSED'`)
  expect(await conditions()).toEqual([])
})
