import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'
import { pino } from 'pino'
import { openMetrics } from '../../src/http/metrics.ts'
import { type HttpServer, startHttpServer } from '../../src/http/server.ts'

let server: HttpServer
let trouble: string | null = null
let counting: () => Promise<{ key: string; count: number }[]> = async () => [{ key: 'PENDING', count: 3 }]
let time = Date.UTC(2026, 2, 1)
let answerSlowly: Promise<string> = Promise.resolve('now')

const metrics = openMetrics({
  standing: async () => ({
    postingsByState: await counting(),
    webhooks: { pending: 4, lagSeconds: 12.5 },
    signIns: [{ connection: 'a-connection', endsInSeconds: 86_400 }],
    moneyAtRisk: [{ risk: 'NOT_POSTED', count: 2, dollars: 70.25, dollarDays: 351.25, oldestSeconds: 864_000 }],
  }),
  now: () => new Date(time),
})
const crm = { state: 'UP', checkedAt: new Date('2026-03-01T12:00:00Z'), detail: null }

function start({ port = 0 } = {}) {
  const fields = { hello: { type: GraphQLString, resolve: () => answerSlowly } }
  return startHttpServer({
    api: {
      server: {
        schema: new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields }) }),
        validationRules: [],
        plugins: [],
        formatError: (formatted) => formatted,
      },
      context: async () => ({}),
    },
    metrics,
    readiness: async () => ({ trouble, crm }),
    host: '127.0.0.1',
    port,
    log: pino({ level: 'silent' }),
  })
}

beforeAll(async () => {
  server = await start()
})
afterAll(() => server.close())

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, { headers, redirect: 'manual' })
const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  fetch(`${server.url}/graphql`, { method: 'POST', body, headers })

describe('probes', () => {
  test('/health says that the process lives', async () => {
    const response = await get('/health')
    expect([response.status, await response.json()]).toEqual([200, { status: 'alive' }])
  })

  test('/ready is 200 when work can be done, and shows the CRM', async () => {
    const response = await get('/ready')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      status: 'ready',
      trouble: null,
      crm: { ...crm, checkedAt: crm.checkedAt.toJSON() },
    })
  })

  test('/ready is 503 with the reason when it cannot', async () => {
    trouble = 'The database does not answer.'
    const response = await get('/ready')
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ status: 'not ready', trouble: 'The database does not answer.' })
    trouble = null
  })
})

describe('/metrics', () => {
  test('tells postings by state, what QuickBooks told of and waits, when sign-ins end, deliveries, polls, requests and the process', async () => {
    metrics.delivery({ ledger: 'QUICKBOOKS_ONLINE', result: '200', exchanges: 3, durationMs: 400 })
    metrics.poll({ ok: true, durationMs: 20 })
    const text = await (await get('/metrics')).text()
    expect(text).toContain('countersign_postings{state="PENDING"} 3')
    expect(text).toContain('countersign_webhook_events_pending 4')
    expect(text).toContain('countersign_webhook_lag_seconds 12.5')
    expect(text).toContain('countersign_sign_in_ends_seconds{connection="a-connection"} 86400')
    expect(text).toContain('countersign_money_at_risk_orders{risk="NOT_POSTED"} 2')
    expect(text).toContain('countersign_money_at_risk_dollars{risk="NOT_POSTED"} 70.25')
    expect(text).toContain('countersign_money_at_risk_dollar_days{risk="NOT_POSTED"} 351.25')
    expect(text).toContain('countersign_money_at_risk_oldest_seconds{risk="NOT_POSTED"} 864000')
    expect(text).toContain('countersign_deliveries_total{ledger="QUICKBOOKS_ONLINE",result="200"} 1')
    expect(text).toContain('countersign_delivered_exchanges_total{ledger="QUICKBOOKS_ONLINE"} 3')
    expect(text).toContain('countersign_delivery_seconds_bucket{le="0.5",ledger="QUICKBOOKS_ONLINE"} 1')
    expect(text).toContain('countersign_poll_seconds_count{result="ok"} 1')
    expect(text).toContain('countersign_http_request_seconds_count{route="/health",method="GET",status="200"} 1')
    expect(text).toContain('process_resident_memory_bytes')
  })

  test('asks the database at most once in five seconds', async () => {
    let asked = 0
    counting = async () => {
      asked += 1
      return [{ key: 'PENDING', count: asked }]
    }
    time += 6_000
    for (const _ of [1, 2, 3]) await get('/metrics')
    expect(asked).toBe(1)
  })

  test('still tells the rest when the database is gone', async () => {
    counting = () => Promise.reject(new Error('gone'))
    time += 6_000
    const text = await (await get('/metrics')).text()
    expect(text).toContain('countersign_database_up 0')
    expect(text).not.toMatch(/countersign_(postings|sign_in_ends_seconds)\{/)
    expect(text).not.toMatch(/^countersign_webhook_lag_seconds/m)
  })

  test('a stranger cannot make metrics of his own', async () => {
    for (const path of ['/a', '/b', '/c']) await get(path)
    expect(await (await get('/metrics')).text()).not.toMatch(/route="\/[abc]"/)
  })
})

describe('/graphql', () => {
  test('answers a POST', async () => {
    const response = await post('{"query":"{ hello }"}')
    expect(await response.json()).toEqual({ data: { hello: 'now' } })
  })

  test('a body of more than a megabyte is refused', async () => {
    const response = await post(JSON.stringify({ query: `{ hello } # ${'x'.repeat(1_000_000)}` }))
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
  })

  test('several queries in one request are refused', async () => {
    const response = await post('[{"query":"{ hello }"},{"query":"{ hello }"}]')
    expect(response.status).toBe(400)
    expect(await response.text()).not.toContain('now')
  })

  test.each([
    ['of more than 2,000 words and signs', `{ ${'hello '.repeat(2_001)} }`],
    ['that repeats a directive ten thousand times', `{ hello ${'@include(if: true) '.repeat(10_000)} }`],
    ['that nests a thousand brackets', `{ hello(a: ${'['.repeat(1_000)}${']'.repeat(1_000)}) }`],
    ['that nests a hundred thousand brackets', `${'{ a'.repeat(100_000)}${'}'.repeat(100_000)}`],
  ])('a query %s is refused before it is understood', async (_, query) => {
    const response = await post(JSON.stringify({ query }))
    expect(response.status).toBe(400)
    expect(await response.text()).toMatch(/more tha[nt] 2000 tokens|nests more than 100 brackets/)
  })

  test('a body that is not JSON is refused, with an example', async () => {
    const response = await post('{ hello }')
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ message: expect.stringContaining('send JSON such as') }] })
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded'])(
    'a form of another site (%s) is refused',
    async (type) => {
      const response = await post('{"query":"{ hello }"}', { 'content-type': type })
      expect(response.status).toBe(400)
      expect(await response.text()).not.toContain('now')
    },
  )

  test('a GET of a program is told to POST', async () => {
    const response = await get('/graphql?query={hello}', { accept: 'application/json' })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST')
  })
})

