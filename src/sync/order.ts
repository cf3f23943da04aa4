import { CreatioError, type CrmOrder } from '../creatio/creatio.ts'
import { toDocument } from '../creatio/to-document.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import { defaultConnection } from '../storage/connections.ts'
import { resolveUnloggedOrders } from '../storage/differences.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { acceptPostings, changePostings, findOrderPostings } from '../storage/postings.ts'
import { proposeCorrections } from './corrections.ts'
import { correctionOf, draftOf, renumbered } from './eligibility.ts'
import { assertMayWrite } from './may-write.ts'
import type { Road } from './road.ts'

/** The CRM has no order of this number. */
export class NoSuchOrder extends Error {}

/** The CRM could not be asked: nothing was decided. */
export class CrmUnavailable extends Error {}

/**
 * Puts one order on the road now, with or without a log row, and gives its posting. One that is on its way or done is
 * given as it is; one whose invoice is in QuickBooks and whose CRM was not told is told again. Where the order changed after it
 * was posted, a correction is proposed. Throws InvalidRequest where the connection writes nothing.
 */
export async function syncOrder(road: Road, number: string): Promise<Posting> {
  const order = await findOrder(road, number)
  const { id } = order
  const connection = await defaultConnection(road.database)
  if (!connection) throw new Error('There is no QuickBooks connection yet.')
  assertMayWrite(connection)
  const read = toDocument(order, { profile: road.crm.profile, timeZone: road.crm.timeZone })
  const posting = await road.database.transaction(async (transaction) => {
    const now = road.now()
    const [before] = await findOrderPostings(transaction, [id])
    if (before?.reasonCode === 'STAYS_BEHIND') throw new InvalidRequest(before.reason?.sentence ?? '')
    const reading = before ? renumbered(read, before) : read
    const draft = draftOf({ connectionId: connection.id, sourceId: id, orderNumber: order.number, reading })
    const correction = before?.state === PostingState.PROCESSED ? correctionOf(before, reading) : null
    if (before?.state === PostingState.FAILED && before.quickBooksId) {
      await changePostings(transaction, { changes: [{ id: before.id, to: PostingState.POSTED }], now })
    } else if (correction) {
      await proposeCorrections({ ...road, database: transaction }, { connection, drafts: [correction], now })
    } else {
      await acceptPostings(transaction, { drafts: [draft], now })
    }
    await resolveUnloggedOrders(transaction, { sourceIds: [id], now })
    const [after] = await findOrderPostings(transaction, [id])
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
