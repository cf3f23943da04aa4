import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Author } from '../domain/access.ts'
import type { Adoption } from '../domain/adoption.ts'
import { BulkOperation, BulkOperationKind } from '../domain/bulk-operation.ts'
import type { MoveTerms } from '../domain/move-terms.ts'
import { Posting } from '../domain/posting.ts'
import type { ResetPlan } from '../domain/reset-plan.ts'
import { type Database, recordset } from './database.ts'
import { InvalidRequest } from './pages.ts'
import { OF_ORDERS } from './postings.ts'
import { APPLIED_ACTIONS } from './reset-apply.ts'

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

/** A sale that may be in the old company although no posting of ours became it: entered by hand, or posted by another system. */
export interface AskedInOld {
  id: string
  kind: string
  number: string | null
}

/**
 * What bears the numbers of these sales in the old company, as far as it was read: by the id of each. What is void counts for
 * nothing, and so does a sandbox that production follows.
 */
export async function foundInOld(
  database: Database,
  { fromId, toId, asked }: { fromId: string; toId: string; asked: AskedInOld[] },
): Promise<Map<string, string>> {
  if (asked.length === 0) return new Map()
  const found = await database.rows(sql<{ id: string; quick_books_id: string }>`
    select distinct on (asked.id) asked.id, record.quick_books_id
    from jsonb_to_recordset(${recordset(asked)}::jsonb) as asked (id uuid, kind text, number text)
    join connection old on old.id = ${fromId}::uuid join connection new on new.id = ${toId}::uuid and new.environment = old.environment
    join mirror_record record on record.connection_id = old.id and record.number = asked.number and record.deleted_at is null and record.total <> 0
      and (record.entity = asked.kind or record.entity in ('REFUND_RECEIPT', 'CREDIT_MEMO') and asked.kind = 'REFUND')
      and record.entity in ('INVOICE', 'CREDIT_MEMO', 'REFUND_RECEIPT')
    order by asked.id, record.quick_books_id`)
  return new Map(found.map(({ id, quick_books_id }) => [id, quick_books_id]))
}

/** What neither company has is to go to the new one. */
export async function nameMovers(database: Database, planId: string): Promise<void> {
  await database.run(sql`
    update reset_plan_row set action = 'MOVE', reason_code = 'MOVE_GOES' where plan_id = ${planId} and action = 'CREATE'`)
}

/**
 * Begins to apply the plan of a move that is READY, and turns orders to the new company in the same transaction: from then on
 * the old one gets no new order, and nothing at all until every order is where it belongs. Null when somebody else began it.
 * Throws InvalidRequest while another move or a reset goes on in one of the two companies.
 */
export function beginMove(
  database: Database,
  args: { plan: ResetPlan; move: MoveTerms; author: Author; now: Date },
): Promise<BulkOperation | null> {
  const { plan, move, author, now } = args
  const id = uuidv7({ msecs: now.getTime() })
  const both = [move.fromId, plan.connectionId]
  return database.transaction(async (transaction) => {
    // One after the other: two moves that begin at once must see one another.
    await transaction.rows(sql`select 1 from connection where id = any(${both}::uuid[]) order by id for update`)
    const begun = await transaction.run(sql`
      update reset_plan set state = 'APPLYING', operation_id = ${id} where id = ${plan.id} and state = 'READY' and hash = ${plan.hash}`)
    if (begun === 0) return null
    await refuseBesides(transaction, both)
    await turnOrders(transaction, { plan, move })
    const [operation] = await transaction.entities(
      BulkOperation,
      sql`insert into bulk_operation (id, kind, state, filter, fingerprint, author, author_key_id, connection_ids, summary, total, created_at)
          select ${id}::uuid, ${BulkOperationKind.MOVE}, 'RUNNING', ${JSON.stringify({ planId: plan.id })}::jsonb, ${plan.id}, ${author.name},
              ${author.keyId}::uuid, ${both}::uuid[], '{}', count(*), ${now}::timestamptz
          from reset_plan_row where plan_id = ${plan.id} and ${APPLIED_ACTIONS}
          returning *`,
    )
    return operation ?? null
  })
}

async function refuseBesides(transaction: Database, connectionIds: string[]): Promise<void> {
  const [other] = await transaction.rows(sql<{ id: string; kind: string; state: string }>`
    select id, kind, state from bulk_operation where kind in (${BulkOperationKind.MOVE}, ${BulkOperationKind.RESET})
      and state in ('RUNNING', 'PAUSED') and connection_ids && ${connectionIds}::uuid[] order by id limit 1`)
  if (!other) return
  const goesOn = other.state === 'PAUSED' ? 'is paused: resume it, or cancel it' : 'goes on: let it end'
  throw new InvalidRequest(
    `A ${other.kind.toLowerCase()} in one of the companies ${goesOn}, bulkOperation ${other.id}.`,
  )
}

/**
 * Whoever has the old company's lane loses it: what it has claimed is not sent, and goes back. Even one that stays open is
 * closed until the move is applied, lest it post what is about to go to the new one.
 */
async function turnOrders(
  transaction: Database,
  { plan: { connectionId: toId }, move: { fromId } }: { plan: ResetPlan; move: MoveTerms },
): Promise<void> {
  const [from] = await transaction.rows(sql<{ is_default: boolean }>`
    update connection set is_default = false, read_only = true, lane_epoch = lane_epoch + 1
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
 * What may leave its company: what is no record there, and rests. A sandbox that production follows counts for nothing, so of that all
 * but what the CRM is just being told may leave; an answer that is still awaited finds its claim gone.
 */
const mayLeave = (toId: string) => sql`(
  (posting.quick_books_id is null and posting.state in ('PENDING', 'FAILED', 'SKIPPED', 'CANCELLED'))
  or (posting.state not in ('POSTED', 'PROCESSED') and exists (
    select from connection old join connection new on new.id = ${toId}::uuid
    where old.id = posting.connection_id and old.environment = 'SANDBOX' and new.environment = 'PRODUCTION')))`

/**
 * Hands postings that are no record to another connection. What failed goes again; what was not eligible stays so. They begin a
 * new generation, so that no answer and no bytes of the old company are ever taken for theirs. Gives the ids of those that moved.
 */
export async function rebindPostings(
  transaction: Database,
  args: { toId: string; rebindings: Rebinding[]; now: Date },
): Promise<Set<string>> {
  const { toId, now } = args
  const rows = args.rebindings.map(({ postingId, adopts }) => ({ id: postingId, adopts }))
  if (rows.length === 0) return new Set()
  const rests = sql`((state in ('SKIPPED', 'CANCELLED') and reason_code is distinct from 'STAYS_BEHIND') or document is null)`
  const moved = await transaction.rows(sql<{ id: string }>`
    update posting set connection_id = ${toId}, generation = generation + 1, adopts = nullif(moving.adopts, 'null'),
        state = case when ${rests} then state else 'PENDING' end,
        reason_code = case when ${rests} then reason_code end, reason_detail = case when ${rests} then reason_detail end,
        quick_books_id = null, verification = null, verified_at = null, posted_at = null, adopted = false, warning = null,
        claim_token = null, sent_at = null, mapping = null, attempts = 0, absences = 0, not_before = null, waiting_for = null,
        blocked_by_id = null, revision = revision + 1, write_back_attempts = 0, write_back_at = ${now}, updated_at = ${now}
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as moving (id uuid, adopts jsonb)
    where posting.id = moving.id and ${mayLeave(toId)}
    returning posting.id`)
  return new Set(moved.map(({ id }) => id))
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
