import { sql } from 'kysely'
import { PostingKind } from '../domain/kinds.ts'
import type { Money } from '../domain/money.ts'
import { Posting } from '../domain/posting.ts'
import type { Database } from './database.ts'

/** An invoice of the mirror, with what it takes to read it. */
export interface MirroredInvoice {
  quickBooksId: string
  number: string | null
  date: string | null
  total: Money | null
  deleted: boolean
  raw: string
}

const COLUMNS = sql`quick_books_id as "quickBooksId", number, date, total::text as total, deleted_at is not null as deleted, raw::text as raw`

interface Period {
  connectionId: string
  firstDay: string
  lastDay: string
}

/** The newest generation of each invoice posting that is dated in the period, page by page. */
export function postingsOfPeriod(
  database: Database,
  { connectionId, firstDay, lastDay, after, limit }: Period & { after: string | null; limit: number },
): Promise<Posting[]> {
  return database.entities(
    Posting,
    sql`select * from posting
        where connection_id = ${connectionId} and (${after}::uuid is null or id > ${after}::uuid) and kind = ${PostingKind.INVOICE}
          and document ->> 'date' between ${firstDay} and ${lastDay}
          and not exists (select from posting newer where newer.source_id = posting.source_id and newer.kind = posting.kind
            and newer.generation > posting.generation)
        order by id limit ${limit}`,
  )
}

/** Invoices under their ids, those that are gone among them; and those that are there and bear one of the numbers. */
export async function mirroredInvoices(
  database: Database,
  args: { connectionId: string; ids: string[]; numbers: string[] },
): Promise<{ byId: Map<string, MirroredInvoice>; byNumber: Map<string, MirroredInvoice[]> }> {
  const { connectionId, ids, numbers } = args
  const linked = await database.rows(sql<MirroredInvoice>`
    select ${COLUMNS} from mirror_record
    where connection_id = ${connectionId} and entity = 'INVOICE' and quick_books_id = any(${ids}::text[])`)
  const numbered = await database.rows(sql<MirroredInvoice>`
    select ${COLUMNS} from mirror_record
    where connection_id = ${connectionId} and entity = 'INVOICE' and number = any(${numbers}::text[]) and deleted_at is null
    order by quick_books_id`)
  return {
    byId: new Map(linked.map((one) => [one.quickBooksId, one])),
    byNumber: Map.groupBy(numbered, ({ number }) => number ?? ''),
  }
}

/** Invoices of the period that are there and that no posting of the connection became, page by page of those that it has. */
export function unownedInvoices(
  database: Database,
  args: Period & { reconciliationId: string; after: string | null; limit: number },
): Promise<(MirroredInvoice & { id: string; ownerId: string | null; isOwnedLive: boolean })[]> {
  const { connectionId, firstDay, lastDay, reconciliationId, after, limit } = args
  return database.rows(sql<MirroredInvoice & { id: string; ownerId: string | null; isOwnedLive: boolean }>`
    select mirror_record.id, ${COLUMNS}, owner.id as "ownerId", coalesce(owner.is_linked, false) as "isOwnedLive"
    from mirror_record
    left join lateral (
      select posting.id, exists (select from mirror_record linked where linked.connection_id = posting.connection_id
          and linked.entity = 'INVOICE' and linked.quick_books_id = posting.quick_books_id and linked.deleted_at is null) as is_linked
      from posting where posting.connection_id = mirror_record.connection_id and posting.kind = 'INVOICE'
        and posting.document_number = mirror_record.number and posting.state not in ('SKIPPED', 'CANCELLED')
      order by posting.id desc limit 1) owner on true
    where mirror_record.connection_id = ${connectionId} and entity = 'INVOICE' and deleted_at is null
      and date between ${firstDay} and ${lastDay} and (${after}::uuid is null or mirror_record.id > ${after}::uuid)
      and not exists (select from posting where posting.connection_id = mirror_record.connection_id
        and posting.quick_books_id = mirror_record.quick_books_id and posting.kind = 'INVOICE')
      and not exists (select from reconciliation_match where reconciliation_id = ${reconciliationId}
        and reconciliation_match.quick_books_id = mirror_record.quick_books_id)
    order by mirror_record.id limit ${limit}`)
}

/** Payments of the period of which something pays no invoice, page by page. */
export function unappliedPayments(
  database: Database,
  { connectionId, firstDay, lastDay, after, limit }: Period & { after: string | null; limit: number },
): Promise<
  { id: string; quickBooksId: string; number: string | null; date: string; total: Money; unapplied: Money }[]
> {
  return database.rows(sql<{
    id: string
    quickBooksId: string
    number: string | null
    date: string
    total: Money
    unapplied: Money
  }>`
    select id, quick_books_id as "quickBooksId", number, date, total::text as total, balance::text as unapplied
    from mirror_record
    where connection_id = ${connectionId} and entity = 'PAYMENT' and deleted_at is null and balance > 0
      and date between ${firstDay} and ${lastDay} and (${after}::uuid is null or id > ${after}::uuid)
    order by id limit ${limit}`)
}

/** Of these ids of invoices, those that are known of companies of another environment. */
export async function idsElsewhere(
  database: Database,
  { connectionId, ids }: { connectionId: string; ids: string[] },
): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await database.rows(sql<{ quick_books_id: string }>`
    with elsewhere as (
      select other.id from connection other join connection ours on ours.id = ${connectionId}
      where other.id <> ours.id and other.environment <> ours.environment)
    select quick_books_id from posting where connection_id in (select id from elsewhere) and quick_books_id = any(${ids}::text[])
      and kind = 'INVOICE'
    union
    select quick_books_id from mirror_record where connection_id in (select id from elsewhere) and entity = 'INVOICE'
      and quick_books_id = any(${ids}::text[])`)
  return new Set(rows.map((row) => row.quick_books_id))
}
