import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid'
import { ExchangePurpose } from '../../src/domain/kinds.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { markSent, recentDeliveries, recordDeliveries, saveAnswer, saveOutcomes } from '../../src/storage/deliveries.ts'
import type { Lane } from '../../src/storage/lanes.ts'
import { findPostingsById } from '../../src/storage/postings.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows, postingRow } from './rows.ts'

const now = new Date('2026-03-02T10:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)

let fresh: FreshDatabase
const connection = connectionRow()
const lane: Lane = { connectionId: connection.id, owner: 'us', epoch: 7 }

beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection])
})
beforeEach(() =>
  fresh.database.run(sql`
    update connection set lane_owner = 'us', lane_epoch = 7, lane_lease_until = ${later(60)}, state = 'ACTIVE', read_only = false`),
)
afterAll(() => fresh.close())

/** A recorded delivery that carries one claimed posting. */
async function recorded({ epoch = 7 } = {}): Promise<{ deliveryId: string; postingId: string; exchangeId: string }> {
  const claim = { state: PostingState.CLAIMED, claim_token: uuidv4(), claim_epoch: epoch }
  const posting = postingRow({ connection_id: connection.id, ...claim })
  await insertRows(fresh.database, 'posting', [posting])
  const exchangeId = uuidv7()
  const exchange = {
    id: exchangeId,
    postingId: posting.id,
    purpose: ExchangePurpose.POST,
    operation: 'create Invoice',
    idempotencyKey: 'key',
    request: '{"DocNumber":"1001"}',
    position: 0,
  }
  const [deliveryId = ''] = await recordDeliveries(fresh.database, {
    lane: { ...lane, epoch },
    deliveries: [
      { method: 'POST', path: '/v3/company/1/invoice?requestid=a', body: 'the bytes', exchanges: [exchange] },
    ],
    now,
  })
  return { deliveryId, postingId: posting.id, exchangeId }
}

function send(
  { deliveryId, postingId }: { deliveryId: string; postingId: string },
  given: Partial<Parameters<typeof markSent>[1]> = {},
) {
  return markSent(fresh.database, {
    deliveryId,
    lane,
    postingIds: [postingId],
    writes: true,
    outSeconds: 30,
    now,
    ...given,
  })
}

const stateOf = async (id: string) => (await findPostingsById(fresh.database, [id]))[0]?.state

describe('what is recorded before it is sent', () => {
  test('is the delivery with the hash of its bytes, and its exchanges in order', async () => {
    const { deliveryId, exchangeId } = await recorded()
    const rows = await fresh.database.rows(sql<Record<string, unknown>>`
      select d.body_hash, d.size, d.sent_at, d.lane_epoch, e.id, e.position, e.request from delivery d join exchange e on e.delivery_id = d.id where d.id = ${deliveryId}`)
    expect(rows).toEqual([
      {
        body_hash: createHash('sha256').update('the bytes').digest('hex'),
        size: 1,
        sent_at: null,
        lane_epoch: 7,
        id: exchangeId,
        position: 0,
        request: '{"DocNumber":"1001"}',
      },
    ])
  })

  test('is all or nothing', async () => {
    const count = async () => (await fresh.database.rows(sql`select from delivery`)).length
    const before = await count()
    const exchange = {
      id: 'no id',
      postingId: null,
      purpose: ExchangePurpose.POST,
      operation: '',
      idempotencyKey: '',
      request: '',
      position: 0,
    }
    const deliveries = [{ method: 'POST', path: '/', body: '', exchanges: [exchange] }]
    await expect(recordDeliveries(fresh.database, { lane, deliveries, now })).rejects.toThrow(/uuid/)
    expect(await count()).toBe(before)
  })
})

describe('law 11: a delivery goes', () => {
  test('under our lane, and its postings are SENT with it', async () => {
    const one = await recorded()
    expect(await send(one)).toBe(true)
    expect(await stateOf(one.postingId)).toBe('SENT')
  })

  test('once: of ten who try at the same time one may', async () => {
    const one = await recorded()
    const tries = await Promise.all(Array.from({ length: 10 }, () => send(one)))
    expect(tries.filter(Boolean)).toHaveLength(1)
    expect(await send(one)).toBe(false)
  })

  test.each<[string, Partial<Parameters<typeof markSent>[1]>]>([
    ['under an older epoch', { lane: { ...lane, epoch: 6 } }],
    ['under an epoch that nobody gave', { lane: { ...lane, epoch: 8 } }],
    ['in the name of another owner', { lane: { ...lane, owner: 'them' } }],
    ['when the lease ends with the time that an answer may take', { now: later(30) }],
    ['when the lease has run out', { now: later(61) }],
    ['when its answer may take longer than the lease', { outSeconds: 60 }],
  ])('not %s', async (_name, given) => {
    const one = await recorded()
    expect(await send(one, given)).toBe(false)
    expect(await stateOf(one.postingId)).toBe('CLAIMED')
  })

  test('while the lease outlasts its answer by a second', async () => {
    expect(await send(await recorded(), { now: later(29) })).toBe(true)
  })

  test.each([
    ['after somebody took the lane over', sql`update connection set lane_owner = 'them', lane_epoch = 8`],
    ['on a stopped connection', sql`update connection set state = 'STOPPED'`],
    ['on a paused connection', sql`update connection set state = 'PAUSED'`],
    ['on a read-only connection, when it writes', sql`update connection set read_only = true`],
  ])('not %s', async (_name, statement) => {
    const one = await recorded()
    await fresh.database.run(statement)
    expect(await send(one)).toBe(false)
    expect(await stateOf(one.postingId)).toBe('CLAIMED')
  })

  test('on a read-only connection when it only asks', async () => {
    const one = await recorded()
    await fresh.database.run(sql`update connection set read_only = true`)
    expect(await send(one, { writes: false, postingIds: [] })).toBe(true)
  })

  test('not when it was recorded under an earlier lane of ours', async () => {
    expect(await send(await recorded({ epoch: 6 }))).toBe(false)
  })
})

