import { createHash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Author } from '../domain/access.ts'
import type { SalesDocument } from '../domain/document.ts'
import { type Money, money } from '../domain/money.ts'
import type { MoveTerms } from '../domain/move-terms.ts'
import type { ResetCount } from '../domain/reset-count.ts'
import {
  type ResetAction,
  ResetPlan,
  ResetPlanRow,
  type ResetProgress,
  type ResetSelection,
} from '../domain/reset-plan.ts'
import { type Database, recordset } from './database.ts'
import { type KeysetPage, keysetPage, type PageRequest } from './pages.ts'

const HASH_ROWS = 10_000

export async function createResetPlan(
  database: Database,
  args: { connectionId: string; selection: ResetSelection; author: Author; now: Date; move?: MoveTerms },
): Promise<ResetPlan> {
  const { connectionId, selection, author, now, move } = args
  const [plan] = await database.entities(
    ResetPlan,
    sql`insert into reset_plan (id, connection_id, state, selection, move, progress, author, created_at)
        values (${uuidv7({ msecs: now.getTime() })}, ${connectionId}, 'PLANNING', ${JSON.stringify(selection)}::jsonb,
            ${move ? JSON.stringify(move) : null}::jsonb,
            ${JSON.stringify({ cause: 0, after: null, rows: 0 })}::jsonb, ${author.name}, ${now})
        returning *`,
  )
  if (!plan) throw new Error('The plan was not begun')
  return plan
}

export async function findResetPlan(database: Database, id: string): Promise<ResetPlan | null> {
  const [plan] = await database.entities(ResetPlan, sql`select * from reset_plan where id = ${id}`)
  return plan ?? null
}

/** The plan that an operation applies. */
export async function planOf(database: Database, operationId: string): Promise<ResetPlan | null> {
  const [plan] = await database.entities(ResetPlan, sql`select * from reset_plan where operation_id = ${operationId}`)
  return plan ?? null
}

/** The oldest plan of a connection that is not complete. */
export async function planUnderWay(database: Database, connectionId: string): Promise<ResetPlan | null> {
  const [plan] = await database.entities(
    ResetPlan,
    sql`select * from reset_plan where connection_id = ${connectionId} and state = 'PLANNING' order by id limit 1`,
  )
  return plan ?? null
}

/** A row of a plan to be; `action` null: QuickBooks is still to be asked. */
export type ResetRowDraft = Pick<
  ResetPlanRow,
  | 'cause'
  | 'logRowId'
  | 'createdOn'
  | 'postingId'
  | 'workedOnAt'
  | 'sourceId'
  | 'orderNumber'
  | 'documentNumber'
  | 'total'
  | 'currency'
  | 'action'
  | 'reasonCode'
  | 'reasonDetail'
  | 'quickBooksId'
  | 'world'
  | 'document'
>

/** Adds rows and moves the plan's reading on, together. */
export async function addResetRows(
  transaction: Database,
  args: { plan: ResetPlan; rows: ResetRowDraft[]; progress: ResetProgress; now: Date },
): Promise<void> {
  const { plan, progress, now } = args
  const rows = args.rows.map((row, index) => ({
    id: uuidv7({ msecs: now.getTime(), seq: index }),
    cause: row.cause,
    log_row_id: row.logRowId,
    created_on: row.createdOn,
    worked_on_at: row.workedOnAt,
    posting_id: row.postingId,
    source_id: row.sourceId,
    order_number: row.orderNumber,
    document_number: row.documentNumber,
    total: row.total,
    currency: row.currency,
    action: row.action,
    reason_code: row.reasonCode,
    reason_detail: row.reasonDetail,
    quick_books_id: row.quickBooksId,
    world: row.world,
    document: row.document,
  }))
  await transaction.run(sql`
    insert into reset_plan_row (id, plan_id, connection_id, cause, log_row_id, created_on, worked_on_at, posting_id,
        source_id, order_number, document_number, total, currency, action, reason_code, reason_detail, quick_books_id, world, document)
    select id, ${plan.id}::uuid, ${plan.connectionId}::uuid, cause, log_row_id, created_on, worked_on_at, posting_id,
        source_id, order_number, document_number,
        total, currency, action, reason_code, reason_detail, quick_books_id, world, document
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as draft (id uuid, cause text, log_row_id uuid, created_on text, worked_on_at text[], posting_id uuid, source_id uuid,
        order_number text, document_number text, total numeric(18, 2), currency text, action text, reason_code text,
        reason_detail jsonb, quick_books_id text, world text, document jsonb)`)
  await transaction.run(
    sql`update reset_plan set progress = ${JSON.stringify(progress)}::jsonb where id = ${plan.id} and state = 'PLANNING'`,
  )
}

/** A plan that outgrows what one person can judge is given up, with words that say what to ask for. */
export async function failTooLarge(
  transaction: Database,
  { planId, rowsMax }: { planId: string; rowsMax: number },
): Promise<void> {
  const error = `The filter selects more than ${rowsMax} rows: narrow it, by dates, causes or order numbers.`
  await transaction.run(sql`
    update reset_plan set state = 'FAILED', error = ${error}, progress = null where id = ${planId} and state = 'PLANNING'`)
  await transaction.run(sql`delete from reset_plan_row where plan_id = ${planId}`)
}

