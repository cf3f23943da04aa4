import type { Address, CustomerDocument, DocumentLine, InvoiceDocument } from '../domain/document.ts'
import { decimal, extend, isZero, type Money, minus, percentOf, roundToCents, sum, ZERO } from '../domain/money.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'
import type { CrmAccount, CrmOrder, CrmOrderLine } from './crm-order.ts'
import type { Profile } from './profile.ts'
import { dayIn } from './values.ts'

/** What an order is to QuickBooks: an invoice, nothing at all, or something that a person must correct first. */
export type InvoiceReading =
  | { kind: 'document'; document: InvoiceDocument }
  | { kind: 'not-eligible'; reason: ReasonCode; detail: ReasonDetail }
  | { kind: 'invalid'; reason: ReasonCode; detail: ReasonDetail }

/** QuickBooks refuses far less; from here on an amount has no place in our own tables either. */
const TOTAL_LIMIT = '1e15'

/**
 * Makes the invoice of an order. Lines of quantity 0 are left out, since they bill nothing; the others keep their order and are
 * numbered from 1. Signs stay as the CRM has them. All that is wrong is named in one sentence, so that a person corrects it once.
 */
export function toDocument(
  order: CrmOrder,
  { profile, timeZone }: { profile: Profile; timeZone: string },
): InvoiceReading {
  const orderNumber = order.number
  if (isCancelled(order, profile)) return { kind: 'not-eligible', reason: 'ORDER_CANCELLED', detail: { orderNumber } }
  if (order.lines.length === 0) return { kind: 'not-eligible', reason: 'ORDER_EMPTY', detail: { orderNumber } }
  const lines = order.lines.map((line, index) => ({ ...line, place: index + 1 })).filter(hasQuantity)
  if (lines.length === 0) return { kind: 'not-eligible', reason: 'ORDER_ALL_ZERO', detail: { orderNumber } }

  const unsupported = unsupportedType(order, profile)
  if (unsupported !== null) {
    return {
      kind: 'invalid',
      reason: 'TRANSACTION_TYPE_UNSUPPORTED',
      detail: { orderNumber, transactionType: unsupported },
    }
  }
  const { account } = order
  if (account === null) return { kind: 'invalid', reason: 'CUSTOMER_NOT_FOUND', detail: { orderNumber } }

  const problems = order.unreadable.map(({ what, given }) => `${what} cannot be read ("${given}")`)
  const need = <T>(value: T | null | undefined, what: string): T | null => {
    // What cannot be read was named already.
    if (value == null && !order.unreadable.some((each) => each.what === what)) problems.push(`${what} is missing`)
    return value ?? null
  }
  const day = (instant: string) => dayIn({ instant, timeZone })
  need(orderNumber, 'the order number')
  const number = need(documentNumber(order, profile), 'the number of the invoice')
  const dated = need(order.invoiceDate ?? order.date, 'the order date')
  const currency = need(order.currency, 'the currency')
  const customer = toCustomer(account, order.contact)
  need(customer, 'the name of the account')
  const documentLines = lines.map((line, index) => toLine({ line, position: index + 1, taxed: order.taxed, need }))

  if (problems.length > 0 || !number || !orderNumber || !dated || !currency || !customer) {
    return {
      kind: 'invalid',
      reason: 'DOCUMENT_INVALID',
      detail: { orderNumber, problems: `${problems.join('; ')}.` },
    }
  }
  const document: InvoiceDocument = {
    kind: 'INVOICE',
    sourceId: order.id,
    orderNumber,
    number,
    customer,
    date: day(dated),
    ...(order.dueDate ? { dueDate: day(order.dueDate) } : {}),
    ...(order.shipDate ? { shipDate: day(order.shipDate) } : {}),
    ...(order.purchaseOrderNumber ? { purchaseOrderNumber: order.purchaseOrderNumber } : {}),
    currency,
    lines: documentLines.filter((line) => line !== null),
    ...amountsOf(
      order,
      documentLines.filter((line) => line !== null),
    ),
  }
  if (decimal(document.total).abs().greaterThanOrEqualTo(TOTAL_LIMIT)) {
    const detail = { orderNumber, problems: `its total ${document.total} is more than any ledger keeps.` }
    return { kind: 'invalid', reason: 'DOCUMENT_INVALID', detail }
  }
  return { kind: 'document', document }
}

