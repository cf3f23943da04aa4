import { sql } from 'kysely'
import type { Database } from '../../src/storage/database.ts'
import { connectionRow, insertRows } from './rows.ts'

/** Customers whose payments they share in fives of thousands; for each tenth a customer whose posting has failed. */
export async function fillMirror(database: Database, { rows }: { rows: number }): Promise<void> {
  const connection = connectionRow()
  await insertRows(database, 'connection', [connection])
  for (const entity of ['CUSTOMER', 'PAYMENT']) {
    await database.run(sql`
      insert into mirror_record (id, connection_id, entity, quick_books_id, active, name, party_id, date, raw, seen_at, updated_at)
      select gen_random_uuid(), ${connection.id}::uuid, ${entity}, n::text, true, 'Name ' || n, (n % 5000)::text,
        to_char(date '2020-01-01' + n % 2000, 'YYYY-MM-DD'), '{}', now(), now()
      from generate_series(1, ${rows}::int) as n`)
  }
  await database.run(sql`
    insert into posting (id, connection_id, kind, source_id, state, document_number, created_at, updated_at, generation, adopted,
      attempts, absences, write_back_attempts, revision)
    select gen_random_uuid(), ${connection.id}::uuid, 'CUSTOMER', gen_random_uuid(), 'FAILED', 'New ' || n, now(), now(), 1, false, 0,
      0, 0, 0
    from generate_series(1, ${rows / 10}::int) as n`)
}
