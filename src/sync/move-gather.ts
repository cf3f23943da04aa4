import { createHash } from 'node:crypto'
import type { CrmOrder } from '../creatio/creatio.ts'
import { toDocument } from '../creatio/to-document.ts'
import type { Connection } from '../domain/connection.ts'
import { isSale } from '../domain/document.ts'
import type { MoveTerms } from '../domain/move-terms.ts'
import type { Posting } from '../domain/posting.ts'
import { ResetAction, ResetCause, type ResetPlan } from '../domain/reset-plan.ts'
import { PostingState } from '../domain/transitions.ts'
import { findConnection } from '../storage/connections.ts'
import { newestOrderPostings } from '../storage/moves.ts'
import { findOrderPostings } from '../storage/postings.ts'
import { addResetRows, finishGathering, type ResetRowDraft } from '../storage/reset-plans.ts'
import { idsElsewhere, mirroredInvoices } from '../storage/three-sides.ts'
import type { Road } from './road.ts'

const PAGE_ROWS_MAX = 500

/** One of these is on its way in the old company, or has something there that differs. In a sandbox that counts for nothing. */
const UNSETTLED: PostingState[] = [
  PostingState.CLAIMED,
  PostingState.SENT,
  PostingState.UNKNOWN,
  PostingState.MISMATCHED,
]

/**
 * One page of what a move is about: first what Countersign has for the old company, then orders that the system before posted
 * there, as the CRM says by an id. Throws CreatioError.
 */
export async function gatherMove(road: Road, { plan, move }: { plan: ResetPlan; move: MoveTerms }): Promise<void> {
  const { database } = road
  const [from, to] = [
    await findConnection(database, { id: move.fromId }),
    await findConnection(database, { id: plan.connectionId }),
  ]
  if (!from || !to) throw new Error(`A company of move ${plan.id} is gone`)
  const { cause: phase, after, rows } = plan.progress ?? { cause: 0, after: null, rows: 0 }
  const ends = { isCopyOnly: from.environment !== to.environment, from, to }
  const page =
    phase === 0
      ? await ofPostings(road, { ...ends, after: after?.id ?? null })
      : await ofOrders(road, { ...ends, after })
  const place = page.next ? { cause: phase, after: page.next } : { cause: phase + 1, after: null }
  const progress = { ...place, rows: rows + page.rows.length }
  await database.transaction(async (transaction) => {
    await addResetRows(transaction, { plan, rows: page.rows, progress, now: road.now() })
    if (progress.cause > 1) await finishGathering(transaction, { plan, now: road.now() })
  })
}

interface Ends {
  /** What the old company has counts for nothing: it is a sandbox, and the new one is not. */
  isCopyOnly: boolean
  from: Connection
  to: Connection
}

type Page = { rows: ResetRowDraft[]; next: { createdOn: string; id: string } | null }

async function ofPostings(road: Road, { after, ...ends }: Ends & { after: string | null }): Promise<Page> {
  const asked = { connectionId: ends.from.id, after, limit: PAGE_ROWS_MAX }
  const postings = await newestOrderPostings(road.database, asked)
  const last = postings.length < PAGE_ROWS_MAX ? undefined : postings.at(-1)
  // A move before this one left them to the system before us: whether that still has them, the CRM says.
  const behind = postings.flatMap(({ reasonCode, sourceId }) => (reasonCode === 'STAYS_BEHIND' ? [sourceId] : []))
  const orders = behind.length > 0 ? await road.crm.orders(behind) : new Map<string, CrmOrder>()
  const rows = postings.map((posting) => {
    const isBehind = posting.reasonCode === 'STAYS_BEHIND'
    return rowOf(posting, { ...ends, behindAs: isBehind ? (orders.get(posting.sourceId)?.quickBooksId ?? null) : null })
  })
  return { rows, next: last ? { createdOn: '', id: last.id } : null }
}

