import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Document } from '../domain/document.ts'
import { type PostingKind, Verification, type WaitingFor } from '../domain/kinds.ts'
import type { Money } from '../domain/money.ts'
import { Posting } from '../domain/posting.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'
import { type PostingState, statesBefore } from '../domain/transitions.ts'
import { type Database, recordset } from './database.ts'
import type { Lane } from './lanes.ts'
import { type PostingLink, savingLinks } from './links.ts'
import { TAKEN_BACK_BY } from './taken-back.ts'

/** What intake knows of a record that wants to be posted. */
export interface PostingDraft {
  connectionId: string
  kind: PostingKind
  sourceId: string
  orderNumber: string | null
  documentNumber: string | null
  total: Money | null
  currency: string | null
  document: Document | null
  contentHash: string | null
  /** PENDING, or SKIPPED or FAILED with a reason when it cannot be posted as it is. */
  state: PostingState.PENDING | PostingState.SKIPPED | PostingState.FAILED
  reason: { code: ReasonCode; detail: ReasonDetail } | null
  /** The posting that must be posted first. */
  blockedById?: string
  waitingFor?: WaitingFor
  correctionId?: string
  numberSuffix?: string
  /** The generation that is done and that it follows; without one it is the record's first. */
  after?: number
}

/** The newest generation of each record's posting. */
export function findPostings(database: Database, args: { kind: PostingKind; sourceIds: string[] }): Promise<Posting[]> {
  return database.entities(
    Posting,
    sql`select distinct on (source_id) * from posting
        where kind = ${args.kind} and source_id = any(${args.sourceIds}::uuid[])
        order by source_id, generation desc`,
  )
}

/**
 * The newest posting of each order itself: its invoice, or the credit memo or refund that it is. What a correction makes to
 * take an invoice back is not the order's own.
 */
export function findOrderPostings(database: Database, sourceIds: string[]): Promise<Posting[]> {
  return database.entities(
    Posting,
    sql`select distinct on (source_id) * from posting
        where source_id = any(${sourceIds}::uuid[]) and ${OF_ORDERS} order by source_id, id desc`,
  )
}

/** The postings that orders themselves became. */
export const OF_ORDERS = sql`kind in ('INVOICE', 'CREDIT_MEMO', 'REFUND') and (kind <> 'CREDIT_MEMO' or correction_id is null
  or document #>> '{corrects,sourceId}' is distinct from source_id::text)`

export async function findPostingsById(database: Database, ids: string[]): Promise<Posting[]> {
  return database.entities(Posting, sql`select * from posting where id = any(${ids}::uuid[]) order by id`)
}

/**
 * Creates the postings that do not exist and brings those that wait, or came to rest without a QuickBooks record, up to
 * date. One that is on its way, or done, is left alone. One that was sent before, and goes again with other content,
 * begins a new generation: its last try was refused, or proven absent, or it would not be here. What was never sent and comes
 * back to life belongs to the connection that it comes for now. What comes back while it is still being taken back waits for that. Gives the id of each record's posting.
 */
