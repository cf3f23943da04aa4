import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Author } from '../domain/access.ts'
import type { Adoption } from '../domain/adoption.ts'
import { BulkOperation, BulkOperationKind } from '../domain/bulk-operation.ts'
import type { MoveTerms } from '../domain/move-terms.ts'
import { Posting } from '../domain/posting.ts'
import type { ResetPlan } from '../domain/reset-plan.ts'
import { type Database, recordset } from './database.ts'
import { OF_ORDERS } from './postings.ts'
import { holdOperation } from './reset-apply.ts'

/** The newest posting of each order, where it is one of this connection, page by page. */
export function newestOrderPostings(
  database: Database,
  args: { connectionId: string; after: string | null; limit: number },
): Promise<Posting[]> {
  return database.entities(
    Posting,
    sql`select * from posting
        where connection_id = ${args.connectionId} and ${OF_ORDERS} and (${args.after}::uuid is null or id > ${args.after}::uuid)
          and not exists (select from posting newer where newer.source_id = posting.source_id and newer.id > posting.id and ${OF_ORDERS})
        order by id limit ${args.limit}`,
  )
}

/** What neither company has is to go to the new one. */
export async function nameMovers(database: Database, planId: string): Promise<void> {
  await database.run(sql`
    update reset_plan_row set action = 'MOVE', reason_code = 'MOVE_GOES' where plan_id = ${planId} and action = 'CREATE'`)
}

/**
 * Begins to apply the plan of a move that is READY, and turns orders to the new company in the same transaction: from then on
 * the old one gets no new order, and nothing at all unless it stays open. Null when somebody else began it.
 */
export function beginMove(
  database: Database,
  args: { plan: ResetPlan; move: MoveTerms; author: Author; now: Date },
): Promise<BulkOperation | null> {
  const { plan, move, author, now } = args
  const id = uuidv7({ msecs: now.getTime() })
  return database.transaction(async (transaction) => {
    const begun = await transaction.run(sql`
      update reset_plan set state = 'APPLYING', operation_id = ${id} where id = ${plan.id} and state = 'READY' and hash = ${plan.hash}`)
    if (begun === 0) return null
    await turnOrders(transaction, { plan, move })
    const [operation] = await transaction.entities(
      BulkOperation,
      sql`insert into bulk_operation (id, kind, state, filter, fingerprint, author, author_key_id, connection_ids, summary, total, created_at)
          select ${id}::uuid, ${BulkOperationKind.MOVE}, 'RUNNING', ${JSON.stringify({ planId: plan.id })}::jsonb, ${plan.id}, ${author.name},
              ${author.keyId}::uuid, array[${move.fromId}, ${plan.connectionId}]::uuid[], '{}', count(*), ${now}::timestamptz
          from reset_plan_row where plan_id = ${plan.id} and action in ('ADOPT', 'STAY', 'MOVE')
          returning *`,
    )
    return operation ?? null
  })
}

/** Whoever has the old company's lane loses it: what it has claimed is not sent, and goes back. */
async function turnOrders(
  transaction: Database,
  { plan: { connectionId: toId }, move: { fromId, oldStaysOpen } }: { plan: ResetPlan; move: MoveTerms },
): Promise<void> {
  const [from] = await transaction.rows(sql<{ is_default: boolean }>`
    update connection set is_default = false, read_only = ${!oldStaysOpen}, lane_epoch = lane_epoch + 1
    from (select is_default from connection where id = ${fromId}) before
    where id = ${fromId} returning before.is_default`)
  await transaction.run(sql`
    update connection set read_only = false, is_default = is_default or ${from?.is_default ?? false} where id = ${toId}`)
}

/** A posting that is to go to the new company, and what it adopts there. */
export interface Rebinding {
  postingId: string
  adopts: Adoption | null
}

/**
 * Hands postings that never became a record to another connection. What failed goes again; what was not eligible stays so. They
 * begin a new generation, so that no answer and no bytes of the old company are ever taken for theirs. Payments that wait for
 * them go along. Gives the ids of those that moved.
 */
