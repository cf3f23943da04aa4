import { sql } from 'kysely'
import type { Author } from '../domain/access.ts'
import { Correction } from '../domain/correction.ts'
import { Discrepancy } from '../domain/discrepancy.ts'
import { type Money, money } from '../domain/money.ts'
import type { Database } from './database.ts'

/** An invoice as the mirror has it, with what is applied to it. */
export interface VoidTarget {
  /** The id of our copy of it, by which a void of it is one posting, however often it is asked for. */
  id: string
  number: string | null
  date: string | null
  total: Money
  /** By its balance, or by the payments that we know of: whichever is more. */
  applied: Money
  deleted: boolean
  raw: string
}

/** Null when the mirror never had it. */
export async function voidTarget(
  database: Database,
  { connectionId, quickBooksId }: { connectionId: string; quickBooksId: string },
): Promise<VoidTarget | null> {
  const [row] = await database.rows(sql<VoidTarget>`
    select m.id, m.number, m.date, coalesce(m.total, 0)::text as total, m.deleted_at is not null as deleted, m.raw::text as raw,
        greatest(0, m.total - m.balance, (select sum(amount) from payment_application a
          where a.connection_id = m.connection_id and a.invoice_id = m.quick_books_id))::text as applied
    from mirror_record m
    where m.connection_id = ${connectionId} and m.entity = 'INVOICE' and m.quick_books_id = ${quickBooksId}`)
  return row ? { ...row, total: money(row.total), applied: money(row.applied) } : null
}

/** Writes down that something is to be voided, if it is still open and still what a person looked at; null when it is not. */
export async function beginVoiding(
  transaction: Database,
  args: { seen: Discrepancy; postingId: string; author: Author; note: string },
): Promise<Discrepancy | null> {
  const { seen, postingId, author, note } = args
  const [begun] = await transaction.entities(
    Discrepancy,
    sql`update discrepancy set resolution = 'VOID', resolved_by = ${author.name}, note = ${note}, resolution_posting_id = ${postingId}
        where id = ${seen.id} and state = 'OPEN' and lines = ${JSON.stringify(seen.lines)}::jsonb
          and quick_books_id is not distinct from ${seen.quickBooksId}
        returning *`,
  )
  return begun ?? null
}

/** Of these invoices, the open discrepancies that wait for them to be seen void. */
export function discrepanciesBeingVoided(
  database: Database,
  { connectionId, quickBooksIds }: { connectionId: string; quickBooksIds: string[] },
): Promise<{ id: string; quickBooksId: string }[]> {
  return database.rows(sql<{ id: string; quickBooksId: string }>`
    select id, quick_books_id as "quickBooksId" from discrepancy
    where connection_id = ${connectionId} and state = 'OPEN' and resolution = 'VOID' and quick_books_id = any(${quickBooksIds}::text[])`)
}

export async function endDiscrepancies(
  transaction: Database,
  { ids, now }: { ids: string[]; now: Date },
): Promise<void> {
  if (ids.length === 0) return
  await transaction.run(sql`
    update discrepancy set state = 'RESOLVED', resolved_at = ${now} where id = any(${ids}::uuid[]) and state = 'OPEN'`)
}

/** What is being done about a posted invoice, or waits to be; null when nothing is. */
export async function openCorrectionOf(database: Database, postingId: string): Promise<Correction | null> {
  const [found] = await database.entities(
    Correction,
    sql`select * from correction where posting_id = ${postingId} and state in ('PROPOSED', 'APPLIED')`,
  )
  return found ?? null
}
