import type { CrmOrder } from '../creatio/creatio.ts'
import { toDocument } from '../creatio/to-document.ts'
import type { BulkOperation } from '../domain/bulk-operation.ts'
import type { MoveTerms } from '../domain/move-terms.ts'
import type { Posting } from '../domain/posting.ts'
import { ResetAction, type ResetPlan, type ResetPlanRow, ResetResult } from '../domain/reset-plan.ts'
import { PostingState } from '../domain/transitions.ts'
import { writeAuditEntries } from '../storage/audit.ts'
import type { Database } from '../storage/database.ts'
import { beginElsewhere, foundInOld, type Rebinding, rebindPostings } from '../storage/moves.ts'
import { acceptPostings, findOrderPostings, findPostingsById, type PostingDraft } from '../storage/postings.ts'
import { holdOperation, recordResults, settleRows, unappliedRows } from '../storage/reset-apply.ts'
import { nameAdoptions } from '../storage/reset-likely.ts'
import { draftOf } from './eligibility.ts'
import { worldOfOrder, worldOfPosting } from './move-gather.ts'
import type { BulkRoad } from './road.ts'

interface Moving {
  operation: BulkOperation
  plan: ResetPlan
  move: MoveTerms
  claimToken: string
  rowsMax: number
  leaseUntil: Date
}

/**
 * Applies the next rows of the plan of a move, all that they rest on read again. A row whose world is another is left as it
 * is, and says so. Gives false when nothing is left, or the operation is no longer ours. Throws CreatioError.
 */
export async function moveRows(road: BulkRoad, args: Moving): Promise<boolean> {
  const rows = await unappliedRows(road.database, { planId: args.plan.id, limit: args.rowsMax })
  if (rows.length === 0) return false
  const unposted = rows.flatMap(({ postingId, sourceId }) => (postingId === null && sourceId ? [sourceId] : []))
  const orders = unposted.length > 0 ? await road.crm.orders(unposted) : new Map<string, CrmOrder>()
  const done = await road.database.transaction(async (transaction) => {
    if (!(await holdOperation(transaction, { id: args.operation.id, claimToken: args.claimToken }))) return false
    const fresh = rows.filter(({ result }) => result === null)
    await moveAll(transaction, { ...args, road, rows: fresh, orders })
    await settleRows(transaction, { ids: rows.map(({ id }) => id), now: road.now() })
    return true
  })
  if (done) road.wake()
  return done
}

type Batch = Moving & { road: BulkRoad; rows: ResetPlanRow[]; orders: Map<string, CrmOrder> }

/** In one transaction: postings, the trail, and what came of each row. */
async function moveAll(transaction: Database, batch: Batch): Promise<void> {
  const { operation, plan, rows, leaseUntil, road } = batch
  const same = await unchanged(transaction, batch)
  const going = new Map([
    ...(await rebound(transaction, { ...batch, same })),
    ...(await begun(transaction, { ...batch, same })),
  ])
  const results = rows.map((row) => {
    const postingId = going.get(row.id) ?? null
    const isDone = postingId !== null || (same.has(row.id) && row.action === ResetAction.STAY)
    return { id: row.id, postingId, result: isDone ? ResetResult.APPLIED : ResetResult.CHANGED }
  })
  await recordResults(transaction, { operationId: operation.id, results, leaseUntil })
  const rowOf = new Map(rows.map((row) => [row.id, row]))
  await writeAuditEntries(transaction, {
    author: operation.author,
    keyId: operation.authorKeyId,
    connectionIds: operation.connectionIds,
    action: 'applyMove',
    entries: results.map(({ id, result }) => ({ subject: subject(plan, { row: rowOf.get(id), result }) })),
    now: road.now(),
  })
}

function subject({ id }: ResetPlan, { row, result }: { row: ResetPlanRow | undefined; result: ResetResult }): string {
  return `move ${id}: order ${row?.orderNumber ?? 'without a number'}, ${row?.action} ${row?.documentNumber ?? ''}: ${result}`
}

/** The rows that stand as they stood when they were planned, with the posting of each that has one. */
async function unchanged(
  transaction: Database,
  { rows, orders }: Pick<Batch, 'rows' | 'orders'>,
): Promise<Map<string, Posting | null>> {
  const postings = await findPostingsById(
    transaction,
    rows.flatMap(({ postingId }) => postingId ?? []),
  )
  const postingOf = new Map(postings.map((posting) => [posting.id, posting]))
  const without = rows.flatMap(({ postingId, sourceId }) => (postingId === null && sourceId ? [sourceId] : []))
  const appeared = new Set((await findOrderPostings(transaction, without)).map(({ sourceId }) => sourceId))
  return new Map(
    rows.flatMap((row): [string, Posting | null][] => {
      const posting = postingOf.get(row.postingId ?? '')
      if (posting) return worldOfPosting(posting) === row.world ? [[row.id, posting]] : []
      const order = orders.get(row.sourceId ?? '')
      if (!order || appeared.has(order.id)) return []
      const { id: sourceId, quickBooksId } = order
      return worldOfOrder({ sourceId, quickBooksId }) === row.world ? [[row.id, null]] : []
    }),
  )
}

