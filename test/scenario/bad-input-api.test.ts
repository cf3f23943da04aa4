import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type RunningSandbox, startSandbox } from '../sandbox/spawn.ts'
import { pendingOrders } from './played-crm.ts'
import { type Served, serve } from './serve.ts'

interface Refusal {
  status: number
  code: string | undefined
  message: string
  /** The messages of all its errors. */
  everything: string
}

const DEEP = 40

describe('questions that the API cannot answer', () => {
  let sandbox: RunningSandbox
  let served: Served

  beforeAll(async () => {
    sandbox = await startSandbox({ world: 'incident', counts: pendingOrders(1) })
    served = await serve({ sandbox })
  }, 90_000)
  afterAll(async () => {
    await served?.end()
    await sandbox?.stop()
  })

  async function refused(body: unknown, { key = served.key }: { key?: string } = {}): Promise<Refusal> {
    const response = await fetch(`${served.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    })
    const { errors = [] } = (await response.json()) as {
      errors?: { message: string; extensions?: { code?: string } }[]
    }
    const [first] = errors
    if (!first) throw new Error('it was not refused')
    return {
      status: response.status,
      code: first.extensions?.code,
      message: first.message,
      everything: errors.map(({ message }) => message).join('\n'),
    }
  }

  test.each([
    ['a state that does not exist', '{ postings(filter: { states: [NONSENSE] }) { totalCount } }', /NONSENSE/],
    ['a field that does not exist', '{ postings(filter: { shoeSize: 44 }) { totalCount } }', /shoeSize/],
    ['a text for a list of states', '{ postings(filter: { states: "all of them" }) { totalCount } }', /PostingState/],
    ['a time that is none', '{ postings(filter: { from: "the day before" }) { totalCount } }', /the day before|date/i],
    [
      'an id that is none',
      `{ postings(filter: { connectionId: "'; drop table posting; --" }) { totalCount } }`,
      /connectionId|id/i,
    ],
    ['a cursor that is none', '{ postings(after: "nowhere") { totalCount } }', /after|cursor/i],
    ['fewer than no rows', '{ postings(first: -5) { totalCount } }', /first/],
    ['too many rows', '{ postings(first: 1000000) { totalCount } }', /first/],
  ])('a filter with nonsense, %s, is refused in words that name it', async (_, query, wanted) => {
    const { status, code, message } = await refused({ query })
    expect(message).toMatch(wanted)
    expect(message).not.toMatch(/select |syntax|relation|Something went wrong/)
    expect(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED', 'QUERY_TOO_LARGE']).toContain(code)
    expect(status).toBeLessThan(500)
  })

  test('an order number full of quotes and percent signs finds nothing and harms nothing', async () => {
    const query = 'query ($number: String!) { postings(filter: { orderNumber: $number }) { totalCount } }'
    const number = `'; drop table posting; -- "%_\\ 🦊`
    expect(await served.ask(query, { number })).toEqual({ postings: { totalCount: 0 } })
    expect(await served.ask('{ postings { totalCount } }')).toMatchObject({ postings: expect.anything() })
  })

  test('an over-deep query is refused before it is run', async () => {
    const query = `{ status ${'{ connections '.repeat(DEEP)}{ id }${' }'.repeat(DEEP)} }`
    const { status, everything } = await refused({ query })
    expect(status).toBe(400)
    expect(everything).toMatch(/deeper than \d+ levels/)
  })

  test.each([
    ['no GraphQL', { query: 'postings please' }],
    ['no query', { nothing: true }],
    ['no JSON', '{ "query": "{ status'],
  ])('a body that is %s is refused and not a server error', async (_, body) => {
    const { status, message } = await refused(body)
    expect(status).toBe(400)
    expect(message).not.toBe('')
  })

  test('a revoked key is refused from its next request on, and says so', async () => {
    const made = await served.ask<{ createApiKey: { key: string; apiKey: { id: string } } }>(
      'mutation { createApiKey(input: { name: "soon gone", role: VIEWER }) { key apiKey { id } } }',
    )
    const { key, apiKey } = made.createApiKey
    expect(await refused({ query: '{ apiKeys { id } }' }, { key })).toMatchObject({ code: 'FORBIDDEN' })
    await served.ask('mutation ($id: ID!) { revokeApiKey(id: $id) }', { id: apiKey.id })
    expect(await refused({ query: '{ status { version } }' }, { key })).toMatchObject({
      status: 401,
      code: 'UNAUTHENTICATED',
      message: expect.stringMatching(/revoked/),
    })
  })
})