export async function acceptPostings(
  database: Database,
  args: { drafts: PostingDraft[]; now: Date },
): Promise<Map<string, string>> {
  if (args.drafts.length === 0) return new Map()
  const rows = args.drafts.map((draft, index) => ({
    // Made of the moment of creation, so that lists find a time by its ids.
    id: uuidv7({ msecs: args.now.getTime(), seq: index }),
    connection_id: draft.connectionId,
    kind: draft.kind,
    source_id: draft.sourceId,
    state: draft.state,
    order_number: draft.orderNumber,
    document_number: draft.documentNumber,
    total: draft.total,
    currency: draft.currency,
    document: draft.document,
    content_hash: draft.contentHash,
    reason_code: draft.reason?.code ?? null,
    reason_detail: draft.reason?.detail ?? null,
    blocked_by_id: draft.blockedById ?? null,
    waiting_for: draft.waitingFor ?? null,
    correction_id: draft.correctionId ?? null,
    number_suffix: draft.numberSuffix ?? null,
    follows: draft.after ?? 0,
  }))
  const accepted = await database.rows(sql<{ id: string; source_id: string }>`
    insert into posting (id, connection_id, kind, source_id, generation, state, order_number, document_number, total, currency,
        document, content_hash, reason_code, reason_detail, blocked_by_id, waiting_for, correction_id, number_suffix,
        adopted, attempts, absences, revision, write_back_attempts, write_back_at, created_at, updated_at)
    select id, connection_id, kind, source_id, follows + 1, state, order_number, document_number, total, currency,
        document, content_hash, reason_code, reason_detail, blocked_by_id, waiting_for, correction_id, number_suffix, false, 0, 0, 0, 0,
        case when state <> 'PENDING' then ${args.now}::timestamptz end, ${args.now}, ${args.now}
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as draft (id uuid, connection_id uuid, kind text, source_id uuid, state text,
        order_number text, document_number text, total numeric(18, 2), currency text, document jsonb, content_hash text, reason_code text, reason_detail jsonb,
        blocked_by_id uuid, waiting_for text, correction_id uuid, number_suffix text, follows int)
    where coalesce((select max(generation) from posting done
        where done.source_id = draft.source_id and done.kind = draft.kind and done.state = 'PROCESSED'), 0) = draft.follows
      or exists (select from posting open where open.source_id = draft.source_id and open.kind = draft.kind and open.state <> 'PROCESSED')
    on conflict (source_id, kind) where state <> 'PROCESSED' do update set
        connection_id = case when posting.state in ('SKIPPED', 'CANCELLED') and posting.sent_at is null then excluded.connection_id
          else posting.connection_id end,
        generation = posting.generation + case when excluded.state = 'PENDING' and posting.sent_at is not null
          and posting.content_hash is distinct from excluded.content_hash then 1 else 0 end,
        state = excluded.state, order_number = excluded.order_number, document_number = excluded.document_number,
        total = excluded.total, currency = excluded.currency, document = excluded.document, content_hash = excluded.content_hash,
        reason_code = excluded.reason_code, reason_detail = excluded.reason_detail, attempts = 0, absences = 0, not_before = null,
        waiting_for = coalesce(excluded.waiting_for, case when ${TAKEN_BACK_BY} is not null then 'DOCUMENT' end),
        blocked_by_id = coalesce(excluded.blocked_by_id, ${TAKEN_BACK_BY}),
        correction_id = coalesce(excluded.correction_id, posting.correction_id), number_suffix = coalesce(excluded.number_suffix, posting.number_suffix),
        revision = posting.revision + 1, write_back_attempts = 0, write_back_at = excluded.write_back_at, updated_at = ${args.now}
      where posting.quick_books_id is null and (posting.blocked_by_id is null or posting.state <> 'PENDING')
        and posting.state in ('PENDING', 'FAILED', 'SKIPPED', 'CANCELLED', 'MISMATCHED')
    returning id, source_id`)
  return new Map(accepted.map((row) => [row.source_id, row.id]))
}

/**
 * Claims postings that may go now: new items and customers before the invoices that need them. Rows that another claim holds
 * are passed over, and nothing is claimed that could not be sent: on a connection that is stopped, paused, read-only or in
 * shadow mode, or under a lane that is no longer ours.
 */
export function claimPostings(
  database: Database,
  args: { lane: Lane; limit: number; claimToken: string; now: Date },
): Promise<Posting[]> {
  const { connectionId, epoch, owner } = args.lane
  const mayGo = sql`connection_id = ${connectionId} and exists (select from lane) and state = 'PENDING'
    and blocked_by_id is null and (not_before is null or not_before <= ${args.now})`
  return database.entities(
    Posting,
    sql`with lane as materialized (
          select id from connection where id = ${connectionId} and lane_epoch = ${epoch} and lane_owner = ${owner}
            and state = 'ACTIVE' and not read_only and mode = 'WRITING' for share),
        items as materialized (
          select id from posting where ${mayGo} and kind = 'ITEM' order by id limit ${args.limit} for update skip locked)
        update posting set state = 'CLAIMED', claim_token = ${args.claimToken}, claim_epoch = ${epoch},
            not_before = null, waiting_for = null, reason_code = null, reason_detail = null,
            revision = revision + 1, updated_at = ${args.now}
        where id = any(array(select id from items) || array(
          select id from posting where ${mayGo} and kind <> 'ITEM'
          order by kind, id limit ${args.limit} - (select count(*) from items) for update skip locked))
        returning *`,
  )
}

/** One change of state. Attempts, absences and what was posted stay as they are when left out; the rest is cleared. */
export interface Change {
  id: string
  to: PostingState
  reason?: { code: ReasonCode; detail: ReasonDetail } | null
  waitingFor?: WaitingFor | null
  notBefore?: Date | null
  blockedById?: string | null
  attempts?: number
  absences?: number
  /** `verification` is EQUAL unless a person accepted a difference. */
  posted?: { quickBooksId: string; adopted: boolean; warning?: string; verification?: Verification }
  /** Something that it names is gone from QuickBooks: what its names were linked to is to be forgotten. */
  staleReference?: boolean
}

/** The ids that moved; `awaited`: those that other postings wait for. */
export type Moved = Set<string> & { awaited: Set<string> }

/**
 * Moves postings along the table of transitions, all in one statement for each target state. A posting that is no
 * longer in a state from which the target may be reached, or whose claim is another's, is left alone, and so is its link.
 * Gives the ids that moved, and which of them others wait for.
 */
