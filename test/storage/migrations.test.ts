import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { ExchangePurpose } from '../../src/domain/kinds.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { emptyDatabase } from '../database.ts'
import { connectionRow, exchangeRows, insertRows } from './rows.ts'

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

  test('say of each delivery that was there before what it carried', async () => {
    const opened = await openDatabase({ url: await emptyDatabase() })
    await opened.migrate()
    const { database } = opened
    await database.run(sql`alter table delivery drop column carries, drop column pruned_at`)
    await database.run(sql`drop trigger delivery_never_changes on delivery`)
    await database.run(sql`delete from mikro_orm_migrations where name like '%keep_bodies_for_so_long'`)
    const connection = connectionRow()
    await insertRows(database, 'connection', [connection])
    const rows = Object.values(ExchangePurpose).map((purpose) =>
      exchangeRows({ connection_id: connection.id, posting_id: null, purpose }),
    )
    const before = rows.map(({ delivery: { carries: _, ...delivery } }) => delivery)
    await insertRows(database, 'delivery', before)
    const mixed = { ...rows[1]?.exchange, id: randomUUID(), position: 1, purpose: ExchangePurpose.POST }
    await insertRows(database, 'exchange', [...rows.map(({ exchange }) => exchange), mixed])
    expect(await opened.migrate()).toHaveLength(1)
    expect(await opened.isCurrent()).toBe(true)
    const after = await database.rows(sql<{ id: string; carries: string }>`select id, carries from delivery`)
    const carriedBy = new Map(after.map(({ id, carries }) => [id, carries]))
    // The second one carries a look-up and a write.
    expect(rows.map(({ delivery }) => carriedBy.get(delivery.id as string))).toEqual(['POST', 'POST', 'PULL'])
    await opened.close()
  })
})
