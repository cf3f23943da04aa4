import { v4 as uuidv4 } from 'uuid'
import { CreatioError, type CrmAccount, type CrmOrder, type CrmPayment, type CrmWare } from '../creatio/creatio.ts'
import { type OrderReading, toDocument } from '../creatio/to-document.ts'
import { type PaymentReading, paymentNumber, toPayment } from '../creatio/to-payment.ts'
import { isOutage } from './crm-outage.ts'
import type { ReadingRoad } from './road.ts'

/** Records as the CRM has them now; one that is in neither map does not exist. */
export interface Read<T> {
  found: Map<string, T>
  /** Records that the CRM will not give, or gives in a form that nobody understands, while it gives others. */
  refused: Map<string, CreatioError>
}

/** Reads orders by id; see `readEach`. */
export function readOrders(road: ReadingRoad, ids: string[]): Promise<Read<CrmOrder>> {
  return readEach(road, { ids, read: road.crm.orders })
}

/** Reads accounts by id; see `readEach`. */
export function readAccounts(road: ReadingRoad, ids: string[]): Promise<Read<CrmAccount>> {
  return readEach(road, { ids, read: road.crm.accounts })
}

/** Reads products by id; see `readEach`. */
export function readProducts(road: ReadingRoad, ids: string[]): Promise<Read<CrmWare>> {
  return readEach(road, { ids, read: road.crm.productsById })
}

/** Payments as the CRM has them now, with the orders that they pay. */
export interface ReadPayments {
  payments: Read<CrmPayment>
  orders: Read<CrmOrder>
}

/** Reads payments by id, with their orders; see `readEach`. */
export async function readPayments(road: ReadingRoad, ids: string[]): Promise<ReadPayments> {
  const payments = await readEach(road, { ids, read: road.crm.payments })
  const orderIds = [...payments.found.values()].flatMap(({ orderId }) => orderId ?? [])
  return { payments, orders: await readOrders(road, [...new Set(orderIds)]) }
}

interface Question<T> {
  ids: string[]
  read: (ids: string[]) => Promise<Map<string, T>>
}

/**
 * A record that breaks every question it is in must not keep the others from being read: the ids are asked for in halves
 * until it is alone. Throws CreatioError when the CRM is out, or refuses whatever it is asked.
 */
async function readEach<T>(road: ReadingRoad, { ids, read }: Question<T>): Promise<Read<T>> {
  const all: Read<T> = { found: new Map(), refused: new Map() }
  const waiting = ids.length === 0 ? [] : [ids]
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    try {
      for (const [id, record] of await read(part)) all.found.set(id, record)
    } catch (error) {
      orThrown(error)
      const [id, second] = part
      const middle = Math.ceil(part.length / 2)
      if (second !== undefined) waiting.push(part.slice(middle), part.slice(0, middle))
      else if (id !== undefined) await readAlone(all, { road, id, read })
    }
  }
  return all
}

/**
 * A record that was refused alone. It is to blame only when the same question about a record that nobody has is
 * answered, and it is refused once more after that: else the CRM just stumbled, or takes such questions from nobody.
 */
async function readAlone<T>(
  all: Read<T>,
  { road, id, read }: { road: ReadingRoad; id: string; read: Question<T>['read'] },
): Promise<void> {
  await read([uuidv4()])
  try {
    for (const [found, record] of await read([id])) all.found.set(found, record)
  } catch (error) {
    const refusal = orThrown(error)
    road.log.warn({ record: id, error: refusal.message }, 'a record cannot be read; it is set aside, the others go on')
    all.refused.set(id, refusal)
  }
}

/** The refusal that an error is; an outage, or an error of our own, is thrown on. */
function orThrown(error: unknown): CreatioError {
  if (!(error instanceof CreatioError) || isOutage(error)) throw error
  return error
}

/**
 * What an order says, for its sales document; null when there is no such order. An error of our own while it is understood is
 * logged, and concerns this order alone.
 */
export function readingOf(
  road: ReadingRoad,
  { orders, id, orderNumber }: { orders: Read<CrmOrder>; id: string; orderNumber: string | null },
): OrderReading | null {
  const refusal = orders.refused.get(id)
  if (refusal) {
    const detail = { orderNumber: orderNumber ?? id, detail: refusal.message }
    return { kind: 'invalid', reason: 'ORDER_UNREADABLE', detail }
  }
  const order = orders.found.get(id)
  if (!order) return null
  try {
    return toDocument(order, { profile: road.crm.profile, timeZone: road.crm.timeZone })
  } catch (error) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error)
    road.log.error({ order: id, error: told }, 'an order was set aside for an error of our own')
    const detail = { detail: error instanceof Error ? error.message : String(error) }
    return { kind: 'invalid', reason: 'INTERNAL_ERROR', detail }
  }
}

/** What a payment says; null when there is no such payment. */
export function paymentReadingOf(
  road: ReadingRoad,
  { read, id, number }: { read: ReadPayments; id: string; number: string | null },
): PaymentReading | null {
  const refusal = read.payments.refused.get(id)
  const payment = read.payments.found.get(id)
  const unreadable = (detail: string): PaymentReading => {
    const documentNumber = number ?? (payment ? paymentNumber(payment) : id)
    return { kind: 'invalid', reason: 'PAYMENT_UNREADABLE', detail: { documentNumber, detail } }
  }
  if (refusal) return unreadable(refusal.message)
  if (!payment) return null
  const orderRefusal = read.orders.refused.get(payment.orderId ?? '')
  if (orderRefusal) return unreadable(orderRefusal.message)
  const order = read.orders.found.get(payment.orderId ?? '') ?? null
  return toPayment(payment, { order, profile: road.crm.profile, timeZone: road.crm.timeZone })
}
