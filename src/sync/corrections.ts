import type { Connection } from '../domain/connection.ts'
import { type Correction, CorrectionCause, CorrectionState } from '../domain/correction.ts'
import { contentHash } from '../domain/document.ts'
import { CorrectionApproval, CorrectionMethod, PostingKind } from '../domain/kinds.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import { findConnection, saveCorrectionPolicy } from '../storage/connections.ts'
import {
  type CorrectionDraft,
  decideCorrection,
  lockCorrection,
  type Proposal,
  postingsOfCorrections,
  saveProposals,
  tellDismissed,
} from '../storage/corrections.ts'
import type { Database } from '../storage/database.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { changePostings, findPostings, findPostingsById } from '../storage/postings.ts'
import { differencesOf } from './correction-differences.ts'
import { type CorrectingLedger, type CorrectionPlan, planCorrection } from './correction-plan.ts'
import { applicationFor, carryOut, ENDED } from './correction-postings.ts'
import { assertMayWrite } from './may-write.ts'
import type { Road } from './road.ts'
import { paidProblems } from './void-refusals.ts'

const NOTE_LENGTH_MAX = 2_000

/** What corrections need of the road: of a ledger, what it can do to what is there. */
interface Correcting extends Pick<Road, 'database' | 'now' | 'wake'> {
  ledgerOf: (connection: Connection) => CorrectingLedger
}

/**
 * Proposes corrections of what was posted, and applies them where the connection says that nobody is to be asked. Gives the
 * posting that speaks for the order from now on, by the order, for those that were applied.
 */
export async function proposeCorrections(
  road: Correcting,
  args: { connection: Connection; drafts: CorrectionDraft[]; now: Date },
): Promise<Map<string, string>> {
  const { connection, now } = args
  const spokenElsewhere = await proposeElsewhere(road, args)
  const drafts = args.drafts.filter(({ posting }) => posting.connectionId === connection.id)
  const bySource = new Map(drafts.map((draft) => [draft.posting.sourceId, draft]))
  const proposals = [...bySource.values()].map((draft) => proposalOf(draft, connection))
  const proposed = await saveProposals(road.database, { proposals, now })
  const spokenFor = new Map<string, string>(spokenElsewhere)
  if (connection.correctionApproval !== CorrectionApproval.AUTOMATIC) return spokenFor
  for (const correction of proposed) {
    const posting = bySource.get(correction.sourceId)?.posting
    if (!posting) continue
    const made = await planned(road, { correction, posting, method: correction.method, connection })
    // What cannot go by itself waits for a person.
    if (made.plan.problems.length + made.plan.warnings.length > 0) continue
    const decided = { correction, posting, ...made, author: null, note: null, now }
    spokenFor.set(correction.sourceId, await carryOut(road.database, decided))
  }
  return spokenFor
}

/** An invoice that another company has is corrected there, and as is usual there. */
async function proposeElsewhere(
  road: Correcting,
  { connection, drafts, now }: { connection: Connection; drafts: CorrectionDraft[]; now: Date },
): Promise<Map<string, string>> {
  const elsewhere = drafts.filter(({ posting }) => posting.connectionId !== connection.id)
  const spokenFor = new Map<string, string>()
  for (const [id, ofOne] of Map.groupBy(elsewhere, ({ posting }) => posting.connectionId)) {
    const other = await findConnection(road.database, { id })
    const spoken = other ? await proposeCorrections(road, { connection: other, drafts: ofOne, now }) : []
    for (const [sourceId, postingId] of spoken) spokenFor.set(sourceId, postingId)
  }
  return spokenFor
}

/** The plan of a correction, with what applied the credit memo that it is about. */
async function planned(
  road: Pick<Correcting, 'database' | 'ledgerOf'>,
  args: { correction: Correction; posting: Posting; method: CorrectionMethod; connection: Connection },
): Promise<{ plan: CorrectionPlan; application: Posting | null }> {
  const { correction, posting, method, connection } = args
  const application = await applicationFor(road.database, correction)
  const ledger = road.ledgerOf(connection)
  const plan = planCorrection({ correction, posting, method, ledger, application })
  if (application && !ENDED.includes(application.state))
    plan.problems.push(`its application to the invoice is ${application.state}: bring that to its end first`)
  if (posting.kind === PostingKind.INVOICE)
    plan.problems.push(...(await paidProblems(road.database, { posting, method })))
  return { plan, application }
}

function proposalOf(draft: CorrectionDraft, { correctionMethod }: Connection): Proposal {
  const { before, after, cause } = draft
  // Only an invoice may be taken back by a credit memo.
  const method = before.kind === 'INVOICE' ? correctionMethod : CorrectionMethod.VOID
  const what = before.kind === 'PAYMENT' ? 'payment' : 'order'
  const nothing =
    what === 'payment' ? 'the payment is no fact any more' : 'nothing of the order is to be billed any more'
  const gone = cause === CorrectionCause.DELETED ? `the ${what} was deleted` : nothing
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
    assertMayWrite(connection)
    await assertApplicable(transaction, { correction, posting, now })
    const method = args.method ?? correction.method
    const made = await planned({ ...road, database: transaction }, { correction, posting, method, connection })
    const { problems } = made.plan
    if (problems.length > 0) throw new InvalidRequest(`It cannot be applied: ${problems.join('; ')}.`)
    await carryOut(transaction, {
      correction: { ...correction, method },
      posting,
      ...made,
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

/** What applying a correction would write; null when what was posted, or its connection, is gone. */
export async function correctionPlan(
  road: Correcting,
  { correction, method }: { correction: Correction; method: CorrectionMethod },
): Promise<CorrectionPlan | null> {
  const connection = await findConnection(road.database, { id: correction.connectionId })
  const [posting] = await findPostingsById(road.database, [correction.postingId])
  if (!connection || !posting) return null
  return (await planned(road, { correction, posting, method, connection })).plan
}

/** Leaves what was posted as it is; the note says why. Throws InvalidRequest. */
export async function dismissCorrection(
  road: Correcting,
  args: { id: string; note: string; author: string },
): Promise<Correction> {
  const note = args.note.trim()
  if (note === '' || note.length > NOTE_LENGTH_MAX)
    throw new InvalidRequest(
      `"note" says why what was posted stays as it is, in at most ${NOTE_LENGTH_MAX} characters.`,
    )
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
  if (posting.state !== PostingState.PROCESSED)
    throw new InvalidRequest('What was posted is under way: look at it again.')
  if (correction.state === CorrectionState.APPLIED) {
    if (correction.before.kind !== 'INVOICE')
      throw new InvalidRequest('It is applied already: retry what failed of its postings.')
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
