import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { writeAudit } from '../../src/storage/audit.ts'
import type { Database } from '../../src/storage/database.ts'
import { scopedTo } from '../../src/storage/scope.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { foreignWorld, type World } from './foreign-world.ts'

let fresh: FreshDatabase
let world: World
let scoped: Database

beforeAll(async () => {
  fresh = await freshDatabase()
  world = await foreignWorld(fresh.database)
  scoped = scopedTo(fresh.database, { connectionIds: [world.mine.connection] })
})
afterAll(() => fresh.close())

const tables = async () =>
  (
    await fresh.database.rows(sql<{ name: string }>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not like 'mikro_orm%'`)
  ).map(({ name }) => name)

const textOf = async (database: Database, table: string) =>
  JSON.stringify(await database.rows(sql`select to_jsonb(row) as whole from ${sql.ref(table)} as row`))

describe('a database that is scoped to a connection', () => {
  test('shows no foreign row of any table, whoever wrote the question', async () => {
    for (const table of await tables()) {
      const text = await textOf(scoped, table)
      expect({ table, foreign: text.includes(world.marker) }).toEqual({ table, foreign: false })
      for (const id of world.foreignIds)
        expect({ table, id, seen: text.includes(id) }).toEqual({ table, id, seen: false })
    }
  })

  test('shows its own rows, and the test has a foreign row in each table that holds a connection', async () => {
    const own = [world.mine.connection, world.mine.posting, world.mine.exchange, world.mine.bulkOperation]
    const seen = (await Promise.all((await tables()).map((table) => textOf(scoped, table)))).join()
    for (const id of own) expect(seen).toContain(id)
    const holding = await fresh.database.rows(sql<{ name: string }>`
      select distinct table_name as name from information_schema.columns
      where table_schema = 'public' and column_name in ('connection_id', 'connection_ids', 'posting_id')`)
    for (const { name } of holding.filter((one) => world.tables.includes(one.name))) {
      expect({
        name,
        foreign: (await textOf(fresh.database, name)).includes(world.marker) || world.markedById.includes(name),
      }).toEqual({ name, foreign: true })
    }
  })

  test('also within a transaction, a join, a union, and a question that has its own `with`', async () => {
    const questions = [
      sql`select e.id from exchange e join posting p on p.id = e.posting_id`,
      sql`with all_of_them as (select id from exchange) select id from all_of_them`,
      sql`select id from exchange union select id from exchange order by id limit 10`,
      sql`select (select id from exchange order by id limit 1) as id`,
    ]
    for (const question of questions) {
      expect(await scoped.rows(question)).toEqual([{ id: world.mine.exchange }])
      expect(await scoped.transaction((transaction) => transaction.rows(question))).toEqual([
        { id: world.mine.exchange },
      ])
    }
  })

  test.each([
    ['an update', sql`update posting set state = 'CANCELLED'`],
    ['a deletion', sql`delete from alert`],
    ['an insertion', sql`insert into cursor (name, value, updated_at) values ('x', '{}', now())`],
    ['an update that gives rows', sql`update posting set state = 'CANCELLED' returning *`],
    ['a change behind a `with`', sql`with gone as (delete from alert returning id) select id from gone`],
    ['a name with its schema', sql`select * from public.posting`],
  ])('refuses %s', async (_, statement) => {
    await expect(scoped.run(statement)).rejects.toThrow()
    await expect(scoped.rows(statement)).rejects.toThrow()
  })

  test('takes audit entries', async () => {
    const entry = {
      author: 'me',
      action: 'look',
      subject: null,
      result: 'OK',
      now: new Date('2026-03-01T12:00:00Z'),
    } as const
    await writeAudit(scoped, { ...entry, connectionIds: [world.mine.connection] })
    await writeAudit(scoped, entry)
    expect(await scoped.rows(sql`select author from audit_entry where action = 'look'`)).toHaveLength(1)
    expect(await fresh.database.rows(sql`select author from audit_entry where action = 'look'`)).toHaveLength(2)
  })

  test('reads its pages along the indexes: the narrower table costs no copy', async () => {
    const plan = await fresh.database.rows(sql<{ 'QUERY PLAN': string }>`
      explain with posting as not materialized (select * from posting where connection_id in (${world.mine.connection}))
      (select * from posting order by id desc limit 51)`)
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).not.toMatch(/CTE Scan/)
  })
})
