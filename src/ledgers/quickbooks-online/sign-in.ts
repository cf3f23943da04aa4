import OAuthClient from 'intuit-oauth'
import type { Tokens } from './vault.ts'

/** Our app as Intuit knows it, and where Intuit's sign-in lives. */
export interface IntuitApp {
  clientId: string
  clientSecret: string
  tokenUrl: string
  authorizeUrl: string
  revokeUrl: string
  redirectUri: string
}

/** The sign-in said no. `RECONNECT`: a person must connect the company again. `CLIENT_CONFIGURATION`: our own settings are wrong. */
export class SignInRefused extends Error {
  readonly reason: 'RECONNECT' | 'CLIENT_CONFIGURATION'

  constructor({ reason, detail }: { reason: SignInRefused['reason']; detail: string }) {
    super(detail)
    this.name = 'SignInRefused'
    this.reason = reason
  }
}

/** The sign-in could not be asked, or answered nonsense: it may be asked again. */
export class SignInUnreachable extends Error {
  override name = 'SignInUnreachable'
}

interface TokenRequest {
  url: string
  data: Record<string, string>
  headers: Record<string, string>
}

/**
 * Intuit's own client, with two things put right. Its addresses are statics of the class, shared by every client of the
 * process: here they are the instance's. And it repeats a refresh whose answer was lost, with a token that may be spent
 * already: here every request goes out once, with a timeout.
 */
class IntuitClient extends OAuthClient {
  readonly #addresses: Record<string, string>
  readonly #answerTimeoutSeconds: number

  constructor({ app, answerTimeoutSeconds }: { app: IntuitApp; answerTimeoutSeconds: number }) {
    const { clientId, clientSecret, redirectUri } = app
    super({ environment: 'production', clientId, clientSecret, redirectUri, logging: false })
    this.#answerTimeoutSeconds = answerTimeoutSeconds
    this.#addresses = {
      [OAuthClient.tokenEndpoint]: app.tokenUrl,
      [OAuthClient.revokeEndpoint]: app.revokeUrl,
    }
  }

  override async loadResponse({ url, data, headers }: TokenRequest) {
    const isForm = headers['Content-Type']?.includes('urlencoded')
    const answer = await fetch(this.#addresses[url] ?? url, {
      method: 'POST',
      // Only who asks is told when the sign-in ends for good, however often it is renewed.
      headers: { ...headers, 'x-include-refresh-token-hard-expires-in': 'true' },
      body: isForm ? new URLSearchParams(data).toString() : JSON.stringify(data),
      redirect: 'manual',
      signal: AbortSignal.timeout(this.#answerTimeoutSeconds * 1000),
    })
    const response = {
      status: answer.status,
      statusText: answer.statusText,
      headers: Object.fromEntries(answer.headers),
      data: jsonOrText(await answer.text()),
    }
    // The library reads the body of a refusal only from an error that carries the response.
    if (!answer.ok) throw Object.assign(new Error(`HTTP ${answer.status}`), { response })
    return response
  }
}

/** Connects a company, renews its tokens, and gives them back. Everything throws SignInRefused or SignInUnreachable. */
export interface SignIn {
  /** Where to send the admin; `state` comes back with the answer. */
  authorizeUrl(state: string): string
  /** Trades the code of the redirect for tokens. The state must be the one that was given out. */
  exchangeCode(redirect: { url: string; state: string }): Promise<{ realmId: string; tokens: Tokens }>
  renew(tokens: Tokens): Promise<Tokens>
  revoke(tokens: Tokens): Promise<void>
}

export function openSignIn({
  app,
  now,
  answerTimeoutSeconds,
}: {
  app: IntuitApp
  now: () => Date
  answerTimeoutSeconds: number
}): SignIn {
  const client = () => new IntuitClient({ app, answerTimeoutSeconds })
  return {
    authorizeUrl(state) {
      const url = new URL(client().authorizeUri({ scope: OAuthClient.scopes.Accounting, state }))
      return app.authorizeUrl + url.search
    },
    async exchangeCode({ url, state }) {
      const answer = new URL(url, app.redirectUri).searchParams
      const refusal =
        answer.get('error') ?? (answer.get('state') === state ? null : 'the state is not the one given out')
      const realmId = answer.get('realmId')
      if (refusal !== null || !realmId || !answer.get('code')) {
        throw new SignInRefused({ reason: 'RECONNECT', detail: refusal ?? 'the redirect has no code or no realm' })
      }
      const tokens = await asked(() => client().createToken(`?${answer.toString()}`))
      return { realmId, tokens: tokensOf({ json: tokens.json, now: now(), before: null }) }
    },
    async renew(tokens) {
      const answer = await asked(() => client().refreshUsingToken(tokens.refreshToken))
      return tokensOf({ json: answer.json, now: now(), before: tokens })
    },
    async revoke(tokens) {
      await asked(() => client().revoke({ refresh_token: tokens.refreshToken }))
    },
  }
}

/** Calls the library and puts its failures into our two kinds. */
async function asked<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call()
  } catch (error) {
    const { error: code, error_description: description } = error as { error?: unknown; error_description?: unknown }
    const detail = [code, description].filter((part) => typeof part === 'string' && part).join(': ')
    if (code === 'invalid_grant') throw new SignInRefused({ reason: 'RECONNECT', detail })
    if (code === 'invalid_client') throw new SignInRefused({ reason: 'CLIENT_CONFIGURATION', detail })
    throw new SignInUnreachable(detail || String(error))
  }
}

/** Reads an answer of the token endpoint. Tokens are never replaced by something that is not one. */
function tokensOf({ json, now, before }: { json: unknown; now: Date; before: Tokens | null }): Tokens {
  const answer = (json ?? {}) as Record<string, unknown>
  const { access_token, refresh_token, expires_in, x_refresh_token_expires_in } = answer
  const hardLimit = answer.x_refresh_token_hard_expires_in
  const refreshToken = refresh_token === undefined ? before?.refreshToken : refresh_token
  if (!isToken(access_token) || !isToken(refreshToken) || !isSeconds(expires_in)) {
    throw new SignInUnreachable('the answer of the token endpoint holds no tokens')
  }
  return {
    accessToken: access_token,
    refreshToken,
    accessTokenExpiresAt: after({ now, seconds: expires_in }),
    refreshTokenExpiresAt: isSeconds(x_refresh_token_expires_in)
      ? after({ now, seconds: x_refresh_token_expires_in })
      : (before?.refreshTokenExpiresAt ?? after({ now, seconds: expires_in })),
    refreshTokenHardExpiresAt: isSeconds(hardLimit)
      ? after({ now, seconds: hardLimit })
      : (before?.refreshTokenHardExpiresAt ?? null),
  }
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && value > 0
}

function after({ now, seconds }: { now: Date; seconds: number }): Date {
  return new Date(now.getTime() + seconds * 1000)
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
