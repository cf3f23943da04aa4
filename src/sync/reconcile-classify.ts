// What a difference between the sides is, as pure functions: no clock, no database, no network. `invoiceFindings` holds an
// invoice of QuickBooks against the document that it was made from; `postingFindings` judges a posting by all that
// QuickBooks has of it, `orderFindings` an order of the CRM by both.
import { DiscrepancyKind, DiscrepancyResolution } from '../domain/discrepancy.ts'
import type { MappedInvoice } from '../domain/document.ts'
import type { Money } from '../domain/money.ts'
import type { Posting } from '../domain/posting.ts'
import { LIVE_STATES, PostingState } from '../domain/transitions.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import { type Finding, invoiceFindings, moneyLine } from './invoice-findings.ts'

/** An invoice as the mirror has it; `record` null when it cannot be read. */
export interface TheirInvoice {
  quickBooksId: string
  deleted: boolean
  record: LedgerRecord | null
}

/** What QuickBooks has that may be a posting's. */
export interface TheirSide {
  /** Under the id that the posting bears; null when the mirror never had it. */
  linked: TheirInvoice | null
  /** Others that are there, are not void, and bear its number. */
  alike: TheirInvoice[]
}

/** Judges a posting. What is on its way is no discrepancy, nor what was rightly left alone. */
export function postingFindings(args: {
  posting: Pick<Posting, 'state' | 'quickBooksId' | 'total' | 'verification'>
  mapped: MappedInvoice | null
  theirs: TheirSide
}): Finding[] {
  const { posting, mapped, theirs } = args
  if (posting.quickBooksId === null) return unlinkedFindings(args)
  const { linked, alike } = theirs
  const [replacement] = alike
  const gone = (kind: DiscrepancyKind): Finding => ({
    kind,
    lines: [moneyLine({ field: 'total', ours: posting.total, theirs: null })],
    proposal: replacement ? DiscrepancyResolution.ADOPT : DiscrepancyResolution.REPOST,
    quickBooksId: replacement?.quickBooksId ?? posting.quickBooksId,
    theirTotal: null,
  })
  if (linked === null) return [gone(DiscrepancyKind.MISSING_IN_QUICKBOOKS)]
  if (linked.deleted) return [gone(DiscrepancyKind.DELETED)]
  const record = linked.record
  if (!record || !mapped) return []
  const found = invoiceFindings(mapped, record)
  // What a person accepted is news again only when it vanishes.
  return posting.verification === 'ACCEPTED' ? found.filter(({ kind }) => kind === DiscrepancyKind.VOIDED) : found
}

/** A posting that came to rest without a QuickBooks id, and is not to be left alone. */
function unlinkedFindings({
  posting: { state, total },
  mapped,
  theirs: { alike },
}: Parameters<typeof postingFindings>[0]): Finding[] {
  if ((LIVE_STATES as readonly PostingState[]).includes(state)) return []
  if (state === PostingState.SKIPPED || state === PostingState.CANCELLED) return []
  if (alike.length === 0) return [missing(DiscrepancyKind.MISSING_IN_QUICKBOOKS, total)]
  return foundUnlinked({ mapped, alike })
}

/** It should be in QuickBooks, and is not. */
function missing(kind: DiscrepancyKind, total: Money | null): Finding {
  const lines = [moneyLine({ field: 'total', ours: total, theirs: null })]
  return { kind, lines, proposal: DiscrepancyResolution.REPOST, quickBooksId: null, theirTotal: null }
}

/** Nothing is linked, and QuickBooks has one or more of the number: an equal one is to be adopted, any other is judged. */
function foundUnlinked({ mapped, alike }: { mapped: MappedInvoice | null; alike: TheirInvoice[] }): Finding[] {
  const judged = alike.flatMap(({ record }) =>
    record ? [{ record, found: mapped ? invoiceFindings(mapped, record) : null }] : [],
  )
  const best = judged.find(({ found }) => found?.length === 0) ?? judged[0]
  if (!best) return []
  const { record, found } = best
  const link: Finding = {
    kind: DiscrepancyKind.MISSING_LINK,
    lines: [{ field: 'QuickBooks id', line: null, ours: null, theirs: record.quickBooksId, cents: null }],
    proposal: DiscrepancyResolution.ADOPT,
    quickBooksId: record.quickBooksId,
    theirTotal: record.sale?.total ?? null,
  }
  return found === null || found.length === 0 ? [link] : found
}

/** What the CRM says of an order, as far as it is judged by it. */
export interface OurOrder {
  /** The id of an invoice that the CRM shows. */
  quickBooksId: string | null
  /** What it would be invoiced as; null for an order that is not to be invoiced. */
  mapped: MappedInvoice | null
  /** It is to be invoiced, and as it is in the CRM no document can be made of it. */
  isInvalid: boolean
  total: Money | null
  /** A log row says Processed. */
  claimsProcessed: boolean
  /** A log row waits, or is worked on. */
  isUnderWay: boolean
  /** The id that the CRM shows is known of a company of another environment. */
  isElsewhere: boolean
  /** The order was changed since it was posted. */
  hasChanged: boolean
}

