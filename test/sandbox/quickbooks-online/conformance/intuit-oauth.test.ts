import { afterAll, beforeAll, expect, test } from '@jest/globals'
import OAuthClient from 'intuit-oauth'
import { OpenCompany, realmId } from '../open-company.ts'

const redirectUri = 'http://127.0.0.1:9/callback'

let company: OpenCompany
let client: OAuthClient
beforeAll(async () => {
  company = await OpenCompany.open()
  client = new OAuthClient({
    clientId: 'sandbox-qbo-client',
    clientSecret: 'sandbox-qbo-secret',
    environment: 'sandbox',
    redirectUri,
  })
  client.setAuthorizeURLs({
    authorizeEndpoint: `${company.base}/connect/oauth2`,
    tokenEndpoint: `${company.base}/oauth2/v1/tokens/bearer`,
    revokeEndpoint: `${company.base}/v2/oauth2/tokens/revoke`,
    userInfoEndpoint: `${company.base}/v1/openid_connect/userinfo`,
  })
})
afterAll(() => company.close())

async function connect(): Promise<void> {
  const uri = client.authorizeUri({ scope: [OAuthClient.scopes.Accounting], state: 'state-1' })
  const response = await fetch(uri, { redirect: 'manual' })
  await client.createToken(response.headers.get('location') ?? '')
}

test('the code of the consent becomes tokens for the realm', async () => {
  await connect()
  expect(client.getToken()).toMatchObject({ realmId, token_type: 'bearer', expires_in: 3600, state: 'state-1' })
  expect((await company.ask('customer/1', { token: client.getToken().access_token })).status).toBe(200)
  expect((await client.getUserInfo()).json).toHaveProperty('email')
})

test('a refresh gives a new access token, and after a day a new refresh token', async () => {
  await connect()
  const before = { ...client.getToken() }
  company.sandbox.clock.advance({ seconds: 86_400 })
  await client.refresh()
  expect(client.getToken().access_token).not.toBe(before.access_token)
  expect(client.getToken().refresh_token).not.toBe(before.refresh_token)
  await expect(client.refreshUsingToken(before.refresh_token)).rejects.toMatchObject({
    error: 'invalid_grant',
    error_description: 'Incorrect or invalid refresh token',
  })
})

test('the hard limit comes to a client that asks for it', async () => {
  const asking = new OAuthClient({
    clientId: 'sandbox-qbo-client',
    clientSecret: 'sandbox-qbo-secret',
    environment: 'sandbox',
    redirectUri,
    includeRefreshTokenHardExpiresIn: true,
  })
  await connect()
  await asking.refreshUsingToken(client.getToken().refresh_token)
  expect(asking.getToken().x_refresh_token_hard_expires_in).toBeGreaterThan(100_000_000)
})

test('revoking disconnects', async () => {
  await connect()
  const { access_token: token, refresh_token: refreshToken } = { ...client.getToken() }
  await client.revoke({ refresh_token: refreshToken })
  expect((await company.ask('customer/1', { token })).status).toBe(401)
  expect((await company.refresh(refreshToken)).json.error).toBe('invalid_grant')
})
