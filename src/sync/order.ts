import { CreatioError, type CrmOrder } from '../creatio/creatio.ts'
import { toDocument } from '../creatio/to-document.ts'
import { PostingKind } from '../domain/kinds.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import { defaultConnection } from '../storage/connections.ts'
import { resolveUnloggedOrders } from '../storage/differences.ts'
import { acceptPostings, changePostings, findPostings } from '../storage/postings.ts'
import { draftOf } from './eligibility.ts'
import type { Road } from './road.ts'

/** The CRM has no order of this number. */
export class NoSuchOrder extends Error {}

/** The CRM could not be asked: nothing was decided. */
export class CrmUnavailable extends Error {}

/**
 * Puts one order on the road now, with or without a log row, and gives its posting. One that is on its way or done is
 * given as it is; one whose invoice is in QuickBooks and whose CRM was not told is told again.
 */
export async function syncOrder(road: Road, number: string): Promise<Posting> {
  const order = await findOrder(road, number)
  const { id } = order
  const connection = await defaultConnection(road.database)
  if (!connection) throw new Error('There is no QuickBooks connection yet.')
  const reading = toDocument(order, { profile: road.crm.profile, timeZone: road.crm.timeZone })
  const posting = await road.database.transaction(async (transaction) => {
    const draft = draftOf({ connectionId: connection.id, sourceId: id, orderNumber: order.number, reading })
    const now = road.now()
    const [before] = await findPostings(transaction, { kind: PostingKind.INVOICE, sourceIds: [id] })
    if (before?.state === PostingState.FAILED && before.quickBooksId) {
      await changePostings(transaction, { changes: [{ id: before.id, to: PostingState.POSTED }], now })
    } else {
      await acceptPostings(transaction, { drafts: [draft], now })
    }
    await resolveUnloggedOrders(transaction, { sourceIds: [id], now })
    const [after] = await findPostings(transaction, { kind: PostingKind.INVOICE, sourceIds: [id] })
    return after
  })
  if (!posting) throw new Error(`Order ${number} could not be put on the road`)
  road.wake()
  return posting
}

async function findOrder(road: Road, number: string): Promise<CrmOrder> {
  try {
    const id = await road.crm.orderIdByNumber(number)
    const order = id === null ? undefined : (await road.crm.orders([id])).get(id)
    if (order) return order
  } catch (error) {
    if (error instanceof CreatioError) throw new CrmUnavailable(`The CRM could not be asked: ${error.message}`)
    throw error
  }
  throw new NoSuchOrder(`The CRM has no order ${number}.`)
}
