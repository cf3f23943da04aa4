import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { pino } from 'pino'
import { ExchangePurpose } from '../../src/domain/kinds.ts'
import { lastSent, recordRead, saveAnswer, saveOutcomes } from '../../src/storage/deliveries.ts'
import { lastDeliveries } from '../../src/storage/last-deliveries.ts'
import { prune, pruneDaily } from '../../src/sync/prune.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows, postingRow } from '../storage/rows.ts'

const now = new Date('2026-03-01T12:00:00Z')
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)
const keep = { pullDays: 30, postDays: 400 }

let fresh: FreshDatabase
const connection = connectionRow()
beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection])
})
afterAll(() => fresh.close())
beforeEach(async () => {
  await fresh.database.run(sql`delete from exchange`)
  await fresh.database.run(sql`delete from delivery`)
  await fresh.database.run(sql`delete from cursor`)
})

const road = (at = now, signal = new AbortController().signal) => ({
  database: fresh.database,
  now: () => at,
  crm: { timeZone: 'America/New_York' },
  log: pino({ level: 'silent' }),
  signal,
})

async function answered({ purpose, days }: { purpose: ExchangePurpose; days: number }): Promise<string> {
  const exchange = { position: 0, purpose, operation: 'query Customer', request: 'a question' }
  const envelope = { method: 'POST', path: `/query?${days}`, body: 'a question', exchanges: [exchange] }
  const at = daysAgo(days)
  const { deliveryId, exchangeIds } = await recordRead(fresh.database, {
    connectionId: connection.id,
    envelope,
    now: at,
  })
  const answer = { status: 200, body: 'an answer', intuitTid: 'tid', lostReason: null, durationMs: 5 }
  await saveAnswer(fresh.database, { deliveryId, answer, now: at })
  const response = purpose === ExchangePurpose.PULL ? null : 'its part'
  await saveOutcomes(fresh.database, { outcomes: exchangeIds.map((id) => ({ id, outcome: 'found', response })) })
  return deliveryId
}

const kept = () =>
  fresh.database.rows(sql`
    select delivery.path, delivery.response, exchange.request, exchange.response as part, pruned_at is not null as pruned,
      status, intuit_tid, duration_ms, outcome
    from delivery join exchange on delivery_id = delivery.id order by delivery.sent_at desc`)

const facts = { status: 200, intuit_tid: 'tid', duration_ms: 5, outcome: 'found' }
const whole = { response: 'an answer', request: 'a question', pruned: false }

describe('the bodies of requests and answers', () => {
  test('of a pull are deleted after their days, of postings and look-ups after theirs; what they were and came to stays', async () => {
    for (const days of [29, 31]) await answered({ purpose: ExchangePurpose.PULL, days })
    for (const days of [399, 401]) await answered({ purpose: ExchangePurpose.POST, days })
    await answered({ purpose: ExchangePurpose.LOOK_UP, days: 402 })
    expect(await prune(road(), { keep })).toEqual({ pulls: 1, posts: 2 })
    expect(await kept()).toEqual([
      { ...facts, ...whole, path: '/query?29', part: null },
      { ...facts, path: '/query?31', response: null, request: 'a question', part: null, pruned: true },
      { ...facts, ...whole, path: '/query?399', part: 'its part' },
      { ...facts, path: '/query?401', response: null, request: '', part: null, pruned: true },
      { ...facts, path: '/query?402', response: null, request: '', part: null, pruned: true },
    ])
    expect(await prune(road(), { keep })).toEqual({ pulls: 0, posts: 0 })
  })

  test('are deleted however many they are, and no more are begun once we are told to end', async () => {
    const id = await answered({ purpose: ExchangePurpose.PULL, days: 40 })
    await fresh.database.run(sql`
      insert into delivery select (jsonb_populate_record(delivery, jsonb_build_object('id', gen_random_uuid()))).*
      from delivery, generate_series(1, 1200) where id = ${id}`)
    const told = new AbortController()
    told.abort()
    expect(await prune(road(now, told.signal), { keep })).toEqual({ pulls: 0, posts: 0 })
    expect(await prune(road(), { keep })).toEqual({ pulls: 1201, posts: 0 })
  })

  test('are deleted once a day, from the hour on by the clock of the business', async () => {
    await answered({ purpose: ExchangePurpose.PULL, days: 31 })
    const pruned = async (at: string) => {
      await pruneDaily(road(new Date(at)), { hour: 4, keep })
      const [row] = await fresh.database.rows(
        sql<{ count: number }>`select count(pruned_at)::int as count from delivery`,
      )
      return row?.count
    }
    // 03:59 and 04:00 in New York.
    expect(await pruned('2026-03-01T08:59:00Z')).toBe(0)
    expect(await pruned('2026-03-01T09:00:00Z')).toBe(1)
    await answered({ purpose: ExchangePurpose.PULL, days: 32 })
    expect(await pruned('2026-03-01T10:00:00Z')).toBe(1)
    expect(await pruned('2026-03-02T09:00:00Z')).toBe(2)
  })

  test('cannot be deleted, or put back, in any other way', async () => {
    const id = await answered({ purpose: ExchangePurpose.POST, days: 500 })
    const change = (table: 'delivery' | 'exchange', assignment: string) =>
      fresh.database.run(sql`update ${sql.table(table)} set ${sql.raw(assignment)}`)
    await expect(change('delivery', 'response = null')).rejects.toThrow(/never change/)
    await expect(change('delivery', "response = 'another', pruned_at = now()")).rejects.toThrow(/never change/)
    await expect(change('exchange', "request = '', response = null")).rejects.toThrow(/never change/)
    await prune(road(), { keep })
    await expect(change('delivery', "response = 'an answer'")).rejects.toThrow(/never change/)
    await expect(change('delivery', 'pruned_at = null')).rejects.toThrow(/never change/)
    await expect(change('exchange', "request = 'a question'")).rejects.toThrow(/never change/)
    await expect(change('exchange', "outcome = 'posted'")).rejects.toThrow(/never change/)
    expect(await fresh.database.rows(sql`select id from delivery`)).toEqual([{ id }])
  })

  test('that were deleted are not sent again, nor understood again', async () => {
    const posting = postingRow({ connection_id: connection.id })
    await insertRows(fresh.database, 'posting', [posting])
    await answered({ purpose: ExchangePurpose.POST, days: 500 })
    await fresh.database.run(sql`
      insert into exchange select (jsonb_populate_record(exchange,
        jsonb_build_object('id', gen_random_uuid(), 'posting_id', ${posting.id}::uuid))).* from exchange`)
    const postingIds = [posting.id]
    expect((await lastSent(fresh.database, { postingIds })).size).toBe(1)
    expect(await lastDeliveries(fresh.database, { postingIds })).toHaveLength(1)
    await prune(road(), { keep })
    expect((await lastSent(fresh.database, { postingIds })).size).toBe(0)
    expect(await lastDeliveries(fresh.database, { postingIds })).toHaveLength(0)
  })
})
