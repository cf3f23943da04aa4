import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { openDatabase } from '../../src/storage/database.ts'
import { freshDatabase } from '../database.ts'

test('a pool outlives any number of connections that are lost within transactions, and closes', async () => {
  const fresh = await freshDatabase()
  const pool = await openDatabase({ url: fresh.url, poolMax: 2 })
  for (const _ of [1, 2, 3, 4, 5]) {
    const lost = pool.database.transaction(async (transaction) => {
      const [row] = await transaction.rows(sql<{ pid: number }>`select pg_backend_pid() as pid`)
      await fresh.database.rows(sql`select pg_terminate_backend(${row?.pid ?? 0}::int)`)
      await wait(20)
      await transaction.rows(sql`select 1`)
    })
    await expect(lost).rejects.toThrow()
  }
  expect(await pool.database.rows(sql`select 1 as one`)).toEqual([{ one: 1 }])
  await pool.close()
  await fresh.close()
})

test('a transaction that fails on a sound connection is rolled back as ever', async () => {
  const fresh = await freshDatabase()
  await expect(
    fresh.database.transaction(async (transaction) => {
      await transaction.run(sql`create table left_behind (id int)`)
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(await fresh.database.rows(sql`select to_regclass('left_behind') as found`)).toEqual([{ found: null }])
  await fresh.close()
})
