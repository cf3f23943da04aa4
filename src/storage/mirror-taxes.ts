import { sql } from 'kysely'
import type { MirroredTaxRecord } from '../domain/mirror.ts'
import { type Database, recordset } from './database.ts'

/** Far more than any company taxes by. */
const TAXES_MAX = 5_000

/** The active tax codes and rates of a company. */
export function mirroredTaxes(
  database: Database,
  { connectionId }: { connectionId: string },
): Promise<MirroredTaxRecord[]> {
  return database.rows(sql<MirroredTaxRecord>`
    select entity, quick_books_id as "quickBooksId", name, raw::text as raw from mirror_record
    where connection_id = ${connectionId} and entity in ('TAX_CODE', 'TAX_RATE') and deleted_at is null and active
      and name is not null
    order by id limit ${TAXES_MAX}`)
}

/** The records of customers of the CRM, as JSON: by their links, else by their names. One that is not mirrored is absent. */
export async function customersToTax(
  database: Database,
  { connectionId, customers }: { connectionId: string; customers: { sourceId: string; name: string }[] },
): Promise<{ sourceId: string; raw: string }[]> {
  const rows = customers.map(({ sourceId, name }) => ({ source_id: sourceId, name: name.toLowerCase() }))
  const ofThem = sql`connection_id = ${connectionId} and entity = 'CUSTOMER' and deleted_at is null and active`
  return database.rows(sql<{ sourceId: string; raw: string }>`
    select wanted.source_id as "sourceId", found.raw
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as wanted (source_id text, name text)
    left join link on link.connection_id = ${connectionId} and link.kind = 'CUSTOMER' and link.source_id = wanted.source_id
    cross join lateral (
      (select raw::text as raw from mirror_record where ${ofThem} and quick_books_id = link.quick_books_id)
      union all
      (select raw::text from mirror_record where ${ofThem} and link.quick_books_id is null and lower(name) = wanted.name)
      limit 1) as found`)
}
