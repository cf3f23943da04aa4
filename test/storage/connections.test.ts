import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { listConnections, saveCompany, stopConnection } from '../../src/storage/connections.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows } from './rows.ts'

let fresh: FreshDatabase
const now = new Date('2026-03-01T12:00:00Z')
const connection = connectionRow()
const { id } = connection

beforeEach(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection])
})
afterEach(() => fresh.close())

const stop = (reason: 'RECONNECT' | 'WRONG_COMPANY', detail = 'why') =>
  stopConnection(fresh.database, { id, reason, detail: { detail }, now })
const trail = async () =>
  (
    await fresh.database.rows(sql<{ text: string }>`
    select concat_ws(' ', author, action, subject, result) as text from audit_entry order by id`)
  ).map(({ text }) => text)

test('a connection that is stopped, and set going again, leaves an audit entry for each, with its author', async () => {
  await stop('RECONNECT')
  await stop('RECONNECT', 'the same again, in other words')
  expect(await listConnections(fresh.database)).toMatchObject([
    { state: 'STOPPED', stateReasonCode: 'RECONNECT', stateReasonDetail: { detail: 'the same again, in other words' } },
  ])
  await stop('WRONG_COMPANY')
  for (const _ of [1, 2]) await saveCompany(fresh.database, { id, name: 'Books', currency: 'EUR', now })
  expect(await listConnections(fresh.database)).toMatchObject([
    { state: 'ACTIVE', name: 'Books', stateReasonCode: null },
  ])
  expect(await trail()).toEqual([
    `countersign stopConnection connection ${id}: RECONNECT OK`,
    `countersign stopConnection connection ${id}: WRONG_COMPANY OK`,
    `countersign resumeConnection connection ${id}: QuickBooks answers again OK`,
  ])
})

test('a connection that a person paused is not stopped, and nothing is recorded', async () => {
  await fresh.database.run(sql`update connection set state = 'PAUSED'`)
  await stop('RECONNECT')
  expect(await listConnections(fresh.database)).toMatchObject([{ state: 'PAUSED', stateReasonCode: null }])
  expect(await trail()).toEqual([])
})
