import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql'
import { buildApiSchema } from '../../src/api/schema.ts'
import { Role } from '../../src/domain/kinds.ts'
import { createApiKey, revokeApiKey } from '../../src/storage/api-keys.ts'
import { askText } from './client.ts'
import { PollNowDocument, StatusDocument } from './generated/client.ts'
import { NOW, type ServedApi, serveApi } from './served-api.ts'

let api: ServedApi
beforeAll(async () => {
  api = await serveApi()
})
afterAll(() => api.close())

const schema = await buildApiSchema()

/** Asks one field of the root with arguments that fit it, whatever it is called. */
function asking(operation: 'query' | 'mutation', field: GraphQLField<unknown, unknown>): string {
  const needed = field.args.filter((argument) => isNonNullType(argument.type) && argument.defaultValue === undefined)
  const given = needed.map((argument) => `${argument.name}: ${literalOf(argument.type)}`)
  const inner = isLeafType(getNamedType(field.type)) ? '' : '{ __typename }'
  return `${operation} { ${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''} ${inner} }`
}

function literalOf(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literalOf(type.ofType)
  if (isListType(type)) return `[${literalOf(type.ofType)}]`
  if (isEnumType(type)) return type.getValues()[0]?.name ?? ''
  return type.toString() === 'Int' ? '1' : '"2026-01-01T00:00:00Z"'
}

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

  test('that is not known, or revoked, is refused at once', async () => {
    const { id, key } = await createApiKey(api.database, { name: 'old', role: Role.ADMIN, author: 'test', now: NOW })
    await revokeApiKey(api.database, { id, author: 'test', now: NOW })
    for (const wrong of ['cs_wrong', key, basic('x:y')]) {
      const headers = { 'x-api-key': wrong }
      const { status, errors } = await askText({ url: api.url, body: { query: '{ __typename }' }, headers })
      expect(status).toBe(401)
      expect(errors).toMatchObject([{ message: expect.stringMatching(/not known, or was revoked/) }])
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
