import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Author } from '../domain/access.ts'
import { BulkOperation, BulkOperationKind } from '../domain/bulk-operation.ts'
import type { DiscrepancyKind } from '../domain/discrepancy.ts'
import { type Money, money } from '../domain/money.ts'
import { Reconciliation, type ReconciliationCount, type ReconciliationProgress } from '../domain/reconciliation.ts'
import type { Database } from './database.ts'
import { InvalidRequest, type KeysetPage, keysetPage, type PageRequest } from './pages.ts'
import { holdOperation } from './reset-apply.ts'

/**
 * Begins to reconcile a period, once its mirror is up to date. The same author's same request, while it runs, is given the
 * one that runs.
 */
export function beginReconciliation(
  database: Database,
  args: { connectionId: string; firstDay: string; lastDay: string; syncOperationId: string; author: Author; now: Date },
): Promise<BulkOperation> {
  const { connectionId, firstDay, lastDay, syncOperationId, author, now } = args
  const [id, operationId] = [uuidv7({ msecs: now.getTime() }), uuidv7({ msecs: now.getTime() })]
  const kind = BulkOperationKind.RECONCILE
  const fingerprint = `${connectionId} ${firstDay} ${lastDay}`
  return database.transaction(async (transaction) => {
    const begun = await transaction.run(sql`
      insert into bulk_operation (id, kind, state, filter, fingerprint, author, author_key_id, connection_ids, summary, created_at)
      values (${operationId}, ${kind}, 'RUNNING', ${JSON.stringify({ connectionId, from: firstDay, to: lastDay })}::jsonb, ${fingerprint},
          ${author.name}, ${author.keyId}, array[${connectionId}]::uuid[], '{}', ${now})
      on conflict (kind, author, fingerprint) where state in ('RUNNING', 'PAUSED') do nothing`)
    if (begun > 0) {
      await transaction.run(sql`
        insert into reconciliation (id, connection_id, first_day, last_day, state, operation_id, sync_operation_id, progress, author, created_at)
        values (${id}, ${connectionId}, ${firstDay}, ${lastDay}, 'RUNNING', ${operationId}, ${syncOperationId},
            ${JSON.stringify({ sweep: 0, after: null })}::jsonb, ${author.name}, ${now})`)
    }
    const [operation] = await transaction.entities(
      BulkOperation,
      sql`select * from bulk_operation where kind = ${kind} and author = ${author.name} and fingerprint = ${fingerprint}
          and state in ('RUNNING', 'PAUSED')`,
    )
    if (!operation) throw new InvalidRequest('The same operation has just ended: ask again.')
    return operation
  })
}

/** The reconciliation that an operation carries out. */
export async function reconciliationOf(database: Database, operationId: string): Promise<Reconciliation | null> {
  const [found] = await database.entities(
    Reconciliation,
    sql`select * from reconciliation where operation_id = ${operationId}`,
  )
  return found ?? null
}

export async function findReconciliation(database: Database, id: string): Promise<Reconciliation | null> {
  const [found] = await database.entities(Reconciliation, sql`select * from reconciliation where id = ${id}`)
  return found ?? null
}

export function reconciliationPage(
  database: Database,
  { request }: { request: PageRequest },
): Promise<KeysetPage<Reconciliation>> {
  return keysetPage(database, {
    entity: Reconciliation,
    table: sql`reconciliation`,
    columns: sql`*`,
    conditions: [],
    request,
  })
}

/** What one page of a sweep adds: all of it in the transaction that moves the reconciliation on. */
export async function recordSweepPage(
  transaction: Database,
  args: {
    reconciliation: Reconciliation
    discrepancyIds: string[]
    matchedIds: string[]
    progress: ReconciliationProgress
    visited: number
    orders: number
    ordersTotal: Money
    leaseUntil: Date
  },
): Promise<void> {
  const { id, connectionId, operationId } = args.reconciliation
  await transaction.run(sql`
    insert into reconciliation_item (reconciliation_id, discrepancy_id, connection_id)
    select ${id}::uuid, found, ${connectionId}::uuid from unnest(${args.discrepancyIds}::uuid[]) as found on conflict do nothing`)
  await transaction.run(sql`
    insert into reconciliation_match (reconciliation_id, quick_books_id)
    select ${id}::uuid, matched from unnest(${args.matchedIds}::text[]) as matched on conflict do nothing`)
  await transaction.run(sql`
    update reconciliation set progress = ${JSON.stringify(args.progress)}::jsonb, orders = orders + ${args.orders},
        orders_total = orders_total + ${args.ordersTotal}::numeric
    where id = ${id}`)
  await transaction.run(sql`
    update bulk_operation set done = done + ${args.visited}, total = greatest(total, done + ${args.visited}), attempts = 0, error = null,
        lease_until = ${args.leaseUntil}
    where id = ${operationId}`)
}

