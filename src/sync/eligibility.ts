import type { CrmLogRow } from '../creatio/creatio.ts'
import type { OrderReading } from '../creatio/to-document.ts'
import { CorrectionCause } from '../domain/correction.ts'
import { contentHash, isSale, type SalesDocument } from '../domain/document.ts'
import { PostingKind } from '../domain/kinds.ts'
import { LogStatus } from '../domain/log-row.ts'
import type { Posting } from '../domain/posting.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'
import { PostingState } from '../domain/transitions.ts'
import type { CorrectionDraft } from '../storage/corrections.ts'
import type { PostingDraft } from '../storage/postings.ts'
import { differencesOf } from './correction-differences.ts'
import { numbered } from './read-documents.ts'

/** What is to become of a log row. */
export type Decision =
  /** It asks for a posting: create it, or bring it up to date. */
  | { kind: 'post'; draft: PostingDraft }
  /** Its posting is in QuickBooks already and only the CRM was not told: tell it again. The row joins if it asks for nothing else. */
  | { kind: 'tell-again'; postingId: string; joins: boolean }
  /** Its posting is on its way: the row joins it. */
  | { kind: 'join'; postingId: string }
  /** It needs no posting: this is why, and what the CRM is told (null leaves the row as it is). */
  | {
      kind: 'answer'
      reason: ReasonCode
      detail: ReasonDetail
      wantedStatus: LogStatus | null
      postingId: string | null
      /** The posted invoice is no longer what the order says. */
      correction?: CorrectionDraft
    }
  /** Nothing is decided now; the row is read again with the next poll. */
  | { kind: 'later' }

interface DecisionArguments {
  row: CrmLogRow
  reading: OrderReading | null
  orderNumber: string | null
  posting: Posting | null
  connectionId: string
}

/**
 * Decides about one log row. `reading` is the order as the CRM has it now (null: there is no such order), `posting` is
 * what became of that order so far.
 */
export function decide(given: DecisionArguments): Decision {
  const args = {
    ...given,
    reading: given.posting && given.reading ? renumbered(given.reading, given.posting) : given.reading,
  }
  const { row, reading, posting } = args
  // What the profile does not know may be another system's, or a mistake of the profile: telling such rows anything could
  // spoil thousands. Only a row that is ours, and asks for what nobody understands, is told.
  if (row.status === null) return answer('STATUS_UNKNOWN', { value: shown(row.rawStatus) }, null)
  if (row.type === null) return answer('TYPE_UNKNOWN', { value: shown(row.rawType) }, null)
  if (row.type === 'COMMISSION') return answer('COMMISSION_ROW', {}, null)
  if (row.type !== 'CUSTOMER_ORDER') return answer('TYPE_NOT_OURS', { type: typeName(row.type) }, null)
  if (row.action === null) return answer('ACTION_UNKNOWN', { value: shown(row.rawAction) }, LogStatus.ERROR)
  if (posting && !isAtRest(posting)) return underWay(args, posting)
  if (posting?.reasonCode === 'STAYS_BEHIND')
    return answer('STAYS_BEHIND', posting.reasonDetail ?? {}, LogStatus.PROCESSED, posting.id)
  if (row.action === 'DELETE') return decideDelete(posting, reading)
  if (reading === null) {
    const said = answer('ORDER_NOT_FOUND', {}, LogStatus.ERROR)
    return posting?.quickBooksId ? corrected(said, posting, { cause: CorrectionCause.DELETED, after: null }) : said
  }
  if (posting?.quickBooksId && cannotTell(reading))
    return answer(reading.reason, reading.detail, LogStatus.ERROR, posting.id)
  if (posting?.quickBooksId) return decidePosted(posting, reading, args.orderNumber)
  if (posting?.state === PostingState.MISMATCHED && isRenumbered(posting, reading)) {
    const { documentNumber } = posting
    return answer(
      'CHANGED_AFTER_POSTING',
      { orderNumber: args.orderNumber, documentNumber },
      LogStatus.ERROR,
      posting.id,
    )
  }
  return post(args, reading)
}

/** What the order says, under the number that its posting bears behind the CRM's own. */
export function renumbered(reading: OrderReading, posting: Posting): OrderReading {
  return reading.kind === 'document' ? { ...reading, document: numbered(reading.document, posting) } : reading
}

/** A posting at rest has come to an end for now, and the CRM has been told. */
function isAtRest(posting: Posting): boolean {
  const rests: PostingState[] = [
    PostingState.PROCESSED,
    PostingState.FAILED,
    PostingState.MISMATCHED,
    PostingState.SKIPPED,
    PostingState.CANCELLED,
  ]
  return rests.includes(posting.state) && posting.writeBackAt === null
}

/**
 * A posting that waits is read again before it is sent, so a row may join it. One that is on its way carries what the
 * order said before: the row is looked at again when it has come to rest, and so is a Delete.
 */
function underWay(args: DecisionArguments, posting: Posting): Decision {
  if (posting.state !== PostingState.PENDING || args.row.action === 'DELETE') return { kind: 'later' }
  return args.reading ? post(args, args.reading) : { kind: 'join', postingId: posting.id }
}

