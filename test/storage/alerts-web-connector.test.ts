import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { pino } from 'pino'
import { Environment } from '../../src/domain/kinds.ts'
import { listAlerts } from '../../src/storage/alerts.ts'
import { ourselves } from '../../src/storage/api-keys.ts'
import { connectDesktop } from '../../src/storage/web-connector.ts'
import { ROAD_LIMITS } from '../../src/sync/road.ts'
import { watch } from '../../src/sync/watch.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { insertRows, postingRow } from './rows.ts'

let fresh: FreshDatabase
let time: Date
let id: string

beforeEach(async () => {
  fresh = await freshDatabase()
  time = new Date('2026-03-01T12:00:00Z')
  const company = {
    name: 'East',
    environment: Environment.SANDBOX,
    companyFile: '',
    readOnly: false,
    runEveryMinutes: 5,
  }
  id = (await connectDesktop(fresh.database, { ...company, author: ourselves('test'), now: time })).id
})
afterEach(() => fresh.close())

const ago = (minutes: number) => new Date(time.getTime() - minutes * 60_000)
const seen = (at: Date | null, made: Date | null = ago(60)) =>
  fresh.database.run(sql`update web_connector_user set last_seen_at = ${at}, file_made_at = ${made}`)
const waiting = (count: number) =>
  insertRows(
    fresh.database,
    'posting',
    Array.from({ length: count }, () =>
      postingRow({ connection_id: id, waiting_for: 'WEB_CONNECTOR', created_at: ago(50).toISOString() }),
    ),
  )
async function alerts() {
  await watch({ database: fresh.database, now: () => time, log: pino({ level: 'silent' }), limits: ROAD_LIMITS })
  return listAlerts(fresh.database, { open: true })
}

describe('the watch over a Web Connector', () => {
  test('one alert, not one for each order, when it has not called for twice its interval; cleared when it calls', async () => {
    await waiting(7)
    await seen(ago(9.9))
    expect(await alerts()).toEqual([])
    await seen(ago(10.1))
    const [alert, ...others] = await alerts()
    expect(others).toEqual([])
    expect(alert).toMatchObject({ code: 'WEB_CONNECTOR_OFFLINE', severity: 'CRITICAL', connectionId: id, count: 7 })
    expect(alert?.sentence).toBe(
      'The Web Connector of "East" has not called since 2026-03-01T11:49:54Z; 7 postings wait for it.',
    )
    time = new Date(time.getTime() + 60_000)
    expect((await alerts()).map(({ raisedAt }) => raisedAt)).toEqual([alert?.raisedAt])
    await seen(time)
    expect(await alerts()).toEqual([])
    expect((await listAlerts(fresh.database, { open: false })).map(({ clearedAt }) => clearedAt)).toEqual([time])
  })

  test('one that never called counts from when its file was made; without a file nobody is expected', async () => {
    await seen(null, null)
    expect(await alerts()).toEqual([])
    await seen(null, ago(11))
    expect((await alerts()).map(({ code }) => code)).toEqual(['WEB_CONNECTOR_OFFLINE'])
  })

  test('nobody is missed on a connection that a person paused', async () => {
    await seen(ago(100))
    await fresh.database.run(sql`update connection set state = 'PAUSED'`)
    expect(await alerts()).toEqual([])
  })
})
