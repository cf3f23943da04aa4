import type { IncomingMessage } from 'node:http'
import type { Sandbox } from '../context.ts'
import type { Answer } from './answer.ts'
import type { CreatioSwitches } from './switches.ts'

/** Who may sign in: one user with a password, and one OAuth client for a technical user. */
const credentials = {
  userName: 'Supervisor',
  userPassword: 'sandbox-password',
  clientId: 'sandbox-client',
  clientSecret: 'sandbox-client-secret',
} as const

const badPasswordsMax = 5
const lockSeconds = 15 * 60

interface Session {
  csrf: string
  usedAt: number
}

/** What a request's credentials are worth: 'dead' has none that live, 'forged' a session but not its BPMCSRF. */
export type Standing = 'alive' | 'dead' | 'forged'

/** Sessions and access tokens. Both live in memory only: a restart of the site ends them, as it does at the real one. */
export class SignIn {
  readonly #sandbox: Sandbox
  readonly #switches: CreatioSwitches
  readonly #sessions = new Map<string, Session>()
  readonly #tokens = new Map<string, number>()
  #badPasswordsAt: number[] = []

  constructor({ sandbox, switches }: { sandbox: Sandbox; switches: CreatioSwitches }) {
    this.#sandbox = sandbox
    this.#switches = switches
  }

  /** Forms login. A refusal is HTTP 200 with Code 1; five bad passwords in 15 minutes lock the user for 15 minutes. */
  login(body: string): Answer {
    const { UserName, UserPassword } = parse(body)
    const now = this.#sandbox.clock.now().getTime()
    this.#badPasswordsAt = this.#badPasswordsAt.filter((at) => at > now - lockSeconds * 1000)
    if (this.#badPasswordsAt.length >= badPasswordsMax) return refused('User account is locked. Try again later.')
    if (UserName !== credentials.userName || UserPassword !== credentials.userPassword) {
      if (UserName === credentials.userName) this.#badPasswordsAt.push(now)
      return refused('Invalid username or password specified, or your user account is inactive.')
    }
    this.#badPasswordsAt = []
    const success = {
      Code: 0,
      Message: '',
      Exception: null,
      PasswordChangeUrl: null,
      RedirectUrl: this.#switches.creatioRuntime === 'framework' ? '/0/Shell' : '/Shell',
      UserType: 'General',
    }
    return { status: 200, headers: { ...json, 'Set-Cookie': this.#openSession(now) }, body: success }
  }

  /** OAuth client credentials, form-encoded. */
  token(body: string): Answer {
    const form = new URLSearchParams(body)
    if (form.get('client_id') !== credentials.clientId || form.get('client_secret') !== credentials.clientSecret) {
      return { status: 400, headers: json, body: { error: 'invalid_client' } }
    }
    if (form.get('grant_type') !== 'client_credentials') {
      return { status: 400, headers: json, body: { error: 'unsupported_grant_type' } }
    }
    const access_token = this.#sandbox.random.token(64)
    const expires_in = this.#switches.accessTokenSeconds
    this.#tokens.set(access_token, this.#sandbox.clock.now().getTime() + expires_in * 1000)
    return {
      status: 200,
      headers: json,
      body: { access_token, expires_in, token_type: 'Bearer', scope: 'ApplicationAccess' },
    }
  }

  /** Judges a request and, when its session lives, lets it live on from now. */
  standing(request: IncomingMessage): Standing {
    const { authorization, forceusesession, bpmcsrf, cookie = '' } = request.headers
    const now = this.#sandbox.clock.now().getTime()
    if (authorization?.startsWith('Bearer ')) {
      return (this.#tokens.get(authorization.slice('Bearer '.length)) ?? 0) > now ? 'alive' : 'dead'
    }
    const id = /(?:^|;\s*)\.ASPXAUTH=([^;]+)/.exec(cookie)?.[1] ?? ''
    const session = this.#sessions.get(id)
    if (!session || forceusesession !== 'true') return 'dead'
    if (session.usedAt + this.#switches.sessionMinutes * 60_000 <= now) {
      this.#sessions.delete(id)
      return 'dead'
    }
    session.usedAt = now
    return bpmcsrf === session.csrf ? 'alive' : 'forged'
  }

  /** Ends all sessions and tokens, as a restart of the site or an administrator does. */
  endAll(): void {
    this.#sessions.clear()
    this.#tokens.clear()
  }

  #openSession(now: number): string[] {
    const { random } = this.#sandbox
    const [id, csrf] = [random.token(96), random.token(22)]
    this.#sessions.set(id, { csrf, usedAt: now })
    const userName = [...credentials.userName].map((letter) => letter.charCodeAt(0)).join('|')
    const cookies = [
      `BPMLOADER=${random.token(24)}; path=/; HttpOnly`,
      `.ASPXAUTH=${id}; path=/; HttpOnly`,
      `BPMCSRF=${csrf}; path=/`,
      `UserType=General; path=/; HttpOnly`,
      `UserName=${userName}; path=/; HttpOnly`,
    ]
    if (this.#switches.newerHostCookies) {
      cookies.push(`CsrfToken=${random.token(40)}; path=/; HttpOnly`, `CRT_CSRF=${random.token(40)}; path=/`)
    }
    return cookies
  }
}

const json = { 'Content-Type': 'application/json; charset=utf-8' }

function refused(Message: string): Answer {
  const Exception = {
    HelpLink: null,
    InnerException: null,
    Message,
    StackTrace: null,
    Type: 'System.Security.SecurityException',
  }
  const body = { Code: 1, Message, Exception, PasswordChangeUrl: null, RedirectUrl: null, UserType: 'General' }
  return { status: 200, headers: json, body }
}

function parse(body: string): { UserName?: unknown; UserPassword?: unknown } {
  try {
    return (JSON.parse(body) ?? {}) as { UserName?: unknown; UserPassword?: unknown }
  } catch {
    return {}
  }
}