describe('an answer', () => {
  test('is saved as it came, once: a later one does not overwrite it', async () => {
    const one = await recorded()
    await send(one)
    const answer = { status: 200, body: '{"Id":"145"}', intuitTid: 'tid', lostReason: null, durationMs: 12.6 }
    await saveAnswer(fresh.database, { deliveryId: one.deliveryId, answer, now: later(1) })
    await saveAnswer(fresh.database, { deliveryId: one.deliveryId, answer: { ...answer, status: 500 }, now: later(2) })
    const rows = await fresh.database.rows(
      sql`select status, response, intuit_tid, duration_ms from delivery where id = ${one.deliveryId}`,
    )
    expect(rows).toEqual([{ status: 200, response: '{"Id":"145"}', intuit_tid: 'tid', duration_ms: 13 }])
  })

  test('and what it meant may reach the disk later, and nothing else may', async () => {
    const one = await recorded()
    await send(one)
    const answer = { status: 200, body: '{}', intuitTid: null, lostReason: null, durationMs: 1 }
    const { database, close } = await openDatabase({ url: fresh.url, poolMax: 1 })
    await database.run(sql`set synchronous_commit = on`)
    await saveAnswer(database, { deliveryId: one.deliveryId, answer, now: later(1) })
    await saveOutcomes(database, { outcomes: [{ id: one.exchangeId, outcome: 'posted', response: '{}' }] })
    expect(await database.rows(sql`show synchronous_commit`)).toEqual([{ synchronous_commit: 'on' }])
    await close()
  })

  test('is understood exchange by exchange', async () => {
    const one = await recorded()
    const outcomes = [{ id: one.exchangeId, outcome: 'posted', response: '{"Id":"145"}' }]
    await saveOutcomes(fresh.database, { outcomes })
    const rows = await fresh.database.rows(sql`select outcome, response from exchange where id = ${one.exchangeId}`)
    expect(rows).toEqual([{ outcome: 'posted', response: '{"Id":"145"}' }])
  })

  test('with a character that PostgreSQL does not keep is saved without it', async () => {
    const one = await recorded()
    const answer = { status: 502, body: 'bad\u0000 gateway', intuitTid: null, lostReason: null, durationMs: 1 }
    await saveAnswer(fresh.database, { deliveryId: one.deliveryId, answer, now: later(1) })
    await saveOutcomes(fresh.database, {
      outcomes: [{ id: one.exchangeId, outcome: 'unknown', response: 'bad\u0000 gateway' }],
    })
    const rows = await fresh.database.rows(
      sql<{ response: string }>`select response from delivery where id = ${one.deliveryId}`,
    )
    expect(rows[0]?.response).toMatch(/^bad.? gateway$/)
  })
})

describe('the last minute', () => {
  test('is what was sent since, whoever sent it, and not what was only recorded', async () => {
    await fresh.database.run(sql`truncate delivery cascade`)
    const [sent, old, throttled] = [await recorded(), await recorded(), await recorded()]
    await recorded()
    await fresh.database.run(sql`
      update delivery set sent_at = ${later(-20)}, answered_at = ${later(-19)}, status = 429 where id = ${throttled.deliveryId}`)
    await fresh.database.run(sql`update delivery set sent_at = ${later(-30)} where id = ${sent.deliveryId}`)
    await fresh.database.run(sql`update delivery set sent_at = ${later(-61)} where id = ${old.deliveryId}`)
    expect(await recentDeliveries(fresh.database, { connectionId: connection.id, since: later(-60) })).toEqual([
      { sentAt: later(-30), path: '/v3/company/1/invoice?requestid=a', throttledAt: null },
      { sentAt: later(-20), path: '/v3/company/1/invoice?requestid=a', throttledAt: later(-19) },
    ])
  })
})
