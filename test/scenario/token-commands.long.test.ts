import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { openDatabase } from '../../src/storage/database.ts'
import { emptyDatabase } from '../database.ts'
import { type RunningSandbox, startSandbox } from '../sandbox/spawn.ts'
import { connectionRow, insertRows } from '../storage/rows.ts'
import { type Served, serve, serveInVain, until } from './serve.ts'

const entry = join(import.meta.dirname, '../../dist/main.js')
const OLD = 'a master key of the stories, forty characters'
const NEW = 'another master key of the stories, as long'

let sandbox: RunningSandbox
let directory = ''

beforeAll(async () => {
  sandbox = await startSandbox()
  directory = await mkdtemp(join(tmpdir(), 'countersign-command-'))
})
afterAll(async () => {
  await sandbox.stop()
  await rm(directory, { recursive: true, force: true })
})

/** Runs `countersign …` between the played CRM and the played QuickBooks. */
async function countersign(
  words: string[],
  {
    databaseUrl,
    settings = {},
    input = '',
  }: { databaseUrl: string; settings?: Record<string, string>; input?: string },
): Promise<{ code: number | null; output: string }> {
  const url = sandbox.quickBooksOnline
  const child = spawn(process.execPath, [entry, ...words], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      DATA_DIRECTORY: directory,
      DATABASE_URL: databaseUrl,
      ENCRYPTION_KEY: OLD,
      CREATIO_URL: sandbox.creatio,
      CREATIO_USER_NAME: 'Supervisor',
      CREATIO_PASSWORD: 'sandbox-password',
      QUICKBOOKS_REALM_ID: sandbox.realmId,
      QUICKBOOKS_CLIENT_ID: 'sandbox-qbo-client',
      QUICKBOOKS_CLIENT_SECRET: 'sandbox-qbo-secret',
      QUICKBOOKS_API_URL: url,
      QUICKBOOKS_OAUTH_TOKEN_URL: `${url}/oauth2/v1/tokens/bearer`,
      QUICKBOOKS_OAUTH_REVOKE_URL: `${url}/v2/oauth2/tokens/revoke`,
      ...settings,
    },
  })
  child.stdin.end(input)
  const ended = new Promise<number | null>((done) => child.once('exit', done))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, output: out + err }
}

const CONNECTIONS = '{ connections { id environment state stateReason { code sentence } } }'
interface Shown {
  id: string
  environment: string
  state: string
  stateReason: { code: string; sentence: string } | null
}
const connections = async (served: Served) => (await served.ask<{ connections: Shown[] }>(CONNECTIONS)).connections
const isActive = async (served: Served) => (await connections(served)).some(({ state }) => state === 'ACTIVE')
const renew = async (served: Served) =>
  served.ask(`mutation { refreshToken(connectionId: "${(await connections(served))[0]?.id}") { connected } }`)

describe('the master key', () => {
  test('is changed without downtime: a server that holds both goes on while the command runs, and needs the old one no more', async () => {
    const first = await serve({ sandbox })
    await until(() => isActive(first), { what: 'it is connected' })
    const again = { databaseUrl: first.databaseUrl, key: first.key }

    const vain = await serveInVain({ sandbox, settings: { ENCRYPTION_KEY: NEW }, again })
    expect(vain.code).toBe(2)
    expect(vain.output).toMatch(/ENCRYPTION_KEY is not the key that the tokens were sealed with/)
    expect(vain.output).not.toMatch(/ at .*\.js:\d+/)
    await renew(first)
    await first.end()

    const both = { ENCRYPTION_KEY: NEW, ENCRYPTION_KEY_PREVIOUS: OLD }
    const second = await serve({ sandbox, settings: both, again })
    await renew(second)
    const rotated = await countersign(['rotate-key'], { databaseUrl: again.databaseUrl, settings: both })
    expect(rotated).toEqual({
      code: 0,
      output: expect.stringContaining('The tokens of 1 companies were sealed again.'),
    })
    await renew(second)
    await second.end()

    const third = await serve({ sandbox, settings: { ENCRYPTION_KEY: NEW }, again })
    await renew(third)
    expect(await isActive(third)).toBe(true)
    await third.end()

    const lost = await countersign(['rotate-key', '--lost'], { databaseUrl: again.databaseUrl })
    expect(lost).toEqual({ code: 0, output: expect.stringContaining('1 companies must be connected again.') })
    for (const { output } of [vain, rotated, lost]) expect(output).not.toMatch(/master key of the stories/)
  }, 240_000)
})

