import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { openDatabase } from '../../src/storage/database.ts'
import { type Seal, sealWith } from '../../src/storage/seal.ts'
import { listRefreshes } from '../../src/storage/token-refreshes.ts'
import {
  importRefreshToken,
  type KeptTokens,
  type OpenTokens,
  type Renewal,
  tokensOf,
} from '../../src/storage/tokens.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows } from './rows.ts'

const now = new Date('2026-03-02T10:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const seal = sealWith('the master key of these tests: forty chars')

let fresh: FreshDatabase
const connection = connectionRow()
const other = connectionRow({ name: 'Other', realm_id: 'another realm' })

beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection, other])
})
beforeEach(async () => {
  await fresh.database.run(sql`delete from connection_token`)
  await fresh.database.run(sql`delete from token_refresh`)
})
afterAll(() => fresh.close())

const importToken = (refreshToken: string) =>
  importRefreshToken(fresh.database, { connectionId: connection.id, seal, refreshToken, now })
const vault = ({
  database = fresh.database,
  withSeal = seal,
}: {
  database?: FreshDatabase['database']
  withSeal?: Seal
} = {}) => tokensOf(database, { connectionId: connection.id, seal: withSeal, now: () => now })

const tokens = (number: number): OpenTokens => ({
  accessToken: `access-${number}`,
  refreshToken: `refresh-${number}`,
  accessTokenExpiresAt: later(3_600),
  refreshTokenExpiresAt: later(8_726_400),
  refreshTokenHardExpiresAt: later(157_680_000),
})
const always = () => true
const renewTo = (given: OpenTokens) =>
  vault().renew({ cause: 'CALL', isNeeded: always, ask: async () => ({ kind: 'renewed', tokens: given }) })
const history = () => listRefreshes(fresh.database, { connectionId: connection.id, limit: 50 })

describe('the tokens of a connection', () => {
  test('are nowhere in the database in clear', async () => {
    await importToken('the-clear-refresh-token')
    const given = { ...tokens(1), accessToken: 'the-clear-access-token', refreshToken: 'the-clear-next-token' }
    await renewTo(given)
    const rows = await Promise.all(
      [sql`select * from connection_token`, sql`select * from token_refresh`, sql`select * from sealing_key`].map(
        (query) => fresh.database.rows(query),
      ),
    )
    const text = JSON.stringify(rows)
    for (const secret of ['the-clear-refresh-token', 'the-clear-access-token', 'the-clear-next-token', 'master key']) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, 16))
    }
    expect((await vault().read())?.tokens).toEqual(given)
  })

  test('that were tampered with, or moved to another connection, do not open', async () => {
    await importToken('mine')
    await fresh.database.run(sql`
      insert into connection_token (connection_id, sealed_access_token, sealed_refresh_token, access_token_expires_at, refresh_token_expires_at, refreshed_at)
      select ${other.id}, sealed_access_token, sealed_refresh_token, access_token_expires_at, refresh_token_expires_at, refreshed_at
      from connection_token where connection_id = ${connection.id}`)
    const moved = tokensOf(fresh.database, { connectionId: other.id, seal, now: () => now })
    await expect(moved.read()).rejects.toThrow(/belongs elsewhere/)
    await fresh.database.run(
      sql`update connection_token set sealed_refresh_token = overlay(sealed_refresh_token placing 'AAAAAA' from 70 for 6)`,
    )
    await expect(vault().read()).rejects.toThrow(/was changed/)
    await fresh.database.run(sql`update connection_token set sealed_refresh_token = 'nonsense'`)
    await expect(vault().read()).rejects.toThrow(/names no key/)
  })

  test('that are not there read as none, and cannot be renewed', async () => {
    expect(await vault().read()).toBeNull()
    expect(await renewTo(tokens(1))).toEqual({
      kind: 'refused',
      reason: 'RECONNECT',
      detail: 'the company is not connected',
    })
  })
})

describe('a refresh token from the configuration', () => {
  test('is handed in once: what grew from it is not thrown away at the next start', async () => {
    await importToken('configured')
    expect((await vault().read())?.tokens).toMatchObject({ accessToken: '', refreshToken: 'configured' })
    await renewTo(tokens(1))
    await importToken('configured')
    expect((await vault().read())?.tokens).toMatchObject({ accessToken: 'access-1', refreshToken: 'refresh-1' })
  })

  test('that is another one replaces what there was, a refusal too', async () => {
    await importToken('configured')
    await fresh.database.run(sql`update connection_token set refused_at = ${now}, refusal = 'dead'`)
    await importToken('configured anew')
    expect(await vault().read()).toMatchObject({ tokens: { refreshToken: 'configured anew' }, refusal: null })
  })
})

