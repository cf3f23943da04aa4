import type {
  Address,
  CreditMemoDocument,
  CustomerDocument,
  DocumentLine,
  DocumentReference,
  SalesDocument,
} from '../domain/document.ts'
import {
  decimal,
  extend,
  isZero,
  minus,
  percentOf,
  plain,
  type Quantity,
  roundToCents,
  sum,
  ZERO,
} from '../domain/money.ts'
import { type Problem, problem, problemDetail } from '../domain/problem.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'
import type { CrmAccount, CrmAddress, CrmOrder, CrmOrderLine } from './crm-order.ts'
import type { Profile } from './profile.ts'
import { documentNumber } from './read-order.ts'
import { taxNamesOf } from './tax-names.ts'
import { dayIn } from './values.ts'

/** What an order is to QuickBooks: a sales document, nothing at all, or something that a person must correct first. */
export type OrderReading =
  | { kind: 'document'; document: SalesDocument }
  | { kind: 'not-eligible'; sale?: SaleKind; reason: ReasonCode; detail: ReasonDetail }
  | { kind: 'invalid'; sale?: SaleKind; reason: ReasonCode; detail: ReasonDetail }

export type SaleKind = SalesDocument['kind']

/** QuickBooks refuses far less; from here on an amount has no place in our own tables either. */
const TOTAL_LIMIT = '1e15'

/**
 * Makes the sales document of an order: its invoice, or what takes one back. Lines of quantity 0 are left out, since they bill
 * nothing; the others keep their order and are numbered from 1. All that is wrong is named in one sentence, so that a person
 * corrects it once.
 */
export function toDocument(
  order: CrmOrder,
  { profile, timeZone }: { profile: Profile; timeZone: string },
): OrderReading {
  const orderNumber = order.number
  const sale = saleKind(order, profile)
  const known = typeof sale === 'string' ? { sale } : {}
  const notEligible = (reason: ReasonCode) => ({
    kind: 'not-eligible' as const,
    ...known,
    reason,
    detail: { orderNumber },
  })
  if (isCancelled(order, profile)) return notEligible('ORDER_CANCELLED')
  if (order.lines.length === 0) return notEligible('ORDER_EMPTY')
  if (!order.lines.some(hasQuantity)) return notEligible('ORDER_ALL_ZERO')
  if (typeof sale !== 'string') {
    const detail = { orderNumber, transactionType: sale.unsupported }
    return { kind: 'invalid', reason: 'TRANSACTION_TYPE_UNSUPPORTED', detail }
  }
  if (order.account === null) {
    return { kind: 'invalid', sale, reason: 'CUSTOMER_NOT_FOUND', detail: { orderNumber } }
  }
  const made = contentOf(sale === 'INVOICE' ? order : turned(order), { account: order.account, profile, timeZone })
  if ('problems' in made) {
    const detail = invalid(orderNumber, made.problems)
    return { kind: 'invalid', sale, reason: 'DOCUMENT_INVALID', detail }
  }
  if (decimal(made.total).abs().greaterThanOrEqualTo(TOTAL_LIMIT)) {
    const tooMuch = wrong('the total', made.total, `its total ${made.total} is more than any ledger keeps`)
    const detail = invalid(orderNumber, [tooMuch])
    return { kind: 'invalid', sale, reason: 'DOCUMENT_INVALID', detail }
  }
  return { kind: 'document', document: documentOf(order, { sale, content: made, timeZone }) }
}

type Content = Omit<CreditMemoDocument, 'kind' | 'corrects'>

function documentOf(
  order: CrmOrder,
  { sale, content, timeZone }: { sale: SaleKind; content: Content; timeZone: string },
): SalesDocument {
  if (sale !== 'INVOICE') return { kind: sale, ...content, corrects: correctedBy(order) }
  const day = (instant: string) => dayIn({ instant, timeZone })
  return {
    kind: 'INVOICE',
    ...content,
    ...(order.dueDate ? { dueDate: day(order.dueDate) } : {}),
    ...(order.shipDate ? { shipDate: day(order.shipDate) } : {}),
    ...(order.terms?.name ? { terms: order.terms.name } : {}),
  }
}

