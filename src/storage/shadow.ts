import { type RawBuilder, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { contentHash, type SalesDocument } from '../domain/document.ts'
import type { Money } from '../domain/money.ts'
import { ShadowDifference, ShadowPrediction, type ShadowState } from '../domain/shadow.ts'
import { type Database, recordset } from './database.ts'
import { idFrom, type KeysetPage, keysetPage, type PageRequest } from './pages.ts'

export interface PredictionDraft {
  document: SalesDocument
  /** The id that the other system wrote to the order. */
  toldId: string | null
}

/** Saves what orders would become; one whose content changed, or that was told another id, is compared at once. Gives how many are. */
export async function savePredictions(
  database: Database,
  args: { connectionId: string; drafts: PredictionDraft[]; gone: string[]; now: Date },
): Promise<number> {
  const { connectionId, drafts, gone, now } = args
  await removePredictions(database, sql`connection_id = ${connectionId} and source_id = any(${gone}::uuid[])`)
  if (drafts.length === 0) return 0
  const rows = drafts.map(({ document, toldId }) => ({
    id: uuidv7(),
    source_id: document.sourceId,
    kind: document.kind,
    order_number: document.orderNumber,
    document_number: document.number,
    date: document.date,
    total: document.total,
    document,
    content_hash: contentHash(document),
    told_id: toldId,
  }))
  const changed = sql`shadow_prediction.content_hash <> excluded.content_hash or shadow_prediction.told_id is distinct from excluded.told_id`
  const saved = await database.rows(sql<{ due: boolean }>`
    insert into shadow_prediction (id, connection_id, source_id, kind, order_number, document_number, date, total, document, content_hash,
        told_id, state, predicted_at, due_at)
    select id, ${connectionId}::uuid, source_id, kind, order_number, document_number, date, total, document, content_hash, told_id,
        'WAITING', ${now}::timestamptz, ${now}::timestamptz
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as draft (id uuid, source_id uuid, kind text, order_number text,
        document_number text, date text, total numeric(18, 2), document jsonb, content_hash text, told_id text)
    on conflict (connection_id, source_id) do update set kind = excluded.kind, order_number = excluded.order_number,
        document_number = excluded.document_number, date = excluded.date, total = excluded.total, document = excluded.document,
        content_hash = excluded.content_hash, told_id = excluded.told_id, predicted_at = excluded.predicted_at,
        due_at = case when ${changed} then excluded.due_at else shadow_prediction.due_at end,
        state = case when ${changed} then 'WAITING' else shadow_prediction.state end
    returning due_at <= ${now} as due`)
  return saved.filter(({ due }) => due).length
}

/** Forgets the predictions of orders that a whole sweep did not meet any more. */
export function forgetUnmet(database: Database, args: { connectionId: string; before: Date }): Promise<void> {
  return removePredictions(database, sql`connection_id = ${args.connectionId} and predicted_at < ${args.before}`)
}

async function removePredictions(database: Database, condition: RawBuilder<unknown>): Promise<void> {
  await database.run(sql`delete from shadow_prediction where ${condition}`)
}

/** Predictions that are to be compared, those that wait longest first. */
export function duePredictions(
  database: Database,
  args: { connectionId: string; limit: number; now: Date },
): Promise<ShadowPrediction[]> {
  return database.entities(
    ShadowPrediction,
    sql`select * from shadow_prediction where connection_id = ${args.connectionId} and due_at <= ${args.now}
        order by due_at, id limit ${args.limit}`,
  )
}

/** How many predictions are to be compared, of a connection in shadow mode: none of one that writes. */
export async function countDuePredictions(
  database: Database,
  args: { connectionId: string; now: Date },
): Promise<number> {
  const [found] = await database.rows(sql<{ count: number }>`
    select count(*)::int as count from shadow_prediction where connection_id = ${args.connectionId} and due_at <= ${args.now}
      and exists (select from connection where id = ${args.connectionId} and mode = 'SHADOW')`)
  return found?.count ?? 0
}

export interface FoundDifference {
  field: string
  line: number | null
  ours: string | null
  theirs: string | null
  cents: string | null
}

export interface ComparedPrediction {
  prediction: ShadowPrediction
  state: Exclude<ShadowState, ShadowState.WAITING>
  quickBooksId: string | null
  theirTotal: Money | null
  differences: FoundDifference[]
  /** When it is compared again. */
  dueAt: Date
}

/**
 * Saves what was found of predictions: a difference that is seen again is renewed, one that is not is gone. What was predicted
 * anew meanwhile stays as it is, for it is compared again.
 */
export async function saveCompared(
  database: Database,
  { compared, now }: { compared: ComparedPrediction[]; now: Date },
): Promise<void> {
  if (compared.length === 0) return
  const rows = compared.map(({ prediction, state, quickBooksId, theirTotal, dueAt }) => ({
    id: prediction.id,
    content_hash: prediction.contentHash,
    ...{ state, quick_books_id: quickBooksId, their_total: theirTotal, due_at: dueAt },
  }))
  await database.transaction(async (transaction) => {
    const moved = await transaction.rows(sql<{ id: string }>`
      update shadow_prediction set state = draft.state, quick_books_id = draft.quick_books_id, their_total = draft.their_total,
          due_at = draft.due_at, compared_at = ${now}::timestamptz
      from jsonb_to_recordset(${recordset(rows)}::jsonb) as draft (id uuid, content_hash text, state text, quick_books_id text,
          their_total numeric(18, 2), due_at timestamptz)
      where shadow_prediction.id = draft.id and shadow_prediction.content_hash = draft.content_hash
      returning shadow_prediction.id`)
    const ids = new Set(moved.map(({ id }) => id))
    const kept = compared.filter(({ prediction }) => ids.has(prediction.id))
    await saveDifferences(transaction, { kept, now })
    await transaction.run(sql`
      delete from shadow_difference where prediction_id = any(${[...ids]}::uuid[]) and seen_at <> ${now}::timestamptz`)
  })
}

async function saveDifferences(
  transaction: Database,
  { kept, now }: { kept: ComparedPrediction[]; now: Date },
): Promise<void> {
  const rows = kept.flatMap(({ prediction, differences }) =>
    differences.map((difference) => ({
      id: uuidv7(),
      connection_id: prediction.connectionId,
      prediction_id: prediction.id,
      source_id: prediction.sourceId,
      order_number: prediction.orderNumber,
      document_number: prediction.documentNumber,
      date: prediction.date,
      ...difference,
    })),
  )
  if (rows.length === 0) return
  await transaction.run(sql`
    insert into shadow_difference (id, connection_id, prediction_id, source_id, order_number, document_number, date, field, line, ours,
        theirs, cents, found_at, seen_at)
    select id, connection_id, prediction_id, source_id, order_number, document_number, date, field, line, ours, theirs, cents,
        ${now}::timestamptz, ${now}::timestamptz
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as draft (id uuid, connection_id uuid, prediction_id uuid, source_id uuid,
        order_number text, document_number text, date text, field text, line int, ours text, theirs text, cents bigint)
    on conflict (prediction_id, field, coalesce(line, 0)) do update set order_number = excluded.order_number,
        document_number = excluded.document_number, date = excluded.date, ours = excluded.ours, theirs = excluded.theirs,
        cents = excluded.cents, seen_at = excluded.seen_at`)
}

/** What is left out filters nothing. */
export interface ShadowSelection {
  connectionId: string
  orderNumber?: string | null
  field?: string | null
  /** The first day of the documents, YYYY-MM-DD. */
  from?: string | null
  /** The last one. */
  to?: string | null
}

export function shadowDifferencePage(
  database: Database,
  { selection, request }: { selection: ShadowSelection; request: PageRequest },
): Promise<KeysetPage<ShadowDifference>> {
  const { connectionId, orderNumber, field, from, to } = selection
  const conditions: RawBuilder<unknown>[] = [
    sql`connection_id = ${idFrom({ id: connectionId, what: 'connection' })}`,
    ...(orderNumber ? [sql`order_number = ${orderNumber}`] : []),
    ...(field ? [sql`field = ${field}`] : []),
    ...(from ? [sql`date >= ${from}`] : []),
    ...(to ? [sql`date <= ${to}`] : []),
  ]
  return keysetPage(database, {
    entity: ShadowDifference,
    table: sql`shadow_difference`,
    columns: sql`*`,
    conditions,
    request,
  })
}
