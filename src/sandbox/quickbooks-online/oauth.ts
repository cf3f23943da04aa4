// Intuit's OAuth: consent (given at once), the code, refresh tokens whose value rotates while the old one dies, revocation.
// Everything is kept in the store, so that a restart of the sandbox disconnects nobody.
// The clock is the sandbox's: a test moves an hour or 101 days in one call.
import type { Answer } from './answer.ts'
import type { Company } from './company.ts'

export interface OAuthRequest {
  method: string
  path: string
  query: URLSearchParams
  headers: Record<string, string | string[] | undefined>
  body: string
}

type Code = { Id: string; clientId: string; redirectUri: string; expiresAt: number; used: boolean }
type Grant = {
  Id: string
  clientId: string
  realmId: string
  refreshToken: string
  /** The day (whole days since 1970) on which the present value was issued. */
  refreshTokenDay: number
  refreshExpiresAt: number
  hardExpiresAt: number
  revoked: boolean
}
type AccessToken = { Id: string; grantId: string; expiresAt: number }
type RefreshToken = { Id: string; grantId: string }

const accessTokenSeconds = 3600
const refreshTokenSeconds = 8_726_400
const hardLimitSeconds = 5 * 365 * 86_400
const codeSeconds = 300
const presetRefreshToken = 'sandbox-refresh-token'

export type TokenState = { kind: 'valid'; realmId: string } | { kind: 'expired' } | { kind: 'invalid' }

export class OAuth {
  readonly #company: Company
  readonly #ownBaseUrl: () => string

  constructor({ company, ownBaseUrl }: { company: Company; ownBaseUrl: () => string }) {
    this.#company = company
    this.#ownBaseUrl = ownBaseUrl
  }

  /** A refresh token that a client may start with, without the consent step; good until it rotates. */
  preset(): void {
    this.#openGrant({ clientId: this.#company.settings.quickBooksClientId, refreshToken: presetRefreshToken })
  }

  /** Answers a request to one of OAuth's paths, or undefined when the path is none of them. */
  answer(request: OAuthRequest): Answer | undefined {
    const { method, path } = request
    if (method === 'GET' && path === '/connect/oauth2') return this.#authorize(request.query)
    if (method === 'POST' && path === '/oauth2/v1/tokens/bearer') return this.#tokens(request)
    if (method === 'POST' && path === '/v2/oauth2/tokens/revoke') return this.#revoke(request)
    if (method === 'GET' && path === '/v1/openid_connect/userinfo') return this.#userInfo(request)
    if (method === 'GET' && path.startsWith('/.well-known/openid_')) return this.#discovery()
    return undefined
  }

  tokenState(token: string): TokenState {
    const access = this.#table<AccessToken>('AccessToken').get(token)
    const grant = access && this.#table<Grant>('Grant').get(access.grantId)
    if (!access || !grant || grant.revoked) return { kind: 'invalid' }
    return access.expiresAt > this.#now() ? { kind: 'valid', realmId: grant.realmId } : { kind: 'expired' }
  }

  #authorize(query: URLSearchParams): Answer {
    const redirectUri = query.get('redirect_uri') ?? ''
    const clientId = query.get('client_id') ?? ''
    if (clientId !== this.#company.settings.quickBooksClientId || !URL.canParse(redirectUri)) {
      return json({
        status: 400,
        body: { error: 'invalid_request', error_description: 'Unknown client or redirect_uri' },
      })
    }
    if (query.get('response_type') !== 'code' || !query.get('scope')) {
      return json({
        status: 400,
        body: { error: 'invalid_request', error_description: 'response_type and scope are needed' },
      })
    }
    const target = new URL(redirectUri)
    const state = query.get('state')
    if (this.#company.settings.consentDenied) {
      target.searchParams.set('error', 'access_denied')
      if (state) target.searchParams.set('state', state)
      return redirect(target)
    }
    const code = this.#secret('AB')
    const expiresAt = this.#now() + codeSeconds
    this.#table<Code>('AuthorizationCode').put({ Id: code, clientId, redirectUri, expiresAt, used: false })
    target.searchParams.set('code', code)
    if (state) target.searchParams.set('state', state)
    target.searchParams.set('realmId', this.#company.realmId)
    return redirect(target)
  }

