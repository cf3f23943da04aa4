import { sql } from 'kysely'
import type { MoveTerms } from '../domain/move-terms.ts'
import type { ResetPlan } from '../domain/reset-plan.ts'
import type { Database } from './database.ts'
import { beginElsewhere } from './moves.ts'
import { APPLIED_ACTIONS, holdOperation } from './reset-apply.ts'

interface Ending {
  id: string
  claimToken: string
  plan: ResetPlan
  move: MoveTerms
  now: Date
}

/**
 * Every order was visited: money and customers follow, the old company is opened again where it is to stay open, and the
 * operation and its plan are done. False when the operation is no longer ours, or something is left.
 */
export async function finishMove(transaction: Database, args: Ending): Promise<boolean> {
  const { id, plan, move, now } = args
  if (!(await holdOperation(transaction, args))) return false
  const left = await transaction.rows(sql`
    select 1 from reset_plan_row where plan_id = ${plan.id} and ${APPLIED_ACTIONS} and settled_at is null limit 1`)
  if (left.length > 0) return false
  const customers = await moveCustomers(transaction, args)
  const payments = (await movePayments(transaction, args)) + (await repeatPayments(transaction, args))
  await transaction.run(sql`update connection set read_only = ${!move.oldStaysOpen} where id = ${move.fromId}`)
  await transaction.run(sql`update reset_plan set state = 'DONE' where id = ${plan.id}`)
  const along = `${payments} payments and ${customers} customers went along.`
  await transaction.run(sql`
    update bulk_operation set state = 'DONE', finished_at = ${now}, claim_token = null, lease_until = null, error = null,
        summary = array[format('%s as planned, %s left as they are: what they rested on had changed since the plan. moveProof(planId) shows where each order is.', set_going, refused), ${along}]
    where id = ${id}`)
  return true
}

/** Customers that were still to be made are made in the new company. */
function moveCustomers(transaction: Database, { plan, move, now }: Ending): Promise<number> {
  return transaction.run(sql`
    update posting set connection_id = ${plan.connectionId}, generation = generation + 1, sent_at = null, absences = 0, attempts = 0,
        revision = revision + 1, updated_at = ${now}
    where connection_id = ${move.fromId} and kind = 'CUSTOMER' and quick_books_id is null
      and state in ('PENDING', 'FAILED', 'SKIPPED', 'CANCELLED')`)
}

/** Whether all invoices that a payment pays are the new company's by now. */
const isPaidThere = (toId: string) => sql`(
  select bool_and((select invoice.connection_id from posting invoice where invoice.kind = 'INVOICE'
      and invoice.source_id = (paid #>> '{invoice,sourceId}')::uuid order by invoice.generation desc limit 1)
    is not distinct from ${toId}::uuid)
  from jsonb_array_elements(posting.document -> 'applications') paid)`

/** Money that is not posted yet goes where its invoice went. */
function movePayments(transaction: Database, { plan, move, now }: Ending): Promise<number> {
  return transaction.run(sql`
    update posting set connection_id = ${plan.connectionId}, generation = generation + 1,
        state = case when state = 'FAILED' then 'PENDING' else state end,
        reason_code = case when state <> 'FAILED' then reason_code end, reason_detail = case when state <> 'FAILED' then reason_detail end,
        sent_at = null, absences = 0, attempts = 0, not_before = null, waiting_for = null, blocked_by_id = null,
        revision = revision + 1, updated_at = ${now}
    where connection_id = ${move.fromId} and kind = 'PAYMENT' and correction_id is null and quick_books_id is null
      and state in ('PENDING', 'FAILED', 'SKIPPED', 'CANCELLED') and ${isPaidThere(plan.connectionId)}`)
}

/** What a sandbox has counts for nothing: money that was posted there is posted again where its invoice is now. */
async function repeatPayments(transaction: Database, { plan, move, now }: Ending): Promise<number> {
  const posted = await transaction.rows(sql<{ id: string }>`
    select posting.id from posting join connection old on old.id = posting.connection_id and old.environment = 'SANDBOX'
      join connection new on new.id = ${plan.connectionId}::uuid and new.environment = 'PRODUCTION'
    where posting.connection_id = ${move.fromId} and posting.kind = 'PAYMENT' and posting.state = 'PROCESSED'
      and posting.correction_id is null and posting.document #> '{applications,0,credit}' is null and ${isPaidThere(plan.connectionId)}`)
  const rebindings = posted.map(({ id }) => ({ postingId: id, adopts: null }))
  return (await beginElsewhere(transaction, { toId: plan.connectionId, rebindings, now })).size
}
