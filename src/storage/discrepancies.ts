import { type RawBuilder, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { Discrepancy, type DiscrepancyKind, type DiscrepancyState } from '../domain/discrepancy.ts'
import type { PostingKind } from '../domain/kinds.ts'
import type { MirroredEntity } from '../domain/mirror.ts'
import type { Money } from '../domain/money.ts'
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

/** A posting that QuickBooks no longer has as it was posted. */
export interface DiscrepancyDraft {
  kind: DiscrepancyKind
  entity: MirroredEntity
  posting: Posting
  theirTotal: Money | null
  differences: string[]
}

/** Records what QuickBooks was seen to have: a confirmation ends an open discrepancy, a contradiction begins or renews one. */
export async function noteEvidence(
  transaction: Database,
  args: { connectionId: string; confirmed: string[]; contradicted: DiscrepancyDraft[]; now: Date },
): Promise<void> {
  const { now } = args
  if (args.confirmed.length > 0) {
    await transaction.run(sql`update posting set evidence_at = ${now} where id = any(${args.confirmed}::uuid[])`)
    await transaction.run(sql`
      update discrepancy set state = 'GONE', resolved_at = ${now}
      where state = 'OPEN' and posting_id = any(${args.confirmed}::uuid[])`)
  }
  if (args.contradicted.length === 0) return
  const rows = args.contradicted.map(({ posting, ...draft }) => ({
    id: uuidv7(),
    posting_id: posting.id,
    kind: draft.kind,
    entity: draft.entity,
    quick_books_id: posting.quickBooksId,
    document_number: posting.documentNumber,
    our_total: posting.total,
    their_total: draft.theirTotal,
    differences: draft.differences,
  }))
  await transaction.run(sql`
    insert into discrepancy (id, connection_id, posting_id, kind, state, entity, quick_books_id, document_number, our_total,
        their_total, differences, found_at, seen_at)
    select id, ${args.connectionId}::uuid, posting_id, kind, 'OPEN', entity, quick_books_id, document_number, our_total, their_total,
        array(select jsonb_array_elements_text(differences)), ${now}::timestamptz, ${now}::timestamptz
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as draft (id uuid, posting_id uuid, kind text, entity text,
        quick_books_id text, document_number text, our_total numeric(18, 2), their_total numeric(18, 2), differences jsonb)
    on conflict (posting_id) where state = 'OPEN' and posting_id is not null do update set kind = excluded.kind,
        their_total = excluded.their_total, differences = excluded.differences, seen_at = excluded.seen_at`)
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
