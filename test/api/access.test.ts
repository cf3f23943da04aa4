import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { buildApiSchema } from '../../src/api/schema.ts'
import { Role } from '../../src/domain/kinds.ts'
import { createApiKey, ourselves, revokeApiKey } from '../../src/storage/api-keys.ts'
import { asking } from './asking.ts'
import { askText } from './client.ts'
import { PollNowDocument, StatusDocument } from './generated/client.ts'
import { NOW, type ServedApi, serveApi } from './served-api.ts'

let api: ServedApi
beforeAll(async () => {
  api = await serveApi()
})
afterAll(() => api.close())

const schema = await buildApiSchema()

const queries = Object.values(schema.getQueryType()?.getFields() ?? {})
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {})
const roots: [string, string][] = [
  ...queries.map((field): [string, string] => [field.name, asking('query', field)]),
  ...mutations.map((field): [string, string] => [field.name, asking('mutation', field)]),
]

describe('every query and every mutation has a role', () => {
  test('there are some of both', () => {
    expect(queries.length).toBeGreaterThan(0)
    expect(mutations.length).toBeGreaterThan(0)
  })

  test.each(roots)('%s refuses who has no key', async (_, query) => {
    const { status, data, errors } = await askText({ url: api.url, body: { query }, headers: {} })
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED'])
    expect(status).toBe(401)
    expect(Object.values(data ?? {}).filter((value) => value !== null)).toEqual([])
  })

  test.each(mutations.map(({ name }) => name))('%s refuses a viewer', async (name) => {
    const [, query = ''] = roots.find(([root]) => root === name) ?? []
    const headers = { 'x-api-key': api.keys.VIEWER }
    const { data, errors } = await askText({ url: api.url, body: { query }, headers })
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN'])
    expect(data).toBeNull()
  })
})

/** What needs more than reading, and more than an operator. A query that is not named is a viewer's. */
const ADMIN = [
  'applyMove',
  'planMove',
  'adjustCommission',
  'apiKeys',
  'auditEntries',
  'connectQuickBooksDesktop',
  'connectQuickBooksOnline',
  'createAccountMapping',
  'createApiKey',
  'createWebConnectorFile',
  'deleteAccountMapping',
  'disconnect',
  'importCommissionEarners',
  'lockCommissionPeriod',
  'pauseConnection',
  'refreshToken',
  'recomputeCommission',
  'resumeConnection',
  'revokeApiKey',
  'setCommissionRate',
  'setCommissionSplit',
  'setConnectionMode',
  'setItemCreation',
  'setCorrectionPolicy',
  'updateAccountMapping',
]
const OPERATOR = [
  'adoptCandidate',
  'applyCorrection',
  'applyReset',
  'cancelBulkOperation',
  'dismissCorrection',
  'dryRun',
  'fixAndRetry',
  'ledgerMetricAnswer',
  'noteCommissionDispute',
  'openCommissionDispute',
  'pauseBulkOperation',
  'planReset',
  'pollNow',
  'reconcile',
  'replayWebhookEvent',
  'resolveDiscrepancy',
  'resumeBulkOperation',
  'retryFailedPostings',
  'retryPostings',
  'pullItems',
  'pullLedgerMetrics',
  'recountLedgerMetrics',
  'acceptMismatch',
  'syncCustomer',
  'signOffReconciliation',
  'syncNow',
  'syncOrder',
  'testConnection',
  'verify',
]