describe('the explorer', () => {
  const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

  test('loads without a key, from our own files only', async () => {
    const response = await get('/graphql', html)
    expect(response.headers.get('content-type')).toContain('text/html')
    const page = await response.text()
    const parts = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link)
    expect(parts).toHaveLength(7)
    for (const part of parts.filter((link) => link !== 'data:,')) {
      expect(part).toMatch(/^\/graphql\/explorer\/[\w-]+\.(js|css)$/)
      const file = await get(part)
      expect(file.status).toBe(200)
      expect(file.headers.get('content-type')).toMatch(part.endsWith('.js') ? /javascript/ : /css/)
    }
    expect(page).not.toMatch(/https?:/)
    expect(page).not.toMatch(/<script>|<style>| on\w+=/)
  })

  test('may load nothing from elsewhere, nor run what stands in the page', async () => {
    const policy = (await get('/graphql', html)).headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:|\*/)
  })

  test('says where the first key is', async () => {
    expect(await (await get('/graphql/explorer/page.js')).text()).toContain('.countersign/admin-key')
  })

  test('is not a way to other files', async () => {
    for (const path of ['/graphql/explorer/..%2f..%2fpackage.json', '/graphql/explorer/react.development.js']) {
      expect((await get(path)).status).toBe(404)
    }
  })
})

describe('every answer', () => {
  test.each(['/health', '/graphql', '/nowhere'])('of %s carries the headers that protect a browser', async (path) => {
    const { headers } = await get(path)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('x-powered-by')).toBeNull()
  })

  test('of a path that is not there is 404 in JSON', async () => {
    const response = await get('/nowhere')
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ errors: [{ message: expect.stringContaining('/graphql') }] })
  })

  test('of / leads to the explorer', async () => {
    const response = await get('/')
    expect([response.status, response.headers.get('location')]).toEqual([302, '/graphql'])
  })
})

describe('opening and closing', () => {
  test('a port that is taken is told, with what to do', async () => {
    const port = Number(new URL(server.url).port)
    await expect(start({ port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken: stop what uses it, or set PORT`)
  })

  test('closing lets a request under way end, and takes no new ones', async () => {
    const other = await start()
    let answer: (text: string) => void = () => undefined
    answerSlowly = new Promise((done) => {
      answer = done
    })
    const underWay = fetch(`${other.url}/graphql`, {
      method: 'POST',
      body: '{"query":"{ hello }"}',
      headers: { 'content-type': 'application/json' },
    })
    await new Promise((done) => setTimeout(done, 100))
    const closed = other.close()
    await new Promise((done) => setTimeout(done, 50))
    answer('at last')
    expect(await (await underWay).json()).toEqual({ data: { hello: 'at last' } })
    await closed
    answerSlowly = Promise.resolve('now')
    const { port } = new URL(other.url)
    await expect(
      new Promise((opened, refused) =>
        connect(Number(port), '127.0.0.1').once('connect', opened).once('error', refused),
      ),
    ).rejects.toThrow('ECONNREFUSED')
  })
})

test('GraphiQL and React lie in our own packages', async () => {
  const { dependencies } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(['graphiql', 'react', 'react-dom']))
})
