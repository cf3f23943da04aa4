import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { pino } from 'pino'
import { listAlerts } from '../../src/storage/alerts.ts'
import { ROAD_LIMITS } from '../../src/sync/road.ts'
import { watch } from '../../src/sync/watch.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, idAt, insertRows, postingRow } from './rows.ts'

let fresh: FreshDatabase
let time: Date
const connections = [connectionRow({ name: 'East' }), connectionRow({ name: 'West' })]
const [east, west] = connections.map(({ id }) => id) as [string, string]
const ago = (seconds: number) => new Date(time.getTime() - seconds * 1000).toISOString()
const many = (count: number, row: Record<string, unknown>) =>
  insertRows(
    fresh.database,
    'posting',
    Array.from({ length: count }, () => postingRow({ connection_id: east, created_at: ago(30), ...row })),
  )
const polls = (...runs: [number, string | null][]) =>
  insertRows(
    fresh.database,
    'sync_run',
    runs.map(([seconds, error]) => ({
      id: idAt(ago(seconds)),
      started_at: ago(seconds),
      finished_at: ago(seconds),
      error,
    })),
  )

beforeEach(async () => {
  fresh = await freshDatabase()
  time = new Date('2026-03-01T12:00:00Z')
  await insertRows(fresh.database, 'connection', connections)
})
afterEach(() => fresh.close())

async function alerts() {
  await watch({ database: fresh.database, now: () => time, log: pino({ level: 'silent' }), limits: ROAD_LIMITS })
  return listAlerts(fresh.database, { open: true })
}

describe('an alert', () => {
  test('is not raised when all is well', async () => {
    await polls([90, null], [15, null])
    await many(9, { state: 'FAILED', reason_code: 'ITEM_NOT_FOUND' })
    await many(3, {})
    expect(await alerts()).toEqual([])
  })

  test('is raised once, renewed while its condition holds, cleared by itself, and raised anew when it comes back', async () => {
    await many(2, { state: 'MISMATCHED' })
    const [raised] = await alerts()
    expect(raised).toMatchObject({
      code: 'MISMATCHES',
      severity: 'WARNING',
      connectionId: east,
      count: 2,
      raisedAt: time,
    })
    expect(raised?.sentence).toBe('2 records in QuickBooks differ from what the CRM sold.')
    expect(raised?.remedy).toMatch(/make the two sides equal/)

    time = new Date(time.getTime() + 15_000)
    await many(1, { state: 'MISMATCHED' })
    expect(await alerts()).toMatchObject([{ id: raised?.id, count: 3, raisedAt: raised?.raisedAt, seenAt: time }])

    await fresh.database.run(sql`update posting set state = 'PENDING'`)
    expect(await alerts()).toEqual([])
    expect(await listAlerts(fresh.database, { open: false })).toMatchObject([{ id: raised?.id, clearedAt: time }])

    await fresh.database.run(sql`update posting set state = 'MISMATCHED'`)
    const [again, ...more] = await alerts()
    expect(more).toEqual([])
    expect(again?.id).not.toBe(raised?.id)
  })

  test('is one, when two workers look at once', async () => {
    await many(2, { state: 'MISMATCHED' })
    await Promise.all([alerts(), alerts(), alerts()])
    expect(await alerts()).toHaveLength(1)
  })
})

describe('an alert is raised', () => {
  test('when polls have failed for two minutes, and ends with the first that does not', async () => {
    await polls([300, null], [119, 'ECONNREFUSED'], [60, 'ECONNREFUSED'])
    expect(await alerts()).toEqual([])
    time = new Date(time.getTime() + 1_000)
    const [down] = await alerts()
    expect(down).toMatchObject({ code: 'CRM_DOWN', severity: 'CRITICAL', subject: 'CRM', connectionId: null, count: 2 })
    expect(down?.sentence).toBe('The order log could not be read since 2026-03-01T11:58:01Z: ECONNREFUSED.')
    await polls([0, null])
    expect(await alerts()).toEqual([])
  })

  test('when a connection is stopped, with its reason and its remedy', async () => {
    await fresh.database.run(sql`
      update connection set state = 'STOPPED', state_reason_code = 'RECONNECT', state_reason_detail = '{"detail": "invalid_grant"}'
      where id = ${west}`)
    const [stopped] = await alerts()
    expect(stopped).toMatchObject({ code: 'CONNECTION_STOPPED', severity: 'CRITICAL', connectionId: west })
    expect(stopped?.sentence).toBe(
      'Connection "West" is stopped: QuickBooks no longer accepts our sign-in: invalid_grant.',
    )
    expect(stopped?.remedy).toBe('Connect the company again; its postings wait and lose nothing.')
  })

  test('when ten postings of one connection failed within an hour for one reason', async () => {
    const failed = { state: 'FAILED', reason_code: 'ITEM_NOT_FOUND', reason_detail: { items: 'X-1' } }
    await many(9, failed)
    await many(5, { ...failed, connection_id: west })
    await many(5, { ...failed, reason_code: 'PERIOD_CLOSED' })
    await many(5, { ...failed, updated_at: ago(3_601) })
    expect(await alerts()).toEqual([])
    await many(1, failed)
    const [failing, ...more] = await alerts()
    expect(more).toEqual([])
    expect(failing).toMatchObject({
      code: 'POSTINGS_FAILING',
      subject: 'ITEM_NOT_FOUND',
      connectionId: east,
      count: 10,
    })
    expect(failing?.sentence).toContain('QuickBooks has no active item named X-1.')
  })

  test('when an answer has been missing for ten minutes', async () => {
    await many(1, { state: 'UNKNOWN', sent_at: ago(599) })
    expect(await alerts()).toEqual([])
    time = new Date(time.getTime() + 1_000)
    expect(await alerts()).toMatchObject([{ code: 'ANSWERS_LOST', connectionId: east, count: 1 }])
  })

  test('when something waits for longer than the promise, but not for what was just set going, nor for a customer', async () => {
    await many(1, { created_at: ago(9_000), updated_at: ago(5) })
    const [customer] = [postingRow({ connection_id: east, kind: 'CUSTOMER', created_at: ago(59), updated_at: ago(59) })]
    await insertRows(fresh.database, 'posting', [customer])
    await many(1, { created_at: ago(200), updated_at: ago(200), blocked_by_id: customer.id })
    expect(await alerts()).toEqual([])
    time = new Date(time.getTime() + 1_000)
    expect(await alerts()).toMatchObject([{ code: 'BACKLOG_LATE', connectionId: east, count: 1 }])
    await many(4, { created_at: ago(70), updated_at: ago(2), waiting_for: 'QUICKBOOKS', connection_id: west })
    const late = await alerts()
    expect(late.map(({ connectionId, count }) => [connectionId, count]).sort()).toEqual(
      [
        [east, 1],
        [west, 4],
      ].sort(),
    )
  })
})
