import { type RawBuilder, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { Correction, type CorrectionCause, type CorrectionState } from '../domain/correction.ts'
import type { CorrectableDocument } from '../domain/document.ts'
import type { CorrectionMethod } from '../domain/kinds.ts'
import { Posting } from '../domain/posting.ts'
import { type Database, recordset } from './database.ts'
import { idFrom, type KeysetPage, keysetPage, type PageRequest } from './pages.ts'

/** What was posted and the CRM no longer bears out, and what the CRM says now. */
export interface CorrectionDraft {
  posting: Posting
  before: CorrectableDocument
  cause: CorrectionCause
  after: CorrectableDocument | null
}

export interface Proposal extends CorrectionDraft {
  method: CorrectionMethod
  contentHash: string
  differences: string[]
}

/**
 * Proposes corrections. One that waits for its decision is brought up to date; what was applied, or dismissed with the same
 * content, is not proposed again. Gives those that wait.
 */
export async function saveProposals(
  database: Database,
  args: { proposals: Proposal[]; now: Date },
): Promise<Correction[]> {
  if (args.proposals.length === 0) return []
  const rows = args.proposals.map(({ posting, ...proposal }) => ({
    id: uuidv7(),
    connection_id: posting.connectionId,
    posting_id: posting.id,
    source_id: posting.sourceId,
    order_number: posting.orderNumber,
    document_number: proposal.before.number,
    cause: proposal.cause,
    method: proposal.method,
    before: proposal.before,
    after: proposal.after,
    content_hash: proposal.contentHash,
    differences: proposal.differences,
  }))
  return database.entities(
    Correction,
    sql`
    insert into correction (id, connection_id, posting_id, source_id, order_number, document_number, state, cause, method, before, after,
        content_hash, differences, created_at, updated_at)
    select id, connection_id, posting_id, source_id, order_number, document_number, 'PROPOSED', cause, method, before, after,
        content_hash, array(select jsonb_array_elements_text(differences)), ${args.now}::timestamptz, ${args.now}::timestamptz
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as draft (id uuid, connection_id uuid, posting_id uuid, source_id uuid,
        order_number text, document_number text, cause text, method text, before jsonb, after jsonb, content_hash text, differences jsonb)
    where not exists (select from correction dismissed where dismissed.posting_id = draft.posting_id
        and dismissed.state = 'DISMISSED' and dismissed.content_hash = draft.content_hash and dismissed.cause = draft.cause)
    on conflict (posting_id) where state in ('PROPOSED', 'APPLIED') do update set cause = excluded.cause, after = excluded.after,
        content_hash = excluded.content_hash, differences = excluded.differences, updated_at = excluded.updated_at
      where correction.state = 'PROPOSED'
    returning *`,
  )
}

/** The orders of these postings say again what was posted. */
export async function withdrawProposals(
  database: Database,
  args: { postingIds: string[]; now: Date },
): Promise<number> {
  if (args.postingIds.length === 0) return 0
  return database.run(sql`
    update correction set state = 'GONE', updated_at = ${args.now}
    where state = 'PROPOSED' and posting_id = any(${args.postingIds}::uuid[])`)
}

/** One correction, held until the end of the transaction; null when there is none. */
export async function lockCorrection(transaction: Database, id: string): Promise<Correction | null> {
  const [found] = await transaction.entities(Correction, sql`select * from correction where id = ${id} for update`)
  return found ?? null
}

export async function decideCorrection(
  transaction: Database,
  args: {
    id: string
    state: CorrectionState
    method: CorrectionMethod
    author: string | null
    note: string | null
    now: Date
  },
): Promise<void> {
  await transaction.run(sql`
    update correction set state = ${args.state}, method = ${args.method}, author = ${args.author}, note = ${args.note},
        decided_at = ${args.now}, updated_at = ${args.now}
    where id = ${args.id}`)
}

/** What corrections made, in the order in which it was made. */
export function postingsOfCorrections(database: Database, ids: string[]): Promise<Posting[]> {
  return database.entities(
    Posting,
    sql`select * from posting where correction_id = any(${ids}::uuid[]) order by correction_id, id`,
  )
}

/**
 * The log rows that were told of a posted invoice that its order had changed join what was decided: a posting that speaks for
 * them from now on, or a reason of their own.
 */
export async function joinLogRows(
  transaction: Database,
  args: { sourceId: string; postingId: string; now: Date },
): Promise<number> {
  return transaction.run(sql`
    with joined as (
      update log_row set posting_id = ${args.postingId}, reason_code = null, reason_detail = null, wanted_status = null,
          write_back_at = null, write_back_attempts = 0
      where source_id = ${args.sourceId} and reason_code in ('CHANGED_AFTER_POSTING', 'DELETED_AFTER_POSTING', 'ORDER_NOT_FOUND', 'CORRECTION_DISMISSED')
      returning id)
    update posting set write_back_at = coalesce(write_back_at, ${args.now}::timestamptz)
    where id = ${args.postingId} and exists (select from joined)`)
}

/** The log rows that were told of the change are told that it was dismissed. */
export async function tellDismissed(
  transaction: Database,
  args: { sourceId: string; detail: Record<string, string | null>; now: Date },
): Promise<number> {
  return transaction.run(sql`
    update log_row set reason_code = 'CORRECTION_DISMISSED', reason_detail = ${JSON.stringify(args.detail)}::jsonb,
        wanted_status = 'ERROR', write_back_at = ${args.now}, write_back_attempts = 0
    where source_id = ${args.sourceId} and reason_code in ('CHANGED_AFTER_POSTING', 'DELETED_AFTER_POSTING', 'ORDER_NOT_FOUND')`)
}

/** What is left out filters nothing. */
export interface CorrectionSelection {
  connectionId?: string | null
  states?: CorrectionState[] | null
  orderNumber?: string | null
}

export function correctionPage(
  database: Database,
  { selection, request }: { selection: CorrectionSelection; request: PageRequest },
): Promise<KeysetPage<Correction>> {
  const { connectionId, states, orderNumber } = selection
  const conditions: RawBuilder<unknown>[] = [
    ...(connectionId ? [sql`connection_id = ${idFrom({ id: connectionId, what: 'connection' })}`] : []),
    ...(states?.length ? [sql`state = any(${states}::text[])`] : []),
    ...(orderNumber ? [sql`order_number = ${orderNumber}`] : []),
  ]
  return keysetPage(database, { entity: Correction, table: sql`correction`, columns: sql`*`, conditions, request })
}

export async function findCorrection(database: Database, id: string): Promise<Correction | null> {
  const [found] = await database.entities(Correction, sql`select * from correction where id = ${id}`)
  return found ?? null
}
