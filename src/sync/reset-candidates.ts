import type { CrmLogRow, CrmOrder } from '../creatio/creatio.ts'
import { findOrderPostings } from '../storage/postings.ts'
import { type Read, readingOf, readOrders } from './read-orders.ts'
import type { Candidate } from './reset-classify.ts'
import type { ReadingRoad } from './road.ts'

/** Reads what decisions about log rows, and about orders without one, rest on. Throws CreatioError. */
export async function readCandidates(
  road: ReadingRoad,
  args: { connectionId: string; rows: CrmLogRow[]; unlogged: string[] },
): Promise<Candidate[]> {
  const { connectionId, rows, unlogged } = args
  const ofOrders = rows.filter(({ type }) => type === 'CUSTOMER_ORDER')
  const sourceIds = [...new Set([...ofOrders.flatMap(({ recordId }) => recordId ?? []), ...unlogged])]
  const orders: Read<CrmOrder> = await readOrders(road, sourceIds)
  const postings = await findOrderPostings(road.database, sourceIds)
  // What was to be adopted once, and was not, is looked for anew under the order's own number.
  for (const posting of postings) if (posting.quickBooksId === null) posting.adopts = null
  const postingOf = new Map(postings.map((posting) => [posting.sourceId, posting]))
  const candidate = (row: CrmLogRow | null, sourceId: string | null): Candidate => {
    const isOrder = row === null || row.type === 'CUSTOMER_ORDER'
    const id = isOrder ? (sourceId ?? '') : ''
    const order = orders.found.get(id) ?? null
    const posting = postingOf.get(id) ?? null
    const orderNumber = order?.number ?? posting?.orderNumber ?? null
    return { row, sourceId, order, reading: readingOf(road, { orders, id, orderNumber }), posting, connectionId }
  }
  return [...rows.map((row) => candidate(row, row.recordId)), ...unlogged.map((id) => candidate(null, id))]
}
