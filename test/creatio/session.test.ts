import { afterEach, describe, expect, test } from '@jest/globals'
import { CreatioError } from '../../src/creatio/creatio.ts'
import { identityServiceOf } from '../../src/creatio/sign-in.ts'
import { batchReply, type Reply, type ScriptedSite, type Seen, scriptedSite } from './scripted-site.ts'

let site: ScriptedSite
const start = async (script: (request: Seen) => Reply | undefined) => {
  site = await scriptedSite(script)
  return site
}
afterEach(() => site.close())

const rows: Reply = { json: { value: [] } }
const isData = ({ path }: Seen) => path.includes('/odata/')
const isLogin = ({ path }: Seen) => path.endsWith('/Login')

/** The error that a call ends with; fails when it ends well. */
async function errorOf(call: Promise<unknown>): Promise<CreatioError> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof CreatioError)) throw new Error(`Expected a CreatioError, got ${String(error)}`)
  return error
}

describe('signing in by form', () => {
  test('every request carries the cookies, the CSRF header, ForceUseSession and the name of the worker', async () => {
    const { seen, open } = await start((request) => (isData(request) ? rows : undefined))
    await open({ workerName: 'worker-7' }).ping()
    const data = seen.find(isData)!
    expect(data.path).toBe('/0/odata/BGQuickBooksIntegrationLogDetail')
    expect(data.headers).toMatchObject({
      cookie: 'BPMLOADER=loader; .ASPXAUTH=ticket; BPMCSRF=csrf-token; UserName=115|121',
      bpmcsrf: 'csrf-token',
      forceusesession: 'true',
      accept: 'application/json',
      'content-type': 'application/json; charset=utf-8; IEEE754Compatible=true',
      'x-countersign-worker': 'worker-7',
    })
    expect(['$select', '$top', '$orderby'].every((option) => data.query.has(option))).toBe(true)
    expect(JSON.parse(seen.find(isLogin)!.body)).toEqual({ UserName: 'sync', UserPassword: 'right' })
  })

  test('a site on .NET is found at the root', async () => {
    const { seen, open } = await start((request) => {
      if (request.path === '/0/api/HealthCheck/Ping') return { status: 404, text: 'nothing here' }
      if (request.path === '/api/HealthCheck/Ping') return { text: 'Pong' }
      return isData(request) ? rows : undefined
    })
    await open().ping()
    expect(seen.find(isData)?.path).toBe('/odata/BGQuickBooksIntegrationLogDetail')
  })

  test('a start page under every path is not mistaken for a health check, and a site that is down is not mistaken for another runtime', async () => {
    const page = { text: '<html></html>', headers: { 'content-type': 'text/html' } }
    const { open } = await start(({ path }) => (path.endsWith('/Ping') ? page : undefined))
    expect(await errorOf(open().ping())).toMatchObject({ kind: 'not-understood' })
    await site.close()
    await start(({ path }) => (path.endsWith('/Ping') ? { status: 503 } : undefined))
    expect(await errorOf(site.open().ping())).toMatchObject({ kind: 'unreachable', status: 503 })
    expect(site.seen).toHaveLength(1)
  })

  test('twenty callers at the same moment share one sign-in', async () => {
    const { open, logins } = await start((request) => (isData(request) ? rows : undefined))
    const creatio = open()
    await Promise.all(Array.from({ length: 20 }, () => creatio.ping()))
    expect(logins()).toBe(1)
  })

  test('a refused password is sent once and never again', async () => {
    const refused = { json: { Code: 1, Message: '', Exception: { Message: 'The password you entered is incorrect' } } }
    const { open, logins } = await start((request) => (isLogin(request) ? refused : undefined))
    const creatio = open()
    const first = await Promise.all([
      errorOf(creatio.ping()),
      errorOf(creatio.orders(['11111111-1111-4111-8111-111111111111'])),
    ])
    expect(first.map(({ kind }) => kind)).toEqual(['password-refused', 'password-refused'])
    expect(first[0]!.message).toContain('The password you entered is incorrect')
    expect(first[0]!.message).not.toContain('right')
    for (let again = 0; again < 5; again++)
      expect(await errorOf(creatio.ping())).toMatchObject({ kind: 'password-refused' })
    expect(logins()).toBe(1)
  })

  test('a sign-in that fails for another reason is tried again at the next call', async () => {
    let tries = 0
    const { open } = await start((request) => {
      if (isLogin(request) && ++tries === 1) return { status: 500, text: '<title>Server Error</title>' }
      return isData(request) ? rows : undefined
    })
    const creatio = open()
    expect(await errorOf(creatio.ping())).toMatchObject({ kind: 'unreachable', status: 500 })
    await creatio.ping()
    expect(tries).toBe(2)
  })
})

