import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Author } from '../domain/access.ts'
import { BulkOperation, BulkOperationKind } from '../domain/bulk-operation.ts'
import { type ResetPlan, ResetPlanRow, type ResetResult } from '../domain/reset-plan.ts'
import { type Database, recordset } from './database.ts'

/** What applying a plan does something about. */
export const APPLIED_ACTIONS = sql`action in ('CREATE', 'ADOPT', 'UPDATE', 'STAY', 'MOVE')`

/**
 * Begins to apply a plan that is READY: its state and its bulk operation change together, so that of two who ask at once
 * one is given the operation, and the other null.
 */
export function beginReset(
  database: Database,
  args: { plan: ResetPlan; author: Author; now: Date },
): Promise<BulkOperation | null> {
  const { plan, author, now } = args
  const id = uuidv7({ msecs: now.getTime() })
  return database.transaction(async (transaction) => {
    const begun = await transaction.run(sql`
      update reset_plan set state = 'APPLYING', operation_id = ${id} where id = ${plan.id} and state = 'READY' and hash = ${plan.hash}`)
    if (begun === 0) return null
    const [counted] = await transaction.rows(sql<{ rows: number }>`
      select count(*)::int as rows from reset_plan_row where plan_id = ${plan.id} and ${APPLIED_ACTIONS}`)
    const [operation] = await transaction.entities(
      BulkOperation,
      sql`insert into bulk_operation (id, kind, state, filter, fingerprint, author, author_key_id, connection_ids, summary, total, created_at)
          values (${id}, ${BulkOperationKind.RESET}, 'RUNNING', ${JSON.stringify({ planId: plan.id })}::jsonb, ${plan.id}, ${author.name},
              ${author.keyId}, array[${plan.connectionId}]::uuid[], '{}', ${counted?.rows ?? 0}, ${now})
          returning *`,
    )
    return operation ?? null
  })
}

/** Rows that are still to be applied. */
export function unappliedRows(database: Database, args: { planId: string; limit: number }): Promise<ResetPlanRow[]> {
  return database.entities(
    ResetPlanRow,
    sql`select * from reset_plan_row where plan_id = ${args.planId} and ${APPLIED_ACTIONS} and settled_at is null order by id limit ${args.limit}`,
  )
}

/** The operation, locked, if it still runs and is still ours. */
export async function holdOperation(transaction: Database, args: { id: string; claimToken: string }): Promise<boolean> {
  const held = await transaction.rows(sql`
    select 1 from bulk_operation where id = ${args.id} and state = 'RUNNING' and claim_token = ${args.claimToken} for update`)
  return held.length > 0
}

/** What came of rows; the operation counts them, and follows their postings until they come to rest. */
export async function recordResults(
  transaction: Database,
  args: {
    operationId: string
    results: { id: string; result: `${ResetResult}`; postingId: string | null }[]
    leaseUntil: Date
  },
): Promise<void> {
  const { operationId, results, leaseUntil } = args
  const rows = results.map(({ id, result, postingId }) => ({ id, result, posting_id: postingId }))
  await transaction.run(sql`
    update reset_plan_row set result = visited.result
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as visited (id uuid, result text)
    where reset_plan_row.id = visited.id`)
  await transaction.run(sql`
    insert into bulk_operation_item (operation_id, posting_id, result)
    select ${operationId}::uuid, posting_id, 'SET_GOING'
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as visited (posting_id uuid) where posting_id is not null
    on conflict do nothing`)
  const applied = results.filter(({ result }) => result === 'APPLIED').length
  await transaction.run(sql`
    update bulk_operation set done = done + ${results.length}, set_going = set_going + ${applied},
        refused = refused + ${results.length - applied}, attempts = 0, error = null, lease_until = ${leaseUntil}
    where id = ${operationId}`)
}

/** Nothing is left to do for these rows. */
export async function settleRows(database: Database, args: { ids: string[]; now: Date }): Promise<void> {
  await database.run(sql`update reset_plan_row set settled_at = ${args.now} where id = any(${args.ids}::uuid[])`)
}

/** Every row was visited: the operation and its plan are done, if the operation is still ours and nothing is left. */
export async function finishReset(
  transaction: Database,
  args: { id: string; claimToken: string; now: Date },
): Promise<void> {
  const { id, now } = args
  if (!(await holdOperation(transaction, args))) return
  const done = await transaction.run(sql`
    update reset_plan set state = 'DONE' where operation_id = ${id} and not exists (
      select from reset_plan_row where plan_id = reset_plan.id and ${APPLIED_ACTIONS} and settled_at is null)`)
  if (done === 0) return
  await transaction.run(sql`
    update bulk_operation set state = 'DONE', finished_at = ${now}, claim_token = null, lease_until = null, error = null,
        summary = array[format('%s set going, %s left as they are: what they rested on had changed since the plan.', set_going, refused)]
    where id = ${id}`)
}