  #tokens(request: OAuthRequest): Answer {
    if (!this.#isClient(request)) return this.#invalidClient()
    const form = formOf(request)
    const withHardLimit = request.headers['x-include-refresh-token-hard-expires-in'] === 'true'
    switch (form.get('grant_type')) {
      case 'authorization_code':
        return this.#exchangeCode({ form, withHardLimit })
      case 'refresh_token':
        return this.#refresh({ form, withHardLimit })
      default:
        return json({ status: 400, body: { error: 'unsupported_grant_type' } })
    }
  }

  #exchangeCode({ form, withHardLimit }: TokenWork): Answer {
    const codes = this.#table<Code>('AuthorizationCode')
    const code = codes.get(form.get('code') ?? '')
    const isGood = code && !code.used && code.expiresAt > this.#now() && code.redirectUri === form.get('redirect_uri')
    if (!isGood) return this.#invalidGrant('Invalid authorization code')
    codes.put({ ...code, used: true })
    const grant = this.#openGrant({ clientId: code.clientId, refreshToken: this.#secret('RT1-101-H0-') })
    return this.#issue({ grant, withHardLimit })
  }

  #refresh({ form, withHardLimit }: TokenWork): Answer {
    const value = form.get('refresh_token') ?? ''
    const token = this.#table<RefreshToken>('RefreshToken').get(value)
    const grant = token && this.#table<Grant>('Grant').get(token.grantId)
    const now = this.#now()
    const isAlive = grant && !grant.revoked && grant.refreshExpiresAt > now && grant.hardExpiresAt > now
    // A value that has been rotated away is dead at once, although its grant lives.
    if (!isAlive || grant.refreshToken !== value) return this.#invalidGrant('Incorrect or invalid refresh token')
    const isDue = this.#company.settings.refreshRotation === 'always' || this.#day() !== grant.refreshTokenDay
    const renewed: Grant = { ...grant, refreshExpiresAt: Math.min(now + refreshTokenSeconds, grant.hardExpiresAt) }
    if (isDue) {
      renewed.refreshToken = this.#secret('RT1-101-H0-')
      renewed.refreshTokenDay = this.#day()
      this.#table<RefreshToken>('RefreshToken').put({ Id: renewed.refreshToken, grantId: grant.Id })
    }
    this.#table<Grant>('Grant').put(renewed)
    return this.#issue({ grant: renewed, withHardLimit })
  }

  #openGrant({ clientId, refreshToken }: { clientId: string; refreshToken: string }): Grant {
    const now = this.#now()
    const grant: Grant = {
      Id: this.#company.nextNumber('grant'),
      clientId,
      realmId: this.#company.realmId,
      refreshToken,
      refreshTokenDay: this.#day(),
      refreshExpiresAt: now + refreshTokenSeconds,
      hardExpiresAt: now + hardLimitSeconds,
      revoked: false,
    }
    this.#table<Grant>('Grant').put(grant)
    this.#table<RefreshToken>('RefreshToken').put({ Id: refreshToken, grantId: grant.Id })
    return grant
  }

  #issue({ grant, withHardLimit }: { grant: Grant; withHardLimit: boolean }): Answer {
    const now = this.#now()
    const access = this.#secret('eyJ')
    this.#table<AccessToken>('AccessToken').put({ Id: access, grantId: grant.Id, expiresAt: now + accessTokenSeconds })
    const hardLimit = withHardLimit ? { x_refresh_token_hard_expires_in: grant.hardExpiresAt - now } : {}
    return json({
      status: 200,
      body: {
        x_refresh_token_expires_in: grant.refreshExpiresAt - now,
        ...hardLimit,
        refresh_token: grant.refreshToken,
        access_token: access,
        token_type: 'bearer',
        expires_in: accessTokenSeconds,
      },
    })
  }

  #revoke(request: OAuthRequest): Answer {
    if (!this.#isClient(request)) return this.#invalidClient()
    const token = formOf(request).get('token') ?? ''
    const found =
      this.#table<RefreshToken>('RefreshToken').get(token) ?? this.#table<AccessToken>('AccessToken').get(token)
    const grant = found && this.#table<Grant>('Grant').get(found.grantId)
    if (!grant || grant.revoked) return json({ status: 400, body: { error: 'invalid_request' } })
    this.#table<Grant>('Grant').put({ ...grant, revoked: true })
    return { status: 200, headers: {}, text: '' }
  }

  #userInfo(request: OAuthRequest): Answer {
    const state = this.tokenState(bearerOf(request.headers))
    if (state.kind !== 'valid') return json({ status: 401, body: { error: 'invalid_token' } })
    return json({ status: 200, body: { sub: 'sandbox-admin', email: 'admin@example.com', emailVerified: true } })
  }

  #discovery(): Answer {
    const base = this.#ownBaseUrl()
    return json({
      status: 200,
      body: {
        issuer: base,
        authorization_endpoint: `${base}/connect/oauth2`,
        token_endpoint: `${base}/oauth2/v1/tokens/bearer`,
        userinfo_endpoint: `${base}/v1/openid_connect/userinfo`,
        revocation_endpoint: `${base}/v2/oauth2/tokens/revoke`,
      },
    })
  }

  #isClient({ headers }: OAuthRequest): boolean {
    const { quickBooksClientId, quickBooksClientSecret } = this.#company.settings
    const expected = Buffer.from(`${quickBooksClientId}:${quickBooksClientSecret}`).toString('base64')
    return headers.authorization === `Basic ${expected}`
  }

  #invalidClient = (): Answer =>
    json({ status: this.#company.settings.invalidClientStatus, body: { error: 'invalid_client' } })

  #invalidGrant(description: string): Answer {
    const described = this.#company.settings.invalidGrantDescription ? { error_description: description } : {}
    return json({ status: 400, body: { error: 'invalid_grant', ...described } })
  }

  /** A value never given before: the number makes it unique even when chance begins anew after a restart. */
  #secret(prefix: string): string {
    return `${prefix}${this.#company.nextNumber('secret')}${this.#company.sandbox.random.token(40)}`
  }

  #table<T extends { Id: string }>(name: string) {
    return this.#company.sandbox.store.table<T>(`qbo.${name}`)
  }

  #now(): number {
    return Math.floor(this.#company.sandbox.clock.now().getTime() / 1000)
  }

  #day(): number {
    return Math.floor(this.#now() / 86_400)
  }
}

interface TokenWork {
  form: URLSearchParams
  withHardLimit: boolean
}

/** The token of an `Authorization: Bearer` header, or an empty text. */
export const bearerOf = (headers: OAuthRequest['headers']): string =>
  /^Bearer\s+(.+)$/i.exec(String(headers.authorization ?? ''))?.[1] ?? ''

function formOf({ headers, body }: OAuthRequest): URLSearchParams {
  if (!String(headers['content-type'] ?? '').includes('json')) return new URLSearchParams(body)
  try {
    return new URLSearchParams(JSON.parse(body) as Record<string, string>)
  } catch {
    return new URLSearchParams()
  }
}

const json = ({ status, body }: { status: number; body: object }): Answer => ({
  status,
  headers: { 'Content-Type': 'application/json;charset=utf-8', 'Cache-Control': 'no-cache, no-store' },
  text: JSON.stringify(body),
})

const redirect = (target: URL): Answer => ({ status: 302, headers: { Location: target.href }, text: '' })
