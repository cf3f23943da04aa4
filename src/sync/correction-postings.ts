import { type Correction, CorrectionCause, CorrectionState } from '../domain/correction.ts'
import { appliesCredit, contentHash, type Document } from '../domain/document.ts'
import { PostingKind, WaitingFor } from '../domain/kinds.ts'
import type { Posting } from '../domain/posting.ts'
import type { ReasonCode } from '../domain/reason.ts'
import { PostingState } from '../domain/transitions.ts'
import { decideCorrection, joinLogRows } from '../storage/corrections.ts'
import type { Database } from '../storage/database.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { acceptPostings, findPostings, type PostingDraft } from '../storage/postings.ts'
import { afterOf } from './apply-credits.ts'
import type { CorrectionPlan } from './correction-plan.ts'
import { headOf } from './read-documents.ts'
import { later } from './road.ts'

const PENDING = PostingState.PENDING as const

/** States in which nothing of a posting is under way. */
export const ENDED: PostingState[] = [PostingState.PROCESSED, PostingState.SKIPPED, PostingState.CANCELLED]

/** What applied the credit memo that a correction is about; null where nothing did. */
export async function applicationFor(
  database: Database,
  { before, sourceId }: Pick<Correction, 'before' | 'sourceId'>,
): Promise<Posting | null> {
  if (before.kind !== 'CREDIT_MEMO') return null
  const [application] = await findPostings(database, { kind: PostingKind.PAYMENT, sourceIds: [sourceId] })
  return application && appliesCredit(application.document) ? application : null
}

export interface Decided {
  correction: Correction
  posting: Posting
  plan: CorrectionPlan
  /** What applied the credit memo that is corrected. */
  application: Posting | null
  author: string | null
  note: string | null
  now: Date
}

/**
 * Makes the postings of a correction, each waiting for the one before, and notes the decision; in one transaction. Gives the
 * posting that speaks for the order, or the payment, from now on.
 */
export async function carryOut(transaction: Database, args: Decided): Promise<string> {
  const { correction, posting, plan, now } = args
  const { sourceId } = posting
  const waits = (id: string | null) => (id ? { blockedById: id, waitingFor: WaitingFor.DOCUMENT } : {})
  const common = { connectionId: posting.connectionId, correctionId: correction.id, reason: null }
  const unappliedBy = await unapply(transaction, args)
  const kind = PostingKind[plan.takesBack.kind]
  const [earlier] = await findPostings(transaction, { kind, sourceIds: [sourceId] })
  const first: PostingDraft = {
    ...common,
    ...{ kind, sourceId, ...contentOf(plan.takesBack), ...waits(unappliedBy) },
    state: PENDING,
    after: earlier ? afterOf(earlier) : 0,
  }
  const takenBackBy = await accepted(transaction, first, later(now, 0.001))
  if (!takenBackBy)
    throw new InvalidRequest('An earlier correction of the order is under way: bring it to its end first.')
  const replacedBy = await accepted(transaction, replacementOf(args, waits(takenBackBy)), later(now, 0.002))
  if (!replacedBy)
    throw new InvalidRequest('What is to take its place is under way already: bring it to its end first.')
  const { id, method } = correction
  const decision = { id, state: CorrectionState.APPLIED, method, author: args.author, note: args.note, now }
  await decideCorrection(transaction, decision)
  const spokesman = plan.replacement ? replacedBy : takenBackBy
  await joinLogRows(transaction, { sourceId, postingId: spokesman, now })
  return spokesman
}

/** What takes a credit off its invoice bears the id of the posting that put it there: an order has one void of its own. */
async function unapply(transaction: Database, args: Decided): Promise<string | null> {
  const { correction, posting, plan, application, now } = args
  if (!plan.unapplies || !application) return null
  const draft: PostingDraft = {
    ...{ connectionId: posting.connectionId, correctionId: correction.id, reason: null },
    ...{ kind: PostingKind.VOID, sourceId: application.id, ...contentOf(plan.unapplies), state: PENDING },
  }
  const id = await accepted(transaction, draft, now)
  if (!id) throw new InvalidRequest('The credit is being taken off its invoice already: bring that to its end first.')
  return id
}

/** What takes its place; or the place itself, should the order or the payment come back to life. */
function replacementOf(
  { correction, posting, plan }: Decided,
  waiting: Pick<PostingDraft, 'blockedById' | 'waitingFor'>,
): PostingDraft {
  const { kind, sourceId, orderNumber, documentNumber, connectionId, generation } = posting
  const suffix = plan.numberSuffix ? { numberSuffix: plan.numberSuffix } : {}
  const next = { connectionId, kind, sourceId, correctionId: correction.id, after: generation, ...suffix }
  if (plan.replacement) return { ...next, ...contentOf(plan.replacement), reason: null, state: PENDING, ...waiting }
  return {
    ...next,
    ...{ orderNumber, documentNumber: null, total: null, currency: null, document: null, contentHash: null },
    state: PostingState.SKIPPED,
    reason: { code: reasonFor(correction.cause, kind), detail: { orderNumber, documentNumber } },
  }
}

async function accepted(transaction: Database, draft: PostingDraft, now: Date): Promise<string | null> {
  return (await acceptPostings(transaction, { drafts: [draft], now })).get(draft.sourceId) ?? null
}

function contentOf(document: Document) {
  return { ...headOf(document), document, contentHash: contentHash(document) }
}

function reasonFor(cause: CorrectionCause, kind: PostingKind): ReasonCode {
  if (kind === PostingKind.PAYMENT) return 'PAYMENT_GONE'
  return cause === CorrectionCause.DELETED ? 'ORDER_NOT_FOUND' : 'ORDER_CANCELLED'
}
