import { sql } from 'kysely'
import type { MoveTerms } from '../domain/move-terms.ts'
import type { ResetPlan, ResetPlanRow } from '../domain/reset-plan.ts'
import type { PostingState } from '../domain/transitions.ts'
import type { Database } from './database.ts'
import { OF_ORDERS } from './postings.ts'

/** What is known of one row of a move: its newest posting, and what bears its number in both companies. */
export interface MoveFacts {
  rowId: string
  connectionId: string | null
  state: PostingState | null
  quickBooksId: string | null
  verification: string | null
  evidenceAt: string | null
  /** Whether its record is in the mirror of its company. */
  isThere: boolean
  inOld: string[]
  inNew: string[]
}

/** The facts of these rows. What is void bears its number still, and counts for nothing: its total is zero. */
export async function moveFacts(
  database: Database,
  { plan, move, rows }: { plan: ResetPlan; move: MoveTerms; rows: ResetPlanRow[] },
): Promise<Map<string, MoveFacts>> {
  const bearing = (connectionId: string) => sql`
    coalesce((select array_agg(record.quick_books_id order by record.quick_books_id) from mirror_record record
      where record.connection_id = ${connectionId}::uuid and record.deleted_at is null
        and record.number = coalesce(posting.document_number, row.document_number) and record.entity = case posting.kind
          when 'CREDIT_MEMO' then 'CREDIT_MEMO' when 'REFUND' then 'REFUND_RECEIPT' else 'INVOICE' end
        and (record.total <> 0 or coalesce(posting.total, row.total) = 0)), '{}')`
  const facts = await database.rows(sql<MoveFacts>`
    select row.id as "rowId", posting.connection_id as "connectionId", posting.state, posting.quick_books_id as "quickBooksId",
        posting.verification, posting.evidence_at as "evidenceAt",
        exists (select from mirror_record record where record.connection_id = coalesce(posting.connection_id, ${move.fromId}::uuid)
          and record.entity in ('INVOICE', 'CREDIT_MEMO', 'REFUND_RECEIPT') and record.deleted_at is null
          and record.quick_books_id = coalesce(posting.quick_books_id, row.quick_books_id)) as "isThere",
        ${bearing(move.fromId)} as "inOld", ${bearing(plan.connectionId)} as "inNew"
    from reset_plan_row row
    left join lateral (
      select * from posting one where one.source_id = row.source_id and ${OF_ORDERS} order by one.id desc limit 1) posting on true
    where row.id = any(${rows.map(({ id }) => id)}::uuid[])`)
  return new Map(facts.map((one) => [one.rowId, one]))
}

/**
 * Postings of the old company that the plan does not name: of orders, which a second plan takes along; and what else that company
 * still has to post, such as payments of what stayed there.
 */
export async function unplannedPostings(
  database: Database,
  { plan, move }: { plan: ResetPlan; move: MoveTerms },
): Promise<{ strays: number; waiting: number }> {
  const [strays] = await database.rows(sql<{ count: number }>`
    select count(*)::int as count from posting
    where connection_id = ${move.fromId} and ${OF_ORDERS} and state not in ('SKIPPED', 'CANCELLED')
      and not exists (select from posting newer where newer.source_id = posting.source_id and newer.id > posting.id and ${OF_ORDERS})
      and not exists (select from reset_plan_row row where row.plan_id = ${plan.id} and row.source_id = posting.source_id)`)
  const [waiting] = await database.rows(sql<{ count: number }>`
    select count(*)::int as count from posting where connection_id = ${move.fromId} and not (${OF_ORDERS})
      and state in ('PENDING', 'CLAIMED', 'SENT', 'UNKNOWN', 'FAILED', 'MISMATCHED')`)
  return { strays: strays?.count ?? 0, waiting: waiting?.count ?? 0 }
}

/** When the invoices of a company were last read to the end, by a reading that was asked for after the move was applied; null when not yet. */
export async function invoicesReadSince(
  database: Database,
  { plan, connectionId }: { plan: ResetPlan; connectionId: string },
): Promise<Date | null> {
  const [row] = await database.rows(sql<{ at: string | null }>`
    select max(sync.finished_at) as at from bulk_operation sync join bulk_operation move on move.id = ${plan.operationId}::uuid
    where sync.kind = 'SYNC' and sync.state = 'DONE' and sync.created_at >= move.finished_at
      and sync.filter ->> 'connectionId' = ${connectionId} and sync.filter -> 'entities' ? 'INVOICE'`)
  return row?.at ? new Date(row.at) : null
}
