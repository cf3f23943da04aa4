import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type RunningSandbox, startSandbox } from '../spawn.ts'
import { Visitor } from '../visitor.ts'

let sandbox: RunningSandbox
const oneOrder = { $select: 'Id', $top: '1', $orderby: 'Id' }
const process_ = '/0/ServiceModel/ProcessEngineService.svc/RunProcess'
const advance = (seconds: number) => sandbox.fetchControl('/clock/advance', { method: 'POST', body: { seconds } })

beforeAll(async () => {
  sandbox = await startSandbox({ world: 'empty' })
})
afterAll(() => sandbox.stop())
beforeEach(() =>
  sandbox.fetchControl('/settings', { method: 'PATCH', body: { creatioRuntime: 'framework', oauthMount: 'root' } }),
)

describe('forms login', () => {
  test('success sets all cookies and its body has the seven fields of a real one', async () => {
    const { status, json, headers } = await new Visitor(sandbox.creatio).login('sandbox-password')
    expect(status).toBe(200)
    expect(json).toEqual({
      Code: 0,
      Message: '',
      Exception: null,
      PasswordChangeUrl: null,
      RedirectUrl: '/0/Shell',
      UserType: 'General',
    })
    const names = headers.getSetCookie().map((cookie) => cookie.split('=')[0])
    expect(names).toEqual(['BPMLOADER', '.ASPXAUTH', 'BPMCSRF', 'UserType', 'UserName', 'CsrfToken', 'CRT_CSRF'])
    expect(headers.getSetCookie().join()).toContain('UserName=83|117|112|101|114|118|105|115|111|114;')
  })

  test('under /0/ it answers 401', async () => {
    const visit = await new Visitor(sandbox.creatio).ask('/0/ServiceModel/AuthService.svc/Login', {
      method: 'POST',
      body: {},
    })
    expect(visit.status).toBe(401)
  })

  test('a wrong password is a 200 with Code 1, and five of them lock the user for 15 minutes of the clock', async () => {
    const visitor = new Visitor(sandbox.creatio)
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const { status, json } = await visitor.login('wrong')
      expect([status, json.Code, typeof (json.Exception as { Message: string } | null)?.Message]).toEqual([
        200,
        1,
        'string',
      ])
    }
    const locked = await visitor.login('sandbox-password')
    expect([locked.json.Code, String(locked.json.Message)]).toEqual([1, expect.stringContaining('locked')])
    await advance(15 * 60 + 1)
    expect((await visitor.login('sandbox-password')).json.Code).toBe(0)
  })

  test('a session needs its cookies and ForceUseSession to read, and its BPMCSRF to write', async () => {
    const visitor = await Visitor.withForms(sandbox.creatio)
    const { Cookie = '', BPMCSRF = '' } = visitor.headers
    expect((await visitor.odata('Order', oneOrder)).status).toBe(200)
    visitor.headers = { Cookie, BPMCSRF }
    expect((await visitor.odata('Order', oneOrder)).status).toBe(401)
    visitor.headers = { Cookie, BPMCSRF: 'forged', ForceUseSession: 'true' }
    expect((await visitor.odata('Order', oneOrder)).status).toBe(200)
    expect((await visitor.odata('Contact', {}, { method: 'POST', body: { Name: 'Nobody' } })).status).toBe(403)
  })

  test('a dead session gives 401 to a read, 403 to a write and a redirect to the login page for services', async () => {
    const visitor = await Visitor.withForms(sandbox.creatio)
    await advance(60 * 60 + 1)
    expect((await visitor.odata('Order', oneOrder)).status).toBe(401)
    for (const method of ['POST', 'PATCH']) {
      expect((await visitor.odata('Order', {}, { method, body: {} })).status).toBe(403)
    }
    for (const path of [process_, '/0/rest/BGQuickBooksService/GetPendingCount']) {
      const { status, headers } = await visitor.ask(path, { method: 'POST', body: {} })
      expect([status, headers.get('location')]).toEqual([
        302,
        `/Login/Login.html?ReturnUrl=${encodeURIComponent(path)}`,
      ])
    }
    const page = await visitor.ask('/Login/Login.html')
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  })

  test('a session that is used does not time out', async () => {
    const visitor = await Visitor.withForms(sandbox.creatio)
    for (let step = 0; step < 3; step += 1) {
      await advance(40 * 60)
      expect((await visitor.odata('Order', oneOrder)).status).toBe(200)
    }
  })
})

describe('OAuth client credentials', () => {
  test('a token reads and writes without CSRF headers for an hour, and then gives 401', async () => {
    const visitor = await Visitor.withToken(sandbox.creatio)
    expect((await visitor.odata('Order', oneOrder)).status).toBe(200)
    expect((await visitor.odata('Contact', {}, { method: 'POST', body: { Name: 'Somebody' } })).status).toBe(201)
    await advance(3601)
    expect((await visitor.odata('Order', oneOrder)).status).toBe(401)
    expect((await visitor.odata('Contact', {}, { method: 'POST', body: {} })).status).toBe(401)
  })

  test('a wrong secret is invalid_client', async () => {
    const { status, json } = await new Visitor(sandbox.creatio).ask('/connect/token', {
      method: 'POST',
      body: 'grant_type=client_credentials&client_id=sandbox-client&client_secret=wrong',
    })
    expect([status, json]).toEqual([400, { error: 'invalid_client' }])
  })
})

describe('the two runtimes', () => {
  test('a .NET Framework site answers under /0 only, a .NET site at the root only', async () => {
    const visitor = await Visitor.withForms(sandbox.creatio)
    const statuses = async () => {
      const paths = ['/0/api/HealthCheck/Ping', '/api/HealthCheck/Ping', '/0/odata/Order?$top=0', '/odata/Order?$top=0']
      return Promise.all(paths.map(async (path) => (await visitor.ask(path)).status))
    }
    expect(await statuses()).toEqual([200, 404, 200, 404])
    await sandbox.fetchControl('/settings', { method: 'PATCH', body: { creatioRuntime: 'core' } })
    expect(await statuses()).toEqual([404, 200, 404, 200])
    expect((await new Visitor(sandbox.creatio).login('sandbox-password')).json.Code).toBe(0)
  })
})