export async function rebindPostings(
  transaction: Database,
  args: { toId: string; rebindings: Rebinding[]; now: Date },
): Promise<Set<string>> {
  const { toId, now } = args
  const rows = args.rebindings.map(({ postingId, adopts }) => ({ id: postingId, adopts }))
  if (rows.length === 0) return new Set()
  const moved = await transaction.rows(sql<{ id: string }>`
    update posting set connection_id = ${toId}, generation = generation + 1, adopts = nullif(moving.adopts, 'null'),
        state = case when state = 'FAILED' and document is not null then 'PENDING' else state end,
        reason_code = case when state in ('SKIPPED', 'CANCELLED') or document is null then reason_code end,
        reason_detail = case when state in ('SKIPPED', 'CANCELLED') or document is null then reason_detail end,
        sent_at = null, mapping = null, attempts = 0, absences = 0, not_before = null, waiting_for = null, blocked_by_id = null,
        revision = revision + 1, write_back_attempts = 0, write_back_at = ${now}, updated_at = ${now}
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as moving (id uuid, adopts jsonb)
    where posting.id = moving.id and quick_books_id is null and state in ('PENDING', 'FAILED', 'SKIPPED', 'CANCELLED')
    returning posting.id`)
  const ids = moved.map(({ id }) => id)
  await transaction.run(sql`
    update posting set connection_id = ${toId}, revision = revision + 1, updated_at = ${now}
    where kind = 'PAYMENT' and blocked_by_id = any(${ids}::uuid[]) and quick_books_id is null and state in ('PENDING', 'FAILED')`)
  return new Set(ids)
}

/**
 * Begins the next generation, in another connection, of postings that are PROCESSED: what a sandbox has counts for nothing, and
 * what was copied is adopted. Their log rows go along. Gives the new posting of each.
 */
export async function beginElsewhere(
  transaction: Database,
  args: { toId: string; rebindings: Rebinding[]; now: Date },
): Promise<Map<string, string>> {
  const { toId, now } = args
  const rows = args.rebindings.map(({ postingId, adopts }, index) => ({
    id: uuidv7({ msecs: now.getTime(), seq: index }),
    old_id: postingId,
    adopts,
  }))
  if (rows.length === 0) return new Map()
  const begun = await transaction.rows(sql<{ id: string; source_id: string; kind: string }>`
    insert into posting (id, connection_id, kind, source_id, generation, state, order_number, document_number, total, currency,
        document, content_hash, number_suffix, adopts, adopted, attempts, absences, revision, write_back_attempts, write_back_at,
        created_at, updated_at)
    select moving.id, ${toId}::uuid, kind, source_id, generation + 1, 'PENDING', order_number, document_number, total, currency,
        document, content_hash, number_suffix, nullif(moving.adopts, 'null'), false, 0, 0, 0, 0, ${now}::timestamptz,
        ${now}::timestamptz, ${now}::timestamptz
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as moving (id uuid, old_id uuid, adopts jsonb)
    join posting on posting.id = moving.old_id and posting.state = 'PROCESSED'
    where not exists (select from posting newer where newer.source_id = posting.source_id and newer.kind = posting.kind
        and newer.generation > posting.generation)
    on conflict do nothing returning id, source_id, kind`)
  const oldOf = new Map(rows.map((row) => [row.id, row.old_id]))
  const pairs = begun.map(({ id }) => ({ id, old_id: oldOf.get(id) ?? '' }))
  await transaction.run(sql`
    update log_row set posting_id = moved.id
    from jsonb_to_recordset(${recordset(pairs)}::jsonb) as moved (id uuid, old_id uuid) where log_row.posting_id = moved.old_id`)
  return new Map(pairs.map(({ id, old_id }) => [old_id, id]))
}

/** Every row was visited: customers that were still to be made are made in the new company, and the operation and its plan are done. */
export async function finishMove(
  transaction: Database,
  args: { id: string; claimToken: string; plan: ResetPlan; move: MoveTerms; now: Date },
): Promise<void> {
  const { id, plan, move, now } = args
  if (!(await holdOperation(transaction, args))) return
  await transaction.run(sql`
    update posting set connection_id = ${plan.connectionId}, generation = generation + 1, sent_at = null, absences = 0, attempts = 0,
        revision = revision + 1, updated_at = ${now}
    where connection_id = ${move.fromId} and kind = 'CUSTOMER' and quick_books_id is null
      and state in ('PENDING', 'FAILED', 'SKIPPED', 'CANCELLED')`)
  const done = await transaction.run(sql`
    update reset_plan set state = 'DONE' where operation_id = ${id} and not exists (
      select from reset_plan_row where plan_id = reset_plan.id and action in ('ADOPT', 'STAY', 'MOVE') and settled_at is null)`)
  if (done === 0) return
  await transaction.run(sql`
    update bulk_operation set state = 'DONE', finished_at = ${now}, claim_token = null, lease_until = null, error = null,
        summary = array[format('%s as planned, %s left as they are: what they rested on had changed since the plan. moveProof(planId) shows where each order is.', set_going, refused)]
    where id = ${id}`)
}
