import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { pino } from 'pino'
import { Environment } from '../../src/domain/kinds.ts'
import type { CompanyCheck, Ledger } from '../../src/ledgers/ledger.ts'
import { listConnections } from '../../src/storage/connections.ts'
import type { Renewal } from '../../src/storage/tokens.ts'
import type { Intuit } from '../../src/sync/connect.ts'
import { keepTokens } from '../../src/sync/keep-tokens.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows } from '../storage/rows.ts'

const now = new Date('2026-03-01T12:00:00Z')
const inSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const tokens = {
  accessToken: 'access',
  refreshToken: 'refresh',
  accessTokenExpiresAt: inSeconds(3_600),
  refreshTokenExpiresAt: inSeconds(8_726_400),
  refreshTokenHardExpiresAt: null,
}
const unasked = () => Promise.reject(new Error('nobody is connected here'))
const fit: CompanyCheck = {
  companyName: 'Books',
  currency: 'USD',
  customTransactionNumbers: true,
  salesTax: 'OFF',
  clockSkewSeconds: 0,
  stop: null,
}

let fresh: FreshDatabase
let renewed: string[]
let checked: number
let outcome: Renewal
let company: CompanyCheck
beforeEach(async () => {
  fresh = await freshDatabase()
  renewed = []
  checked = 0
  outcome = { kind: 'renewed', tokens }
  company = fit
})
afterEach(() => fresh.close())

async function connected(
  name: string,
  row: { secondsLeft: number; refused?: boolean; dropped?: boolean },
): Promise<void> {
  const connection = connectionRow({ name, realm_id: `realm of ${name}` })
  await insertRows(fresh.database, 'connection', [connection])
  await fresh.database.run(sql`
    insert into connection_token (connection_id, sealed_access_token, sealed_refresh_token, access_token_expires_at,
        refresh_token_expires_at, refreshed_at, refused_at)
    values (${connection.id}, 'sealed', ${row.dropped ? null : 'sealed'}, ${inSeconds(row.secondsLeft)},
        ${inSeconds(8_000_000)}, ${now}, ${row.refused ? now : null})`)
}

const keep = () =>
  keepTokens({
    database: fresh.database,
    now: () => now,
    log: pino({ level: 'silent' }),
    ledgerOf: () =>
      ({
        check: async () => {
          checked += 1
          return company
        },
      }) as Partial<Ledger> as Ledger,
    intuit: {
      environment: Environment.SANDBOX,
      authorizeUrl: () => '',
      take: unasked,
      adopt: unasked,
      check: unasked,
      revoke: unasked,
      async renew({ name }, { cause, secondsLeft }) {
        renewed.push(`${name} ${cause} ${secondsLeft}`)
        return outcome
      },
    } satisfies Intuit,
  })
const states = async () =>
  (await listConnections(fresh.database)).map(
    ({ name, state, stateReasonCode }) => `${name} ${state} ${stateReasonCode}`,
  )

test('a sign-in is renewed half an hour before it ends, and the company is looked at after each', async () => {
  await connected('due', { secondsLeft: 1_799 })
  await connected('over', { secondsLeft: -5 })
  await connected('fresh', { secondsLeft: 1_801 })
  await connected('refused', { secondsLeft: -5, refused: true })
  await connected('disconnected', { secondsLeft: -5, dropped: true })
  await keep()
  expect(renewed.sort()).toEqual(['due SCHEDULE 1800', 'over SCHEDULE 1800'])
  expect(checked).toBe(2)
  expect(await states()).not.toContainEqual(expect.stringContaining('STOPPED'))
})

test('a company that is another one after a renewal stops its connection', async () => {
  await connected('due', { secondsLeft: 60 })
  company = { ...fit, stop: { reason: 'WRONG_COMPANY', detail: { detail: 'realm' } } }
  await keep()
  expect(await states()).toEqual(['due STOPPED WRONG_COMPANY'])
})

test('a company that cannot be asked just then does not', async () => {
  await connected('due', { secondsLeft: 60 })
  company = { ...fit, stop: { reason: 'QUICKBOOKS_UNREACHABLE', detail: {} } }
  await keep()
  expect(await states()).toEqual(['due ACTIVE null'])
})

test.each([
  ['RECONNECT', 'due STOPPED RECONNECT'],
  ['CLIENT_CONFIGURATION', 'due STOPPED CLIENT_CONFIGURATION'],
] as const)('a refusal (%s) stops the connection, with what to do', async (reason, state) => {
  await connected('due', { secondsLeft: 60 })
  outcome = { kind: 'refused', reason, detail: 'because' }
  await keep()
  expect(await states()).toEqual([state])
  expect(checked).toBe(0)
})

test('silence stops nothing', async () => {
  await connected('due', { secondsLeft: 60 })
  outcome = { kind: 'unreachable', detail: 'ECONNREFUSED' }
  await keep()
  expect(await states()).toEqual(['due ACTIVE null'])
})
