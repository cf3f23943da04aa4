import { CreatioError } from './creatio-error.ts'
import { errorSentenceOfText } from './error-body.ts'
import { isObject } from './values.ts'
import type { Answer, Wire } from './wire.ts'

export type SignInOptions =
  | { kind: 'forms'; userName: string; password: string }
  | { kind: 'oauth'; tokenUrl?: string; clientId: string; clientSecret: string }

/** A session at the CRM: what each request carries, and what it learns from each answer. */
export interface Session {
  headers(): Record<string, string>
  learn(answer: Answer): void
  expired(): boolean
}

export interface SignIn {
  /** The living session, or a new one; callers at the same moment share one sign-in. Throws CreatioError. */
  session(): Promise<Session>
  /** States that a session died. A session that was replaced meanwhile stays untouched. */
  leave(dead: Session): void
}

/**
 * Keeps one session for all callers. A refused password is remembered and never sent again: five refusals lock the account.
 */
export function openSignIn(args: {
  siteUrl: string
  options: SignInOptions
  wire: Wire
  now: (() => Date) | undefined
}): SignIn {
  let living: Session | null = null
  let beginning: Promise<Session> | null = null
  let refusal: CreatioError | null = null

  async function begin(): Promise<Session> {
    try {
      living = args.options.kind === 'forms' ? await signInByForm(args) : await signInByClient(args)
      return living
    } catch (error) {
      if (error instanceof CreatioError && error.kind === 'password-refused') refusal = error
      throw error
    } finally {
      beginning = null
    }
  }

  return {
    async session() {
      if (refusal) throw refusal
      if (living && !living.expired()) return living
      beginning ??= begin()
      return beginning
    },
    leave(dead) {
      if (living === dead) living = null
    },
  }
}

type Begin = { siteUrl: string; options: SignInOptions; wire: Wire; now: (() => Date) | undefined }

/** The login stands at the root of the site on both runtimes. A wrong password answers 200 too: only `Code` tells. */
async function signInByForm({ siteUrl, options, wire }: Begin): Promise<Session> {
  if (options.kind !== 'forms') throw new TypeError('Forms sign-in needs a user name and a password')
  const answer = await wire({
    method: 'POST',
    url: `${siteUrl}/ServiceModel/AuthService.svc/Login`,
    headers: { Accept: 'application/json', 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ UserName: options.userName, UserPassword: options.password }),
  })
  const said = answer.status === 200 ? parsed(answer.text) : null
  if (typeof said?.Code !== 'number') throw notSignedIn(answer)
  if (said.Code !== 0) {
    const exception = said.Exception
    const message = isObject(exception) ? exception.Message : said.Message
    const detail = typeof message === 'string' && message !== '' ? message : `code ${said.Code}`
    throw new CreatioError({ kind: 'password-refused', detail })
  }
  return formSession(answer)
}

function formSession(login: Answer): Session {
  const cookies = new Map<string, string>()
  const learn = (answer: Answer) => {
    for (const line of answer.setCookies) {
      const [, name, value] = /^\s*([^=;\s]+)=([^;]*)/.exec(line) ?? []
      if (name === undefined || value === undefined) continue
      // Some hosts clear a cookie by an empty value.
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
  }
  learn(login)
  if (cookies.size === 0)
    throw new CreatioError({ kind: 'not-understood', detail: 'the sign-in succeeded but set no cookie' })
  return {
    headers: () => ({
      Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      BPMCSRF: cookies.get('BPMCSRF') ?? '',
      ForceUseSession: 'true',
    }),
    learn,
    expired: () => false,
  }
}

/** How long before its end a token is renewed, so that no request leaves with one that dies on the way. */
const RENEWAL_MARGIN_SECONDS = 120

/** OAuth client credentials: a bearer token and nothing else, no CSRF header and no ForceUseSession. */
async function signInByClient({ siteUrl, options, wire, now }: Begin): Promise<Session> {
  if (options.kind !== 'oauth') throw new TypeError('OAuth sign-in needs a client id and a client secret')
  const { clientId, clientSecret } = options
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  const askedAt = now?.().getTime()
  const answer = await wire({
    method: 'POST',
    url: options.tokenUrl ?? identityServiceOf(siteUrl),
    headers: { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  })
  const said = parsed(answer.text)
  const error = said?.error
  if (error === 'invalid_client' || error === 'unauthorized_client') {
    throw new CreatioError({
      kind: 'password-refused',
      detail: `the client id or secret (${error})`,
      status: answer.status,
    })
  }
  const token = said?.access_token
  if (answer.status !== 200 || typeof token !== 'string' || token === '') throw notSignedIn(answer)
  const given = Number(said?.expires_in)
  const livesSeconds = Number.isFinite(given) && given > 0 ? given : 3_600
  const marginSeconds = Math.min(RENEWAL_MARGIN_SECONDS, livesSeconds / 2)
  const endsAt = askedAt === undefined ? Infinity : askedAt + (livesSeconds - marginSeconds) * 1_000
  const headers = { Authorization: `Bearer ${token}` }
  return { headers: () => headers, learn: () => {}, expired: () => now !== undefined && now().getTime() >= endsAt }
}

/** Creatio's cloud keeps the identity service beside the site: `acme.creatio.com` has `acme-is.creatio.com`. */
export function identityServiceOf(siteUrl: string): string {
  const { protocol, hostname } = new URL(siteUrl)
  const [first, ...rest] = hostname.split('.')
  return `${protocol}//${[`${first}-is`, ...rest].join('.')}/connect/token`
}

function notSignedIn(answer: Answer): CreatioError {
  const kind = answer.status >= 500 ? 'unreachable' : 'session'
  const detail = `the sign-in did not succeed: ${errorSentenceOfText(answer.text)}`
  return new CreatioError({ kind, detail, status: answer.status })
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const read: unknown = JSON.parse(text)
    return isObject(read) ? read : null
  } catch {
    return null
  }
}
