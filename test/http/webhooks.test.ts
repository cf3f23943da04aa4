import { createHash, createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { pino } from 'pino'
import { webhookReceiver } from '../../src/cli/receive-webhooks.ts'
import { openMetrics } from '../../src/http/metrics.ts'
import { type HttpServer, startHttpServer } from '../../src/http/server.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows } from '../storage/rows.ts'

const VERIFIER = 'a-verifier-token'
const REALM = '9341450000000007'
const connection = connectionRow({ realm_id: REALM })
const other = connectionRow({ realm_id: '9341450000000008' })
let fresh: FreshDatabase
let server: HttpServer
let time: Date

beforeEach(async () => {
  time = new Date('2026-03-01T12:00:00Z')
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection, other])
  server = await serve(VERIFIER)
})
afterEach(async () => {
  await server.close()
  await fresh.close()
})

const serve = (verifierToken: string | null) =>
  startHttpServer({
    api: null,
    webhooks: webhookReceiver({ database: fresh.database, verifierToken, now: () => time }),
    metrics: openMetrics({ postingsByState: async () => [], now: () => time }),
    readiness: async () => ({ trouble: null, crm: { state: 'UNKNOWN', checkedAt: null, detail: null } }),
    host: '127.0.0.1',
    port: 0,
    log: pino({ level: 'silent' }),
  })

const sign = (body: string, token = VERIFIER) => createHmac('sha256', token).update(body).digest('base64')

async function tell(
  body: unknown,
  { signature, text = JSON.stringify(body) }: { signature?: string; text?: string } = {},
) {
  const response = await fetch(`${server.url}/webhooks/quickbooks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'intuit-signature': signature ?? sign(text) },
    body: text,
  })
  return { status: response.status, said: await response.text() }
}

const entity = (id: string, more: object = {}) => ({
  name: 'Invoice',
  id,
  operation: 'Update',
  lastUpdated: '2026-03-01T11:59:58.000Z',
  ...more,
})
const notification = (entities: object[], realmId = REALM) => ({
  eventNotifications: [{ realmId, dataChangeEvent: { entities } }],
})
const cloudEvent = (id: string, more: object = {}) => ({
  specversion: '1.0',
  id: 'af5b6f7e-0000-4000-8000-000000000000',
  source: 'intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=',
  type: 'qbo.invoice.updated.v1',
  datacontenttype: 'application/json',
  time: '2026-03-01T11:59:58Z',
  intuitentityid: id,
  intuitaccountid: REALM,
  data: {},
  ...more,
})

const stored = () =>
  fresh.database.rows(sql<Record<string, unknown>>`
    select connection_id, realm_id, entity_name, entity, quick_books_id, operation, merged_id, state, repeats from webhook_event order by id`)
const refusals = () =>
  fresh.database.rows(sql<Record<string, unknown>>`select hash, times from webhook_refusal order by first_at`)

describe('what QuickBooks tells by itself', () => {
  test('is stored before it is acknowledged, for each company that one request tells of', async () => {
    const both = [notification([entity('5')]), notification([entity('6'), entity('7')], other.realm_id as string)]
    const body = { eventNotifications: both.flatMap(({ eventNotifications }) => eventNotifications) }
    expect(await tell(body)).toEqual({ status: 200, said: '' })
    expect(await stored()).toMatchObject(
      [
        {
          connection_id: connection.id,
          quick_books_id: '5',
          entity: 'INVOICE',
          operation: 'UPDATED',
          state: 'PENDING',
        },
        { connection_id: other.id, quick_books_id: '6', state: 'PENDING' },
        { connection_id: other.id, quick_books_id: '7', state: 'PENDING' },
      ].map((row) => expect.objectContaining(row)) as never,
    )
  })

  test('is one event however often and in whichever of the two forms it is told, also within one request', async () => {
    await tell(notification([entity('5'), entity('5')]))
    await tell(notification([entity('5')]))
    await tell([cloudEvent('5')])
    expect(await stored()).toMatchObject([{ quick_books_id: '5', repeats: 2 }])
  })

  test('names the record that a merge did away with, in both forms', async () => {
    await tell(notification([entity('5', { name: 'Customer', operation: 'Merge', deletedId: '4' })]))
    await tell([cloudEvent('7', { type: 'qbo.customer.merged.v1', data: { deletedid: '6' } })])
    expect(await stored()).toMatchObject([
      { entity: 'CUSTOMER', quick_books_id: '5', operation: 'MERGED', merged_id: '4' },
      { entity: 'CUSTOMER', quick_books_id: '7', operation: 'MERGED', merged_id: '6' },
    ])
  })

  test('is kept and not worked on where it is about a company or a kind of record that is not ours', async () => {
    await tell(notification([entity('5', { name: 'Estimate' })]))
    await tell(notification([entity('5')], '1'))
    expect(await stored()).toMatchObject([
      { entity: null, entity_name: 'Estimate', state: 'IGNORED' },
      { connection_id: null, realm_id: '1', state: 'IGNORED' },
    ])
  })
})

describe('a forged request', () => {
  test('is refused and leaves nothing but the hash of its body', async () => {
    const text = JSON.stringify(notification([entity('5')]))
    for (const signature of ['', 'x', sign(text, 'another token'), sign(`${text} `)]) {
      expect(await tell(null, { text, signature })).toEqual({ status: 401, said: '' })
    }
    expect(await stored()).toEqual([])
    expect(await refusals()).toEqual([{ hash: createHash('sha256').update(text).digest('hex'), times: 4 }])
  })

  test('is refused without being kept when there are too many, and a real one is taken all the same', async () => {
    const answers = []
    for (let count = 0; count < 64; count += 1) answers.push((await tell({ count }, { signature: 'forged' })).status)
    expect(answers.filter((status) => status === 401)).toHaveLength(60)
    expect(answers.slice(60)).toEqual([429, 429, 429, 429])
    expect(await refusals()).toHaveLength(60)
    expect((await tell(notification([entity('5')]))).status).toBe(200)
    time = new Date('2026-03-01T12:01:01Z')
    expect((await tell({ late: true }, { signature: 'forged' })).status).toBe(401)
  })

  test('is judged by the bytes as they came, not by what they mean', async () => {
    const text = `  ${JSON.stringify(notification([entity('5')]), null, 2)}\n`
    expect((await tell(null, { text, signature: sign(JSON.stringify(JSON.parse(text))) })).status).toBe(401)
    expect((await tell(null, { text })).status).toBe(200)
  })
})

test.each([
  ['half a JSON', '{"eventNotifications":[{"realmId"', 400],
  ['another JSON', '{"hello":"world"}', 400],
  ['nothing', '', 400],
  ['an empty list', '[]', 200],
  [
    'events without ids',
    '{"eventNotifications":[{"realmId":"1","dataChangeEvent":{"entities":[{"name":"Invoice"}]}}]}',
    200,
  ],
  ['events that are no events', '[null,1,"x",{"type":7}]', 200],
])('signed bytes that hold %s store nothing', async (_, text, status) => {
  expect((await tell(null, { text })).status).toBe(status)
  expect(await stored()).toEqual([])
})

test('more than a megabyte is not read', async () => {
  expect((await tell(null, { text: 'x'.repeat(1_000_001) })).status).toBe(413)
})

test('nothing is taken without a verifier token: an empty one signs for anybody', async () => {
  await server.close()
  server = await serve(null)
  expect(
    (await tell(notification([entity('5')]), { signature: sign(JSON.stringify(notification([entity('5')])), '') }))
      .status,
  ).toBe(404)
  expect(await stored()).toEqual([])
})