export async function changePostings(
  database: Database,
  args: {
    changes: Change[]
    claimToken?: string
    /** What is linked with those that move. */
    linked?: { connectionId: string; links: PostingLink[] }
    now: Date
  },
): Promise<Moved> {
  const moved: Moved = Object.assign(new Set<string>(), { awaited: new Set<string>() })
  for (const to of new Set(args.changes.map((change) => change.to))) {
    const changes = args.changes.filter((change) => change.to === to)
    const rows = changes.map(rowOf)
    const ids = new Set(changes.map(({ id }) => id))
    const links = args.linked?.links.filter(({ postingId }) => ids.has(postingId)) ?? []
    const of = sql`draft.posting_id in (select id from changed)`
    const linking =
      args.linked && links.length > 0
        ? sql`, linked as (${savingLinks({ ...args.linked, links, of, now: args.now })})`
        : sql``
    const changed = await database.rows(sql<{ id: string; awaited: boolean }>`
      with changed as (
      update posting set
        state = ${to},
        claim_token = case when ${to} in ('CLAIMED', 'SENT', 'UNKNOWN') then claim_token end,
        reason_code = change.reason_code, reason_detail = change.reason_detail,
        waiting_for = change.waiting_for, not_before = change.not_before, blocked_by_id = change.blocked_by_id,
        attempts = coalesce(change.attempts, posting.attempts), absences = coalesce(change.absences, posting.absences),
        quick_books_id = coalesce(change.quick_books_id, posting.quick_books_id), adopted = coalesce(change.adopted, posting.adopted),
        warning = case when change.quick_books_id is not null then change.warning else posting.warning end,
        verification = coalesce(change.verification, posting.verification),
        verified_at = case when change.quick_books_id is not null then ${args.now} else verified_at end,
        posted_at = case when change.quick_books_id is not null then ${args.now} else posted_at end,
        sent_at = case when ${to} = 'SENT' then ${args.now} else sent_at end,
        write_back_attempts = 0,
        write_back_at = case when ${to} in ('SENT', 'CLAIMED') then write_back_at else ${args.now} end,
        revision = posting.revision + 1, updated_at = ${args.now}
      from jsonb_to_recordset(${recordset(rows)}::jsonb) as change (id uuid, reason_code text, reason_detail jsonb, waiting_for text,
        not_before timestamptz, blocked_by_id uuid, attempts int, absences int, quick_books_id text, adopted boolean, warning text, verification text)
      where posting.id = change.id and posting.state = any(${statesBefore(to)}::text[])
        and (${args.claimToken ?? null}::uuid is null or posting.claim_token = ${args.claimToken ?? null}::uuid)
      returning posting.id)${linking}
      select id, exists (select from posting waiting where waiting.blocked_by_id = changed.id) as awaited from changed`)
    for (const { id, awaited } of changed) {
      moved.add(id)
      if (awaited) moved.awaited.add(id)
    }
  }
  return moved
}

function rowOf(change: Change) {
  return {
    id: change.id,
    reason_code: change.reason?.code ?? null,
    reason_detail: change.reason?.detail ?? null,
    waiting_for: change.waitingFor ?? null,
    not_before: change.notBefore ?? null,
    blocked_by_id: change.blockedById ?? null,
    attempts: change.attempts ?? null,
    absences: change.absences ?? null,
    quick_books_id: change.posted?.quickBooksId ?? null,
    adopted: change.posted?.adopted ?? null,
    warning: change.posted?.warning ?? null,
    verification: change.posted ? (change.posted.verification ?? Verification.EQUAL) : null,
  }
}

/** Says of what could go now for what it waits, once: what waits for something already goes on saying so. */
export async function letWait(
  database: Database,
  args: { connectionId: string; waitingFor: WaitingFor; now: Date },
): Promise<number> {
  return database.run(sql`
    update posting set waiting_for = ${args.waitingFor}, write_back_at = ${args.now}, revision = revision + 1, updated_at = ${args.now}
    where connection_id = ${args.connectionId} and state = 'PENDING' and blocked_by_id is null and waiting_for is null`)
}

/** Gives back what a claim still holds unsent: it waits until the given time, and says for what. */
export async function releaseClaim(
  database: Database,
  args: { claimToken: string; waitingFor: WaitingFor | null; until: Date | null; now: Date },
): Promise<number> {
  return database.run(sql`
    update posting set state = 'PENDING', claim_token = null, waiting_for = ${args.waitingFor}, not_before = ${args.until},
        revision = revision + 1, updated_at = ${args.now}
    where claim_token = ${args.claimToken} and state = 'CLAIMED'`)
}
