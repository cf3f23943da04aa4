import type { PaymentDocument } from '../domain/document.ts'
import { decimal, money } from '../domain/money.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'
import type { CrmOrder, CrmPayment } from './crm-order.ts'
import type { Profile } from './profile.ts'
import { documentNumber } from './read-order.ts'
import { saleKind, toCustomer } from './to-document.ts'
import { dayIn } from './values.ts'

/** What a payment of the CRM is to QuickBooks: a payment, nothing at all, or something that a person must correct first. */
export type PaymentReading =
  | { kind: 'document'; document: PaymentDocument }
  | { kind: 'not-eligible'; reason: ReasonCode; detail: ReasonDetail }
  | { kind: 'invalid'; reason: ReasonCode; detail: ReasonDetail }

/** Makes the payment of an order's invoice. One without a reference is numbered by its id, so that it is found again. */
export function toPayment(
  payment: CrmPayment,
  { order, profile, timeZone }: { order: CrmOrder | null; profile: Profile; timeZone: string },
): PaymentReading {
  const number = paymentNumber(payment)
  const orderNumber = order?.number ?? null
  if (payment.date === null && payment.unreadable.every(({ what }) => what !== 'the date'))
    return { kind: 'not-eligible', reason: 'PAYMENT_GONE', detail: { documentNumber: number, orderNumber } }
  const problems = payment.unreadable.map(({ what, given }) => `${what} cannot be read ("${given}")`)
  const customer = order?.account ? toCustomer(order.account, order.contact) : null
  const invoiceNumber = order && documentNumber(order, profile)
  if (!order) problems.push('its order does not exist in the CRM')
  else {
    if (saleKind(order, profile) !== 'INVOICE') problems.push('its order is no sale')
    if (!customer) problems.push('the customer of its order is missing')
    if (!order.number || !invoiceNumber) problems.push('the number of its order is missing')
    if (!order.currency) problems.push('the currency of its order is missing')
  }
  const amount = amountOf(payment, problems)
  const date = payment.date
  if (problems.length > 0 || !order?.number || !order.currency || !customer || !invoiceNumber || !amount || !date) {
    const detail = { documentNumber: number, orderNumber, problems: problems.join('; ') }
    return { kind: 'invalid', reason: 'PAYMENT_INVALID', detail }
  }
  const document: PaymentDocument = {
    kind: 'PAYMENT',
    sourceId: payment.id,
    orderNumber: order.number,
    number,
    customer,
    date: dayIn({ instant: date, timeZone }),
    currency: order.currency,
    amount,
    ...(payment.method ? { method: payment.method } : {}),
    applications: [{ invoice: { kind: 'INVOICE', sourceId: order.id, number: invoiceNumber }, amount }],
  }
  return { kind: 'document', document }
}

/** The number that a payment bears in QuickBooks. */
export function paymentNumber({ id, reference }: Pick<CrmPayment, 'id' | 'reference'>): string {
  return reference ?? `P-${id.replaceAll('-', '').slice(0, 12)}`
}

function amountOf({ amount, unreadable }: CrmPayment, problems: string[]): string | null {
  if (amount === null) {
    if (unreadable.every(({ what }) => what !== 'the amount')) problems.push('the amount is missing')
    return null
  }
  const exact = decimal(amount)
  if (exact.decimalPlaces() > 2) problems.push(`the amount ${amount} has a part of a cent`)
  else if (!exact.greaterThan(0)) problems.push(`the amount ${amount} is nothing that came in`)
  else return money(exact)
  return null
}
