import type { Connection } from '../domain/connection.ts'
import { PostingKind, WaitingFor } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import type { Posting } from '../domain/posting.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'
import { PostingState } from '../domain/transitions.ts'
import type { Ledger, LedgerRecord, Outcome } from '../ledgers/ledger.ts'
import type { Database } from '../storage/database.ts'
import { forgetLinks, type PostingLink } from '../storage/links.ts'
import { type Change, changePostings, resolveDependents } from '../storage/postings.ts'
import { compare } from './compare.ts'
import { assertNever, later, type Road, type RoadLimits } from './road.ts'
import type { MappedPosting } from './step.ts'

/** A posting with what QuickBooks' answer about it means. */
export interface AnsweredPosting extends MappedPosting {
  outcome: Outcome
}

/** A posting whose number or name QuickBooks says is taken, and how it said so. */
export interface TakenPosting extends MappedPosting {
  reason: ReasonCode
  detail: ReasonDetail
}

/**
 * Settles answers, whoever brought them: each posting goes where its outcome sends it, what QuickBooks has is linked,
 * and those that waited for it are let go; all in one transaction. Gives those that are to be looked up first.
 */
export async function settle(
  road: Road,
  args: { connection: Connection; claimToken?: string; answers: AnsweredPosting[] },
): Promise<TakenPosting[]> {
  const now = road.now()
  const changes = args.answers.flatMap((answered) => {
    const change = changeOf(answered, { now, limits: road.limits, random: road.random })
    return change ? [change] : []
  })
  await apply(road, {
    connection: args.connection,
    changes,
    mapped: args.answers,
    ...(args.claimToken ? { claimToken: args.claimToken } : {}),
  })
  return args.answers.flatMap(({ outcome, ...posting }) =>
    outcome.kind === 'taken' ? [{ ...posting, reason: outcome.reason, detail: outcome.detail }] : [],
  )
}

/** Applies changes with all that follows from them. */
export async function apply(
  road: Road,
  args: { connection: Connection; claimToken?: string; changes: Change[]; mapped: MappedPosting[] },
): Promise<void> {
  if (args.changes.length === 0) return
  const now = road.now()
  const connectionId = args.connection.id
  const mappedOf = new Map(args.mapped.map((one) => [one.posting.id, one]))
  const ledger = road.ledgerOf(args.connection)
  const links = args.changes.flatMap(({ id, posted }) => {
    const posting = mappedOf.get(id)?.posting
    return posting && posted ? [linkOf(posting, posted.quickBooksId)] : []
  })
  const stale = args.changes.flatMap(({ id, staleReference }) => {
    const one = staleReference ? mappedOf.get(id) : undefined
    return one ? sourcesOf(one, ledger) : []
  })
  // Nothing waits for an invoice.
  const blocks = ({ id }: { id: string }) => mappedOf.get(id)?.posting.kind !== PostingKind.INVOICE
  const work = async (database: Database) => {
    const moved = await changePostings(database, {
      changes: args.changes,
      linked: { connectionId, links },
      now,
      ...(args.claimToken ? { claimToken: args.claimToken } : {}),
    })
    if (stale.length > 0) await forgetLinks(database, { connectionId, sourceIds: stale })
    const blockerIds = args.changes.filter(blocks).flatMap(({ id }) => (moved.has(id) ? [id] : []))
    if (blockerIds.length > 0) await resolveDependents(database, { connectionId, blockerIds, now })
  }
  const isOneStatement =
    stale.length === 0 && !args.changes.some(blocks) && new Set(args.changes.map(({ to }) => to)).size === 1
  await (isOneStatement ? work(road.database) : road.database.transaction(work))
}

/** Where an outcome sends a posting; null when it is to be looked up first. */
export function changeOf(
  { posting, mapped, outcome }: AnsweredPosting,
  args: { now: Date; limits: RoadLimits; random: () => number },
): Change | null {
  switch (outcome.kind) {
    case 'posted':
      return verified({ posting, mapped }, { ...outcome, adopted: false })
    case 'taken':
      return null
    case 'rejected':
      return {
        id: posting.id,
        to: PostingState.FAILED,
        reason: { code: outcome.reason, detail: detailFor(posting, outcome.detail) },
        ...(outcome.staleReference ? { staleReference: true } : {}),
      }
    case 'deferred':
      return deferred(posting, outcome, args)
    case 'stopped':
      return {
        id: posting.id,
        to: PostingState.PENDING,
        waitingFor: WaitingFor.QUICKBOOKS,
        reason: { code: outcome.reason, detail: outcome.detail },
      }
    case 'unknown':
    case 'absent':
    case 'found':
      return {
        id: posting.id,
        to: PostingState.UNKNOWN,
        absences: 0,
        reason:
          outcome.kind === 'unknown'
            ? { code: outcome.reason, detail: outcome.detail }
            : { code: 'ANSWER_NOT_UNDERSTOOD', detail: { detail: 'no record where one was due' } },
      }
    default:
      return assertNever(outcome)
  }
}