describe('renewing', () => {
  test('by twenty at once over two pools happens one after the other, each with the newest tokens', async () => {
    await importToken('refresh-0')
    const pools = await Promise.all([1, 2].map(() => openDatabase({ url: fresh.url, poolMax: 5 })))
    let inside = 0
    let insideMax = 0
    const seen: string[] = []
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        vault({ database: pools[index % 2]!.database }).renew({
          cause: 'CALL',
          isNeeded: always,
          ask: async (newest) => {
            inside += 1
            insideMax = Math.max(insideMax, inside)
            seen.push(newest.refreshToken)
            await wait(5)
            inside -= 1
            return { kind: 'renewed', tokens: tokens(seen.length) }
          },
        }),
      ),
    )
    await Promise.all(pools.map(({ close }) => close()))
    expect(insideMax).toBe(1)
    expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => `refresh-${index}`))
    expect((await vault().read())?.tokens).toMatchObject({ refreshToken: 'refresh-20' })
    expect(await history()).toHaveLength(20)
  })

  test('of thirty connections at once does not use up a pool of five', async () => {
    const rows = Array.from({ length: 30 }, (_, index) =>
      connectionRow({ name: `${index}`, realm_id: `many ${index}` }),
    )
    await insertRows(fresh.database, 'connection', rows)
    const pool = await openDatabase({ url: fresh.url, poolMax: 5 })
    const renewals = await Promise.all(
      rows.map(async ({ id }) => {
        await importRefreshToken(pool.database, { connectionId: id, seal, refreshToken: `of ${id}`, now })
        const ask = async (): Promise<Exclude<Renewal, { kind: 'unneeded' }>> => {
          await wait(10)
          return { kind: 'renewed', tokens: tokens(1) }
        }
        return tokensOf(pool.database, { connectionId: id, seal, now: () => now }).renew({
          cause: 'SCHEDULE',
          isNeeded: always,
          ask,
        })
      }),
    )
    await pool.close()
    expect(new Set(renewals.map(({ kind }) => kind))).toEqual(new Set(['renewed']))
  })

  test('asks Intuit once when the others find a fresh token inside', async () => {
    await importToken('refresh-0')
    const pools = await Promise.all([1, 2].map(() => openDatabase({ url: fresh.url, poolMax: 5 })))
    let asked = 0
    const isNeeded = ({ tokens: { accessTokenExpiresAt } }: KeptTokens) => accessTokenExpiresAt <= now
    const renewals = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        vault({ database: pools[index % 2]!.database }).renew({
          cause: 'CALL',
          isNeeded,
          ask: async () => {
            asked += 1
            await wait(20)
            return { kind: 'renewed', tokens: tokens(1) }
          },
        }),
      ),
    )
    await Promise.all(pools.map(({ close }) => close()))
    expect(asked).toBe(1)
    expect(renewals.filter(({ kind }) => kind === 'unneeded')).toHaveLength(19)
    expect(await history()).toMatchObject([{ cause: 'CALL', result: 'RENEWED', rotated: true }])
  })

  test('that is refused for good is remembered, and nobody but a person sends that token again', async () => {
    await importToken('dead')
    let asked = 0
    const ask = async (): Promise<Exclude<Renewal, { kind: 'unneeded' }>> => {
      asked += 1
      return { kind: 'refused', reason: 'RECONNECT', detail: 'invalid_grant' }
    }
    for (const cause of ['CALL', 'CALL', 'SCHEDULE', 'PERSON', 'CALL'] as const) {
      expect(await vault().renew({ cause, isNeeded: always, ask })).toMatchObject({
        kind: 'refused',
        detail: 'invalid_grant',
      })
    }
    expect(asked).toBe(2)
    expect(await vault().read()).toMatchObject({ refusal: 'invalid_grant', tokens: { refreshToken: 'dead' } })
    expect((await history()).map(({ cause, result }) => `${cause} ${result}`)).toEqual([
      'PERSON REFUSED',
      'CALL REFUSED',
    ])
  })

  test('that failed changes nothing, is in the history, and lets the next one in', async () => {
    await importToken('refresh-0')
    await vault().renew({
      cause: 'SCHEDULE',
      isNeeded: always,
      ask: async () => ({ kind: 'unreachable', detail: 'ECONNREFUSED' }),
    })
    expect((await vault().read())?.tokens).toMatchObject({ refreshToken: 'refresh-0' })
    expect(await history()).toMatchObject([{ result: 'UNREACHABLE', detail: 'ECONNREFUSED', rotated: false }])
    expect(await renewTo(tokens(1))).toMatchObject({ kind: 'renewed' })
  })

  test('whose database connection is lost after the answer is saved on another one', async () => {
    await importToken('refresh-0')
    const renewal = await vault().renew({
      cause: 'CALL',
      isNeeded: always,
      ask: async () => {
        await fresh.database.rows(sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and state = 'idle in transaction' and pid <> pg_backend_pid()`)
        return { kind: 'renewed', tokens: tokens(1) }
      },
    })
    expect(renewal).toMatchObject({ kind: 'renewed' })
    expect((await vault().read())?.tokens).toMatchObject({ refreshToken: 'refresh-1' })
    expect(await history()).toMatchObject([{ result: 'RENEWED' }])
  })
})
