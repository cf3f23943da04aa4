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

/**
 * Lets PostgreSQL look at the tables of a reconciliation once. A mirror that was just read is still thought to be empty, and
 * what is judged page by page would be searched through from its beginning each time.
 */
export async function renewStatistics(database: Database): Promise<void> {
  await database.run(sql`analyze posting, mirror_record`)
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
  const byId = new Map(linked.map((one) => [one.quickBooksId, one]))
  // Nearly all bear the number of the posting that they became: what was just read under its id is not read again.
  const named = await database.rows(sql<{ quickBooksId: string }>`
    select quick_books_id as "quickBooksId" from mirror_record
    where connection_id = ${connectionId} and entity = 'INVOICE' and number = any(${numbers}::text[]) and deleted_at is null
    order by quick_books_id`)
  const unread = named.flatMap(({ quickBooksId }) => (byId.has(quickBooksId) ? [] : [quickBooksId]))
  const others =
    unread.length === 0
      ? []
      : await database.rows(sql<MirroredInvoice>`
          select ${COLUMNS} from mirror_record
          where connection_id = ${connectionId} and entity = 'INVOICE' and quick_books_id = any(${unread}::text[])`)
  const otherOf = new Map(others.map((one) => [one.quickBooksId, one]))
  const numbered = named.flatMap(({ quickBooksId }) => byId.get(quickBooksId) ?? otherOf.get(quickBooksId) ?? [])
  return { byId, byNumber: Map.groupBy(numbered, ({ number }) => number ?? '') }
}

/** The posting that has a number, and whether an invoice of its own is there. */
export interface NumberOwner {
  isLinked: boolean
}

/**
 * Invoices of the period that are there and that no posting of the connection became, page by page of all. `limit` is how
 * many invoices are looked at, `unownedMax` how many of them are given; `next` is the id to go on after, null at the end.
 */
export async function unownedInvoices(
  database: Database,
  args: Period & { reconciliationId: string; after: string | null; limit: number; unownedMax: number },
): Promise<{ invoices: (MirroredInvoice & { owner: NumberOwner | null })[]; next: string | null }> {
  const { connectionId, firstDay, lastDay, reconciliationId, after, limit, unownedMax } = args
  const page = await database.rows(sql<{ id: string; quickBooksId: string }>`
    select id, quick_books_id as "quickBooksId" from mirror_record
    where connection_id = ${connectionId} and entity = 'INVOICE' and deleted_at is null
      and date between ${firstDay} and ${lastDay} and (${after}::uuid is null or id > ${after}::uuid)
    order by id limit ${limit}`)
  const ids = page.map(({ quickBooksId }) => quickBooksId)
  const owned = await database.rows(sql<{ id: string }>`
    select quick_books_id as id from posting
    where connection_id = ${connectionId} and quick_books_id = any(${ids}::text[]) and kind = 'INVOICE'
    union select quick_books_id from reconciliation_match
    where reconciliation_id = ${reconciliationId} and quick_books_id = any(${ids}::text[])`)
  const known = new Set(owned.map(({ id }) => id))
  const unowned = page.filter(({ quickBooksId }) => !known.has(quickBooksId))
  const given = unowned.slice(0, unownedMax)
  const last = unowned.length > unownedMax ? given.at(-1) : page.length < limit ? undefined : page.at(-1)
  const { byId } = await mirroredInvoices(database, {
    ...{ connectionId, numbers: [] },
    ids: given.map(({ quickBooksId }) => quickBooksId),
  })
  const invoices = given.flatMap(({ quickBooksId }) => byId.get(quickBooksId) ?? [])
  const owners = await ownersOf(database, { connectionId, numbers: invoices.flatMap(({ number }) => number ?? []) })
  return {
    invoices: invoices.map((invoice) => ({ ...invoice, owner: owners.get(invoice.number ?? '') ?? null })),
    next: last?.id ?? null,
  }
}

/** The newest posting of each number that was not left alone. */
async function ownersOf(
  database: Database,
  { connectionId, numbers }: { connectionId: string; numbers: string[] },
): Promise<Map<string, NumberOwner>> {
  const rows = await database.rows(sql<NumberOwner & { number: string }>`
    select distinct on (document_number) document_number as number,
        exists (select from mirror_record linked where linked.connection_id = posting.connection_id
          and linked.entity = 'INVOICE' and linked.quick_books_id = posting.quick_books_id and linked.deleted_at is null) as "isLinked"
    from posting where connection_id = ${connectionId} and kind = 'INVOICE' and document_number = any(${numbers}::text[])
      and state not in ('SKIPPED', 'CANCELLED')
    order by document_number, id desc`)
  return new Map(rows.map(({ number, ...owner }) => [number, owner]))
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