describe('every query and every mutation has the role that it should have', () => {
  const roleOf = (name: string) =>
    ADMIN.includes(name) ? Role.ADMIN : OPERATOR.includes(name) ? Role.OPERATOR : Role.VIEWER

  test('each mutation is an operator’s or an admin’s', () => {
    expect(mutations.filter(({ name }) => roleOf(name) === Role.VIEWER).map(({ name }) => name)).toEqual([])
  })

  test.each(roots.map(([name, query]): [string, Role, string] => [name, roleOf(name), query]))(
    '%s is for %s and whoever stands higher',
    async (_, wanted, query) => {
      const ranks = [Role.VIEWER, Role.OPERATOR, Role.ADMIN]
      for (const role of ranks) {
        const headers = { 'x-api-key': api.keys[role] }
        const { errors } = await askText({ url: api.url, body: { query }, headers })
        const refused = errors.some(({ extensions }) => extensions.code === 'FORBIDDEN')
        expect({ role, refused }).toEqual({ role, refused: ranks.indexOf(role) < ranks.indexOf(wanted) })
      }
    },
  )

  test.each(mutations.map((field): [string, string] => [field.name, asking('mutation', field)]))(
    '%s leaves an audit entry, also when it is refused and when it fails',
    async (name, query) => {
      for (const role of [Role.VIEWER, Role.ADMIN]) {
        const before = (await api.audit()).length
        const { errors } = await askText({ url: api.url, body: { query }, headers: { 'x-api-key': api.keys[role] } })
        const left = (await api.audit()).slice(before)
        expect(left.map(({ action }) => action)).toContain(name)
        const expected = role === Role.VIEWER ? 'DENIED' : errors.length > 0 ? 'ERROR' : /OK|ERROR/
        expect(left[0]).toMatchObject({ author: role.toLowerCase(), result: expect.stringMatching(expected) })
      }
    },
  )
})

describe('a key', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

  test.each<[string, (key: string) => Record<string, string>]>([
    ['Authorization: Bearer', (key) => ({ authorization: `Bearer ${key}` })],
    ['Authorization: bearer, in small letters', (key) => ({ authorization: `bearer ${key}` })],
    ['X-API-Key', (key) => ({ 'x-api-key': key })],
    ['the password of Authorization: Basic', (key) => ({ authorization: basic(`anyone:${key}`) })],
  ])('is taken from %s', async (_, headers) => {
    const body = { query: '{ status { version } }' }
    const reply = await askText({ url: api.url, body, headers: headers(api.keys.VIEWER) })
    expect(reply).toEqual({ status: 200, data: { status: { version: '1.2.3' } }, errors: [] })
  })

  test('that is missing is asked for by the names of all three headers', async () => {
    const { errors } = await api.ask(StatusDocument, {}, null)
    expect(errors[0]?.message).toMatch(/Authorization: Bearer.*X-API-Key.*Authorization: Basic/)
  })

  test('that is not known, was revoked or has expired is refused at once, and says which', async () => {
    const author = ourselves('test')
    const { apiKey, key } = await createApiKey(api.database, { name: 'old', role: Role.ADMIN, author, now: NOW })
    await revokeApiKey(api.database, { id: apiKey.id, author, now: NOW })
    const before = new Date(NOW.getTime() - 60_000)
    const expired = { name: 'brief', role: Role.ADMIN, expiresAt: new Date(NOW.getTime() - 1), author, now: before }
    const late = (await createApiKey(api.database, expired)).key
    const refusals: [string, RegExp][] = [
      ['cs_wrong', /^This API key is not known/],
      [basic('x:y'), /^This API key is not known/],
      [key, /^The API key "old" was revoked at 2026-03-01T13:00:00.000Z: ask an admin/],
      [late, /^The API key "brief" expired at 2026-03-01T12:59:59.999Z: ask an admin/],
    ]
    for (const [wrong, message] of refusals) {
      const headers = { 'x-api-key': wrong }
      const { status, errors } = await askText({ url: api.url, body: { query: '{ __typename }' }, headers })
      expect(status).toBe(401)
      expect(errors).toMatchObject([{ message: expect.stringMatching(message) }])
      expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED')
      expect(JSON.stringify(errors)).not.toContain(wrong)
    }
  })
})

test('an attempt to change something without the role says which role, and is recorded', async () => {
  const { errors } = await api.ask(PollNowDocument, {}, Role.VIEWER)
  expect(errors[0]?.message).toMatch(/^pollNow needs the role OPERATOR; the key "viewer" has VIEWER/)
  expect(await api.audit()).toContainEqual({
    author: 'viewer',
    action: 'pollNow',
    subject: null,
    result: 'DENIED',
    at: expect.anything(),
  })
})
