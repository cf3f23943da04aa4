import { describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { openDatabase } from '../../src/storage/database.ts'
import { emptyDatabase } from '../database.ts'

describe('the migrations', () => {
  test('make, on an empty database, exactly the tables that the entities say, and twice is once', async () => {
    const opened = await openDatabase({ url: await emptyDatabase() })
    expect(await opened.isCurrent()).toBe(false)
    const applied = await opened.migrate()
    expect(applied[0]).toMatch(/_house$/)
    expect(await opened.isCurrent()).toBe(true)
    expect(await opened.migrate()).toEqual([])
    await opened.close()
  })

  test('are applied once when several processes start at the same time', async () => {
    const url = await emptyDatabase()
    const all = await Promise.all([1, 2, 3].map(() => openDatabase({ url })))
    const applied = await Promise.all(all.map(({ migrate }) => migrate()))
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1)
    expect(await all[0]?.isCurrent()).toBe(true)
    await Promise.all(all.map(({ close }) => close()))
  })

  test('leave tables of which a difference is noticed', async () => {
    const opened = await openDatabase({ url: await emptyDatabase() })
    await opened.migrate()
    await opened.database.run(sql`alter table posting drop column adopted`)
    expect(await opened.isCurrent()).toBe(false)
    await opened.close()
  })
})
