import { toDocument } from '../creatio/to-document.ts'
import { type Discrepancy, DiscrepancyKind } from '../domain/discrepancy.ts'
import { PostingKind } from '../domain/kinds.ts'
import { reasonOf } from '../domain/reason.ts'
import { PostingState } from '../domain/transitions.ts'
import { resolveUnloggedOrders } from '../storage/differences.ts'
import { beginGeneration } from '../storage/generations.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { acceptPostings, findPostings } from '../storage/postings.ts'
import { mirroredInvoices } from '../storage/three-sides.ts'
import { draftOf } from './eligibility.ts'
import type { Effect, ResolvingRoad } from './resolving-road.ts'
import { setGoing } from './retry.ts'

const REPOSTED: DiscrepancyKind[] = [
  DiscrepancyKind.MISSING_IN_QUICKBOOKS,
  DiscrepancyKind.FALSE_PROCESSED,
  DiscrepancyKind.DELETED,
  DiscrepancyKind.VOIDED,
  DiscrepancyKind.ENVIRONMENT,
]

/**
 * Sets an order going again, only when QuickBooks has nothing of it: neither under its id nor under its number. On its road
 * it is looked for once more before anything is written.
 */
export async function repost(road: ResolvingRoad, discrepancy: Discrepancy): Promise<Effect> {
  const { kind, connectionId, sourceId } = discrepancy
  if (!REPOSTED.includes(kind) || !sourceId)
    throw new InvalidRequest(`${kind} is not put right by posting again: QuickBooks has the invoice.`)
  const [posting] = await findPostings(road.database, { kind: PostingKind.INVOICE, sourceIds: [sourceId] })
  if (posting && posting.connectionId !== connectionId)
    throw new InvalidRequest('The order belongs to another connection.')
  await mustBeAbsent(road, {
    connectionId,
    ids: [posting?.quickBooksId, discrepancy.quickBooksId].flatMap((id) => (id ? [id] : [])),
    number: posting?.documentNumber ?? discrepancy.documentNumber,
  })
  if (!posting) return postNew(road, { connectionId, sourceId })
  return async (transaction) => {
    const now = road.now()
    if (posting.state === PostingState.PROCESSED) {
      const id = await beginGeneration(transaction, { posting, state: PostingState.PENDING, now })
      if (!id) throw new InvalidRequest('The order is on its way already.')
      return
    }
    if (posting.quickBooksId)
      throw new InvalidRequest('The posting is linked, and the CRM was not told: retry it first, then reconcile again.')
    const { refused } = await setGoing(transaction, { ids: [posting.id], now })
    if (refused[0]) throw new InvalidRequest(refused[0].reason)
  }
}

/** The mirror says so, as of the reconciliation that brought it up to date. */
async function mustBeAbsent(
  road: ResolvingRoad,
  { connectionId, ids, number }: { connectionId: string; ids: string[]; number: string | null },
): Promise<void> {
  const asked = { connectionId, ids, numbers: number ? [number] : [] }
  const { byId, byNumber } = await mirroredInvoices(road.database, asked)
  const there = [...byId.values(), ...[...byNumber.values()].flat()].find(({ deleted }) => !deleted)
  if (there)
    throw new InvalidRequest(
      `QuickBooks still has invoice ${there.number ?? ''} (${there.quickBooksId}), void or not: delete it or give it another number there, then reconcile again.`,
    )
}

async function postNew(
  road: ResolvingRoad,
  { connectionId, sourceId }: { connectionId: string; sourceId: string },
): Promise<Effect> {
  const order = (await road.crm.orders([sourceId])).get(sourceId)
  if (!order) throw new InvalidRequest('The CRM no longer has the order.')
  const reading = toDocument(order, { profile: road.crm.profile, timeZone: road.crm.timeZone })
  const draft = draftOf({ connectionId, sourceId, orderNumber: order.number, reading })
  if (draft.state !== PostingState.PENDING) {
    const reason = draft.reason ? reasonOf(draft.reason.code, draft.reason.detail).sentence : ''
    throw new InvalidRequest(`The order cannot be posted as it is. ${reason}`)
  }
  return async (transaction) => {
    const now = road.now()
    const accepted = await acceptPostings(transaction, { drafts: [draft], now })
    if (!accepted.has(sourceId)) throw new InvalidRequest('The order is on its way already.')
    await resolveUnloggedOrders(transaction, { sourceIds: [sourceId], now })
  }
}
