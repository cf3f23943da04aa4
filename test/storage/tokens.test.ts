import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { openDatabase } from '../../src/storage/database.ts'
import { sealWith } from '../../src/storage/seal.ts'
import { importRefreshToken, type OpenTokens, tokensOf } from '../../src/storage/tokens.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows } from './rows.ts'

const now = new Date('2026-03-02T10:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const seal = sealWith('the master key of these tests: forty chars')

let fresh: FreshDatabase
const connection = connectionRow()

beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection])
})
beforeEach(() => fresh.database.run(sql`delete from connection_token`))
afterAll(() => fresh.close())

const importToken = (refreshToken: string) =>
  importRefreshToken(fresh.database, { connectionId: connection.id, seal, refreshToken, now })
const vault = (database = fresh.database, withSeal = seal) =>
  tokensOf(database, { connectionId: connection.id, seal: withSeal, now: () => now })

const renewed = (number: number): OpenTokens => ({
  accessToken: `access-${number}`,
  refreshToken: `refresh-${number}`,
  accessTokenExpiresAt: later(3_600),
  refreshTokenExpiresAt: later(8_726_400),
})

describe('the tokens of a connection', () => {
  test('are nowhere in the row in clear', async () => {
    await importToken('the-clear-refresh-token')
    await vault().renew(async () => ({
      ...renewed(1),
      accessToken: 'the-clear-access-token',
      refreshToken: 'the-clear-next-token',
    }))
    const rows = await fresh.database.rows(sql`select * from connection_token`)
    const text = JSON.stringify(rows)
    for (const secret of ['the-clear-refresh-token', 'the-clear-access-token', 'the-clear-next-token']) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, 16))
    }
    expect(await vault().read()).toMatchObject({
      accessToken: 'the-clear-access-token',
      refreshToken: 'the-clear-next-token',
    })
  })

  test('sealed twice look different each time', () => {
    expect(seal.close('same')).not.toBe(seal.close('same'))
    expect(seal.open(seal.close('sämé 🔑'))).toBe('sämé 🔑')
  })

  test('opened with another master key say that it is the wrong one', async () => {
    await importToken('a')
    const other = sealWith('another master key, also forty characters')
    await expect(vault(fresh.database, other).read()).rejects.toThrow(/ENCRYPTION_KEY is not the key/)
  })

  test('that were tampered with do not open', () => {
    const bytes = Buffer.from(seal.close('secret'), 'base64')
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    expect(() => seal.open(bytes.toString('base64'))).toThrow(/ENCRYPTION_KEY/)
    expect(() => seal.open('')).toThrow(/ENCRYPTION_KEY/)
  })

  test('want a master key of 32 characters at least', () => {
    expect(() => sealWith('x'.repeat(31))).toThrow(/32 characters/)
  })

  test('that are not there read as none, and cannot be renewed', async () => {
    expect(await vault().read()).toBeNull()
    await expect(vault().renew(async (newest) => newest)).rejects.toThrow(/connect it first/)
  })
})

describe('a refresh token from the configuration', () => {
  test('is handed in once: what grew from it is not thrown away at the next start', async () => {
    await importToken('configured')
    expect(await vault().read()).toMatchObject({ accessToken: '', refreshToken: 'configured' })
    await vault().renew(async () => renewed(1))
    await importToken('configured')
    expect(await vault().read()).toMatchObject({ accessToken: 'access-1', refreshToken: 'refresh-1' })
  })

  test('that is another one replaces what there was', async () => {
    await importToken('configured')
    await vault().renew(async () => renewed(1))
    await importToken('configured anew')
    expect(await vault().read()).toMatchObject({ accessToken: '', refreshToken: 'configured anew' })
  })
})

describe('renewing', () => {
  test('by twenty at once over two pools happens one after the other, each with the newest tokens', async () => {
    await importToken('refresh-0')
    const pools = await Promise.all([1, 2].map(() => openDatabase({ url: fresh.url, poolMax: 5 })))
    let inside = 0
    let inside_max = 0
    const seen: string[] = []
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        vault(pools[index % 2]?.database).renew(async (newest) => {
          inside += 1
          inside_max = Math.max(inside_max, inside)
          seen.push(newest.refreshToken)
          await wait(5)
          inside -= 1
          return renewed(seen.length)
        }),
      ),
    )
    await Promise.all(pools.map(({ close }) => close()))
    expect(inside_max).toBe(1)
    expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => `refresh-${index}`))
    expect(await vault().read()).toMatchObject({ refreshToken: 'refresh-20' })
  })

  test('asks Intuit once when the others find a fresh token inside', async () => {
    await importToken('refresh-0')
    const pools = await Promise.all([1, 2].map(() => openDatabase({ url: fresh.url, poolMax: 5 })))
    let asked = 0
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        vault(pools[index % 2]?.database).renew(async (newest) => {
          if (newest.accessTokenExpiresAt > now) return newest
          asked += 1
          await wait(20)
          return renewed(1)
        }),
      ),
    )
    await Promise.all(pools.map(({ close }) => close()))
    expect(asked).toBe(1)
    expect(new Set(tokens.map(({ accessToken }) => accessToken))).toEqual(new Set(['access-1']))
  })

  test('that fails changes nothing, and lets the next one in', async () => {
    await importToken('refresh-0')
    const refused = vault().renew(async () => {
      throw new Error('invalid_grant')
    })
    await expect(refused).rejects.toThrow('invalid_grant')
    expect(await vault().read()).toMatchObject({ refreshToken: 'refresh-0' })
    expect(await vault().renew(async () => renewed(1))).toMatchObject({ accessToken: 'access-1' })
  })
})
