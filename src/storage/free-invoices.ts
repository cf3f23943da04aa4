import { sql } from 'kysely'
import type { Money } from '../domain/money.ts'
import { type Database, recordset } from './database.ts'

/** An invoice of the mirror that is no posting's, found for one of those who looked. */
export interface FreeInvoice {
  wantedId: string
  id: string
  quickBooksId: string
  number: string | null
  customerId: string | null
  total: Money
  date: string
}

/** What is looked for: any invoice of just this total, or one of this customer whose total is between the two. */
export interface WantedInvoice {
  id: string
  customerId: string | null
  total: Money
  totalMin: Money
  totalMax: Money
  firstDay: string
  lastDay: string
}

/** Whether the mirror has an invoice that is no posting's. */
export async function hasFreeInvoices(
  database: Database,
  { connectionId }: { connectionId: string },
): Promise<boolean> {
  const rows = await database.rows(sql`
    select 1 from mirror_record
    where connection_id = ${connectionId} and entity = 'INVOICE' and deleted_at is null
      and not exists (select from posting where posting.connection_id = mirror_record.connection_id and posting.kind = 'INVOICE'
        and posting.quick_books_id = mirror_record.quick_books_id)
    limit 1`)
  return rows.length > 0
}

/** Invoices that are there, and that no posting of the connection became or is about to adopt: the nearest of each, at most `perWantedMax`. */
export function freeInvoices(
  database: Database,
  args: { connectionId: string; wanted: WantedInvoice[]; perWantedMax: number },
): Promise<FreeInvoice[]> {
  const { connectionId, perWantedMax } = args
  const wanted = args.wanted.map((one) => ({
    id: one.id,
    customer_id: one.customerId,
    total: one.total,
    total_min: one.totalMin,
    total_max: one.totalMax,
    first_day: one.firstDay,
    last_day: one.lastDay,
  }))
  return database.rows(sql<FreeInvoice>`
    with wanted as materialized (
      select * from jsonb_to_recordset(${recordset(wanted)}::jsonb) as one (id uuid, customer_id text, total numeric(18, 2),
        total_min numeric(18, 2), total_max numeric(18, 2), first_day text, last_day text)),
    found as (
      select wanted.id as wanted_id, record.id from wanted join mirror_record record on record.connection_id = ${connectionId}
        and record.entity = 'INVOICE' and record.deleted_at is null and record.total = wanted.total
        and record.date between wanted.first_day and wanted.last_day
      union
      select wanted.id as wanted_id, record.id from wanted join mirror_record record on record.connection_id = ${connectionId}
        and record.entity = 'INVOICE' and record.deleted_at is null and record.party_id = wanted.customer_id
        and record.date between wanted.first_day and wanted.last_day and record.total between wanted.total_min and wanted.total_max),
    ranked as (
      select found.wanted_id, record.id, record.quick_books_id, record.number, record.party_id, record.total, record.date,
        row_number() over (partition by found.wanted_id order by (record.party_id = wanted.customer_id) desc nulls last,
          abs(record.total - wanted.total), record.date, record.quick_books_id) as place
      from found join wanted on wanted.id = found.wanted_id join mirror_record record on record.id = found.id
      where not exists (select from posting where posting.connection_id = ${connectionId} and posting.kind = 'INVOICE'
          and posting.quick_books_id = record.quick_books_id)
        and not exists (select from posting where posting.connection_id = ${connectionId}
          and posting.adopts ->> 'quickBooksId' = record.quick_books_id and posting.adopts is not null
          and posting.state in ('PENDING', 'CLAIMED')))
    select wanted_id as "wantedId", id, quick_books_id as "quickBooksId", number, party_id as "customerId", total::text as total, date
    from ranked where place <= ${perWantedMax} order by wanted_id, place`)
}

/** What QuickBooks said of these records of the mirror: their raw JSON, by their ids in it. */
export async function rawRecords(database: Database, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await database.rows(sql<{ id: string; raw: string }>`
    select id, raw::text as raw from mirror_record where id = any(${ids}::uuid[])`)
  return new Map(rows.map(({ id, raw }) => [id, raw]))
}
