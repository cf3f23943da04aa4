import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  type IntuitApp,
  openSignIn,
  SignInRefused,
  SignInUnreachable,
} from '../../../src/ledgers/quickbooks-online/sign-in.ts'
import { openAccess } from '../../../src/ledgers/quickbooks-online/tokens.ts'
import { aTokenEndpoint, aVault, bodyOf, listen, someTokens } from './intuit.ts'

const noon = new Date('2026-11-02T12:00:00Z')
const now = () => noon
const inAnHour = new Date('2026-11-02T13:00:00Z')
const inHalfAMinute = new Date('2026-11-02T12:00:30Z')

let endpoint: ReturnType<typeof aTokenEndpoint>
let server: { url: string; close: () => Promise<void> }
let revoked: { authorization: string | undefined; body: string }[]
let app: IntuitApp

beforeEach(async () => {
  endpoint = aTokenEndpoint()
  revoked = []
  server = await listen(async (request, response) => {
    if (request.url === '/token') return endpoint.answer(request, response)
    revoked.push({ authorization: request.headers.authorization, body: await bodyOf(request) })
    response.end('{}')
  })
  app = {
    clientId: 'a-client',
    clientSecret: 'a-secret',
    tokenUrl: `${server.url}/token`,
    revokeUrl: `${server.url}/revoke`,
    authorizeUrl: `${server.url}/connect`,
    redirectUri: 'http://127.0.0.1/callback',
  }
})

afterEach(() => server.close())

const accessTo = (vault: ReturnType<typeof aVault>) => openAccess({ app, vault, now, answerTimeoutSeconds: 2 })

describe('access to a company', () => {
  test('uses a fresh token as it is', async () => {
    const access = accessTo(aVault(someTokens({ expiresAt: inAnHour })))
    expect(await access.permit()).toEqual({ kind: 'permitted', accessToken: 'access-0' })
    expect(endpoint.refreshes).toBe(0)
  })

  test('renews a token that is about to expire once, however many ask', async () => {
    const vault = aVault(someTokens({ expiresAt: inHalfAMinute }))
    const access = accessTo(vault)
    const permits = await Promise.all(Array.from({ length: 8 }, () => access.permit()))
    expect(permits).toEqual(permits.map(() => ({ kind: 'permitted', accessToken: 'access-1' })))
    expect(endpoint.refreshes).toBe(1)
    expect(vault.tokens).toEqual({
      accessToken: 'access-1',
      refreshToken: 'refresh-1',
      accessTokenExpiresAt: inAnHour,
      refreshTokenExpiresAt: new Date(noon.getTime() + 8_726_400_000),
      refreshTokenHardExpiresAt: new Date(noon.getTime() + 157_680_000_000),
    })
  })

  test('two processes with one vault renew once: the second takes what the first brought', async () => {
    const vault = aVault(someTokens({ expiresAt: inHalfAMinute }))
    const permits = await Promise.all([accessTo(vault).permit(), accessTo(vault).permit()])
    expect(permits.map((permit) => permit.kind)).toEqual(['permitted', 'permitted'])
    expect(endpoint.refreshes).toBe(1)
  })

  test('renews a token that QuickBooks refused, once', async () => {
    const access = accessTo(aVault(someTokens({ expiresAt: inAnHour })))
    access.refuse('access-0')
    expect(await access.permit()).toEqual({ kind: 'permitted', accessToken: 'access-1' })
    access.refuse('access-0')
    expect(await access.permit()).toEqual({ kind: 'permitted', accessToken: 'access-1' })
    expect(endpoint.refreshes).toBe(1)
  })

  test('a dead refresh token asks for a new connection, and leaves the stored one as it was', async () => {
    const vault = aVault({ ...someTokens({ expiresAt: inHalfAMinute }), refreshToken: 'an-old-one' })
    expect(await accessTo(vault).permit()).toEqual({
      kind: 'refused',
      reason: 'RECONNECT',
      detail: 'invalid_grant: Incorrect token',
    })
    expect(vault.tokens?.refreshToken).toBe('an-old-one')
  })

  test('a dead refresh token is sent once, whoever asks, until a person has it sent again or brings another', async () => {
    const vault = aVault({ ...someTokens({ expiresAt: inHalfAMinute }), refreshToken: 'an-old-one' })
    const processes = [accessTo(vault), accessTo(vault)]
    for (const access of [...processes, ...processes]) await access.permit()
    await processes[0]?.renew({ cause: 'SCHEDULE', secondsLeft: 1_800 })
    expect(endpoint.asked).toBe(1)
    await accessTo(vault).renew({ cause: 'PERSON', secondsLeft: 0 })
    expect(endpoint.asked).toBe(2)
    vault.tokens = someTokens({ expiresAt: inHalfAMinute })
    vault.refusal = null
    expect(await processes[0]?.permit()).toEqual({ kind: 'permitted', accessToken: 'access-1' })
  })

  test.each([400, 401])(
    'an unknown client (HTTP %i) is a fault of our configuration, not of the connection',
    async (status) => {
      endpoint.refusal = { status, json: { error: 'invalid_client' } }
      const access = accessTo(aVault(someTokens({ expiresAt: inHalfAMinute })))
      expect(await access.permit()).toMatchObject({ kind: 'refused', reason: 'CLIENT_CONFIGURATION' })
    },
  )

  test.each([
    ['a server error', { status: 503, json: {} }],
    ['an answer without tokens', { status: 200, json: { token_type: 'bearer' } }],
    ['an empty token', { status: 200, json: { access_token: '', refresh_token: 'r', expires_in: 3600 } }],
    ['throttling', { status: 429, json: {} }],
  ])('%s of the token endpoint may pass, and overwrites nothing', async (_name, refusal) => {
    endpoint.refusal = refusal
    const vault = aVault(someTokens({ expiresAt: inHalfAMinute }))
    expect(await accessTo(vault).permit()).toMatchObject({ kind: 'unreachable' })
    expect(vault.tokens?.refreshToken).toBe('refresh-0')
  })

  test('a token endpoint that is down is asked once, not again and again with one token', async () => {
    let asked = 0
    const broken = await listen((_request, response) => {
      asked += 1
      response.destroy()
    })
    const access = openAccess({
      app: { ...app, tokenUrl: broken.url },
      vault: aVault(someTokens({ expiresAt: inHalfAMinute })),
      now,
      answerTimeoutSeconds: 2,
    })
    expect(await access.permit()).toMatchObject({ kind: 'unreachable' })
    expect(asked).toBe(1)
    await broken.close()
  })

  test('a token endpoint that is down is asked more and more seldom, and at once when a person asks', async () => {
    endpoint.refusal = { status: 503, json: {} }
    let time = noon
    const vault = aVault(someTokens({ expiresAt: inHalfAMinute }))
    const access = openAccess({ app, vault, now: () => time, answerTimeoutSeconds: 2 })
    for (let second = 0; second < 3_600; second += 1) {
      time = new Date(noon.getTime() + second * 1000)
      await access.permit()
    }
    // After 0, 5, 15, 35 and 75 seconds, then each minute.
    expect(endpoint.asked).toBe(4 + 59)
    endpoint.refusal = null
    expect(await access.renew({ cause: 'PERSON', secondsLeft: 0 })).toMatchObject({ kind: 'renewed' })
    expect(vault.tokens?.refreshToken).toBe('refresh-1')
  })

  test('is renewed ahead of time when it is due by then, and not before', async () => {
    const access = accessTo(aVault(someTokens({ expiresAt: new Date(noon.getTime() + 1_801_000) })))
    expect(await access.renew({ cause: 'SCHEDULE', secondsLeft: 1_800 })).toMatchObject({ kind: 'unneeded' })
    expect(await access.renew({ cause: 'SCHEDULE', secondsLeft: 1_802 })).toMatchObject({ kind: 'renewed' })
    expect(endpoint.refreshes).toBe(1)
  })

  test('a company without tokens must be connected', async () => {
    expect(await accessTo(aVault(null)).permit()).toMatchObject({ kind: 'refused', reason: 'RECONNECT' })
  })
})