type PlacedLine = CrmOrderLine & { place: number }

function isCancelled({ status }: CrmOrder, { order }: Profile): boolean {
  if (status === null) return false
  const name = status.name?.toLowerCase()
  return (
    order.cancelledStatusIds.includes(status.id) ||
    order.cancelledStatusNames.some((each) => each.toLowerCase() === name)
  )
}

/** A quantity that is missing or unreadable is not zero: it is a problem, named later. */
function hasQuantity({ quantity }: CrmOrderLine): boolean {
  return quantity === null || !isZero(quantity)
}

/** What the order is instead of a sale, in words; null for a sale. An order without a type is a sale, as most sites never set it. */
function unsupportedType({ transactionTypeId }: CrmOrder, { order }: Profile): string | null {
  if (transactionTypeId === null || transactionTypeId === order.transactionTypes.SALES) return null
  return transactionTypeId === order.transactionTypes.CREDIT_MEMO
    ? 'credit memo'
    : `transaction of type ${transactionTypeId}`
}

function documentNumber({ invoiceNumber, number }: CrmOrder, { order }: Profile): string | null {
  switch (order.documentNumber) {
    case 'invoice-number':
      return invoiceNumber
    case 'order-number':
      return number
    case 'invoice-number-else-order-number':
      return invoiceNumber ?? number
  }
}

/**
 * The customer that an account is to QuickBooks; null when it has no name. Where the account has no e-mail or phone of its
 * own, those of the order's contact are taken.
 */
export function toCustomer(
  account: CrmAccount,
  contact: { email?: string | null; phone?: string | null } | null,
): CustomerDocument | null {
  const name = account.quickBooksName ?? account.name
  if (name === null) return null
  const email = account.email ?? contact?.email
  const phone = account.phone ?? contact?.phone
  const billing = toAddress(account)
  return {
    kind: 'CUSTOMER',
    sourceId: account.id,
    name,
    ...(account.name ? { companyName: account.name } : {}),
    ...(email ? { email } : {}),
    ...(phone ? { phone } : {}),
    ...(billing ? { billing } : {}),
  }
}

function toAddress({ street, city, state, postalCode, country }: CrmAccount): Address | null {
  const lines = (street ?? '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (lines.length === 0 && !city && !state && !postalCode && !country) return null
  return {
    lines,
    ...(city ? { city } : {}),
    ...(state ? { state } : {}),
    ...(postalCode ? { postalCode } : {}),
    ...(country ? { country } : {}),
  }
}

type Need = <T>(value: T | null | undefined, what: string) => T | null

/** One line, or null when something is missing, which is named by the place of the line in the CRM's order, where a person looks for it. */
function toLine(args: { line: PlacedLine; position: number; taxed: boolean; need: Need }): DocumentLine | null {
  const { line, position, taxed, need } = args
  const { place, product } = line
  const price = need(line.price, `the price of line ${place}`)
  const quantity = need(line.quantity, `the quantity of line ${place}`)
  const code = need(product, `the product of line ${place}`) && need(product?.code, `the product code of line ${place}`)
  if (price === null || quantity === null || product === null || code === null) return null
  const amount = extend({ unitPrice: price, quantity })
  const discountPercent = line.discountPercent ?? '0'
  return {
    position,
    item: { sourceId: product.id, name: code },
    description: line.name ?? '',
    quantity,
    unitPrice: price,
    amount,
    discountPercent,
    discountAmount: percentOf({ amount, percent: discountPercent }),
    // On an order without tax no line is taxed, whatever its product says.
    taxable: taxed && line.taxable,
  }
}

function amountsOf(
  order: CrmOrder,
  lines: DocumentLine[],
): { discount: Money; shipping: Money; tax: Money; total: Money } {
  const discount = sum(lines.map((line) => line.discountAmount))
  const shipping = roundToCents(order.shipping ?? ZERO)
  const tax = order.taxed ? roundToCents(order.tax ?? ZERO) : ZERO
  const gross = sum(lines.map((line) => line.amount))
  return { discount, shipping, tax, total: sum([minus(gross, discount), shipping, tax]) }
}