/** Everything was compared: what was not seen again has ended, and the sides are counted. */
export async function finishReconciliation(
  transaction: Database,
  args: { reconciliation: Reconciliation; claimToken: string; now: Date },
): Promise<void> {
  const { reconciliation, claimToken, now } = args
  const { id, connectionId, operationId, firstDay, lastDay } = reconciliation
  if (!(await holdOperation(transaction, { id: operationId, claimToken }))) return
  await transaction.run(sql`
    update discrepancy set state = 'GONE', resolved_at = ${now}
    where connection_id = ${connectionId} and state = 'OPEN' and date between ${firstDay} and ${lastDay} and entity <> 'CUSTOMER'
      and not exists (select from reconciliation_item item where item.reconciliation_id = ${id} and item.discrepancy_id = discrepancy.id)`)
  await transaction.run(sql`delete from reconciliation_match where reconciliation_id = ${id}`)
  await transaction.run(sql`
    update reconciliation set state = 'DONE', finished_at = ${now}, posted = ours.count, posted_total = ours.total,
        invoices = theirs.count, invoices_total = theirs.total
    from (select count(*)::int as count, coalesce(sum(total), 0) as total from posting
          where connection_id = ${connectionId} and kind = 'INVOICE' and quick_books_id is not null
            and document ->> 'date' between ${firstDay} and ${lastDay}
            and not exists (select from posting newer where newer.source_id = posting.source_id and newer.kind = posting.kind
              and newer.generation > posting.generation)) ours,
        (select count(*)::int as count, coalesce(sum(total), 0) as total from mirror_record
          where connection_id = ${connectionId} and entity = 'INVOICE' and deleted_at is null
            and date between ${firstDay} and ${lastDay}) theirs
    where id = ${id}`)
  const counts = await reconciliationCounts(transaction, id)
  const open = counts.reduce((total, one) => total + one.open, 0)
  const lines = [
    open === 0 ? 'The three sides agree.' : `${open} discrepancies are open.`,
    ...counts.map(({ kind, count }) => `${count} × ${kind}`),
  ]
  await transaction.run(sql`
    update bulk_operation set state = 'DONE', finished_at = ${now}, rested_at = ${now}, claim_token = null, lease_until = null,
        error = null, summary = ${lines}::text[]
    where id = ${operationId}`)
}

/** The mirror could not be brought up to date, so that nothing can be compared. */
export async function failReconciliation(
  database: Database,
  args: { reconciliation: Reconciliation; error: string; now: Date },
): Promise<void> {
  const { id, operationId } = args.reconciliation
  await database.transaction(async (transaction) => {
    await transaction.run(sql`
      update reconciliation set state = 'FAILED', error = ${args.error}, finished_at = ${args.now} where id = ${id} and state = 'RUNNING'`)
    await transaction.run(sql`
      update bulk_operation set state = 'CANCELLED', error = ${args.error}, finished_at = ${args.now}, rested_at = ${args.now},
          claim_token = null, lease_until = null
      where id = ${operationId}`)
  })
}

/** What it saw, by kind. */
export async function reconciliationCounts(database: Database, id: string): Promise<ReconciliationCount[]> {
  const rows = await database.rows(sql<{
    kind: DiscrepancyKind
    count: number
    open: number
    ours: string
    theirs: string
  }>`
    select kind, count(*)::int as count, count(*) filter (where state = 'OPEN')::int as open,
        coalesce(sum(our_total), 0)::text as ours, coalesce(sum(their_total), 0)::text as theirs
    from discrepancy where id in (select discrepancy_id from reconciliation_item where reconciliation_id = ${id})
    group by 1 order by 2 desc, 1`)
  return rows.map((row) => ({ ...row, ours: money(row.ours), theirs: money(row.theirs) }))
}

/** Signs a reconciliation off: what it saw stays as it stands now. Null when it is in no state for that. */
export function signOffReconciliation(
  database: Database,
  { id, author, note, now }: { id: string; author: Author; note: string; now: Date },
): Promise<Reconciliation | null> {
  return database.transaction(async (transaction) => {
    const [signed] = await transaction.entities(
      Reconciliation,
      sql`update reconciliation set state = 'SIGNED_OFF', signed_by = ${author.name}, signed_at = ${now}, note = ${note}
          where id = ${id} and state = 'DONE' returning *`,
    )
    if (!signed) return null
    // Amounts as text: JSON knows no decimals.
    await transaction.run(sql`
      update reconciliation_item set signed = to_jsonb(discrepancy)
          || jsonb_build_object('our_total', our_total::text, 'their_total', their_total::text)
      from discrepancy where reconciliation_id = ${id} and discrepancy.id = discrepancy_id`)
    return signed
  })
}

/** A discrepancy as it stood when its reconciliation was signed off: its columns, amounts as text. */
export type SignedRow = Record<string, unknown>

/** Of one kind: how many, the totals of both sides added up, and theirs less ours in whole cents; a side without a total is nothing. */
export interface SignedCount {
  kind: string
  count: number
  open: number
  ours: Money
  theirs: Money
  cents: string
}

/** What a signed-off reconciliation saw by kind, as it stood then. */
export async function signedCounts(database: Database, id: string): Promise<SignedCount[]> {
  const rows = await database.rows(sql<SignedCount>`
    select signed ->> 'kind' as kind, count(*)::int as count, count(*) filter (where signed ->> 'state' = 'OPEN')::int as open,
        coalesce(sum((signed ->> 'our_total')::numeric), 0)::text as ours,
        coalesce(sum((signed ->> 'their_total')::numeric), 0)::text as theirs,
        trunc(100 * sum(coalesce((signed ->> 'their_total')::numeric, 0) - coalesce((signed ->> 'our_total')::numeric, 0)))::text as cents
    from reconciliation_item where reconciliation_id = ${id} and signed is not null
    group by 1 order by 2 desc, 1`)
  return rows.map((row) => ({ ...row, ours: money(row.ours), theirs: money(row.theirs) }))
}

/** The discrepancies of a signed-off reconciliation as they stood then, page by page. */
export function signedRows(
  database: Database,
  { id, after, limit }: { id: string; after: string | null; limit: number },
): Promise<{ id: string; signed: SignedRow }[]> {
  return database.rows(sql<{ id: string; signed: SignedRow }>`
    select discrepancy_id as id, signed from reconciliation_item
    where reconciliation_id = ${id} and signed is not null and (${after}::uuid is null or discrepancy_id > ${after}::uuid)
    order by discrepancy_id limit ${limit}`)
}
