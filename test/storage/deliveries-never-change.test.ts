import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { ExchangePurpose } from '../../src/domain/kinds.ts'
import { lastSent, markSent, recordDeliveries, saveAnswer, saveOutcomes } from '../../src/storage/deliveries.ts'
import { keepLane, type Lane, takeLane } from '../../src/storage/lanes.ts'
import { claimPostings } from '../../src/storage/postings.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows, postingRow } from './rows.ts'

const now = new Date('2026-03-01T12:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)

let fresh: FreshDatabase
let lane: Lane
let postingId: string
let exchangeId: string
let deliveryId: string

beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh.close())

beforeEach(async () => {
  const connection = connectionRow()
  const posting = postingRow({ connection_id: connection.id })
  await insertRows(fresh.database, 'connection', [connection])
  await insertRows(fresh.database, 'posting', [posting])
  postingId = posting.id
  lane = (await takeLane(fresh.database, {
    connectionId: connection.id,
    owner: 'me',
    seenEpoch: 0,
    leaseSeconds: 60,
    now,
  }))!
  exchangeId = posting.source_id as string
  ;[deliveryId = ''] = await recordDeliveries(fresh.database, { lane, deliveries: [draft()], now })
})

function draft() {
  const exchange = {
    id: exchangeId,
    postingId,
    position: 4,
    purpose: ExchangePurpose.POST,
    operation: 'create Invoice',
    idempotencyKey: 'key-1',
    request: '{"DocNumber":"1001"}',
  }
  return { method: 'POST', path: '/batch?requestid=r', body: 'bytes', exchanges: [exchange] }
}

const answer = { status: 200, body: '{}', intuitTid: 'tid', lostReason: null, durationMs: 12 }

function send(args: { lane?: Lane; writes?: boolean; outSeconds?: number; now?: Date } = {}): Promise<boolean> {
  return markSent(fresh.database, {
    deliveryId,
    lane,
    postingIds: [postingId],
    writes: true,
    outSeconds: 35,
    now,
    ...args,
  })
}

describe('a delivery never changes', () => {
  const change = (table: 'delivery' | 'exchange', assignment: string) =>
    fresh.database.run(
      sql`update ${sql.table(table)} set ${sql.raw(assignment)} where id = ${table === 'delivery' ? deliveryId : exchangeId}`,
    )

  test.each([
    "path = '/other'",
    "method = 'GET'",
    "body_hash = 'other'",
    'size = 2',
    'lane_epoch = 9',
    "created_at = '2020-01-01'",
  ])('what is asked is fixed when it is recorded: %s', async (assignment) => {
    await expect(change('delivery', assignment)).rejects.toThrow('never change')
  })

  test.each(["sent_at = '2026-03-01T13:00:00Z'", 'sent_at = null'])(
    'the time of sending is fixed when it is sent: %s',
    async (assignment) => {
      expect(await send()).toBe(true)
      await expect(change('delivery', assignment)).rejects.toThrow('never change')
    },
  )

  test.each([
    "response = 'other'",
    'status = 500',
    'answered_at = null',
    "lost_reason = 'lost'",
    "intuit_tid = 'other'",
    'duration_ms = 1',
  ])('the answer is fixed when it is saved: %s', async (assignment) => {
    await send()
    await saveAnswer(fresh.database, { deliveryId, answer, now })
    await expect(change('delivery', assignment)).rejects.toThrow('never change')
  })

  test.each([
    "request = 'other'",
    "idempotency_key = 'other'",
    'position = 0',
    "operation = 'create Customer'",
    "purpose = 'PULL'",
    'posting_id = gen_random_uuid()',
  ])('an exchange asks what it was recorded to ask: %s', async (assignment) => {
    await expect(change('exchange', assignment)).rejects.toThrow('never change')
  })

  test.each(["outcome = 'rejected'", 'outcome = null', "response = 'other'"])(
    'what was understood is fixed when it is saved: %s',
    async (assignment) => {
      await saveOutcomes(fresh.database, { outcomes: [{ id: exchangeId, outcome: 'posted', response: '{}' }] })
      await expect(change('exchange', assignment)).rejects.toThrow('never change')
    },
  )

  test('the second of two answers is not saved', async () => {
    await send()
    await saveAnswer(fresh.database, { deliveryId, answer, now })
    await saveAnswer(fresh.database, { deliveryId, answer: { ...answer, status: 500 }, now })
    const [row] = await fresh.database.rows(
      sql<{ status: number }>`select status from delivery where id = ${deliveryId}`,
    )
    expect(row?.status).toBe(200)
  })
})

describe('the guard of the lane', () => {
  test('lets a delivery go once', async () => {
    expect([await send(), await send()]).toEqual([true, false])
  })

  test('lets nothing go whose answer might come after the lease has run out', async () => {
    expect(await send({ now: later(26) })).toBe(false)
    await keepLane(fresh.database, { lane, leaseSeconds: 60, now: later(20) })
    expect(await send({ now: later(26) })).toBe(true)
  })

  test('lets nothing go, and claims nothing, for whoever has lost the lane', async () => {
    const claim = { lane, limit: 10, claimToken: postingId, now }
    const other = await takeLane(fresh.database, {
      ...lane,
      owner: 'other',
      seenEpoch: lane.epoch,
      leaseSeconds: 60,
      now,
    })
    expect(other?.epoch).toBe(lane.epoch + 1)
    expect(await send()).toBe(false)
    expect(await claimPostings(fresh.database, claim)).toEqual([])
    expect(await keepLane(fresh.database, { lane, leaseSeconds: 60, now })).toBe(false)
    expect(await claimPostings(fresh.database, { ...claim, lane: other! })).toHaveLength(1)
  })

  test('lets a read-only connection ask and not write, and a stopped one neither', async () => {
    await fresh.database.run(sql`update connection set read_only = true where id = ${lane.connectionId}`)
    expect(await send({ writes: true })).toBe(false)
    expect(await send({ writes: false })).toBe(true)
    await fresh.database.run(
      sql`update connection set read_only = false, state = 'STOPPED' where id = ${lane.connectionId}`,
    )
    ;[deliveryId = ''] = await recordDeliveries(fresh.database, {
      lane,
      deliveries: [{ ...draft(), exchanges: [] }],
      now,
    })
    expect(await send()).toBe(false)
  })
})

describe('what was last sent for a posting', () => {
  test('is the item with its place and the path of its delivery; what was recorded and not sent does not count', async () => {
    expect(await lastSent(fresh.database, { postingIds: [postingId] })).toEqual(new Map())
    await send()
    expect((await lastSent(fresh.database, { postingIds: [postingId] })).get(postingId)).toEqual({
      postingId,
      path: '/batch?requestid=r',
      position: 4,
      operation: 'create Invoice',
      idempotencyKey: 'key-1',
      request: '{"DocNumber":"1001"}',
      answered: false,
    })
  })
})
