import { sql } from 'kysely'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { type MirrorSelection, sidesPage } from '../../src/storage/mirror-pages.ts'
import type { FreshDatabase } from '../database.ts'
import { connectionRow, insertRows } from '../storage/rows.ts'
import { type Figure, quantile } from './figures.ts'

const TIMES = 21

/** A company of so many customers, half of them linked and a few inactive, beside a tenth as many that wait in vain. */
async function fill({ database }: FreshDatabase, { rows }: { rows: number }): Promise<string> {
  const connection = connectionRow()
  await insertRows(database, 'connection', [connection])
  await database.run(sql`
    insert into mirror_record (id, connection_id, entity, quick_books_id, active, name, raw, seen_at, updated_at)
    select gen_random_uuid(), ${connection.id}::uuid, 'CUSTOMER', n::text, n % 50 <> 0, 'Name ' || n,
      jsonb_build_object('Id', n, 'Notes', repeat('as they come ', 60)), now(), now()
    from generate_series(1, ${rows}::int) as n`)
  await database.run(sql`
    insert into link (id, connection_id, kind, source_id, quick_books_id, name, updated_at)
    select gen_random_uuid(), ${connection.id}::uuid, 'CUSTOMER', gen_random_uuid(), n::text, '', now()
    from generate_series(1, ${Math.floor(rows / 2)}::int) as n`)
  await database.run(sql`
    insert into posting (id, connection_id, kind, source_id, state, document_number, created_at, updated_at, generation, adopted,
      attempts, absences, write_back_attempts, revision)
    select gen_random_uuid(), ${connection.id}::uuid, 'CUSTOMER', gen_random_uuid(), 'FAILED', 'New ' || n, now(), now(), 1, false,
      0, 0, 0, 0
    from generate_series(1, ${Math.floor(rows / 10)}::int) as n`)
  for (const table of ['mirror_record', 'link', 'posting']) await database.run(sql`vacuum analyze ${sql.table(table)}`)
  return connection.id
}

/** A page of the customers of both sides, by each of its filters. */
export async function measureSides(fresh: FreshDatabase, { rows }: { rows: number }): Promise<Figure[]> {
  const connectionId = await fill(fresh, { rows })
  const selections: [string, MirrorSelection][] = [
    ['no filter', {}],
    ['SYNCED', { status: 'SYNCED' }],
    ['PENDING', { status: 'PENDING' }],
    ['FAILED', { status: 'FAILED' }],
    ['NOT_SYNCED', { status: 'NOT_SYNCED' }],
    ['a name', { name: 'name 4711' }],
    ['a connection', { connectionId }],
  ]
  const figures: Figure[] = []
  for (const [name, selection] of selections) {
    const times: number[] = []
    for (let time = 0; time < TIMES; time += 1) {
      const began = performance.now()
      await sidesPage(fresh.database, {
        entity: MirrorEntity.CUSTOMER,
        selection,
        request: { first: 50, after: null },
      })
      times.push(performance.now() - began)
    }
    const measured = quantile(times, 0.5)
    figures.push({ name: `customers of both sides, ${name}`, measured, unit: 'ms median', goal: { atMost: 25 } })
  }
  return figures
}
