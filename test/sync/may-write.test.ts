import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { ConnectionMode } from '../../src/domain/kinds.ts'
import { findConnection } from '../../src/storage/connections.ts'
import { findPostingsById } from '../../src/storage/postings.ts'
import { acceptMismatch } from '../../src/sync/accept-mismatch.ts'
import { fixAndRetry } from '../../src/sync/fix-and-retry.ts'
import { assertMayTell, assertMayWrite } from '../../src/sync/may-write.ts'
import { setGoing } from '../../src/sync/retry.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows, postingRow } from '../storage/rows.ts'
import { now } from './samples.ts'

const author = { name: 'ada', keyId: null, connectionIds: null }

let fresh: FreshDatabase

beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh?.close())

describe.each([
  { what: 'in shadow mode', columns: { mode: 'SHADOW' }, said: 'is in shadow mode and posts nothing', told: false },
  { what: 'that is read-only', columns: { read_only: true }, said: 'is read-only', told: true },
])('on a connection $what', ({ columns, said, told }) => {
  const connection = connectionRow({ ...columns, is_default: false })
  const failed = postingRow({ connection_id: connection.id, state: 'FAILED', reason_code: 'ITEM_NOT_FOUND' })
  const differs = { connection_id: connection.id, state: 'MISMATCHED', reason_code: 'INVOICE_DIFFERS' }
  const mismatched = postingRow({ ...differs, reason_detail: { quickBooksId: '77' } })
  const posted = { quick_books_id: '78', verification: 'EQUAL', verified_at: now, posted_at: now }
  const untold = postingRow({ connection_id: connection.id, state: 'FAILED', reason_code: 'WRITE_BACK', ...posted })
  const road = () => ({ database: fresh.database, now: () => now, wake: () => {} })

  beforeAll(async () => {
    await insertRows(fresh.database, 'connection', [connection])
    await insertRows(fresh.database, 'posting', [failed, mismatched, untold])
  })

  test('nothing is set going, neither one by one nor for a reason', async () => {
    const ids = [String(failed.id)]
    const { retried, refused } = await setGoing(fresh.database, { ids, now })
    expect(retried).toEqual([])
    expect(refused).toEqual([{ id: ids[0], reason: expect.stringContaining(said) }])
    const connectionId = String(connection.id)
    const fix = fixAndRetry(fresh.database, { reasonCode: 'ITEM_NOT_FOUND', connectionId, author, now })
    await expect(fix).rejects.toThrow(said)
    const [after] = await findPostingsById(fresh.database, ids)
    expect(after?.state).toBe('FAILED')
    expect(await fresh.database.rows(sql`select from bulk_operation`)).toEqual([])
  })

  test(`what needs no write to QuickBooks is ${told ? 'done' : 'refused'}: accepting what differs, and telling the CRM again`, async () => {
    const accept = acceptMismatch(road(), { id: String(mismatched.id), note: 'agreed', author })
    if (told) expect(await accept).toMatchObject({ state: 'POSTED', quickBooksId: '77', verification: 'ACCEPTED' })
    else await expect(accept).rejects.toThrow(said)
    const { retried } = await setGoing(fresh.database, { ids: [String(untold.id)], now })
    expect(retried).toEqual(told ? [untold.id] : [])
  })

  test('whoever asks for a write is told why there is none', async () => {
    const found = await findConnection(fresh.database, { id: String(connection.id) })
    expect(() => assertMayWrite(found!)).toThrow(said)
  })
})

test('only beside another system is the CRM not told: a company that is merely read-only may be adopted from', async () => {
  const beside = { name: 'beside', mode: ConnectionMode.SHADOW }
  expect(() => assertMayTell(beside)).toThrow('is in shadow mode and posts nothing')
  expect(() => assertMayTell({ ...beside, mode: ConnectionMode.WRITING })).not.toThrow()
})
