import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Role } from '../../src/domain/kinds.ts'
import { connectionRow, idAt, insertRows, postingRow, processed } from '../storage/rows.ts'
import { askText } from './client.ts'
import {
  ActivityDocument,
  AlertsDocument,
  ApiKeysDocument,
  AuditEntriesDocument,
  CreateApiKeyDocument,
  RevokeApiKeyDocument,
  SyncRunsDocument,
} from './generated/client.ts'
import { NOW, type ServedApi, serveApi } from './served-api.ts'

let api: ServedApi
const connection = connectionRow({ name: 'East' })

beforeEach(async () => {
  api = await serveApi()
  await insertRows(api.database, 'connection', [connection])
})
afterEach(() => api.close())

const create = async (input: object) => {
  const variables = { input: { name: 'till', role: Role.VIEWER, ...input } }
  const { data, errors } = await api.ask(CreateApiKeyDocument, variables)
  return { issued: data?.createApiKey, errors }
}

describe('keys', () => {
  test('are made with a scope and an end, shown once, listed without their text, and revoked', async () => {
    const expiresAt = '2026-03-02T00:00:00.000Z'
    const { issued } = await create({ connectionIds: [connection.id], expiresAt })
    expect(issued?.apiKey).toMatchObject({ name: 'till', role: 'VIEWER', connectionIds: [connection.id], expiresAt })
    const headers = { 'x-api-key': issued?.key ?? '' }
    const body = { query: '{ connections { name } }' }
    expect(await askText({ url: api.url, body, headers })).toMatchObject({ data: { connections: [{ name: 'East' }] } })
    const listed = await api.ask(ApiKeysDocument, {})
    const [till] = listed.data?.apiKeys.filter(({ name }) => name === 'till') ?? []
    expect(till).toMatchObject({ name: 'till', lastUsedAt: NOW.toISOString(), revokedAt: null })
    expect(JSON.stringify(listed)).not.toContain(issued?.key.slice(3))
    expect((await api.ask(RevokeApiKeyDocument, { id: issued?.apiKey.id ?? '' })).data).toEqual({ revokeApiKey: true })
    expect((await askText({ url: api.url, body, headers })).errors[0]?.message).toMatch(/"till" was revoked at/)
    expect((await api.ask(RevokeApiKeyDocument, { id: issued?.apiKey.id ?? '' })).data).toEqual({ revokeApiKey: false })
    const trail = (await api.audit()).map(({ author, action, result }) => `${author} ${action} ${result}`)
    expect(trail).toEqual(['admin createApiKey OK', 'admin revokeApiKey OK', 'admin revokeApiKey ERROR'])
    expect(JSON.stringify(await api.audit())).not.toContain(issued?.key.slice(3))
  })

  test.each<[string, object, RegExp]>([
    ['no name', { name: ' ' }, /"name" says whose key it is/],
    ['no connection', { connectionIds: [] }, /leave it out for all/],
    ['a connection that there is not', { connectionIds: [idAt(NOW)] }, /There is no connection/],
    ['an end that is past', { expiresAt: '2026-03-01T00:00:00Z' }, /"expiresAt" is past/],
  ])('with %s are refused, and the attempt is recorded', async (_, input, message) => {
    const { errors } = await create(input)
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' }, message: expect.stringMatching(message) }])
    expect(await api.audit()).toMatchObject([{ author: 'admin', action: 'createApiKey', result: 'ERROR' }])
  })

  test('of the last admin cannot be revoked through the API, by itself or by another', async () => {
    const admin = (await api.ask(ApiKeysDocument, {})).data?.apiKeys.find(({ role }) => role === 'ADMIN')
    const { errors } = await api.ask(RevokeApiKeyDocument, { id: admin?.id ?? '' })
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    expect(errors[0]?.message).toMatch(/last key of an admin.*keys revoke <id> --force/)
    expect((await api.ask(ApiKeysDocument, {})).errors).toEqual([])
  })
})

