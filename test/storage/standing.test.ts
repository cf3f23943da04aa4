import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { standing } from '../../src/storage/standing.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, idAt, insertRows, postingRow } from './rows.ts'

const now = new Date('2026-03-01T12:00:00Z')

let fresh: FreshDatabase
beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh.close())

const at = (risk: string, known: object) => ({
  ...{ risk, count: 0, dollars: 0, dollarDays: 0, oldestSeconds: 0 },
  ...known,
})

test('what is measured of an empty database is nothing', async () => {
  expect(await standing(fresh.database, { now })).toEqual({
    postingsByState: [],
    webhooks: { pending: 0, lagSeconds: 0 },
    signIns: [],
    moneyAtRisk: [at('NOT_POSTED', {}), at('NOT_VERIFIED', {}), at('UNPAID', {})],
  })
})

test('what waits, for how long the oldest of it, and which sign-in ends when', async () => {
  const connection = connectionRow()
  await insertRows(fresh.database, 'connection', [connection])
  const created_at = '2026-02-27T12:00:00Z'
  await insertRows(fresh.database, 'posting', [
    postingRow({ connection_id: connection.id, created_at, total: '12.34' }),
  ])
  const told = (received_at: string, state: string) => ({
    ...{ id: idAt(received_at), key: received_at, connection_id: connection.id, realm_id: 'r', received_at, state },
    ...{
      entity_name: 'Invoice',
      entity: 'INVOICE',
      quick_books_id: '1',
      operation: 'UPDATED',
      occurred_at: received_at,
    },
  })
  await insertRows(fresh.database, 'webhook_event', [
    told('2026-03-01T11:00:00Z', 'PROCESSED'),
    told('2026-03-01T11:58:30Z', 'PENDING'),
    told('2026-03-01T11:59:50Z', 'PENDING'),
  ])
  await fresh.database.run(sql`
    insert into connection_token (connection_id, sealed_access_token, sealed_refresh_token, access_token_expires_at,
        refresh_token_expires_at, refresh_token_hard_expires_at, refreshed_at)
    values (${connection.id}, 'sealed', 'sealed', ${now}, '2026-06-01T12:00:00Z', '2026-03-02T12:00:00Z', ${now})`)
  expect(await standing(fresh.database, { now })).toEqual({
    postingsByState: [{ key: 'PENDING', count: 1 }],
    webhooks: { pending: 2, lagSeconds: 90 },
    signIns: [{ connection: connection.id, endsInSeconds: 86_400 }],
    moneyAtRisk: [
      at('NOT_POSTED', { count: 1, dollars: 12.34, dollarDays: 24.68, oldestSeconds: 2.5 * 86_400 }),
      at('NOT_VERIFIED', {}),
      at('UNPAID', {}),
    ],
  })
})