/** What is to become of a posting of the old company, as far as that is known before the new one is asked. Pure. */
function rowOf(posting: Posting, { isCopyOnly, behindAs }: Ends & { behindAs: string | null }): ResetRowDraft {
  const { orderNumber, documentNumber, quickBooksId, document, state } = posting
  const row = { ...draft(posting), world: worldOfPosting(posting), postingId: posting.id }
  const named = { documentNumber: documentNumber ?? orderNumber, orderNumber, quickBooksId, state }
  if (behindAs !== null && !isCopyOnly) {
    const reasonDetail = { orderNumber, documentNumber, quickBooksId: behindAs }
    const stays = { action: ResetAction.STAY, reasonCode: 'MOVE_STAYS_BY_CRM' as const, reasonDetail }
    return { ...row, ...stays, quickBooksId: behindAs }
  }
  const unsettled = isCopyOnly ? [PostingState.POSTED] : UNSETTLED
  if (unsettled.includes(state)) {
    const refused = { action: ResetAction.REFUSE, reasonCode: 'MOVE_UNSETTLED' as const, reasonDetail: named }
    return { ...row, ...refused, document: null }
  }
  const asked = isSale(document) ? document : null
  if (quickBooksId !== null && !isCopyOnly) {
    const stays = { reasonCode: 'MOVE_STAYS' as const, reasonDetail: named, quickBooksId }
    return { ...row, ...stays, action: asked ? null : ResetAction.STAY, document: asked }
  }
  const isResting = state === PostingState.SKIPPED || state === PostingState.CANCELLED
  if ((isResting && posting.reasonCode !== 'STAYS_BEHIND') || !asked) {
    const reason = posting.reasonCode && { reasonCode: posting.reasonCode, reasonDetail: posting.reasonDetail }
    return { ...row, ...reason, action: ResetAction.MOVE }
  }
  return { ...row, action: null, document: asked }
}

/** Orders without a posting of ours that name an invoice: the old company's, unless the new one has it. Throws CreatioError. */
async function ofOrders(
  road: Road,
  { after, ...ends }: Ends & { after: { createdOn: string; id: string } | null },
): Promise<Page> {
  const page = await road.crm.orderKeys({ since: null, before: road.now().toISOString(), after, limit: PAGE_ROWS_MAX })
  const ids = page.orders.map(({ id }) => id)
  const known = new Set((await findOrderPostings(road.database, ids)).map(({ sourceId }) => sourceId))
  const unknown = ids.filter((id) => !known.has(id))
  const orders = unknown.length > 0 ? [...(await road.crm.orders(unknown)).values()] : []
  const named = orders.flatMap((order) => (order.quickBooksId ? [{ ...order, quickBooksId: order.quickBooksId }] : []))
  const shown = named.map(({ quickBooksId }) => quickBooksId)
  const ofNew = await mirroredInvoices(road.database, { connectionId: ends.to.id, ids: shown, numbers: [] })
  const ofSandboxes = await idsElsewhere(road.database, { connectionId: ends.to.id, ids: shown })
  const rows = named.flatMap((order): ResetRowDraft[] => {
    const { id: sourceId, number: orderNumber, quickBooksId } = order
    const reading = toDocument(order, { profile: road.crm.profile, timeZone: road.crm.timeZone })
    const document = reading.kind === 'document' ? reading.document : null
    // Ids of two companies may be alike: the number says whose it is.
    const there = ofNew.byId.get(quickBooksId)
    if (there && !there.deleted && there.number === document?.number) return []
    const row = {
      ...draft({
        sourceId,
        orderNumber,
        documentNumber: document?.number ?? null,
        total: null,
        currency: order.currency,
      }),
      total: document?.total ?? null,
      world: worldOfOrder({ sourceId, quickBooksId }),
    }
    const reasonDetail = { orderNumber, quickBooksId, documentNumber: document?.number ?? null }
    if (!ends.isCopyOnly) {
      const stays = { action: ResetAction.STAY, reasonCode: 'MOVE_STAYS_BY_CRM' as const, reasonDetail, quickBooksId }
      return [{ ...row, ...stays }]
    }
    if (ofSandboxes.has(quickBooksId) && document) return [{ ...row, action: null, document }]
    return [{ ...row, action: ResetAction.REFUSE, reasonCode: 'MOVE_ID_UNKNOWN', reasonDetail }]
  })
  return { rows, next: page.next }
}

function draft(
  about: Pick<ResetRowDraft, 'sourceId' | 'orderNumber' | 'documentNumber' | 'total' | 'currency'>,
): ResetRowDraft {
  const { sourceId, orderNumber, documentNumber, total, currency } = about
  return {
    ...{
      sourceId,
      orderNumber,
      documentNumber,
      total,
      currency,
      cause: ResetCause.MOVE,
      logRowId: null,
      createdOn: '',
    },
    ...{ postingId: null, workedOnAt: null, action: null, reasonCode: null, reasonDetail: null },
    ...{ quickBooksId: null, world: '', document: null },
  }
}

/** What a decision about a posting rests on, in one word. */
export function worldOfPosting(posting: Posting): string {
  const { id, state, generation, contentHash, quickBooksId, connectionId } = posting
  return word([id, state, generation, contentHash, quickBooksId, connectionId])
}

/** The same of an order without one. */
export function worldOfOrder({ sourceId, quickBooksId }: { sourceId: string; quickBooksId: string | null }): string {
  return word([sourceId, quickBooksId])
}

function word(facts: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, 22)
}
