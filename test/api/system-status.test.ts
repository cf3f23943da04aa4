import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Role } from '../../src/domain/kinds.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import { connectionRow, idAt, insertRows, postingRow, processed } from '../storage/rows.ts'
import { ConnectionsDocument, StatusDocument } from './generated/client.ts'
import { type ServedApi, serveApi } from './served-api.ts'

let api: ServedApi
const connections = [
  connectionRow({ name: 'East', is_default: true }),
  connectionRow({
    name: 'West',
    created_at: '2026-01-02T00:00:00Z',
    state: 'STOPPED',
    state_reason_code: 'RECONNECT',
    state_reason_detail: { detail: 'invalid_grant' },
  }),
]
const [east, west] = connections.map(({ id }) => id) as [string, string]

beforeAll(async () => {
  api = await serveApi()
  await insertRows(api.database, 'connection', connections)
  await insertRows(api.database, 'posting', [
    postingRow({ connection_id: east, created_at: '2026-03-01T12:30:00Z' }),
    postingRow({ connection_id: west, created_at: '2026-03-01T12:40:00Z' }),
    postingRow({ connection_id: west, created_at: '2026-03-01T12:40:00Z', state: PostingState.SKIPPED }),
    postingRow({ connection_id: east, created_at: '2026-03-01T12:57:50Z', ...processed('2026-03-01T12:58:00Z') }),
  ])
  const started_at = '2026-03-01T12:59:50Z'
  await insertRows(api.database, 'sync_run', [{ id: idAt(started_at), started_at, read: 4, accepted: 3, skipped: 1 }])
})
afterAll(() => api.close())

test('the status tells in one look how Countersign is', async () => {
  const { data, errors } = await api.ask(StatusDocument, {}, Role.VIEWER)
  expect(errors).toEqual([])
  expect(data?.status).toMatchObject({
    version: '1.2.3',
    startedAt: '2026-03-01T11:00:00.000Z',
    jobStore: 'POSTGRESQL',
    crm: { state: 'UP', checkedAt: '2026-03-01T12:59:55.000Z', detail: null },
    connections: [
      { name: 'East', backlog: { pending: 1 } },
      { name: 'West', backlog: { pending: 1 } },
    ],
    postingCounts: [
      { key: 'PENDING', count: 2 },
      { key: 'PROCESSED', count: 1 },
      { key: 'SKIPPED', count: 1 },
    ],
    // One in the last two minutes, two to go.
    backlog: { pending: 2, oldestPendingAt: '2026-03-01T12:30:00.000Z', etaSeconds: 240 },
    lastRun: { read: 4, accepted: 3, skipped: 1, error: null },
    moneyAtRisk: [
      { risk: 'NOT_POSTED', count: 2, amount: '0.00', dollarDays: '0.00', oldest: '2026-03-01' },
      { risk: 'NOT_VERIFIED', count: 0, oldest: null },
      { risk: 'UNPAID', count: 0 },
    ],
    slo: { p95Seconds: 10, targetSeconds: 60, processed: 1 },
  })
})

test('the status takes one statement for each part, whatever the number of connections', async () => {
  api.statements.length = 0
  await api.ask(StatusDocument, {}, Role.VIEWER)
  const parts = api.statements.filter((statement) => statement !== 'entities ApiKey' && statement !== 'run')
  expect(parts.sort()).toEqual(['entities Connection', 'entities SyncRun', 'rows', 'rows', 'rows', 'rows'])
})

test('a connection that was stopped says why and what to do', async () => {
  const { data } = await api.ask(ConnectionsDocument, {}, Role.VIEWER)
  expect(data?.connections).toMatchObject([
    {
      name: 'East',
      kind: 'QUICKBOOKS_ONLINE',
      environment: 'SANDBOX',
      state: 'ACTIVE',
      isDefault: true,
      stateReason: null,
    },
    {
      name: 'West',
      state: 'STOPPED',
      stateReason: { code: 'RECONNECT', remedy: 'Connect the company again; its postings wait and lose nothing.' },
    },
  ])
})
