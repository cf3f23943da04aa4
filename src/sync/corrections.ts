import type { Connection } from '../domain/connection.ts'
import { type Correction, CorrectionCause, CorrectionState } from '../domain/correction.ts'
import { contentHash, type Document } from '../domain/document.ts'
import { CorrectionApproval, type CorrectionMethod, PostingKind, WaitingFor } from '../domain/kinds.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import type { Ledger } from '../ledgers/ledger.ts'
import { findConnection, saveCorrectionPolicy } from '../storage/connections.ts'
import {
  type CorrectionDraft,
  decideCorrection,
  joinLogRows,
  lockCorrection,
  type Proposal,
  postingsOfCorrections,
  saveProposals,
  tellDismissed,
} from '../storage/corrections.ts'
import type { Database } from '../storage/database.ts'
import { InvalidRequest } from '../storage/pages.ts'
import {
  acceptPostings,
  changePostings,
  findPostings,
  findPostingsById,
  type PostingDraft,
} from '../storage/postings.ts'
import { afterOf } from './apply-credits.ts'
import { type CorrectionPlan, differencesOf, planCorrection } from './correction-plan.ts'
import { headOf } from './read-documents.ts'
import { later, type Road } from './road.ts'
import { paidProblems } from './void-refusals.ts'

const NOTE_LENGTH_MAX = 2_000

/** What corrections need of the road: of a ledger, how long its numbers may be. */
interface Correcting extends Pick<Road, 'database' | 'now' | 'wake'> {
  ledgerOf: (connection: Connection) => Pick<Ledger, 'limits'>
}

/**
 * Proposes corrections of posted invoices, and applies them where the connection says that nobody is to be asked. Gives the
 * posting that speaks for the order from now on, by the order, for those that were applied.
 */
export async function proposeCorrections(
  road: Correcting,
  args: { connection: Connection; drafts: CorrectionDraft[]; now: Date },
): Promise<Map<string, string>> {
  const { connection, drafts, now } = args
  const bySource = new Map(drafts.map((draft) => [draft.posting.sourceId, draft]))
  const proposals = [...bySource.values()].map((draft) => proposalOf(draft, connection))
  const proposed = await saveProposals(road.database, { proposals, now })
  const spokenFor = new Map<string, string>()
  if (connection.correctionApproval !== CorrectionApproval.AUTOMATIC) return spokenFor
  for (const correction of proposed) {
    const posting = bySource.get(correction.sourceId)?.posting
    if (!posting) continue
    const { limits } = road.ledgerOf(connection)
    const plan = planCorrection({ correction, posting, method: correction.method, limits })
    const paid = await paidProblems(road.database, { posting, method: correction.method })
    // What cannot go by itself waits for a person.
    if (plan.problems.length + paid.length > 0) continue
    const decided = { correction, posting, plan, author: null, note: null, now }
    spokenFor.set(correction.sourceId, await carryOut(road.database, decided))
  }
  return spokenFor
}

function proposalOf(draft: CorrectionDraft, { correctionMethod: method }: Connection): Proposal {
  const { before, after, cause } = draft
  const gone =
    cause === CorrectionCause.DELETED ? 'the order was deleted' : 'nothing of the order is to be billed any more'
  return {
    ...draft,
    method,
    contentHash: after ? contentHash(after) : '',
    differences: after ? differencesOf(before, after) : [gone],
  }
}

/**
 * Applies a correction: makes its postings, in one transaction. One whose void was refused may be applied again with a
 * credit memo. Throws InvalidRequest, which says why it cannot be.
 */
