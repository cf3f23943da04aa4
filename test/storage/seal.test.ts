import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { openDatabase } from '../../src/storage/database.ts'
import { forgetTokens, rotateKey } from '../../src/storage/key-rotation.ts'
import { sealWith, WrongMasterKey } from '../../src/storage/seal.ts'
import { importRefreshToken, tokensOf } from '../../src/storage/tokens.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows } from './rows.ts'

const OLD = 'the old master key of these tests, long enough'
const NEW = 'the new master key of these tests, long enough'
const now = new Date('2026-03-02T10:00:00Z')
const of = 'a secret of these tests'

let fresh: FreshDatabase
const connections = Array.from({ length: 12 }, (_, index) =>
  connectionRow({ name: `${index}`, realm_id: `realm ${index}` }),
)
beforeEach(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', connections)
})
afterEach(() => fresh.close())

const importAll = async (seal: ReturnType<typeof sealWith>) => {
  for (const { id } of connections) {
    await importRefreshToken(fresh.database, { connectionId: id, seal, refreshToken: `refresh of ${id}`, now })
  }
}
/** All are read to their end before the first refusal is told: a database that is closed under a reader never ends. */
const readAll = async (seal: ReturnType<typeof sealWith>, database = fresh.database) => {
  const read = await Promise.allSettled(
    connections.map(
      async ({ id }) =>
        (await tokensOf(database, { connectionId: id, seal, now: () => now }).read())?.tokens.refreshToken,
    ),
  )
  return read.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
}
const everyToken = connections.map(({ id }) => `refresh of ${id}`)
const keys = () =>
  fresh.database.rows(sql<{ retired: boolean }>`select retired_at is not null as retired from sealing_key`)

describe('a seal', () => {
  test('looks different each time, and opens as it was', async () => {
    const seal = sealWith(OLD)
    const [one, two] = [
      await seal.close(fresh.database, { text: 'sämé 🔑', of, now }),
      await seal.close(fresh.database, { text: 'sämé 🔑', of, now }),
    ]
    expect(one).not.toBe(two)
    expect(await seal.open(fresh.database, { text: one ?? '', of })).toBe('sämé 🔑')
  })

  test('opens only as the secret that it was made for', async () => {
    const seal = sealWith(OLD)
    const text = await seal.close(fresh.database, { text: 'secret', of: 'sandbox', now })
    await expect(seal.open(fresh.database, { text, of: 'production' })).rejects.toThrow(/belongs elsewhere/)
  })

  test('wants a master key of 32 characters at least', () => {
    expect(() => sealWith('x'.repeat(31))).toThrow(/32 characters/)
    expect(() => sealWith(OLD, 'short')).toThrow(/32 characters/)
  })

  test('is made once, when several processes start at once on an empty database', async () => {
    await Promise.all(Array.from({ length: 6 }, () => sealWith(OLD).check(fresh.database, { now })))
    expect(await keys()).toEqual([{ retired: false }])
  })
})

describe('a master key that changed', () => {
  test('is told at the start, with what to do, and nothing is changed', async () => {
    await importAll(sealWith(OLD))
    const before = await fresh.database.rows(sql`select * from connection_token order by 1`)
    const other = sealWith(NEW)
    await expect(other.check(fresh.database, { now })).rejects.toThrow(WrongMasterKey)
    await expect(other.check(fresh.database, { now })).rejects.toThrow(
      /^ENCRYPTION_KEY is not the key that the tokens were sealed with .* Set it back to the one before\./,
    )
    await expect(rotateKey(fresh.database, { seal: other, now })).rejects.toThrow(WrongMasterKey)
    await expect(readAll(other)).rejects.toThrow(WrongMasterKey)
    expect(await fresh.database.rows(sql`select * from connection_token order by 1`)).toEqual(before)
    expect(await readAll(sealWith(OLD))).toEqual(everyToken)
  })

  test('with the one before beside it, goes on under the one before until it is rotated', async () => {
    await importAll(sealWith(OLD))
    const both = sealWith(NEW, OLD)
    await both.check(fresh.database, { now })
    const text = await both.close(fresh.database, { text: 'secret', of, now })
    expect(await sealWith(OLD).open(fresh.database, { text, of })).toBe('secret')
  })

  test('and is lost for good: the tokens are forgotten, and another one begins', async () => {
    await importAll(sealWith(OLD))
    expect(await forgetTokens(fresh.database, { now })).toBe(connections.length)
    const other = sealWith(NEW)
    await other.check(fresh.database, { now })
    expect(await readAll(other)).toEqual(connections.map(() => undefined))
  })
})

describe('rotation', () => {
  test('seals everything again under the new key, after which the old one opens nothing', async () => {
    await importAll(sealWith(OLD))
    expect(await rotateKey(fresh.database, { seal: sealWith(NEW, OLD), now })).toBe(connections.length)
    expect(await keys()).toEqual([{ retired: false }])
    expect(await readAll(sealWith(NEW))).toEqual(everyToken)
    await expect(sealWith(OLD).check(fresh.database, { now })).rejects.toThrow(WrongMasterKey)
    expect(await rotateKey(fresh.database, { seal: sealWith(NEW, OLD), now })).toBe(0)
  })

  test('goes on where it stood when it was broken off', async () => {
    await importAll(sealWith(OLD))
    await sealWith(NEW, OLD).begin(fresh.database, { now })
    expect(await keys()).toHaveLength(2)
    expect(await readAll(sealWith(NEW, OLD))).toEqual(everyToken)
    expect(await rotateKey(fresh.database, { seal: sealWith(NEW, OLD), now })).toBe(connections.length)
    expect(await readAll(sealWith(NEW))).toEqual(everyToken)
  })

  test('does not stop the others: while it runs, two processes renew and read on, and no token is left under the old key', async () => {
    await importAll(sealWith(OLD))
    const running = await Promise.all(
      [1, 2].map(async () => ({ pool: await openDatabase({ url: fresh.url, poolMax: 5 }), seal: sealWith(NEW, OLD) })),
    )
    let renewals = 0
    const renewing = running.flatMap(({ pool, seal }) =>
      connections.map(async ({ id }) => {
        const vault = tokensOf(pool.database, { connectionId: id, seal, now: () => now })
        for (let round = 0; round < 5; round += 1) {
          const renewal = await vault.renew({
            cause: 'CALL',
            isNeeded: () => true,
            ask: async (newest) => ({ kind: 'renewed', tokens: newest }),
          })
          expect(renewal.kind).toBe('renewed')
          renewals += 1
          expect((await vault.read())?.tokens.refreshToken).toBe(`refresh of ${id}`)
        }
      }),
    )
    await rotateKey(fresh.database, { seal: sealWith(NEW, OLD), now })
    await Promise.all(renewing)
    await Promise.all(running.map(({ pool }) => pool.close()))
    expect(renewals).toBe(120)
    expect(await readAll(sealWith(NEW))).toEqual(everyToken)
  })
})
