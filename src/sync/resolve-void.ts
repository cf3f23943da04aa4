import { toDocument } from '../creatio/to-document.ts'
import type { Connection } from '../domain/connection.ts'
import { CorrectionCause } from '../domain/correction.ts'
import { type Discrepancy, DiscrepancyKind } from '../domain/discrepancy.ts'
import { contentHash, type VoidDocument } from '../domain/document.ts'
import { CorrectionApproval, CorrectionMethod, PostingKind } from '../domain/kinds.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import { findConnection } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { isOwned } from '../storage/generations.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { acceptPostings, findPostings } from '../storage/postings.ts'
import { mirroredInvoices } from '../storage/three-sides.ts'
import { openCorrectionOf, type VoidTarget, voidTarget } from '../storage/void-targets.ts'
import { afterOf } from './apply-credits.ts'
import { applyCorrection, proposeCorrections } from './corrections.ts'
import { assertMayWrite } from './may-write.ts'
import { headOf } from './read-documents.ts'
import type { ResolvingRoad } from './resolve.ts'
import { theirInvoice } from './sweep-page.ts'
import { paidWords } from './void-refusals.ts'

/** Begins to void in the caller's transaction, and gives the posting that does it. */
export type Voiding = (transaction: Database, by: { author: string }) => Promise<string>

/** What nobody's order stands behind: it is voided as it is. */
const NOBODYS: DiscrepancyKind[] = [DiscrepancyKind.DUPLICATE, DiscrepancyKind.UNKNOWN_IN_CRM]

/**
 * Voids an invoice that QuickBooks has and should not: one too many of a number, nobody's, or one whose order was cancelled or
 * deleted. Refused with the reason where it cannot be done, before anything is queued. Throws InvalidRequest, CreatioError.
 */
export async function voiding(road: ResolvingRoad, discrepancy: Discrepancy): Promise<Voiding> {
  const { connectionId, quickBooksId } = discrepancy
  if (!quickBooksId) throw new InvalidRequest('There is nothing in QuickBooks to void.')
  const connection = await findConnection(road.database, { id: connectionId })
  if (!connection) throw new InvalidRequest('There is no such connection.')
  assertMayWrite(connection)
  const target = await voidTarget(road.database, { connectionId, quickBooksId })
  const theirs = target && theirInvoice({ ...target, quickBooksId }, road.ledgerOf(connection).mirror)
  if (!target || target.deleted || !theirs?.record?.sale)
    throw new InvalidRequest('The mirror has no such invoice: it is gone from QuickBooks. Reconcile again.')
  if (theirs.record.sale.voided)
    throw new InvalidRequest('The invoice is void already: reconcile again, and this ends by itself.')
  const paid = paidWords(target)
  if (paid) throw new InvalidRequest(paid)
  const document = documentOf(discrepancy, { target, quickBooksId })
  await mustBeOpenBooks(road, { connection, document, quickBooksId })
  const owner = await ownerOf(road.database, discrepancy)
  if (owner) return correctingVoid(road, { connection, owner })
  if (!NOBODYS.includes(discrepancy.kind)) await mustBeOffTheBooks(road, discrepancy)
  if (discrepancy.kind === DiscrepancyKind.DUPLICATE) await mustStillBeSecond(road, { discrepancy, connection })
  return async (transaction) => {
    if (await isOwned(transaction, { connectionId, quickBooksId, exceptId: null }))
      throw new InvalidRequest('A posting became this invoice meanwhile: reconcile again.')
    const { sourceId } = document
    const [earlier] = await findPostings(transaction, { kind: PostingKind.VOID, sourceIds: [sourceId] })
    const draft = { connectionId, kind: PostingKind.VOID, sourceId, ...headOf(document), document }
    const accepted = await acceptPostings(transaction, {
      drafts: [
        {
          ...draft,
          contentHash: contentHash(document),
          state: PostingState.PENDING,
          reason: null,
          after: earlier ? afterOf(earlier) : 0,
        },
      ],
      now: road.now(),
    })
    const id = accepted.get(sourceId)
    if (!id) throw new InvalidRequest('It is being voided already.')
    return id
  }
}

/** A void of the record itself: our copy of it is what it is about, so that it is asked for once. */
function documentOf(
  { orderNumber, documentNumber }: Discrepancy,
  { target, quickBooksId }: { target: VoidTarget; quickBooksId: string },
): VoidDocument {
  const number = target.number ?? documentNumber ?? quickBooksId
  const reference = { kind: 'INVOICE' as const, sourceId: target.id, number, quickBooksId }
  return {
    ...{ kind: 'VOID', sourceId: target.id, orderNumber: orderNumber ?? '', number, target: reference },
    ...(target.date ? { date: target.date } : {}),
  }
}