/** What every sales document says; or all that keeps it from being made. */
function contentOf(
  order: CrmOrder,
  { account, profile, timeZone }: { account: CrmAccount; profile: Profile; timeZone: string },
): Content | { problems: Problem[] } {
  const problems = order.unreadable.map(({ what, given }) => wrong(what, given, `${what} cannot be read ("${given}")`))
  const need = <T>(value: T | null | undefined, what: string): T | null => {
    // What cannot be read was named already.
    if (value == null && !order.unreadable.some((each) => each.what === what))
      problems.push(wrong(what, null, `${what} is missing`))
    return value ?? null
  }
  const orderNumber = need(order.number, 'the order number')
  const number = need(documentNumber(order, profile), 'the number of the invoice')
  const dated = need(order.invoiceDate ?? order.date, 'the order date')
  const currency = need(order.currency, 'the currency')
  const customer = toCustomer(account, order.contact)
  need(customer, 'the name of the account')
  const placed = order.lines.map((line, index) => ({ ...line, place: index + 1 })).filter(hasQuantity)
  const made = placed.map((line, index) => toLine({ line, position: index + 1, taxed: order.taxed, need }))
  const [taxName, ...others] = taxNamesOf(order, placed)
  if (others.length > 0) problems.push(severalTaxes([taxName ?? '', ...others]))
  if (problems.length > 0 || !number || !orderNumber || !dated || !currency || !customer) return { problems }
  const lines = made.filter((line) => line !== null)
  return {
    sourceId: order.id,
    orderNumber,
    number,
    customer,
    date: dayIn({ instant: dated, timeZone }),
    ...(order.purchaseOrderNumber ? { purchaseOrderNumber: order.purchaseOrderNumber } : {}),
    currency,
    lines,
    ...amountsOf(order, lines),
    ...(taxName ? { taxName } : {}),
    ...shipToOf(order),
    ...mappingFactsOf(order, placed),
  }
}

/** A document has one sales tax, in either kind of QuickBooks. */
function severalTaxes(names: string[]): Problem {
  const all = names.join(', ')
  const words = `its lines name ${names.length} taxes (${all}), and QuickBooks takes one for a whole document`
  return wrong('the tax of the lines', all, words)
}

function shipToOf({ shipTo }: CrmOrder): Pick<Content, 'shipTo'> {
  const address = shipTo ? toAddress(shipTo) : null
  return address ? { shipTo: address } : {}
}

/** What account mappings look at besides; an order that says nothing of it has none. */
function mappingFactsOf({ salesGroup }: CrmOrder, lines: CrmOrderLine[]): Pick<Content, 'mappingFacts'> {
  const customerGroup = salesGroup?.name ?? null
  const categories = lines.map(({ product }) => product?.category ?? null)
  const says = customerGroup !== null || categories.some((category) => category !== null)
  return says ? { mappingFacts: { customerGroup, categories } } : {}
}

function invalid(orderNumber: string | null, problems: Problem[]): ReasonDetail {
  const { problems: words, problemList } = problemDetail(problems)
  return { orderNumber, problems: `${words}.`, problemList }
}

function wrong(what: string, value: string | null, words: string): Problem {
  const remedy = value === null ? `Fill in ${what} in the CRM.` : `Correct ${what} in the CRM.`
  return problem({ field: what.replace(/^(the|its) /, ''), value, problem: words, remedy })
}

function correctedBy({ corrected }: CrmOrder): DocumentReference | null {
  return corrected ? { kind: 'INVOICE', sourceId: corrected.id, number: corrected.number ?? '' } : null
}

/** Some sites enter a credit with negative quantities, or prices; its document says how much is credited, without a sign. */
function turned(order: CrmOrder): CrmOrder {
  const lines = order.lines.filter(hasQuantity)
  const negative = (column: 'quantity' | 'price') => lines.every((line) => decimal(line[column] ?? ZERO).isNegative())
  const column = (['quantity', 'price'] as const).find(negative)
  if (!column) return order
  const positive = (value: Quantity | null) => (value === null ? null : plain(decimal(value).abs().toString()))
  return {
    ...order,
    shipping: positive(order.shipping),
    tax: positive(order.tax),
    amount: positive(order.amount),
    lines: order.lines.map((line) => ({ ...line, [column]: positive(line[column]) })),
  }
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

/** What an order becomes; or, in words, what it is that becomes nothing. One without a type is a sale, as most sites never set it. */
export function saleKind(
  { transactionTypeId, paymentStatus }: CrmOrder,
  { order }: Profile,
): SaleKind | { unsupported: string } {
  if (transactionTypeId === null || transactionTypeId === order.transactionTypes.SALES) return 'INVOICE'
  if (transactionTypeId !== order.transactionTypes.CREDIT_MEMO)
    return { unsupported: `transaction of type ${transactionTypeId}` }
  const status = paymentStatus?.name?.toLowerCase()
  return order.refundedStatusNames.some((name) => name.toLowerCase() === status) ? 'REFUND' : 'CREDIT_MEMO'
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
    ...(account.inactive ? { active: false } : {}),
  }
}

function toAddress({ street, city, state, postalCode, country }: CrmAddress): Address | null {
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
): Pick<Content, 'discount' | 'shipping' | 'tax' | 'total' | 'statedTotal'> {
  const discount = sum(lines.map((line) => line.discountAmount))
  const shipping = roundToCents(order.shipping ?? ZERO)
  const tax = order.taxed ? roundToCents(order.tax ?? ZERO) : ZERO
  const gross = sum(lines.map((line) => line.amount))
  const total = sum([minus(gross, discount), shipping, tax])
  const stated = order.amount === null ? total : roundToCents(order.amount)
  // Only a contradiction is carried along: what agrees is no news, and changes nothing of the content.
  return { discount, shipping, tax, total, ...(stated === total ? {} : { statedTotal: stated }) }
}