/**
 * Judges an order by its posting and by what QuickBooks has of it. What `postingFindings` says of its posting already is not
 * said again, unless the CRM says otherwise than the posting.
 */
export function orderFindings(args: {
  order: OurOrder
  posting: Pick<Posting, 'state' | 'quickBooksId' | 'document'> | null
  theirs: TheirSide
}): Finding[] {
  const { order, posting, theirs } = args
  const elsewhere = order.isElsewhere ? [shownElsewhere(order, posting)] : []
  if (posting?.quickBooksId) return [...elsewhere, ...postedFindings({ ...args, isElsewhere: order.isElsewhere })]
  if (elsewhere.length > 0) return elsewhere
  if (posting && (LIVE_STATES as readonly PostingState[]).includes(posting.state)) return []
  if (posting) {
    // The posting itself is judged by itself; only the CRM's claim is new.
    const isOurs = posting.state === PostingState.FAILED || posting.state === PostingState.MISMATCHED
    const isFalse = isOurs && order.claimsProcessed && theirs.alike.length === 0
    if (isFalse) return [missing(DiscrepancyKind.FALSE_PROCESSED, order.total)]
    // Without a document it has no day, by which postings are judged.
    const isUndated = isOurs && posting.document === null && theirs.alike.length === 0
    return isUndated ? [missing(DiscrepancyKind.MISSING_IN_QUICKBOOKS, order.total)] : []
  }
  return withoutPosting(order, theirs)
}

function withoutPosting(order: OurOrder, { linked, alike }: TheirSide): Finding[] {
  const { quickBooksId, mapped, total } = order
  if (quickBooksId !== null) {
    if (linked === null || linked.deleted) {
      const kind = linked === null ? DiscrepancyKind.MISSING_IN_QUICKBOOKS : DiscrepancyKind.DELETED
      return [{ ...missing(kind, total), quickBooksId }]
    }
    return linked.record && mapped ? invoiceFindings(mapped, linked.record) : []
  }
  if (order.isUnderWay || (mapped === null && !order.isInvalid)) return []
  if (alike.length > 0) return foundUnlinked({ mapped, alike })
  const kind = order.claimsProcessed ? DiscrepancyKind.FALSE_PROCESSED : DiscrepancyKind.MISSING_IN_QUICKBOOKS
  return [missing(kind, total)]
}

function postedFindings(args: Parameters<typeof orderFindings>[0] & { isElsewhere: boolean }): Finding[] {
  const { order, posting, theirs, isElsewhere } = args
  if (posting?.state !== PostingState.PROCESSED) return []
  const id = posting.quickBooksId
  const link: Finding = {
    kind: DiscrepancyKind.MISSING_LINK,
    lines: [{ field: 'QuickBooks id in the CRM', line: null, ours: order.quickBooksId, theirs: id, cents: null }],
    proposal: DiscrepancyResolution.ADOPT,
    quickBooksId: id,
    theirTotal: theirs.linked?.record?.sale?.total ?? null,
  }
  const record = theirs.linked?.deleted ? null : theirs.linked?.record
  const changed = order.hasChanged && order.mapped && record ? invoiceFindings(order.mapped, record) : []
  return [...(order.quickBooksId === id || isElsewhere ? [] : [link]), ...changed]
}

function shownElsewhere({ quickBooksId, total }: OurOrder, posting: Pick<Posting, 'quickBooksId'> | null): Finding {
  return {
    kind: DiscrepancyKind.ENVIRONMENT,
    lines: [
      { field: 'QuickBooks id in the CRM', line: null, ours: quickBooksId, theirs: null, cents: null },
      moneyLine({ field: 'total', ours: total, theirs: null }),
    ],
    proposal: posting?.quickBooksId ? DiscrepancyResolution.ADOPT : DiscrepancyResolution.REPOST,
    quickBooksId,
    theirTotal: null,
  }
}

/** An invoice that bears a number which is linked to another one. */
export function duplicateFinding({ quickBooksId, record }: TheirInvoice): Finding {
  const theirTotal = record?.sale?.total ?? null
  return {
    kind: DiscrepancyKind.DUPLICATE,
    lines: [moneyLine({ field: 'total', ours: null, theirs: theirTotal })],
    proposal: DiscrepancyResolution.VOID,
    quickBooksId,
    theirTotal,
  }
}

/** An invoice that nothing of the CRM accounts for. */
export function unknownFinding({ quickBooksId, record }: TheirInvoice): Finding {
  return { ...duplicateFinding({ quickBooksId, deleted: false, record }), kind: DiscrepancyKind.UNKNOWN_IN_CRM }
}

/** A payment, or what is left of it, that pays nothing. */
export function paymentFinding(payment: { quickBooksId: string; total: Money; unapplied: Money }): Finding {
  const { quickBooksId, total, unapplied } = payment
  return {
    kind: DiscrepancyKind.PAYMENT_UNMATCHED,
    lines: [moneyLine({ field: 'unapplied', ours: null, theirs: unapplied })],
    proposal: DiscrepancyResolution.IGNORE,
    quickBooksId,
    theirTotal: total,
  }
}