describe('countersign import-token', () => {
  test('takes a token from the standard input, proves it, and keeps what grew from it', async () => {
    const databaseUrl = await emptyDatabase()
    const words = ['import-token', '--realm', sandbox.realmId, '--environment', 'sandbox']
    const token = 'sandbox-refresh-token'

    expect(await countersign(words, { databaseUrl })).toEqual({
      code: 2,
      output: expect.stringContaining('There is no token'),
    })
    expect(await countersign(words, { databaseUrl, input: 'a-dead-token' })).toEqual({
      code: 2,
      output: expect.stringMatching(/invalid_grant.*Nothing was changed/),
    })
    const production = ['import-token', '--realm', sandbox.realmId, '--environment', 'production']
    expect(await countersign(production, { databaseUrl, input: token })).toEqual({
      code: 2,
      output: expect.stringMatching(/is sandbox here, and cannot be connected as production.*Nothing was sent/),
    })
    const elsewhere = ['import-token', '--realm', '999', '--environment', 'sandbox']
    expect(await countersign(elsewhere, { databaseUrl, input: token })).toEqual({
      code: 2,
      output: expect.stringContaining('Company 999 does not answer with these tokens.'),
    })
    const done = await countersign(words, { databaseUrl, input: `${token}\n` })
    expect(done).toEqual({
      code: 0,
      output: expect.stringMatching(/^Countersign may now speak to ".+" \(company \d+\)\.$/m),
    })
    const variable = [...words, '--from-env', 'A_TOKEN_OF_MINE']
    expect((await countersign(variable, { databaseUrl, settings: { A_TOKEN_OF_MINE: token } })).code).toBe(0)

    const { database, close } = await openDatabase({ url: databaseUrl })
    const rows = await database.rows(sql`
      select subject, result from audit_entry where action = 'importToken' order by id`)
    expect(rows.map((row) => (row as { result: string }).result)).toEqual(['ERROR', 'ERROR', 'ERROR', 'OK', 'OK'])
    const tables = await Promise.all(
      [sql`select * from audit_entry`, sql`select * from connection_token`, sql`select * from token_refresh`].map(
        (query) => database.rows(query),
      ),
    )
    expect(JSON.stringify(tables)).not.toContain(token)
    await close()
    expect(done.output).not.toContain(token)
  }, 240_000)
})

test('a connection of the other environment is never spoken to, and says why', async () => {
  const served = await serve({ sandbox, settings: { QUICKBOOKS_REFRESH_TOKEN: '' } })
  const { database, close } = await openDatabase({ url: served.databaseUrl })
  await insertRows(database, 'connection', [connectionRow({ environment: 'PRODUCTION', realm_id: '777' })])
  const production = async () => (await connections(served)).find(({ environment }) => environment === 'PRODUCTION')
  await until(async () => (await production())?.state === 'STOPPED', { what: 'it is stopped' })
  expect((await production())?.stateReason).toMatchObject({
    code: 'CLIENT_CONFIGURATION',
    sentence: expect.stringContaining('the connection is production, and QUICKBOOKS_ENVIRONMENT is sandbox'),
  })
  const log = await sandbox.fetchControl<{ path: string }[]>('/log')
  expect(log.filter(({ path }) => path.includes('/777/'))).toEqual([])
  await close()
  await served.end()
})

test('while the token endpoint is down nothing is lost or stopped for good, and it goes on by itself when it is back', async () => {
  const served = await serve({ sandbox, settings: { QUICKBOOKS_REFRESH_TOKEN: 'sandbox-refresh-token' } })
  await until(() => isActive(served), { what: 'it is connected' })
  await sandbox.fetchControl('/faults', {
    method: 'POST',
    body: { system: 'oauth', fault: { kind: 'status', status: 503 } },
  })
  await sandbox.fetchControl('/clock', { method: 'POST', body: { seconds: 3_700 } })
  const [{ id } = { id: '' }] = await connections(served)
  const look = () =>
    served.ask<{ testConnection: { fit: boolean; reason: { code: string } | null } }>(
      `mutation { testConnection(connectionId: "${id}") { fit reason { code } } }`,
    )
  expect((await look()).testConnection).toEqual({ fit: false, reason: { code: 'QUICKBOOKS_UNREACHABLE' } })
  await sandbox.fetchControl('/faults', { method: 'DELETE' })
  await until(async () => (await look()).testConnection.fit, { what: 'it is fit again' })
  const { tokenStatus } = await served.ask<{ tokenStatus: { history: { result: string }[] } }>(
    `{ tokenStatus(connectionId: "${id}") { history { result } } }`,
  )
  const results = tokenStatus.history.map(({ result }) => result)
  expect(results[0]).toBe('RENEWED')
  expect(results).toContain('UNREACHABLE')
  await served.end()
})