export async function applyCorrection(
  road: Correcting,
  args: { id: string; method?: CorrectionMethod | null; author: string },
): Promise<Correction> {
  const now = road.now()
  const applied = await road.database.transaction(async (transaction) => {
    const { correction, posting } = await opened(transaction, args.id)
    const connection = await findConnection(transaction, { id: correction.connectionId })
    if (!connection) throw new InvalidRequest('Its connection is gone.')
    await assertApplicable(transaction, { correction, posting, now })
    const method = args.method ?? correction.method
    const { limits } = road.ledgerOf(connection)
    const plan = planCorrection({ correction, posting, method, limits })
    const problems = [...plan.problems, ...(await paidProblems(transaction, { posting, method }))]
    if (problems.length > 0) throw new InvalidRequest(`It cannot be applied: ${problems.join('; ')}.`)
    await carryOut(transaction, {
      correction: { ...correction, method },
      posting,
      plan,
      author: args.author,
      note: null,
      now,
    })
    return lockCorrection(transaction, args.id)
  })
  if (!applied) throw new InvalidRequest(`There is no correction ${args.id}.`)
  road.wake()
  return applied
}

/** Says how a connection's invoices are corrected from now on, and who applies it. Throws InvalidRequest. */
export async function setCorrectionPolicy(
  road: Pick<Road, 'database'>,
  args: { connectionId: string; method: CorrectionMethod; approval: CorrectionApproval },
): Promise<Connection> {
  await saveCorrectionPolicy(road.database, { ...args, id: args.connectionId })
  const connection = await findConnection(road.database, { id: args.connectionId })
  if (!connection) throw new InvalidRequest(`There is no connection ${args.connectionId}.`)
  return connection
}

/** What applying a correction would write; null when its invoice or its connection is gone. */
export async function correctionPlan(
  road: Correcting,
  { correction, method }: { correction: Correction; method: CorrectionMethod },
): Promise<CorrectionPlan | null> {
  const connection = await findConnection(road.database, { id: correction.connectionId })
  const [posting] = await findPostingsById(road.database, [correction.postingId])
  if (!connection || !posting) return null
  const plan = planCorrection({ correction, posting, method, limits: road.ledgerOf(connection).limits })
  return { ...plan, problems: [...plan.problems, ...(await paidProblems(road.database, { posting, method }))] }
}

/** Leaves a posted invoice as it is; the note says why. Throws InvalidRequest. */
export async function dismissCorrection(
  road: Correcting,
  args: { id: string; note: string; author: string },
): Promise<Correction> {
  const note = args.note.trim()
  if (note === '' || note.length > NOTE_LENGTH_MAX)
    throw new InvalidRequest(`"note" says why the invoice stays as it is, in at most ${NOTE_LENGTH_MAX} characters.`)
  const now = road.now()
  const dismissed = await road.database.transaction(async (transaction) => {
    const { correction } = await opened(transaction, args.id)
    const { id, method, sourceId, orderNumber, documentNumber } = correction
    if (correction.state !== CorrectionState.PROPOSED)
      throw new InvalidRequest(`It is ${correction.state}: there is nothing to dismiss.`)
    const decision = { id, state: CorrectionState.DISMISSED, method, author: args.author, note, now }
    await decideCorrection(transaction, decision)
    await tellDismissed(transaction, { sourceId, detail: { orderNumber, documentNumber, note }, now })
    return lockCorrection(transaction, id)
  })
  if (!dismissed) throw new InvalidRequest(`There is no correction ${args.id}.`)
  road.wake()
  return dismissed
}

async function opened(transaction: Database, id: string): Promise<{ correction: Correction; posting: Posting }> {
  const correction = await lockCorrection(transaction, id)
  const [posting] = correction ? await findPostingsById(transaction, [correction.postingId]) : []
  if (!correction || !posting) throw new InvalidRequest(`There is no correction ${id}.`)
  return { correction, posting }
}