/** All was read: of several rows of one order the newest speaks, and the others are left alone. */
export async function finishGathering(transaction: Database, args: { plan: ResetPlan; now: Date }): Promise<void> {
  const { plan, now } = args
  await transaction.run(sql`
    with ranked as (
      select id, row_number() over (partition by source_id order by created_on desc, log_row_id desc) as place
      from reset_plan_row
      where plan_id = ${plan.id} and source_id is not null and (action is null or action in ('CREATE', 'ADOPT', 'UPDATE', 'REFUSE')))
    update reset_plan_row set action = 'SKIP', reason_code = 'ROW_SUPERSEDED', document = null,
        reason_detail = jsonb_build_object('orderNumber', order_number)
    from ranked where ranked.id = reset_plan_row.id and ranked.place > 1`)
  await transaction.run(sql`update reset_plan set gathered_at = ${now}, progress = null where id = ${plan.id}`)
}

/** What QuickBooks is asked about a row: so little, that many may be asked about together. */
export interface UndecidedRow {
  id: string
  kind: SalesDocument['kind']
  documentNumber: string | null
}

/** Rows about which QuickBooks is still to be asked. */
export function undecidedRows(database: Database, args: { planId: string; limit: number }): Promise<UndecidedRow[]> {
  return database.rows(sql<UndecidedRow>`
    select id, coalesce(document ->> 'kind', 'INVOICE') as kind, document_number as "documentNumber"
    from reset_plan_row where plan_id = ${args.planId} and action is null order by id limit ${args.limit}`)
}

/** A row about which QuickBooks was asked, with all that it takes to decide. */
export type AskedRow = Pick<
  ResetPlanRow,
  'id' | 'connectionId' | 'sourceId' | 'orderNumber' | 'documentNumber' | 'quickBooksId' | 'workedOnAt' | 'document'
>

/** There may be a hundred thousand of them, and each is looked at once: they come without what makes entities. */
export function askedRows(database: Database, ids: string[]): Promise<AskedRow[]> {
  return database.rows(sql<AskedRow>`
    select id, connection_id as "connectionId", source_id as "sourceId", order_number as "orderNumber",
      document_number as "documentNumber", quick_books_id as "quickBooksId", worked_on_at as "workedOnAt", document
    from reset_plan_row where id = any(${ids}::uuid[])`)
}

/** `likely`: what may be it without its number, which is decided about when all rows are known. */
export type RowDecision = Pick<ResetPlanRow, 'id' | 'action' | 'reasonCode' | 'reasonDetail' | 'quickBooksId'> &
  Partial<Pick<ResetPlanRow, 'likely'>>

export async function decideRows(database: Database, decisions: RowDecision[]): Promise<void> {
  const rows = decisions.map((one) => ({
    id: one.id,
    action: one.action,
    reason_code: one.reasonCode,
    reason_detail: one.reasonDetail,
    quick_books_id: one.quickBooksId,
    likely: one.likely ?? null,
  }))
  await database.run(sql`
    update reset_plan_row set action = decided.action, reason_code = decided.reason_code, reason_detail = decided.reason_detail,
        quick_books_id = decided.quick_books_id, likely = nullif(decided.likely, 'null'), document = null
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as decided (id uuid, action text, reason_code text, reason_detail jsonb,
        quick_books_id text, likely jsonb)
    where reset_plan_row.id = decided.id and reset_plan_row.action is null`)
}

/** The plan is complete. Its hash is over all that it would do and all that this rests on. */
export async function finishPlan(database: Database, args: { planId: string; now: Date }): Promise<string> {
  const { planId, now } = args
  const hash = createHash('sha256')
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await database.rows(sql<{ id: string; text: string }>`
      select id, concat_ws('|', log_row_id, source_id, action, reason_code, quick_books_id, total, world) as text
      from reset_plan_row where plan_id = ${planId} and id > ${after}::uuid order by id limit ${HASH_ROWS}`)
    for (const { text } of rows) hash.update(`${text}\n`)
    const last = rows.at(-1)
    if (!last) break
    after = last.id
  }
  const digest = hash.digest('hex')
  await database.run(sql`
    update reset_plan set state = 'READY', hash = ${digest}, ready_at = ${now} where id = ${planId} and state = 'PLANNING'`)
  return digest
}

/** By action and currency. */
export async function resetCounts(database: Database, planId: string): Promise<ResetCount[]> {
  const rows = await database.rows(sql<{
    action: ResetAction | null
    currency: string | null
    count: number
    total: Money
  }>`
    select action, currency, count(*)::int as count, coalesce(sum(total), 0)::text as total
    from reset_plan_row where plan_id = ${planId} group by 1, 2 order by 1, 2`)
  return rows.map((row) => ({ ...row, total: money(row.total) }))
}

export function resetPlanPage(
  database: Database,
  { request }: { request: PageRequest },
): Promise<KeysetPage<ResetPlan>> {
  return keysetPage(database, {
    entity: ResetPlan,
    table: sql`reset_plan`,
    columns: sql`*`,
    conditions: [],
    request,
  })
}

export function resetRowPage(
  database: Database,
  args: { planId: string; action: ResetAction | null; request: PageRequest },
): Promise<KeysetPage<ResetPlanRow>> {
  const { planId, action, request } = args
  const conditions: RawBuilder<unknown>[] = [sql`plan_id = ${planId}`, ...(action ? [sql`action = ${action}`] : [])]
  return keysetPage(database, {
    entity: ResetPlanRow,
    table: sql`reset_plan_row`,
    columns: sql`*`,
    conditions,
    request,
  })
}
