import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { defineConfig, type EntityProperty, MikroORM } from '@mikro-orm/postgresql'
import { type RawBuilder, sql } from 'kysely'
import { ENTITIES } from '../../src/storage/database.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'

/** A value of each type of column that entities have, as PostgreSQL writes it. */
const SAMPLES: Record<string, string> = {
  uuid: '018f3c2e-7d4a-7abc-8def-0123456789ab',
  text: 'Müller & "Sons"',
  timestamptz: '2026-03-08 02:30:00.123+00',
  date: '2026-02-28',
  'numeric(18,2)': '1234567890123456.70',
  numeric: '0.0700',
  int: '-7',
  bigint: '9007199254740993',
  boolean: 'true',
  jsonb: '{"amount": "12.30", "lines": [{"position": 1, "none": null}]}',
  'text[]': '{one,"two, three"}',
  'uuid[]': '{018f3c2e-7d4a-7abc-8def-0123456789ab}',
}

let fresh: FreshDatabase
let orm: MikroORM

beforeAll(async () => {
  fresh = await freshDatabase()
  orm = await MikroORM.init(defineConfig({ entities: ENTITIES, clientUrl: fresh.url }))
})

afterAll(async () => {
  await orm.close(true)
  await fresh.close()
})

describe('an entity as it is read', () => {
  test.each(ENTITIES.map((entity) => [entity.name, entity] as const))(
    '%s is what MikroORM makes of its row, full or empty',
    async (_name, entity) => {
      const kind = entity as new () => object
      for (const isFull of [true, false]) {
        const query = rowOf(orm.getMetadata().get(kind).props, isFull)
        const [row] = await fresh.database.rows(query)
        const [read] = await fresh.database.entities(kind, query)
        const tracked = orm.em.fork().map(kind, row as object)
        expect(read).toBeInstanceOf(kind)
        expect({ ...read }).toEqual({ ...tracked })
      }
    },
  )
})

/** One row of an entity without a table: a value in each column, or null where there may be none. */
function rowOf(props: EntityProperty[], isFull: boolean): RawBuilder<unknown> {
  const columns = props.flatMap(({ fieldNames, columnTypes, nullable, items }) =>
    (fieldNames ?? []).map((field, index) => {
      const type = columnTypes[index]?.replace('bigserial', 'bigint') ?? ''
      const sample = items?.[0]?.toString() ?? SAMPLES[type] ?? SAMPLES[type.replace(/\(.*/, '')]
      if (sample === undefined) throw new Error(`no sample of ${type}`)
      const value = isFull || !nullable ? sample : null
      return sql`${sql.lit(value)}::${sql.raw(type)} as ${sql.ref(field)}`
    }),
  )
  return sql`select ${sql.join(columns)}`
}