/** It waits for its decision; or its void was refused, and another way is chosen. */
async function assertApplicable(
  transaction: Database,
  { correction, posting, now }: { correction: Correction; posting: Posting; now: Date },
): Promise<void> {
  if (posting.state !== PostingState.PROCESSED) throw new InvalidRequest('Its invoice is under way: look at it again.')
  if (correction.state === CorrectionState.APPLIED) {
    const made = await postingsOfCorrections(transaction, [correction.id])
    const refused = made.filter(({ kind, state }) => kind === PostingKind.VOID && state === PostingState.FAILED)
    if (refused.length === 0) throw new InvalidRequest('It is applied already: its postings say how far it is.')
    const reason = { code: 'CORRECTION_SUPERSEDED' as const, detail: { documentNumber: correction.documentNumber } }
    const changes = refused.map(({ id }) => ({ id, to: PostingState.CANCELLED, reason }))
    await changePostings(transaction, { changes, now })
    return
  }
  if (correction.state !== CorrectionState.PROPOSED)
    throw new InvalidRequest(`It is ${correction.state}: there is nothing to apply.`)
  for (const kind of [PostingKind.CREDIT_MEMO, PostingKind.VOID, PostingKind.PAYMENT]) {
    const [earlier] = await findPostings(transaction, { kind, sourceIds: [correction.sourceId] })
    if (earlier && !ENDED.includes(earlier.state))
      throw new InvalidRequest(
        `An earlier correction of the order is ${earlier.state} (${kind} ${earlier.documentNumber}): bring it to its end first.`,
      )
  }
}

const ENDED: PostingState[] = [PostingState.PROCESSED, PostingState.SKIPPED, PostingState.CANCELLED]

/** Makes the postings of a correction and notes the decision. Gives the posting that speaks for the order from now on. */
async function carryOut(
  transaction: Database,
  args: {
    correction: Correction
    posting: Posting
    plan: CorrectionPlan
    author: string | null
    note: string | null
    now: Date
  },
): Promise<string> {
  const { correction, posting, plan, now } = args
  const { sourceId } = posting
  const common = { connectionId: posting.connectionId, sourceId, correctionId: correction.id, reason: null }
  const kind = PostingKind[plan.takesBack.kind]
  const [earlier] = await findPostings(transaction, { kind, sourceIds: [sourceId] })
  const first = { ...common, kind, ...contentOf(plan.takesBack), state: PENDING, after: earlier ? afterOf(earlier) : 0 }
  const blockedById = (await acceptPostings(transaction, { drafts: [first], now })).get(sourceId)
  if (!blockedById)
    throw new InvalidRequest('An earlier correction of the order is under way: bring it to its end first.')
  const next = { ...common, kind: PostingKind.INVOICE, after: posting.generation }
  const suffix = plan.numberSuffix ? { numberSuffix: plan.numberSuffix } : {}
  const { orderNumber } = posting
  const invoice: PostingDraft = plan.invoice
    ? { ...next, ...suffix, ...contentOf(plan.invoice), state: PENDING, blockedById, waitingFor: WaitingFor.DOCUMENT }
    : // Its place, should the order come back to life.
      {
        ...next,
        ...suffix,
        ...{ orderNumber, documentNumber: null, total: null, currency: null, document: null, contentHash: null },
        state: PostingState.SKIPPED,
        reason: { code: reasonFor(correction.cause), detail: { orderNumber } },
      }
  // Behind what takes the old one back, in every list.
  const afterwards = later(now, 0.001)
  const invoiceId = (await acceptPostings(transaction, { drafts: [invoice], now: afterwards })).get(sourceId)
  if (!invoiceId) throw new InvalidRequest('A newer invoice of the order is under way: bring it to its end first.')
  const { id, method } = correction
  const decision = { id, state: CorrectionState.APPLIED, method, author: args.author, note: args.note, now }
  await decideCorrection(transaction, decision)
  const spokesman = plan.invoice ? invoiceId : blockedById
  await joinLogRows(transaction, { sourceId, postingId: spokesman, now })
  return spokesman
}

const PENDING = PostingState.PENDING as const

function contentOf(document: Document) {
  return { ...headOf(document), document, contentHash: contentHash(document) }
}

function reasonFor(cause: CorrectionCause): 'ORDER_CANCELLED' | 'ORDER_NOT_FOUND' {
  return cause === CorrectionCause.DELETED ? 'ORDER_NOT_FOUND' : 'ORDER_CANCELLED'
}