describe('audit entries', () => {
  test('are read page by page, selected by author, action and subject, and name the key', async () => {
    const ids = []
    for (const name of ['one', 'two', 'three']) ids.push((await create({ name })).issued?.apiKey.id)
    const read = async (variables: object) =>
      (await api.ask(AuditEntriesDocument, { first: 50, ...variables })).data?.auditEntries
    const first = await read({ first: 2, filter: { action: 'createApiKey', author: 'admin' } })
    expect(first?.nodes.map(({ subject }) => subject)).toEqual(['VIEWER three', 'VIEWER two'])
    expect(first).toMatchObject({ totalCount: 3, hasNextPage: true })
    const admin = (await api.ask(ApiKeysDocument, {})).data?.apiKeys.find(({ name }) => name === 'admin')
    expect(first?.nodes[0]).toMatchObject({ author: 'admin', keyId: admin?.id, result: 'OK', at: NOW.toISOString() })
    const second = await read({ first: 2, filter: { author: 'admin' }, after: first?.endCursor })
    expect(second?.nodes.map(({ subject }) => subject)).toEqual(['VIEWER one'])
    expect((await read({ filter: { subject: 'two' } }))?.nodes).toHaveLength(1)
    expect((await read({ filter: { result: 'DENIED' } }))?.nodes).toEqual([])
  })
})

describe('alerts', () => {
  test('that are open, or over, are told with sentence and remedy', async () => {
    const alert = {
      code: 'MISMATCHES',
      severity: 'WARNING',
      subject: 'postings',
      connection_id: connection.id,
      detail: { count: 2 },
      count: 2,
      raised_at: '2026-03-01T12:00:00Z',
      seen_at: '2026-03-01T12:59:00Z',
    }
    await insertRows(api.database, 'alert', [
      { ...alert, id: idAt(NOW), cleared_at: null },
      { ...alert, id: idAt(NOW), cleared_at: '2026-03-01T12:30:00Z', subject: 'earlier' },
    ])
    const read = async (open: boolean) => (await api.ask(AlertsDocument, { open }, Role.VIEWER)).data?.alerts
    expect(await read(true)).toMatchObject([
      {
        code: 'MISMATCHES',
        count: 2,
        sentence: '2 records in QuickBooks differ from what the CRM sold.',
        connection: { name: 'East' },
        clearedAt: null,
      },
    ])
    expect(await read(false)).toMatchObject([{ subject: 'earlier', clearedAt: '2026-03-01T12:30:00.000Z' }])
    const { data } = await askText<object>({
      url: api.url,
      body: { query: '{ status { alerts { code remedy } } }' },
      headers: { 'x-api-key': api.keys.VIEWER },
    })
    expect(data).toMatchObject({ status: { alerts: [{ code: 'MISMATCHES', remedy: expect.stringMatching(/retry/) }] } })
  })
})

describe('the activity', () => {
  test('of the last hours has a bucket for each, and a sum', async () => {
    const at = '2026-03-01T12:10:00Z'
    await insertRows(api.database, 'posting', [postingRow({ connection_id: connection.id, ...processed(at) })])
    const { data } = await api.ask(ActivityDocument, { hours: 2 }, Role.VIEWER)
    expect(data?.activity).toMatchObject({
      since: '2026-03-01T12:00:00.000Z',
      postingsProcessed: 1,
      calls: 0,
      buckets: [
        { hour: '2026-03-01T12:00:00.000Z', postingsProcessed: 1 },
        { hour: '2026-03-01T13:00:00.000Z', postingsProcessed: 0 },
      ],
    })
  })

  test.each([0, -1, 721])('of %i hours is refused', async (hours) => {
    const { errors } = await api.ask(ActivityDocument, { hours }, Role.VIEWER)
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })
})

test('the runs are read page by page, newest first', async () => {
  const times = ['2026-03-01T12:00:00Z', '2026-03-01T12:00:15Z', '2026-03-01T12:00:30Z']
  await insertRows(
    api.database,
    'sync_run',
    times.map((started_at, read) => ({ id: idAt(started_at), started_at, read })),
  )
  const first = (await api.ask(SyncRunsDocument, { first: 2 }, Role.VIEWER)).data?.syncRuns
  expect(first?.nodes.map(({ read }) => read)).toEqual([2, 1])
  const variables = { first: 2, after: first?.endCursor ?? null }
  expect((await api.ask(SyncRunsDocument, variables, Role.VIEWER)).data?.syncRuns).toMatchObject({
    nodes: [{ read: 0 }],
    hasNextPage: false,
  })
})
