import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { emptyDatabase } from '../database.ts'
import type { RunningSandbox } from '../sandbox/spawn.ts'

const entry = join(import.meta.dirname, '../../dist/main.js')
const startSecondsMax = 60
const PATIENCE_SECONDS = 60

/** `countersign serve` as a process of its own, between a played CRM and a played QuickBooks. */
export interface Served {
  url: string
  databaseUrl: string
  key: string
  /** All that it wrote so far, on both of its outputs. */
  output(): string
  /** Asks the admin API with its admin key; throws what the API complains of. */
  ask<T>(query: string, variables?: Record<string, unknown>): Promise<T>
  /** SIGTERM; gives the exit code and how long it took. */
  end(): Promise<{ code: number | null; seconds: number }>
}

export interface ServeOptions {
  sandbox: RunningSandbox
  /** Settings on top of, or in place of, those that lead to the sandbox. */
  settings?: Record<string, string>
  /** A database that was served before, and the admin key that it made then. */
  again?: { databaseUrl: string; key: string }
}

export async function serve(options: ServeOptions): Promise<Served> {
  const launched = await launch(options)
  try {
    return await served({ ...launched, knownKey: options.again?.key })
  } catch (error) {
    await finish(launched.child, 'SIGKILL')
    throw error
  }
}

async function served(args: Awaited<ReturnType<typeof launch>> & { knownKey: string | undefined }): Promise<Served> {
  const { child, directory, databaseUrl, output } = args
  const url = await new Promise<string>((done, failed) => {
    const late = setTimeout(() => failed(new Error(`not ready in time:\n${output()}`)), startSecondsMax * 1000)
    const look = () => {
      const found = /listens on (\S+);/.exec(output())?.[1]
      if (!found || !output().includes('/graphql.')) return
      clearTimeout(late)
      done(found)
    }
    child.stdout?.on('data', look)
    child.once('exit', () => {
      clearTimeout(late)
      failed(new Error(`it ended before it was ready:\n${output()}`))
    })
  })
  const key = args.knownKey ?? (await readFile(join(directory, 'admin-key'), 'utf8')).trim()
  return {
    url,
    databaseUrl,
    key,
    output,
    ask: (query, variables = {}) => ask({ url, key, query, variables }),
    async end() {
      const began = performance.now()
      const code = await finish(child, 'SIGTERM')
      await rm(directory, { recursive: true, force: true })
      return { code, seconds: (performance.now() - began) / 1000 }
    },
  }
}

/** Starts it where it cannot start; gives what it said and how it ended. */
export async function serveInVain(options: ServeOptions): Promise<{ code: number | null; output: string }> {
  const { child, directory, output } = await launch(options)
  const ended = once(child, 'exit')
  const late = setTimeout(() => child.kill('SIGKILL'), startSecondsMax * 1000)
  await ended
  clearTimeout(late)
  await rm(directory, { recursive: true, force: true })
  return { code: child.exitCode, output: output() }
}

async function launch({ sandbox, settings, again }: ServeOptions) {
  const directory = await mkdtemp(join(tmpdir(), 'countersign-story-'))
  const url = again?.databaseUrl ?? (await emptyDatabase())
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, [entry, 'serve'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, NODE_COMPILE_CACHE, ...settingsFor({ sandbox, directory, url }), ...settings },
  })
  process.once('exit', () => child.kill('SIGKILL'))
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      text += String(chunk)
    })
  }
  return { child, directory, databaseUrl: url, output: () => text }
}

function settingsFor({ sandbox, directory, url }: { sandbox: RunningSandbox; directory: string; url: string }) {
  return {
    PORT: '0',
    DATA_DIRECTORY: directory,
    DATABASE_URL: url,
    ENCRYPTION_KEY: 'a master key of the stories, forty characters',
    LOG_FORMAT: 'json',
    POLL_INTERVAL_SECONDS: '1',
    CREATIO_URL: sandbox.creatio,
    CREATIO_USER_NAME: 'Supervisor',
    CREATIO_PASSWORD: 'sandbox-password',
    QUICKBOOKS_REALM_ID: sandbox.realmId,
    QUICKBOOKS_CLIENT_ID: 'sandbox-qbo-client',
    QUICKBOOKS_CLIENT_SECRET: 'sandbox-qbo-secret',
    QUICKBOOKS_REFRESH_TOKEN: 'sandbox-refresh-token',
    QUICKBOOKS_API_URL: sandbox.quickBooksOnline,
    QUICKBOOKS_OAUTH_TOKEN_URL: `${sandbox.quickBooksOnline}/oauth2/v1/tokens/bearer`,
  }
}

async function finish(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  return child.exitCode
}

async function ask<T>(args: {
  url: string
  key: string
  query: string
  variables: Record<string, unknown>
}): Promise<T> {
  const { url, key, query, variables } = args
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(30_000),
  })
  const { data, errors } = (await response.json()) as { data: T; errors?: { message: string }[] }
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'))
  return data
}

/** Waits until something is so. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  { what, seconds = PATIENCE_SECONDS }: { what: string; seconds?: number },
): Promise<void> {
  const deadline = performance.now() + seconds * 1000
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s in vain until ${what}`)
    await sleep(100)
  }
}