/** POSTED when the record that QuickBooks returned equals the document to the penny; else MISMATCHED, saying where. */
export function verified(
  { posting, mapped }: MappedPosting,
  args: { record: LedgerRecord; adopted: boolean; warning?: string },
): Change {
  const differences = compare(mapped, args.record)
  if (differences.length === 0) {
    return {
      id: posting.id,
      to: PostingState.POSTED,
      posted: {
        quickBooksId: args.record.quickBooksId,
        adopted: args.adopted,
        ...(args.warning ? { warning: args.warning } : {}),
      },
    }
  }
  const { documentNumber } = posting
  const detail = { documentNumber, quickBooksId: args.record.quickBooksId, differences: differences.join('; ') }
  const reason =
    mapped.kind === 'INVOICE'
      ? { code: 'INVOICE_DIFFERS' as const, detail }
      : { code: 'CUSTOMER_DIFFERS' as const, detail: { ...detail, customerName: documentNumber } }
  return { id: posting.id, to: PostingState.MISMATCHED, reason }
}

function deferred(
  posting: Posting,
  outcome: Extract<Outcome, { kind: 'deferred' }>,
  { now, limits, random }: { now: Date; limits: RoadLimits; random: () => number },
): Change {
  const reason = { code: outcome.reason, detail: outcome.detail }
  const waitingFor = outcome.reason === 'TOKEN_EXPIRED' ? WaitingFor.TOKEN : WaitingFor.QUICKBOOKS
  if (outcome.scope === 'connection') {
    return { id: posting.id, to: PostingState.PENDING, waitingFor, notBefore: later(now, outcome.afterSeconds), reason }
  }
  if (outcome.scope === 'delivery') {
    return { id: posting.id, to: PostingState.PENDING, notBefore: later(now, outcome.afterSeconds), reason }
  }
  const wait = limits.retrySeconds[posting.attempts]
  const attempts = posting.attempts + 1
  if (wait === undefined) {
    return {
      id: posting.id,
      to: PostingState.FAILED,
      attempts,
      reason: {
        code: 'RETRIES_EXHAUSTED',
        detail: { attempts, detail: String(outcome.detail.detail ?? outcome.reason) },
      },
    }
  }
  const jittered = Math.max(outcome.afterSeconds, wait * (0.8 + 0.4 * random()))
  return { id: posting.id, to: PostingState.PENDING, attempts, waitingFor, notBefore: later(now, jittered), reason }
}

function detailFor(posting: Posting, detail: ReasonDetail): ReasonDetail {
  const date = posting.document?.kind === 'INVOICE' ? posting.document.date : null
  const customerName =
    posting.document?.kind === 'CUSTOMER' ? posting.document.name : (posting.document?.customer.name ?? null)
  return { orderNumber: posting.orderNumber, documentNumber: posting.documentNumber, date, customerName, ...detail }
}

function linkOf(posting: Posting, quickBooksId: string): PostingLink {
  const kind = posting.kind === PostingKind.CUSTOMER ? LinkKind.CUSTOMER : LinkKind.INVOICE
  return { postingId: posting.id, kind, sourceId: posting.sourceId, quickBooksId, name: posting.documentNumber ?? '' }
}

/** QuickBooks no longer knows something that a link named: which, it seldom says, so all are asked for afresh. */
function sourcesOf({ mapped }: MappedPosting, ledger: Ledger): string[] {
  if (mapped.kind !== 'INVOICE') return []
  const { customer, lines } = mapped.document
  const charges = ledger.needs(mapped.document).flatMap((need) => ('name' in need ? [need.name] : []))
  return [customer.sourceId, ...lines.map(({ item }) => item.sourceId), ...charges]
}