/** The order could not be read or understood: whether it changed, nobody knows. */
function cannotTell(reading: OrderReading): reading is Extract<OrderReading, { kind: 'invalid' }> {
  return reading.kind === 'invalid' && ['ORDER_UNREADABLE', 'INTERNAL_ERROR'].includes(reading.reason)
}

/** QuickBooks has a record under the old number that differs: under a new one there would be two. */
function isRenumbered(posting: Posting, reading: OrderReading): boolean {
  return reading.kind === 'document' && reading.document.number !== posting.documentNumber
}

/** Where the order is still there, whoever deleted what is not known: only one that is gone is corrected. */
function decideDelete(posting: Posting | null, reading: OrderReading | null): Decision {
  if (!posting?.quickBooksId) return answer('NOTHING_TO_DELETE', {}, LogStatus.PROCESSED)
  const said = answer('DELETED_AFTER_POSTING', { documentNumber: posting.documentNumber }, LogStatus.ERROR, posting.id)
  return reading === null ? corrected(said, posting, { cause: CorrectionCause.DELETED, after: null }) : said
}

/** What an order became is corrected by postings of its own. */
function corrected(
  said: Decision,
  posting: Posting,
  { cause, after }: Pick<CorrectionDraft, 'cause' | 'after'>,
): Decision {
  const before = posting.document
  if (said.kind !== 'answer' || !isSale(before) || posting.state !== PostingState.PROCESSED) return said
  return { ...said, correction: { posting, before, cause, after } }
}

function decidePosted(posting: Posting, reading: OrderReading, orderNumber: string | null): Decision {
  const same = reading.kind === 'document' && contentHash(reading.document) === posting.contentHash
  if (posting.state === PostingState.FAILED) return { kind: 'tell-again', postingId: posting.id, joins: same }
  const { documentNumber } = posting
  if (same) return answer('ECHO', { documentNumber }, LogStatus.PROCESSED, posting.id)
  const said = answer('CHANGED_AFTER_POSTING', { orderNumber, documentNumber }, LogStatus.ERROR, posting.id)
  if (reading.kind === 'not-eligible')
    return corrected(said, posting, { cause: CorrectionCause.CANCELLED, after: null })
  // What cannot be invoiced as it is must be put right in the CRM first; what became another kind of document, by a person.
  if (reading.kind !== 'document' || reading.document.kind !== posting.document?.kind) return said
  const { document } = reading
  if (billsTheSame(posting, document)) return answer('ECHO', { documentNumber }, LogStatus.PROCESSED, posting.id)
  return corrected(said, posting, { cause: CorrectionCause.EDITED, after: document })
}

/** The customer's own details are the customer's matter: with others the document still bills, or credits, the same. */
function billsTheSame({ document }: Posting, now: SalesDocument): boolean {
  return isSale(document) && differencesOf(document, now).length === 0
}

/** How a posted invoice is to be corrected whose order says this now; null when it bills what the order says. */
export function correctionOf(posting: Posting, reading: OrderReading): CorrectionDraft | null {
  if (!posting.quickBooksId || cannotTell(reading)) return null
  const decision = decidePosted(posting, reading, posting.orderNumber)
  return decision.kind === 'answer' ? (decision.correction ?? null) : null
}

function post(
  args: { row: CrmLogRow; orderNumber: string | null; connectionId: string },
  reading: OrderReading,
): Decision {
  return { kind: 'post', draft: draftOf({ ...args, sourceId: args.row.recordId ?? '', reading }) }
}

/** The posting that an order asks for, as the CRM has it now. */
export function draftOf(args: {
  connectionId: string
  sourceId: string
  orderNumber: string | null
  reading: OrderReading
}): PostingDraft {
  const { reading } = args
  const document = reading.kind === 'document' ? reading.document : null
  return {
    connectionId: args.connectionId,
    kind: kindOf(reading),
    sourceId: args.sourceId,
    orderNumber: args.orderNumber,
    documentNumber: document?.number ?? null,
    total: document?.total ?? null,
    currency: document?.currency ?? null,
    document,
    contentHash: document ? contentHash(document) : null,
    state: document
      ? PostingState.PENDING
      : reading.kind === 'not-eligible'
        ? PostingState.SKIPPED
        : PostingState.FAILED,
    reason: reading.kind === 'document' ? null : { code: reading.reason, detail: reading.detail },
  }
}

function kindOf(reading: OrderReading): PostingKind {
  const kind = reading.kind === 'document' ? reading.document.kind : (reading.sale ?? 'INVOICE')
  return PostingKind[kind]
}

function answer(
  reason: ReasonCode,
  detail: ReasonDetail,
  wantedStatus: LogStatus | null,
  postingId: string | null = null,
): Decision {
  return { kind: 'answer', reason, detail, wantedStatus, postingId }
}

/** A lookup value that nobody knows, for people: an empty one is the zero GUID in the CRM. */
function shown(raw: string): string {
  return raw === '' || /^[0-]+$/.test(raw) ? 'empty' : raw
}

function typeName(type: string): string {
  return type
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('')
}