describe('the death of a session', () => {
  const login: Reply = { status: 302, headers: { location: '/Login/Login.html?ReturnUrl=%2f' } }
  const page: Reply = { text: '<title>Login</title>', headers: { 'content-type': 'text/html; charset=utf-8' } }
  test.each<[string, Reply]>([
    ['401', { status: 401 }],
    ['a redirect to the login page', login],
    ['a page under a 200', page],
  ])('every third call that ends in %s costs one sign-in and no data', async (_, death) => {
    let calls = 0
    const { open, logins } = await start((request) =>
      isData(request) ? (++calls % 3 === 0 ? death : rows) : undefined,
    )
    const creatio = open()
    for (let call = 0; call < 10; call++) await creatio.ping()
    expect(logins()).toBe(1 + Math.floor(calls / 3))
  })

  test('a batch that is refused with 403 is sent again under a new session', async () => {
    let batches = 0
    const { open, logins } = await start((request) => {
      if (!request.path.endsWith('$batch')) return undefined
      if (++batches === 1) return { status: 403 }
      const empty = { value: [], '@odata.count': 0 }
      return { json: { responses: [0, 1].map((id) => ({ id: String(id), status: 200, body: empty })) } }
    })
    expect(await open().orders(['11111111-1111-4111-8111-111111111111'])).toEqual(new Map())
    expect([batches, logins()]).toEqual([2, 2])
  })

  test('a session that dies within a batch loses none of its answers', async () => {
    const empty = { value: [], '@odata.count': 0 }
    const { open, logins } = await start((request) => {
      if (request.path.endsWith('$batch'))
        return batchReply(request, ({ id }) => (id === '0' ? { status: 200, body: empty } : { status: 401 }))
      if (!isData(request)) return undefined
      return request.headers.bpmcsrf === 'csrf-token' && logins() === 1 ? { status: 401 } : { json: empty }
    })
    expect(await open().orders(['11111111-1111-4111-8111-111111111111'])).toEqual(new Map())
    expect(logins()).toBe(2)
  })

  test('many callers whose session died share one new sign-in', async () => {
    let alive = 0
    const { open, logins } = await start((request) => {
      if (isLogin(request)) {
        alive++
        return { json: { Code: 0 }, headers: { 'set-cookie': [`BPMCSRF=session-${alive}`] } }
      }
      if (!isData(request)) return undefined
      return request.headers.bpmcsrf === 'session-1' && alive === 1 && site.seen.filter(isData).length > 1
        ? { status: 401 }
        : rows
    })
    const creatio = open()
    await creatio.ping()
    await Promise.all(Array.from({ length: 10 }, () => creatio.ping()))
    expect(logins()).toBe(2)
  })

  test('a second death in a row is an error and never a loop', async () => {
    const { open, logins, seen } = await start((request) => (isData(request) ? { status: 401 } : undefined))
    expect(await errorOf(open().ping())).toMatchObject({ kind: 'session', status: 401 })
    expect(seen.filter(isData)).toHaveLength(2)
    expect(logins()).toBe(2)
  })

  test('a redirect to anywhere else is not followed', async () => {
    const away = { status: 301, headers: { location: 'https://elsewhere.example/' } }
    const { open, logins } = await start((request) => (isData(request) ? away : undefined))
    expect((await errorOf(open().ping())).message).toContain('https://elsewhere.example/')
    expect(logins()).toBe(1)
  })
})

describe('signing in as a client', () => {
  const oauth = (url: string) => ({
    kind: 'oauth' as const,
    tokenUrl: `${url}/connect/token`,
    clientId: 'id',
    clientSecret: 's3cret',
  })
  const isToken = ({ path }: Seen) => path === '/connect/token'
  const token = (name: string): Reply => ({ json: { access_token: name, expires_in: 3600, token_type: 'Bearer' } })

  test('requests carry the bearer token and no CSRF header', async () => {
    const { open, seen, url } = await start((request) =>
      isToken(request) ? token('t1') : isData(request) ? rows : undefined,
    )
    await open({ signIn: oauth(url) }).ping()
    const { headers } = seen.find(isData)!
    expect(headers.authorization).toBe('Bearer t1')
    expect([headers.bpmcsrf, headers.forceusesession, headers.cookie]).toEqual([undefined, undefined, undefined])
    expect(seen.find(isToken)?.body).toBe('grant_type=client_credentials&client_id=id&client_secret=s3cret')
  })

  test('the token is renewed before it dies, and not earlier', async () => {
    let issued = 0
    const { open, seen, url } = await start((request) =>
      isToken(request) ? token(`t${++issued}`) : isData(request) ? rows : undefined,
    )
    let now = new Date('2026-01-01T00:00:00Z')
    const creatio = open({ signIn: oauth(url), now: () => now })
    await creatio.ping()
    now = new Date('2026-01-01T00:55:00Z')
    await creatio.ping()
    now = new Date('2026-01-01T00:59:00Z')
    await creatio.ping()
    expect(seen.filter(isData).map(({ headers }) => headers.authorization)).toEqual([
      'Bearer t1',
      'Bearer t1',
      'Bearer t2',
    ])
  })

  test('a token that the CRM no longer takes is renewed at once, and the call repeated', async () => {
    let issued = 0
    const { open, seen, url } = await start((request) => {
      if (isToken(request)) return token(`t${++issued}`)
      if (!isData(request)) return undefined
      return request.headers.authorization === 'Bearer t1' ? { status: 401 } : rows
    })
    await open({ signIn: oauth(url) }).ping()
    expect(seen.filter(isToken)).toHaveLength(2)
  })

  test('a refused secret is sent once and never again, and is never repeated in words', async () => {
    const refused = { status: 400, json: { error: 'invalid_client' } }
    const { open, seen, url } = await start((request) => (isToken(request) ? refused : undefined))
    const creatio = open({ signIn: oauth(url) })
    for (let again = 0; again < 3; again++) {
      const error = await errorOf(creatio.ping())
      expect(error.kind).toBe('password-refused')
      expect(error.message).not.toContain('s3cret')
    }
    expect(seen.filter(isToken)).toHaveLength(1)
  })

  test('the identity service stands beside the site', async () => {
    await start(() => undefined)
    expect(identityServiceOf('https://acme.crm.example')).toBe('https://acme-is.crm.example/connect/token')
  })
})