/** Asks QuickBooks anew where it can be called; where it calls, it says so at the beginning of the conversation that voids. */
async function mustBeOpenBooks(
  road: ResolvingRoad,
  args: { connection: Connection; document: VoidDocument; quickBooksId: string },
): Promise<void> {
  const ledger = road.ledgerOf(args.connection)
  if (!ledger.mailbox) await ledger.check()
  const mapped = { kind: 'VOID' as const, document: args.document, targetId: args.quickBooksId, revision: '' }
  const [problem] = ledger.problems(mapped)
  if (problem)
    throw new InvalidRequest(`Invoice ${args.document.number} cannot be voided: ${problem.problem}. ${problem.remedy}`)
}

/** The newest posting of the order whose invoice it is. */
async function ownerOf(
  database: Database,
  { connectionId, quickBooksId, sourceId }: Discrepancy,
): Promise<Posting | null> {
  if (!sourceId || !quickBooksId) return null
  if (!(await isOwned(database, { connectionId, quickBooksId, exceptId: null }))) return null
  const [posting] = await findPostings(database, { kind: PostingKind.INVOICE, sourceIds: [sourceId] })
  return posting?.quickBooksId === quickBooksId ? posting : null
}

/** What was posted from here is taken back as a correction, so that the order's log rows and its return find their place. */
async function correctingVoid(
  road: ResolvingRoad,
  { connection, owner }: { connection: Connection; owner: Posting },
): Promise<Voiding> {
  const { sourceId, document: before } = owner
  if (owner.state !== PostingState.PROCESSED || before?.kind !== 'INVOICE')
    throw new InvalidRequest('Its posting is under way: look at it again when it has come to rest.')
  const isThere = await mustBeOffTheBooks(road, { sourceId })
  const cause = isThere ? CorrectionCause.CANCELLED : CorrectionCause.DELETED
  return async (transaction, { author }) => {
    const correcting = { ...road, database: transaction, wake: () => undefined }
    const asked = { ...connection, correctionApproval: CorrectionApproval.ASK } as Connection
    const drafts = [{ posting: owner, before, cause, after: null }]
    await proposeCorrections(correcting, { connection: asked, drafts, now: road.now() })
    const correction = await openCorrectionOf(transaction, owner.id)
    if (!correction) throw new InvalidRequest('A correction of this invoice was dismissed: it stays as it is.')
    if (correction.after !== null)
      throw new InvalidRequest('Another correction of this invoice is under way: bring it to its end first.')
    await applyCorrection(correcting, { id: correction.id, method: CorrectionMethod.VOID, author })
    const [made] = await findPostings(transaction, { kind: PostingKind.VOID, sourceIds: [sourceId] })
    if (!made) throw new Error(`Correction ${correction.id} was applied and made no void`)
    return made.id
  }
}

/** Its order was cancelled, or is gone. Says whether the CRM still has it. Throws InvalidRequest when it is to be billed. */
async function mustBeOffTheBooks(road: ResolvingRoad, { sourceId }: Pick<Discrepancy, 'sourceId'>): Promise<boolean> {
  const order = sourceId ? (await road.crm.orders([sourceId])).get(sourceId) : undefined
  if (!order) return false
  const { profile, timeZone } = road.crm
  if (toDocument(order, { profile, timeZone }).kind !== 'not-eligible')
    throw new InvalidRequest(
      `Order ${order.number} stands in the CRM, and is to be billed: cancel it there first, or ADOPT or ACCEPT what QuickBooks has.`,
    )
  return true
}

/** The invoice that it is one too many of is there. */
async function mustStillBeSecond(
  road: ResolvingRoad,
  { discrepancy, connection }: { discrepancy: Discrepancy; connection: Connection },
): Promise<void> {
  const { connectionId, quickBooksId, documentNumber } = discrepancy
  const asked = { connectionId, ids: [], numbers: documentNumber ? [documentNumber] : [] }
  const { byNumber } = await mirroredInvoices(road.database, asked)
  const reader = road.ledgerOf(connection).mirror
  for (const one of byNumber.get(documentNumber ?? '') ?? []) {
    const isOther = one.quickBooksId !== quickBooksId && !theirInvoice(one, reader).record?.sale?.voided
    const owned = { connectionId, quickBooksId: one.quickBooksId, exceptId: null }
    if (isOther && (await isOwned(road.database, owned))) return
  }
  throw new InvalidRequest('The invoice that this is a duplicate of is gone, or void: reconcile again.')
}
