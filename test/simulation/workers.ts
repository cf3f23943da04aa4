import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { RunningSandbox } from '../sandbox/spawn.ts'
import { START_OPTIONS } from '../start-options.ts'
import type { WorkerEnd } from './auditor.ts'
import { SANDBOX_APP, SANDBOX_CRM } from './companies.ts'

const entry = join(import.meta.dirname, '../../dist/main.js')
const WORDS_MAX = 20_000

/** The waits of the workers, short enough for a test. The lease must outlast an answer and the time in which a request may leave. */
export const WAITS = { leaseSeconds: 9, answerTimeoutSeconds: 1, settleSeconds: 1 }

/** The environment of a Countersign that works for a sandbox's company. */
export function environmentFor(args: { sandbox: RunningSandbox; databaseUrl: string }): Record<string, string> {
  const { sandbox, databaseUrl } = args
  return {
    PATH: process.env.PATH ?? '',
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: databaseUrl,
    ENCRYPTION_KEY: 'a key of the simulation, long enough for everyone',
    LOG_LEVEL: 'warn',
    LOG_FORMAT: 'json',
    POLL_INTERVAL_SECONDS: '15',
    CREATIO_URL: sandbox.creatio,
    CREATIO_USER_NAME: SANDBOX_CRM.userName,
    CREATIO_PASSWORD: SANDBOX_CRM.password,
    QUICKBOOKS_REALM_ID: sandbox.realmId,
    QUICKBOOKS_CLIENT_ID: SANDBOX_APP.clientId,
    QUICKBOOKS_CLIENT_SECRET: SANDBOX_APP.clientSecret,
    QUICKBOOKS_REFRESH_TOKEN: SANDBOX_APP.refreshToken,
    QUICKBOOKS_API_URL: sandbox.quickBooksOnline,
    QUICKBOOKS_OAUTH_TOKEN_URL: `${sandbox.quickBooksOnline}/oauth2/v1/tokens/bearer`,
  }
}

export function hurried(environment: Record<string, string>): Record<string, string> {
  return {
    ...environment,
    POLL_INTERVAL_SECONDS: '2',
    LANE_LEASE_SECONDS: String(WAITS.leaseSeconds),
    QUICKBOOKS_ANSWER_TIMEOUT_SECONDS: String(WAITS.answerTimeoutSeconds),
    QUICKBOOKS_SETTLE_SECONDS: String(WAITS.settleSeconds),
  }
}

/** One `countersign work`, as a process. */
export class WorkerProcess {
  readonly child: ChildProcess
  #words = ''

  constructor(environment: Record<string, string>) {
    this.child = spawn(process.execPath, [...START_OPTIONS, entry, 'work'], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (text) => {
        this.#words = (this.#words + String(text)).slice(-WORDS_MAX)
      })
    }
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** The newest of what it said. */
  get words(): string {
    return this.#words
  }

  freeze(): void {
    this.child.kill('SIGSTOP')
  }

  thaw(): void {
    this.child.kill('SIGCONT')
  }

  /** Ends it without a word; resolves with the moment at which it was gone. */
  async kill(): Promise<WorkerEnd> {
    const at = Date.now()
    await this.#end('SIGKILL')
    return { pid: this.pid, at }
  }

  stop(): Promise<void> {
    this.thaw()
    return this.#end('SIGTERM')
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (!this.isAlive) return
    const ended = once(this.child, 'exit')
    this.child.kill(signal)
    await ended
  }
}
