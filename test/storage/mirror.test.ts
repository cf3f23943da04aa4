import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { type MirrorDraft, MirrorEntity } from '../../src/domain/mirror.ts'
import { markMerged, mirrorRecords } from '../../src/storage/mirror.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows } from '../storage/rows.ts'

let fresh: FreshDatabase
const connection = connectionRow()
const connectionId = connection.id

beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection])
})
afterAll(() => fresh.close())

const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 12, minute))

function draft(quickBooksId: string, more: Partial<MirrorDraft> = {}): MirrorDraft {
  return {
    entity: MirrorEntity.CUSTOMER,
    quickBooksId,
    deleted: false,
    syncToken: 0,
    changedAt: at(0).toISOString(),
    active: true,
    number: null,
    name: `Customer ${quickBooksId}`,
    partyId: null,
    date: null,
    total: null,
    balance: '0.00',
    raw: '{"Balance":0.10}',
    ...more,
  }
}

const take = async (records: MirrorDraft[], minute: number) =>
  (await mirrorRecords(fresh.database, { connectionId, records, askedAt: at(minute), now: at(minute) })).length

async function row(quickBooksId: string) {
  const [found] = await fresh.database.rows(sql<{
    name: string
    balance: string
    deleted: boolean
    into: string | null
  }>`
    select name, balance, deleted_at is not null as deleted, merged_into_id as into from mirror_record
    where connection_id = ${connectionId} and quick_books_id = ${quickBooksId}`)
  return found
}

test('a record of an older sync token never overwrites a newer one, whenever it comes', async () => {
  await take([draft('1', { syncToken: 3, name: 'Third' })], 1)
  expect(await take([draft('1', { syncToken: 2, name: 'Second' })], 9)).toBe(0)
  expect(await row('1')).toMatchObject({ name: 'Third' })
  expect(await take([draft('1', { syncToken: 4, name: 'Fourth' })], 2)).toBe(1)
  expect(await row('1')).toMatchObject({ name: 'Fourth' })
})

test('a balance that moved without a new sync token is taken, and an older balance is not', async () => {
  await take([draft('2', { balance: '10.00', changedAt: at(2).toISOString() })], 3)
  expect(await take([draft('2', { balance: '99.00', changedAt: at(1).toISOString() })], 4)).toBe(0)
  expect(await row('2')).toMatchObject({ balance: '10.00' })
  expect(await take([draft('2', { balance: '7.00', changedAt: at(3).toISOString() })], 5)).toBe(1)
})

test('of two answers about one moment the one that was asked later counts', async () => {
  await take([draft('3', { balance: '2.00' })], 5)
  expect(await take([draft('3', { balance: '1.00' })], 4)).toBe(0)
  expect(await take([draft('3', { balance: '3.00' })], 6)).toBe(1)
  expect(await row('3')).toMatchObject({ balance: '3.00' })
})

test('a deletion holds against answers that were asked before it, also where the record was never seen', async () => {
  await take([draft('4')], 1)
  await take([draft('4', { deleted: true }), draft('5', { deleted: true })], 6)
  expect(await take([draft('4', { syncToken: 9 }), draft('5', { syncToken: 9 })], 5)).toBe(0)
  expect(await row('4')).toMatchObject({ deleted: true })
  expect(await row('5')).toMatchObject({ deleted: true })
})

test('an older tale of a deletion does not delete what was seen alive since', async () => {
  await take([draft('6')], 8)
  expect(await take([draft('6', { deleted: true })], 7)).toBe(0)
  expect(await row('6')).toMatchObject({ deleted: false })
})

test('a record that stands twice in one answer is taken once, in its newest form', async () => {
  expect(await take([draft('7', { syncToken: 2, name: 'New' }), draft('7', { syncToken: 1, name: 'Old' })], 1)).toBe(1)
  expect(await row('7')).toMatchObject({ name: 'New' })
})

test('a merged record is gone, and says where to', async () => {
  await take([draft('8'), draft('9')], 1)
  const merges = [{ entity: MirrorEntity.CUSTOMER, goneId: '8', intoId: '9' } as const]
  await markMerged(fresh.database, { connectionId, merges, now: at(2) })
  expect(await row('8')).toMatchObject({ deleted: true, into: '9' })
  expect(await row('9')).toMatchObject({ deleted: false, into: null })
})

test('numbers keep their digits, and a NUL character does not stop its page', async () => {
  await take([draft('10', { raw: '{"UnitPrice":0.1234567890123456789,"Notes":"a\\u0000b"}', name: 'a\u0000b' })], 1)
  const [found] = await fresh.database.rows(sql<{ price: string; note: string }>`
    select raw->>'UnitPrice' as price, raw->>'Notes' as note from mirror_record where quick_books_id = '10'`)
  expect(found).toEqual({ price: '0.1234567890123456789', note: 'ab' })
})
