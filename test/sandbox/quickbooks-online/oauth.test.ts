import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openSandbox } from '../../../src/sandbox/context.ts'
import { clientCredentials, codeOf, OpenCompany, realmId } from './open-company.ts'

let company: OpenCompany
beforeEach(async () => {
  company = await OpenCompany.open()
})
afterEach(() => company.close())

const redirectUri = 'http://127.0.0.1:9/callback'
const day = 86_400

async function consent(extra: Record<string, string> = {}): Promise<Response> {
  const query = new URLSearchParams({
    client_id: 'sandbox-qbo-client',
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'com.intuit.quickbooks.accounting',
    state: 'a state',
    ...extra,
  })
  return fetch(`${company.base}/connect/oauth2?${query}`, { redirect: 'manual' })
}

const exchange = (code: string, uri = redirectUri) =>
  company.form({
    path: '/oauth2/v1/tokens/bearer',
    form: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: uri }),
  })

describe('consent and codes', () => {
  test('consent redirects at once with code, state and realmId', async () => {
    const response = await consent()
    const target = new URL(response.headers.get('location') ?? '')
    expect(response.status).toBe(302)
    expect(`${target.origin}${target.pathname}`).toBe(redirectUri)
    expect(target.searchParams.get('state')).toBe('a state')
    expect(target.searchParams.get('realmId')).toBe(realmId)
    expect(target.searchParams.get('code')).toBeTruthy()
  })

  test('a refused consent redirects with access_denied and no code', async () => {
    company.set({ consentDenied: true })
    const target = new URL((await consent()).headers.get('location') ?? '')
    expect(target.searchParams.get('error')).toBe('access_denied')
    expect(target.searchParams.get('code')).toBeNull()
  })

  test('an unknown client gets no redirect', async () => {
    expect((await consent({ client_id: 'somebody-else' })).status).toBe(400)
  })

  test('a code serves once', async () => {
    const code = new URL((await consent()).headers.get('location') ?? '').searchParams.get('code') ?? ''
    const first = await exchange(code)
    expect(first.json).toMatchObject({ token_type: 'bearer', expires_in: 3600, x_refresh_token_expires_in: 8_726_400 })
    const second = await exchange(code)
    expect(second.status).toBe(400)
    expect(second.json.error).toBe('invalid_grant')
  })

  test('a code is bound to its redirect_uri and dies after five minutes', async () => {
    const one = new URL((await consent()).headers.get('location') ?? '').searchParams.get('code') ?? ''
    expect((await exchange(one, 'http://127.0.0.1:9/other')).json.error).toBe('invalid_grant')
    const other = new URL((await consent()).headers.get('location') ?? '').searchParams.get('code') ?? ''
    company.sandbox.clock.advance({ seconds: 301 })
    expect((await exchange(other)).json.error).toBe('invalid_grant')
  })
})

describe('refresh tokens', () => {
  test('the value stays within a day and rotates on the next; the old one dies at once', async () => {
    const same = await company.refresh('sandbox-refresh-token')
    expect(same.json.refresh_token).toBe('sandbox-refresh-token')
    company.sandbox.clock.advance({ seconds: day })
    const rotated = await company.refresh('sandbox-refresh-token')
    const value = String(rotated.json.refresh_token)
    expect(value).not.toBe('sandbox-refresh-token')
    const old = await company.refresh('sandbox-refresh-token')
    expect(old.status).toBe(400)
    expect(old.json).toEqual({ error: 'invalid_grant', error_description: 'Incorrect or invalid refresh token' })
    expect((await company.refresh(value)).status).toBe(200)
  })

  test('with rotation at every refresh, the second of two processes with one token loses', async () => {
    company.set({ refreshRotation: 'always' })
    const both = await Promise.all([company.refresh('sandbox-refresh-token'), company.refresh('sandbox-refresh-token')])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400])
  })

  test('the older invalid_grant body has no description', async () => {
    company.set({ invalidGrantDescription: false })
    expect((await company.refresh('nonsense')).json).toEqual({ error: 'invalid_grant' })
  })

  test('a refresh token lives 101 days from its last use', async () => {
    company.sandbox.clock.advance({ seconds: 100 * day })
    const value = String((await company.refresh('sandbox-refresh-token')).json.refresh_token)
    company.sandbox.clock.advance({ seconds: 102 * day })
    expect((await company.refresh(value)).json.error).toBe('invalid_grant')
  })

  test('the hard limit is told only to those who ask, and holds', async () => {
    expect((await company.refresh('sandbox-refresh-token')).json).not.toHaveProperty('x_refresh_token_hard_expires_in')
    const asked = await company.refresh('sandbox-refresh-token', { 'x-include-refresh-token-hard-expires-in': 'true' })
    expect(Number(asked.json.x_refresh_token_hard_expires_in)).toBeGreaterThan(1800 * day)
    let value = 'sandbox-refresh-token'
    for (let spent = 0; spent < 18; spent += 1) {
      company.sandbox.clock.advance({ seconds: 100 * day })
      value = String((await company.refresh(value)).json.refresh_token)
    }
    company.sandbox.clock.advance({ seconds: 30 * day })
    expect((await company.refresh(value)).json.error).toBe('invalid_grant')
  })

  test('a wrong secret is invalid_client, with the status that is set', async () => {
    const headers = { Authorization: `Basic ${Buffer.from('sandbox-qbo-client:wrong').toString('base64')}` }
    const refused = await company.refresh('sandbox-refresh-token', headers)
    expect([refused.status, refused.json]).toEqual([401, { error: 'invalid_client' }])
    company.set({ invalidClientStatus: 400 })
    expect((await company.refresh('sandbox-refresh-token', headers)).status).toBe(400)
  })
})

