import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { Environment, Role } from '../../src/domain/kinds.ts'
import { findConnection } from '../../src/storage/connections.ts'
import { WrongEnvironment } from '../../src/sync/connect.ts'
import { connectionRow, insertRows } from '../storage/rows.ts'
import { askText } from './client.ts'
import { NOW, type ServedApi, serveApi } from './served-api.ts'

const [mine, foreign] = [
  connectionRow({ name: 'Mine', realm_id: '1' }),
  connectionRow({ name: 'Foreign', realm_id: '2' }),
]
let api: ServedApi
let scoped = ''
let reached: string[] = []

beforeAll(async () => {
  const reach =
    (name: string) =>
    async ({ id }: { id: string }) => {
      reached.push(`${name} ${id}`)
      const connection = await findConnection(api.database, { id })
      if (!connection) throw new Error('it was let through')
      return connection
    }
  api = await serveApi({
    async connectQuickBooksOnline({ environment, connectionId, author }) {
      if (environment === Environment.PRODUCTION)
        throw new WrongEnvironment({ asked: environment, ours: Environment.SANDBOX })
      reached.push(`connect ${connectionId} ${author.name}`)
      return { url: 'https://example.com/connect', expiresAt: NOW }
    },
    testConnection: async (request) => ({
      connection: await reach('test')(request),
      companyName: 'Books',
      currency: 'USD',
      reason: null,
      durationMs: 12,
    }),
    refreshToken: reach('refresh'),
    pauseConnection: reach('pause'),
    resumeConnection: reach('resume'),
    disconnect: reach('disconnect'),
  })
  await insertRows(api.database, 'connection', [mine, foreign])
  scoped = await api.issue({ name: 'one company', role: Role.ADMIN, connectionIds: [mine.id] })
})
afterAll(() => api.close())
beforeEach(() => {
  reached = []
})

const ask = (query: string, key: string) => askText({ url: api.url, body: { query }, headers: { 'x-api-key': key } })
const CHANGES: [string, string][] = [
  ['testConnection', 'fit companyName'],
  ['refreshToken', 'connected history { id }'],
  ['pauseConnection', 'state'],
  ['resumeConnection', 'state'],
  ['disconnect', 'state'],
]
const change = (name: string, { id, fields, key }: { id: string; fields: string; key: string }) =>
  ask(`mutation { ${name}(connectionId: "${id}") { ${fields} } }`, key)

describe.each(CHANGES)('%s', (name, fields) => {
  test('is done by an admin, and leaves an audit entry unless the change leaves its own', async () => {
    const { errors } = await change(name, { id: mine.id, fields, key: api.keys.ADMIN })
    expect(errors).toEqual([])
    expect(reached).toHaveLength(1)
  })

  test('is denied to a viewer, which is recorded', async () => {
    const { errors } = await change(name, { id: mine.id, fields, key: api.keys.VIEWER })
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN')
    expect(reached).toEqual([])
    expect((await api.audit()).at(-1)).toMatchObject({ author: 'viewer', action: name, result: 'DENIED' })
  })

  test('is done with a key that is scoped to the connection, and with no other scope', async () => {
    expect((await change(name, { id: mine.id, fields, key: scoped })).errors).toEqual([])
    expect((await change(name, { id: foreign.id, fields, key: scoped })).errors[0]?.extensions.code).toBe('NOT_FOUND')
    expect(reached).toHaveLength(1)
  })

  test('says what is wrong with an id that is none', async () => {
    const { errors } = await change(name, { id: 'nonsense', fields, key: api.keys.ADMIN })
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })
})

describe('connectQuickBooksOnline', () => {
  const connect = (args: string, key: string) =>
    ask(`mutation { connectQuickBooksOnline(${args}) { url expiresAt } }`, key)

  test('gives the way to Intuit, bound to the admin who asked', async () => {
    expect((await connect('environment: SANDBOX', api.keys.ADMIN)).data).toEqual({
      connectQuickBooksOnline: { url: 'https://example.com/connect', expiresAt: NOW.toISOString() },
    })
    expect(reached).toEqual(['connect null admin'])
  })

  test('is for an admin alone', async () => {
    expect((await connect('environment: SANDBOX', api.keys.OPERATOR)).errors[0]?.extensions.code).toBe('FORBIDDEN')
  })

  test('of the other environment is refused in words', async () => {
    expect((await connect('environment: PRODUCTION', api.keys.ADMIN)).errors[0]).toMatchObject({
      message: expect.stringMatching(/never mixed/),
      extensions: { code: 'BAD_USER_INPUT' },
    })
  })

  test('with a scoped key lets in again the company of its own connection, and no other', async () => {
    expect((await connect('environment: SANDBOX', scoped)).errors[0]?.extensions.code).toBe('FORBIDDEN')
    const other = `environment: SANDBOX, connectionId: "${foreign.id}"`
    expect((await connect(other, scoped)).errors[0]?.extensions.code).toBe('NOT_FOUND')
    expect((await connect(`environment: SANDBOX, connectionId: "${mine.id}"`, scoped)).errors).toEqual([])
    expect(reached).toEqual([`connect ${mine.id} one company`])
  })
})

test('the status of a sign-in is seen by a viewer of the connection, and by nobody else', async () => {
  const status = (id: string) => `{ tokenStatus(connectionId: "${id}") { connected reason { code } history { id } } }`
  expect((await ask(status(mine.id), api.keys.VIEWER)).data).toEqual({
    tokenStatus: { connected: false, reason: { code: 'RECONNECT' }, history: [] },
  })
  expect((await ask(status(foreign.id), scoped)).errors[0]?.extensions.code).toBe('NOT_FOUND')
})
