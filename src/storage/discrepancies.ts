import { type RawBuilder, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import {
  Discrepancy,
  type DiscrepancyKind,
  type DiscrepancyResolution,
  type DiscrepancyState,
} from '../domain/discrepancy.ts'
import type { PostingKind } from '../domain/kinds.ts'
import { Posting } from '../domain/posting.ts'
import { type Database, recordset } from './database.ts'
import { idFrom, type KeysetPage, keysetPage, type PageRequest } from './pages.ts'

/** The PROCESSED postings that became these records. */
export function postingsProvenBy(
  database: Database,
  args: { connectionId: string; kind: PostingKind; quickBooksIds: string[] },
): Promise<Posting[]> {
  return database.entities(
    Posting,
    sql`select * from posting where connection_id = ${args.connectionId} and quick_books_id = any(${args.quickBooksIds}::text[])
        and kind = ${args.kind} and state = 'PROCESSED'
        -- A customer is updated by its next generation, which then speaks for the record.
        and not (kind = 'CUSTOMER' and exists (select from posting newer where newer.source_id = posting.source_id and newer.kind = 'CUSTOMER'
          and newer.generation > posting.generation and newer.state not in ('FAILED', 'SKIPPED', 'CANCELLED')))`,
  )
}

/** Of these records, those that we voided, or are about to void: that they are voided is no news. */
export async function voidedByUs(
  database: Database,
  args: { connectionId: string; quickBooksIds: string[] },
): Promise<Set<string>> {
  const rows = await database.rows(sql<{ id: string }>`
    select document -> 'target' ->> 'quickBooksId' as id from posting
    where connection_id = ${args.connectionId} and kind = 'VOID' and state not in ('FAILED', 'CANCELLED', 'SKIPPED')
      and document -> 'target' ->> 'quickBooksId' = any(${args.quickBooksIds}::text[])`)
  return new Set(rows.map(({ id }) => id))
}

/** A difference that was found; its subject and kind say which one it is. */
export type DiscrepancyDraft = Pick<
  Discrepancy,
  | 'subject'
  | 'postingId'
  | 'kind'
  | 'entity'
  | 'sourceId'
  | 'orderNumber'
  | 'quickBooksId'
  | 'documentNumber'
  | 'date'
  | 'ourTotal'
  | 'theirTotal'
  | 'differences'
  | 'lines'
  | 'proposal'
>

/** What was seen of these postings confirms them: nothing of theirs is open any more. */
export async function confirmPostings(
  transaction: Database,
  { postingIds, now }: { postingIds: string[]; now: Date },
): Promise<void> {
  if (postingIds.length === 0) return
  await transaction.run(sql`update posting set evidence_at = ${now} where id = any(${postingIds}::uuid[])`)
}

/**
 * Saves what was found of these subjects: what is open already is renewed, what is no longer found has ended, and what a
 * person decided stays decided as long as it is the same. Gives the ids of all that was found, decided ones among them.
 */
export async function saveDiscrepancies(
  transaction: Database,
  args: { connectionId: string; subjects: string[]; drafts: DiscrepancyDraft[]; now: Date },
): Promise<string[]> {
  const { connectionId, subjects, now } = args
  const drafts = [...new Map(args.drafts.map((one) => [`${one.subject} ${one.kind}`, one])).values()]
  const rows = drafts.map((draft) => ({
    id: uuidv7(),
    subject: draft.subject,
    posting_id: draft.postingId,
    kind: draft.kind,
    entity: draft.entity,
    source_id: draft.sourceId,
    order_number: draft.orderNumber,
    quick_books_id: draft.quickBooksId,
    document_number: draft.documentNumber,
    date: draft.date,
    our_total: draft.ourTotal,
    their_total: draft.theirTotal,
    differences: draft.differences,
    lines: draft.lines,
    proposal: draft.proposal,
  }))
  if (subjects.length > 0) {
    const found = drafts.map(({ subject, kind }) => `${subject} ${kind}`)
    await transaction.run(sql`
      update discrepancy set state = 'GONE', resolved_at = ${now}
      where connection_id = ${connectionId} and state = 'OPEN' and subject = any(${subjects}::text[])
        and subject || ' ' || kind <> all(${found}::text[])`)
  }
  if (rows.length === 0) return []
  const draft = sql`jsonb_to_recordset(${recordset(rows)}::jsonb) as draft (id uuid, subject text, posting_id uuid, kind text,
      entity text, source_id uuid, order_number text, quick_books_id text, document_number text, date text,
      our_total numeric(18, 2), their_total numeric(18, 2), differences jsonb, lines jsonb, proposal text)`
  const isDecided = sql`decided.connection_id = ${connectionId} and decided.subject = draft.subject and decided.kind = draft.kind
      and decided.state = 'RESOLVED' and decided.resolution in ('ACCEPT', 'IGNORE') and decided.lines = draft.lines
      and decided.quick_books_id is not distinct from draft.quick_books_id`
  const decided = await transaction.rows(sql<{ id: string }>`
    update discrepancy decided set seen_at = ${now} from ${draft} where ${isDecided} returning decided.id`)
  const saved = await transaction.rows(sql<{ id: string }>`
    insert into discrepancy (id, connection_id, subject, posting_id, kind, state, entity, source_id, order_number, quick_books_id,
        document_number, date, our_total, their_total, differences, lines, proposal, found_at, seen_at)
    select id, ${connectionId}::uuid, subject, posting_id, kind, 'OPEN', entity, source_id, order_number, quick_books_id,
        document_number, date, our_total, their_total, array(select jsonb_array_elements_text(differences)), lines, proposal,
        ${now}::timestamptz, ${now}::timestamptz
    from ${draft} where not exists (select from discrepancy decided where ${isDecided})
    on conflict (connection_id, subject, kind) where state = 'OPEN' do update set posting_id = excluded.posting_id,
        quick_books_id = excluded.quick_books_id, order_number = excluded.order_number, document_number = excluded.document_number,
        date = excluded.date, our_total = excluded.our_total, their_total = excluded.their_total,
        differences = excluded.differences, lines = excluded.lines, proposal = excluded.proposal, seen_at = excluded.seen_at
    returning id`)
  return [...decided, ...saved].map(({ id }) => id)
}

export async function findDiscrepancy(database: Database, id: string): Promise<Discrepancy | null> {
  const [found] = await database.entities(Discrepancy, sql`select * from discrepancy where id = ${id}`)
  return found ?? null
}

/** All that is open of the subject of one. */
export function openDiscrepanciesOf(
  database: Database,
  { connectionId, subject }: Discrepancy,
): Promise<Discrepancy[]> {
  return database.entities(
    Discrepancy,
    sql`select * from discrepancy where connection_id = ${connectionId} and subject = ${subject} and state = 'OPEN'`,
  )
}

/** Writes down what a person decided, if it is still open and still what he looked at; null when it is not. */
export async function decideDiscrepancy(
  transaction: Database,
  args: { seen: Discrepancy; resolution: DiscrepancyResolution; author: string; note: string; now: Date },
): Promise<Discrepancy | null> {
  const { seen, resolution, author, note, now } = args
  const [decided] = await transaction.entities(
    Discrepancy,
    sql`update discrepancy set state = 'RESOLVED', resolution = ${resolution}, resolved_by = ${author}, note = ${note},
          resolved_at = ${now}, resolution_posting_id = null
        where id = ${seen.id} and state = 'OPEN' and lines = ${JSON.stringify(seen.lines)}::jsonb
          and quick_books_id is not distinct from ${seen.quickBooksId}
        returning *`,
  )
  return decided ?? null
}

/** What is left out filters nothing. */
export interface DiscrepancySelection {
  connectionId?: string | null
  kinds?: DiscrepancyKind[] | null
  states?: DiscrepancyState[] | null
  documentNumber?: string | null
}

export function discrepancyPage(
  database: Database,
  { selection, request }: { selection: DiscrepancySelection; request: PageRequest },
): Promise<KeysetPage<Discrepancy>> {
  const { connectionId, kinds, states, documentNumber } = selection
  const conditions: RawBuilder<unknown>[] = [
    ...(connectionId ? [sql`connection_id = ${idFrom({ id: connectionId, what: 'connection' })}`] : []),
    ...(kinds?.length ? [sql`kind = any(${kinds}::text[])`] : []),
    ...(states?.length ? [sql`state = any(${states}::text[])`] : []),
    ...(documentNumber ? [sql`document_number = ${documentNumber}`] : []),
  ]
  return keysetPage(database, { entity: Discrepancy, table: sql`discrepancy`, columns: sql`*`, conditions, request })
}