describe('access tokens', () => {
  test('an hour ends an access token with the recorded 401', async () => {
    company.sandbox.clock.advance({ seconds: 3601 })
    const said = await company.ask('customer/1')
    expect(said.status).toBe(401)
    expect(said.headers.get('www-authenticate')).toBe('Bearer realm="Intuit", error="invalid_token"')
    expect(said.text).toContain('"code":"3200","element":null')
    expect(said.text).toContain(`Token expired: ${company.token}`)
  })

  test('revoking ends the whole connection', async () => {
    const response = await fetch(`${company.base}/v2/oauth2/tokens/revoke`, {
      method: 'POST',
      headers: { Authorization: clientCredentials, 'Content-Type': 'application/json' },
      body: JSON.stringify({ token: 'sandbox-refresh-token' }),
    })
    expect(response.status).toBe(200)
    expect((await company.ask('customer/1')).status).toBe(401)
    expect((await company.refresh('sandbox-refresh-token')).json.error).toBe('invalid_grant')
  })

  test('a token for another realm is a 401 in XML with code 100', async () => {
    const said = await company.ask('customer/1', { realm: '1234567' })
    expect(said.status).toBe(401)
    expect(said.headers.get('content-type')).toContain('application/xml')
    expect(said.text).toContain('<Error code="100">')
  })

  test('an app that is not authorised is 403 with 3100, an admin who lost access is code 120', async () => {
    company.set({ appAuthorized: false })
    const said = await company.ask('customer/1')
    expect(said.status).toBe(403)
    expect(said.text).toContain('"code":"3100"')
    company.set({ appAuthorized: true, adminAccess: false })
    expect(codeOf(await company.ask('customer/1'))).toBe('120')
  })
})

test('a restart on the same store keeps the tokens and does not seed the books again', async () => {
  const sandbox = openSandbox({ seed: 3 })
  const first = await OpenCompany.open({ sandbox })
  const { token } = first
  first.close()
  const second = await OpenCompany.open({ sandbox })
  expect((await second.ask('customer/1', { token })).status).toBe(200)
  expect(sandbox.store.table('qbo.Customer').size).toBe(3)
  second.close()
})

test('faults can be ordered for OAuth, and what it is asked is in the log', async () => {
  company.sandbox.faults.add({
    system: 'oauth',
    path: '/tokens/bearer',
    times: 1,
    fault: { kind: 'status', status: 503 },
  })
  expect((await company.refresh('sandbox-refresh-token')).status).toBe(503)
  expect((await company.refresh('sandbox-refresh-token')).status).toBe(200)
  expect(company.sandbox.log.query({ system: 'oauth' })).toHaveLength(3)
})

test('a refresh that was committed and whose answer is lost has rotated the token', async () => {
  company.set({ refreshRotation: 'always' })
  company.sandbox.faults.add({ system: 'oauth', times: 1, fault: { kind: 'cut', when: 'after' } })
  await expect(company.refresh('sandbox-refresh-token')).rejects.toThrow()
  expect((await company.refresh('sandbox-refresh-token')).json.error).toBe('invalid_grant')
})

test('the discovery document names addresses of the sandbox itself', async () => {
  const response = await fetch(`${company.base}/.well-known/openid_sandbox_configuration`)
  expect(await response.json()).toMatchObject({ token_endpoint: `${company.base}/oauth2/v1/tokens/bearer` })
})
