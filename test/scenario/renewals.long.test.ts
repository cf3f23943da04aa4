import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { sealWith } from '../../src/storage/seal.ts'
import { listRefreshes } from '../../src/storage/token-refreshes.ts'
import { importRefreshToken } from '../../src/storage/tokens.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { type RunningSandbox, startSandbox } from '../sandbox/spawn.ts'
import { connectionRow, insertRows } from '../storage/rows.ts'

const MASTER_KEY = 'the master key of these renewals, forty chars'
const PROCESSES = 4
const LOOKS_EACH = 50
const TOKEN_PATH = '/oauth2/v1/tokens/bearer'

let fresh: FreshDatabase
let sandbox: RunningSandbox
let connectionId = ''
let children: ChildProcess[] = []

beforeAll(async () => {
  fresh = await freshDatabase()
  sandbox = await startSandbox({ settings: { quickBooksLimits: false } })
})
afterAll(async () => {
  await sandbox.stop()
  await fresh.close()
})
beforeEach(async () => {
  const connection = connectionRow({ realm_id: null })
  connectionId = connection.id
  await insertRows(fresh.database, 'connection', [connection])
  await sandbox.fetchControl('/settings', { method: 'PATCH', body: { refreshRotation: 'daily' } })
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children = []
  await sandbox.fetchControl('/faults', { method: 'DELETE' })
})

/** Hands in a refresh token that the sandbox knows and whose access token has ended. */
async function signIn(): Promise<void> {
  const grant = { clientId: 'sandbox-qbo-client', realmId: sandbox.realmId, revoked: false }
  const day = Math.floor(Date.now() / 86_400_000)
  const far = Math.floor(Date.now() / 1000) + 8_726_400
  const refreshToken = `refresh of ${connectionId}`
  await sandbox.fetchControl(`/records/qbo.Grant/${connectionId}`, {
    method: 'PUT',
    body: { ...grant, refreshToken, refreshTokenDay: day, refreshExpiresAt: far, hardExpiresAt: far * 2 },
  })
  await sandbox.fetchControl(`/records/qbo.RefreshToken/${encodeURIComponent(refreshToken)}`, {
    method: 'PUT',
    body: { grantId: connectionId },
  })
  const seal = sealWith(MASTER_KEY)
  await importRefreshToken(fresh.database, { connectionId, seal, refreshToken, now: new Date() })
}

async function process({
  looks = LOOKS_EACH,
  stopAt,
}: {
  looks?: number
  stopAt?: 'answered'
} = {}): Promise<ChildProcess> {
  const given = {
    databaseUrl: fresh.url,
    connectionId,
    realmId: sandbox.realmId,
    quickBooks: sandbox.quickBooksOnline,
    masterKey: MASTER_KEY,
    looks,
    stopAt,
  }
  const child = spawn(
    globalThis.process.execPath,
    [join(import.meta.dirname, 'renewing-process.ts'), JSON.stringify(given)],
    {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  )
  children.push(child)
  await once(child, 'message')
  return child
}

type Looked = { answered: number; stops: string[] }

async function looked(child: ChildProcess): Promise<Looked> {
  child.send('go')
  const [message] = (await once(child, 'message')) as [Looked]
  return message
}

let logged = 0
/** What the token endpoint of the sandbox was asked since the last question: the witness. */
async function refreshes(): Promise<number> {
  const entries = await sandbox.fetchControl<{ sequence: number; path: string }[]>(`/log?since=${logged}`)
  logged = entries.at(-1)?.sequence ?? logged
  return entries.filter(({ path }) => path === TOKEN_PATH).length
}
const history = async () =>
  (await listRefreshes(fresh.database, { connectionId, limit: 50 })).map(
    ({ result, rotated }) => `${result} ${rotated}`,
  )

test('four processes, one expired token and 200 calls at once make exactly one refresh, and every call is answered', async () => {
  await signIn()
  await sandbox.fetchControl('/settings', { method: 'PATCH', body: { refreshRotation: 'always' } })
  await sandbox.fetchControl('/faults', {
    method: 'POST',
    body: { system: 'oauth', fault: { kind: 'delay', seconds: 1 } },
  })
  const processes = await Promise.all(Array.from({ length: PROCESSES }, () => process()))
  await refreshes()
  const results = await Promise.all(processes.map(looked))
  expect(results).toEqual(results.map(() => ({ answered: LOOKS_EACH, stops: [] })))
  expect(results).toHaveLength(PROCESSES)
  expect(await refreshes()).toBe(1)
  expect(await history()).toEqual(['RENEWED true'])
})

test('a refused token is sent once by four processes and 200 calls, and by those that start later not at all', async () => {
  await signIn()
  await sandbox.fetchControl(`/records/qbo.Grant/${connectionId}`, { method: 'PATCH', body: { revoked: true } })
  const processes = await Promise.all(Array.from({ length: PROCESSES }, () => process()))
  await refreshes()
  const results = await Promise.all(processes.map(looked))
  expect(results).toEqual(results.map(() => ({ answered: 0, stops: ['RECONNECT'] })))
  expect(await looked(await process())).toEqual({ answered: 0, stops: ['RECONNECT'] })
  expect(await refreshes()).toBe(1)
  expect(await history()).toEqual(['REFUSED false'])
})

test('a process that is killed between the answer and its saving, when the token did not change, is survived at once', async () => {
  await signIn()
  const doomed = await process({ looks: 1, stopAt: 'answered' })
  doomed.send('go')
  await once(doomed, 'message')
  const heir = await process({ looks: 5 })
  const heirLooks = looked(heir)
  doomed.kill('SIGKILL')
  expect(await heirLooks).toEqual({ answered: 5, stops: [] })
  expect(await history()).toEqual(['RENEWED false', 'CUT_OFF false'])
})

test('a process that is killed between the answer and its saving, when the old token died, asks for a new connection once, never in a loop', async () => {
  await signIn()
  await sandbox.fetchControl('/settings', { method: 'PATCH', body: { refreshRotation: 'always' } })
  const doomed = await process({ looks: 1, stopAt: 'answered' })
  await refreshes()
  doomed.send('go')
  await once(doomed, 'message')
  const ended = once(doomed, 'exit')
  doomed.kill('SIGKILL')
  await ended
  const heirs = await Promise.all([process({ looks: 10 }), process({ looks: 10 })])
  for (const _ of [1, 2, 3]) {
    for (const heir of heirs) expect(await looked(heir)).toEqual({ answered: 0, stops: ['RECONNECT'] })
  }
  expect(await refreshes()).toBe(2)
  expect(await history()).toEqual(['REFUSED false', 'CUT_OFF false'])
  const [row] = await fresh.database.rows(
    sql<{ refusal: string }>`select refusal from connection_token where connection_id = ${connectionId}`,
  )
  expect(row?.refusal).toMatch(/^invalid_grant/)
})

test('a process that is frozen while it renews does not stop the others for good: its database session ends', async () => {
  await signIn()
  const frozen = await process({ looks: 1, stopAt: 'answered' })
  frozen.send('go')
  await once(frozen, 'message')
  frozen.kill('SIGSTOP')
  const [row] = await fresh.database.rows(
    sql<{
      pid: number
    }>`select pid from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`,
  )
  // What PostgreSQL does by itself after two minutes.
  await fresh.database.rows(sql`select pg_terminate_backend(${row?.pid ?? 0}::int)`)
  expect(await looked(await process({ looks: 3 }))).toEqual({ answered: 3, stops: [] })
})
