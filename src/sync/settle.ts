import type { Connection } from '../domain/connection.ts'
import { type Document, isMappedSale, isSale } from '../domain/document.ts'
import { PostingKind, WaitingFor } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import type { Posting } from '../domain/posting.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'
import { PostingState } from '../domain/transitions.ts'
import type { Ledger, LedgerRecord, Outcome } from '../ledgers/ledger.ts'
import type { Database } from '../storage/database.ts'
import { resolveDependents } from '../storage/dependents.ts'
import { forgetLinks, type PostingLink } from '../storage/links.ts'
import { type Change, changePostings } from '../storage/postings.ts'
import { applyCredits } from './apply-credits.ts'
import { mismatchOf } from './compare.ts'
import { assertNever, later, type Road, type RoadLimits } from './road.ts'
import { chosenNames, termsOf } from './sale-plan.ts'
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
    return posting && posted ? linkOf(posting, posted.quickBooksId) : []
  })
  const stale = args.changes.flatMap(({ id, to, staleReference }) => {
    const one = staleReference ? mappedOf.get(id) : undefined
    if (!one) return []
    // What would be made anew if it is not found is left for a person to look at first.
    const { createItems } = args.connection
    return to === PostingState.PENDING ? namesOf(one, { ledger, items: !createItems }) : sourcesOf(one, ledger)
  })
  // Few wait for an invoice: those who do are told by the statement that moves it.
  const blocks = ({ id }: { id: string }) => mappedOf.get(id)?.posting.kind !== PostingKind.INVOICE
  const work = async (database: Database) => {
    const moved = await changePostings(database, {
      changes: args.changes,
      linked: { connectionId, links },
      now,
      ...(args.claimToken ? { claimToken: args.claimToken } : {}),
    })
    if (stale.length > 0) await forgetLinks(database, { connectionId, sourceIds: stale })
    const blockerIds = args.changes.filter((one) => blocks(one) || moved.awaited.has(one.id)).map(({ id }) => id)
    const postings = args.mapped.flatMap(({ posting }) => (moved.has(posting.id) ? [posting] : []))
    await applyCredits(database, { postings, now })
    const settled = blockerIds.filter((id) => moved.has(id))
    if (settled.length > 0) await resolveDependents(database, { connectionId, blockerIds: settled, now })
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
      return rejected(posting, outcome)
    case 'deferred':
      return deferred(posting, outcome, args)
    case 'stopped':
      return {
        id: posting.id,
        to: PostingState.PENDING,
        waitingFor: WaitingFor.QUICKBOOKS,
        reason: { code: outcome.reason, detail: outcome.detail },
      }
    case 'done':
      return { id: posting.id, to: PostingState.UNKNOWN, absences: 0, reason: { code: 'DONE_UNPROVEN', detail: {} } }
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
  const reason = mismatchOf({ posting, mapped, record: args.record })
  if (reason) return { id: posting.id, to: PostingState.MISMATCHED, reason }
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

/**
 * QuickBooks does not say which of the names it no longer has. So a sale goes once more, and its names are looked for anew: what
 * was merged is found, and what is gone is named to a person. One that is refused again rests with QuickBooks' own words.
 */
function rejected(posting: Posting, outcome: Extract<Outcome, { kind: 'rejected' }>): Change {
  const reason = { code: outcome.reason, detail: detailFor(posting, outcome.detail) }
  if (!outcome.staleReference) return { id: posting.id, to: PostingState.FAILED, reason }
  const isFirst = isSale(posting.document) && posting.attempts === 0
  return isFirst
    ? { id: posting.id, to: PostingState.PENDING, attempts: 1, reason, staleReference: true }
    : { id: posting.id, to: PostingState.FAILED, reason, staleReference: true }
}

function deferred(
  posting: Posting,
  outcome: Extract<Outcome, { kind: 'deferred' }>,
  { now, limits, random }: { now: Date; limits: RoadLimits; random: () => number },
): Change {
  const reason = { code: outcome.reason, detail: outcome.detail }
  const waitingFor = outcome.reason === 'TOKEN_EXPIRED' ? WaitingFor.TOKEN : WaitingFor.QUICKBOOKS
  if (outcome.scope === 'connection' || outcome.scope === 'record') {
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
  const { document, orderNumber, documentNumber } = posting
  const date = document && 'date' in document ? (document.date ?? null) : null
  return { orderNumber, documentNumber, date, customerName: document && customerNameOf(document), ...detail }
}

function customerNameOf(document: Document): string | null {
  if (document.kind === 'CUSTOMER') return document.name
  return document.kind === 'VOID' || document.kind === 'ITEM' ? null : document.customer.name
}

/** What was voided keeps its link: it is still what the order's invoice was. */
function linkOf(posting: Posting, quickBooksId: string): PostingLink[] {
  if (posting.kind === PostingKind.VOID) return []
  const { id: postingId, sourceId, documentNumber } = posting
  return [{ postingId, kind: LinkKind[posting.kind], sourceId, quickBooksId, name: documentNumber ?? '' }]
}

/** QuickBooks no longer knows something that a link named: which, it seldom says, so all are asked for afresh. */
function sourcesOf(one: MappedPosting, ledger: Ledger): string[] {
  const { mapped } = one
  return isMappedSale(mapped) ? [mapped.document.customer.sourceId, ...namesOf(one, { ledger, items: true })] : []
}

/** The names of what it is booked with and, if asked for, the products of its lines. */
function namesOf({ posting, mapped }: MappedPosting, { ledger, items }: { ledger: Ledger; items: boolean }): string[] {
  if (!isMappedSale(mapped)) return []
  const { document } = mapped
  const charges = ledger.needs(document).flatMap((need) => ('name' in need ? [need.name] : []))
  const products = items ? document.lines.map(({ item }) => item.sourceId) : []
  return [...products, ...charges, ...chosenNames(posting.mapping), termsOf(document) ?? []].flat()
}
