import { sql } from 'kysely'
import type { Adoption } from '../domain/adoption.ts'
import { ResetPlanRow } from '../domain/reset-plan.ts'
import { type Database, recordset } from './database.ts'

/** The plan waits for this reading of the mirror before it looks for documents without our number. */
export async function awaitMirror(
  database: Database,
  { planId, operationId }: { planId: string; operationId: string },
): Promise<void> {
  await database.run(sql`update reset_plan set sync_operation_id = ${operationId} where id = ${planId}`)
}

/** The plan cannot be made. */
export async function failPlan(database: Database, args: { planId: string; error: string }): Promise<void> {
  await database.run(sql`
    update reset_plan set state = 'FAILED', error = ${args.error} where id = ${args.planId} and state = 'PLANNING'`)
}

/** An order of a plan and an invoice that it may have become; of an equal one nothing but the number differs, and nobody else names it. */
export interface LikelyPair {
  rowId: string
  quickBooksId: string
  score: number
  scoreMax: number
  isEqual: boolean
}

/** All that may be adopted by orders of a plan, in as few words as it takes to decide. */
export function likelyPairs(database: Database, planId: string): Promise<LikelyPair[]> {
  return database.rows(sql<LikelyPair>`
    select row.id as "rowId", one ->> 'quickBooksId' as "quickBooksId", (one ->> 'score')::int as score,
        (one ->> 'scoreMax')::int as "scoreMax",
        jsonb_array_length(one -> 'differences') = 0 and one ->> 'namedByOrder' is null as "isEqual"
    from reset_plan_row row cross join lateral jsonb_array_elements(row.likely) one
    where row.plan_id = ${planId} and row.likely is not null and row.action = 'CREATE' order by row.id`)
}

export function planRowsById(database: Database, ids: string[]): Promise<ResetPlanRow[]> {
  return database.entities(ResetPlanRow, sql`select * from reset_plan_row where id = any(${ids}::uuid[])`)
}

/** Which of these numbers orders of a plan bear: what QuickBooks has under one is that order's. */
export async function numbersOfPlan(
  database: Database,
  { planId, numbers }: { planId: string; numbers: string[] },
): Promise<Set<string>> {
  const rows = await database.rows(sql<{ number: string }>`
    select distinct document_number as number from reset_plan_row
    where plan_id = ${planId} and document_number = any(${numbers}::text[])`)
  return new Set(rows.map(({ number }) => number))
}

export type LikelyDecision = Pick<ResetPlanRow, 'id' | 'action' | 'reasonCode' | 'reasonDetail' | 'quickBooksId'>

/** Rows that were to be posted are adopted, or refused, instead. */
export async function decideLikely(database: Database, decisions: LikelyDecision[]): Promise<void> {
  const rows = decisions.map((one) => ({
    id: one.id,
    action: one.action,
    reason_code: one.reasonCode,
    reason_detail: one.reasonDetail,
    quick_books_id: one.quickBooksId,
  }))
  await database.run(sql`
    update reset_plan_row set action = decided.action, reason_code = decided.reason_code, reason_detail = decided.reason_detail,
        quick_books_id = decided.quick_books_id
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as decided (id uuid, action text, reason_code text, reason_detail jsonb,
        quick_books_id text)
    where reset_plan_row.id = decided.id and reset_plan_row.action = 'CREATE'`)
}

/** Of orders and the invoices that they are to adopt: the orders whose invoice is another posting's by now. */
export async function adoptedElsewhere(
  database: Database,
  args: { connectionId: string; wanted: { sourceId: string; quickBooksId: string }[] },
): Promise<Set<string>> {
  const rows = args.wanted.map(({ sourceId, quickBooksId }) => ({ source_id: sourceId, quick_books_id: quickBooksId }))
  if (rows.length === 0) return new Set()
  const taken = await database.rows(sql<{ source_id: string }>`
    select distinct wanted.source_id from jsonb_to_recordset(${recordset(rows)}::jsonb) as wanted (source_id uuid, quick_books_id text)
    join posting other on other.connection_id = ${args.connectionId} and other.kind = 'INVOICE' and other.source_id <> wanted.source_id
      and (other.quick_books_id = wanted.quick_books_id
        or other.adopts is not null and other.adopts ->> 'quickBooksId' = wanted.quick_books_id)`)
  return new Set(taken.map(({ source_id }) => source_id))
}

/** Says of postings that wait what they are to adopt; null for those that are to be posted. */
export async function nameAdoptions(
  transaction: Database,
  args: { adoptions: { postingId: string; adopts: Adoption | null }[]; now: Date },
): Promise<void> {
  const rows = args.adoptions.map(({ postingId, adopts }) => ({ id: postingId, adopts }))
  await transaction.run(sql`
    update posting set adopts = nullif(wanted.adopts, 'null'), revision = revision + 1, updated_at = ${args.now}
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as wanted (id uuid, adopts jsonb)
    where posting.id = wanted.id and posting.quick_books_id is null
      and posting.adopts is distinct from nullif(wanted.adopts, 'null')`)
}

/** A person adopted an invoice for a row that the plan refused. */
export async function noteAdopted(transaction: Database, args: { rowId: string; now: Date }): Promise<void> {
  await transaction.run(
    sql`update reset_plan_row set result = 'APPLIED', settled_at = ${args.now} where id = ${args.rowId}`,
  )
}
