import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { activityByHour, sumOf } from '../../src/storage/activity.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, exchangeRows, idAt, insertRows, postingRow, processed } from './rows.ts'

let fresh: FreshDatabase
const now = new Date('2026-03-01T12:20:00Z')
const connection = connectionRow()

function call(sentAt: string, more: Record<string, unknown> = {}, outcome = 'posted') {
  const { delivery, exchange } = exchangeRows({ connection_id: connection.id, posting_id: null })
  return { delivery: { ...delivery, sent_at: sentAt, ...more }, exchange: { ...exchange, outcome, created_at: sentAt } }
}

beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection])
  const calls = [
    call('2026-03-01T12:05:00Z'),
    call('2026-03-01T12:06:00Z', { status: 429 }, 'deferred'),
    call('2026-03-01T12:07:00Z', { status: null, lost_reason: 'timeout' }, 'unknown'),
    call('2026-03-01T11:59:59Z', { status: 400 }, 'rejected'),
    call('2026-03-01T09:59:59Z'),
  ]
  await insertRows(
    fresh.database,
    'delivery',
    calls.map(({ delivery }) => delivery),
  )
  await insertRows(
    fresh.database,
    'exchange',
    calls.map(({ exchange }) => exchange),
  )
  const runs = ['2026-03-01T12:00:00Z', '2026-03-01T11:30:00Z', '2026-03-01T11:31:00Z']
  await insertRows(
    fresh.database,
    'sync_run',
    runs.map((started_at, index) => ({ id: idAt(started_at), started_at, read: index + 1 })),
  )
  const done = (at: string) => postingRow({ connection_id: connection.id, ...processed(at) })
  await insertRows(fresh.database, 'posting', [done('2026-03-01T12:10:00Z'), done('2026-03-01T10:00:00Z')])
  const told = (received_at: string, more: Record<string, unknown> = {}) => ({
    id: idAt(received_at),
    key: `${received_at} ${JSON.stringify(more)}`,
    connection_id: connection.id,
    realm_id: '1',
    entity_name: 'Invoice',
    quick_books_id: '5',
    operation: 'UPDATED',
    state: 'PROCESSED',
    received_at,
    ...more,
  })
  await insertRows(fresh.database, 'webhook_event', [
    told('2026-03-01T11:10:00Z', { processed_at: '2026-03-01T11:10:07Z' }),
    told('2026-03-01T12:10:00Z', { processed_at: '2026-03-01T12:10:03Z' }),
    told('2026-03-01T12:19:00Z', { state: 'PENDING' }),
    told('2026-03-01T12:01:00Z', { state: 'IGNORED' }),
  ])
  await insertRows(fresh.database, 'token_refresh', [
    { id: idAt('2026-03-01T12:02:00Z'), connection_id: connection.id, at: '2026-03-01T12:02:00Z', cause: 'CALL' },
  ])
})
afterAll(() => fresh.close())

describe('the activity', () => {
  test('counts calls, errors, throttles, lost answers, polls, rows, postings, renewals and webhooks, hour by hour', async () => {
    const hours = await activityByHour(fresh.database, { hours: 3, now })
    const nothing = {
      calls: 0,
      errors: 0,
      throttles: 0,
      unknownAnswers: 0,
      polls: 0,
      rowsRead: 0,
      postingsProcessed: 0,
      refreshes: 0,
      webhooks: 0,
      webhookLagSecondsMax: 0,
    }
    // One is still waiting, for a minute by now; one that is not ours waits for nothing.
    const [at11, at12] = [
      { webhooks: 1, webhookLagSecondsMax: 7 },
      { webhooks: 3, webhookLagSecondsMax: 60 },
    ]
    expect(hours).toEqual([
      { ...nothing, hour: new Date('2026-03-01T10:00:00Z'), postingsProcessed: 1 },
      { ...nothing, hour: new Date('2026-03-01T11:00:00Z'), calls: 1, errors: 1, polls: 2, rowsRead: 5, ...at11 },
      {
        hour: new Date('2026-03-01T12:00:00Z'),
        calls: 3,
        errors: 2,
        throttles: 1,
        unknownAnswers: 1,
        polls: 1,
        rowsRead: 1,
        postingsProcessed: 1,
        refreshes: 1,
        ...at12,
      },
    ])
    expect(sumOf(hours)).toEqual({
      calls: 4,
      errors: 3,
      throttles: 1,
      unknownAnswers: 1,
      polls: 3,
      rowsRead: 6,
      postingsProcessed: 2,
      refreshes: 1,
      webhooks: 4,
      webhookLagSecondsMax: 60,
    })
  })

  test.each([
    ['deliveries', sql`select count(*) from delivery where sent_at >= ${now}`],
    ['lost answers', sql`select count(*) from exchange where outcome = 'unknown' and created_at >= ${now}`],
    ['webhooks', sql`select count(*) from webhook_event where received_at >= ${now}`],
    ['renewals', sql`select count(*) from token_refresh where at >= ${now}`],
    ['polls', sql`select count(*) from sync_run where started_at >= ${now}`],
  ])('finds %s along an index', async (_, question) => {
    const plan = await fresh.database.transaction(async (transaction) => {
      await transaction.run(sql`set local enable_seqscan = off`)
      return transaction.rows(sql<{ 'QUERY PLAN': string }>`explain ${question}`)
    })
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toMatch(/Index/)
  })
})