/** Postings that go to the new company, by the row; those that are PROCESSED in a sandbox, or were copied, anew. */
async function rebound(
  transaction: Database,
  { rows, same, plan, move, road }: Batch & { same: Map<string, Posting | null> },
): Promise<[string, string][]> {
  const leaving = rows.flatMap((row) => {
    const posting = same.get(row.id)
    return posting && row.action !== ResetAction.STAY ? [{ row, posting, rebinding: rebindingOf(row, posting) }] : []
  })
  // What was read of the old company since the plan may show that somebody else entered one of them there.
  const asked = leaving.flatMap(({ row, posting: { id, kind, documentNumber: number, quickBooksId } }) =>
    row.action === ResetAction.MOVE && quickBooksId === null ? [{ id, kind, number }] : [],
  )
  const inOld = await foundInOld(transaction, { fromId: move.fromId, toId: plan.connectionId, asked })
  const movers = leaving.filter(({ posting }) => !inOld.has(posting.id))
  const isDone = ({ posting }: { posting: Posting }) => posting.state === PostingState.PROCESSED
  const common = { toId: plan.connectionId, now: road.now() }
  const open = movers.filter((one) => !isDone(one)).map(({ rebinding }) => rebinding)
  const moved = await rebindPostings(transaction, { ...common, rebindings: open })
  const anew = movers.filter(isDone).map(({ rebinding }) => rebinding)
  const copied = await beginElsewhere(transaction, { ...common, rebindings: anew })
  return movers.flatMap(({ row, posting }): [string, string][] => {
    const id = moved.has(posting.id) ? posting.id : copied.get(posting.id)
    return id ? [[row.id, id]] : []
  })
}

/** What the new company has already is adopted by its id: were it gone by then, nothing would be posted in its place. */
function rebindingOf({ action, quickBooksId, documentNumber }: ResetPlanRow, { id: postingId }: Posting): Rebinding {
  const isFound = action === ResetAction.ADOPT && quickBooksId !== null
  return { postingId, adopts: isFound ? { quickBooksId, number: documentNumber ?? '' } : null }
}

/**
 * Orders without a posting, by the row. What the old company has gets one that says so, lest it be posted to the new one; what
 * a sandbox has goes to the new company.
 */
async function begun(
  transaction: Database,
  { rows, same, plan, move, orders, road }: Batch & { same: Map<string, Posting | null> },
): Promise<[string, string][]> {
  const { profile, timeZone } = road.crm
  const drafts = rows.flatMap((row): { row: ResetPlanRow; draft: PostingDraft }[] => {
    const order = same.get(row.id) === null ? orders.get(row.sourceId ?? '') : undefined
    if (!order) return []
    const reading = toDocument(order, { profile, timeZone })
    const stays = row.action === ResetAction.STAY
    const connectionId = stays ? move.fromId : plan.connectionId
    const draft = draftOf({ connectionId, sourceId: order.id, orderNumber: order.number, reading })
    if (!stays) return [{ row, draft }]
    const detail = { orderNumber: order.number, quickBooksId: order.quickBooksId }
    return [{ row, draft: { ...draft, state: PostingState.SKIPPED, reason: { code: 'STAYS_BEHIND', detail } } }]
  })
  const all = drafts.map(({ draft }) => draft)
  const accepted = await acceptPostings(transaction, { drafts: all, now: road.now() })
  const going = drafts.flatMap(({ row, draft }): [ResetPlanRow, string][] => {
    const id = accepted.get(draft.sourceId)
    return id && row.action !== ResetAction.STAY ? [[row, id]] : []
  })
  const adoptions = going.flatMap(([row, postingId]) => {
    const isFound = row.action === ResetAction.ADOPT && row.quickBooksId !== null
    return isFound
      ? [{ postingId, adopts: { quickBooksId: row.quickBooksId ?? '', number: row.documentNumber ?? '' } }]
      : []
  })
  await nameAdoptions(transaction, { adoptions, now: road.now() })
  return going.map(([row, id]) => [row.id, id])
}