describe('signing in', () => {
  const signIn = () => openSignIn({ app, now, answerTimeoutSeconds: 2 })

  test('sends the admin to the address of this connection, with the state', () => {
    const url = new URL(signIn().authorizeUrl('a-state'))
    expect(url.origin + url.pathname).toBe(app.authorizeUrl)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'a-client',
      redirect_uri: 'http://127.0.0.1/callback',
      response_type: 'code',
      scope: 'com.intuit.quickbooks.accounting',
      state: 'a-state',
    })
  })

  test('trades the code for tokens and learns the realm', async () => {
    const url = `${app.redirectUri}?code=code-1&state=a-state&realmId=9130`
    expect(await signIn().exchangeCode({ url, state: 'a-state' })).toMatchObject({
      realmId: '9130',
      tokens: { accessToken: 'access-1', refreshToken: 'refresh-1', accessTokenExpiresAt: inAnHour },
    })
  })

  test.each([
    ['a state that we never gave out', 'code=code-1&state=forged&realmId=9130'],
    ['no state', 'code=code-1&realmId=9130'],
    ['no realm', 'code=code-1&state=a-state'],
    ['a refusal by the admin', 'error=access_denied&state=a-state'],
  ])('refuses a redirect with %s before anything is asked', async (_name, query) => {
    const redirect = { url: `${app.redirectUri}?${query}`, state: 'a-state' }
    await expect(signIn().exchangeCode(redirect)).rejects.toThrow(SignInRefused)
    expect(endpoint.refreshes).toBe(0)
  })

  test('two apps in one process keep their own addresses', async () => {
    const other = openSignIn({ app: { ...app, tokenUrl: 'http://127.0.0.1:9/token' }, now, answerTimeoutSeconds: 2 })
    const tokens = someTokens({ expiresAt: inAnHour })
    await expect(other.renew(tokens)).rejects.toThrow(SignInUnreachable)
    expect(await signIn().renew(tokens)).toMatchObject({ accessToken: 'access-1' })
  })

  test('gives the tokens back', async () => {
    await signIn().revoke(someTokens({ expiresAt: inAnHour }))
    const authorization = `Basic ${Buffer.from('a-client:a-secret').toString('base64')}`
    expect(revoked).toEqual([{ authorization, body: '{"token":"refresh-0"}' }])
  })
})
