import type { Quantity } from '../domain/money.ts'
import { readAccount } from './account.ts'
import type { CrmOrder, CrmOrderLine, Unreadable } from './crm-order.ts'
import type { Profile } from './profile.ts'
import {
  isObject,
  type Reading,
  type Row,
  readFlag,
  readGuid,
  readInstant,
  readLookup,
  readNumber,
  readText,
} from './values.ts'

/** Turns records of the CRM into an order; what cannot be read is noted, not thrown, because a person must correct it. */
export function readOrder({ row, lineRows, profile }: { row: Row; lineRows: Row[]; profile: Profile }): CrmOrder {
  const { order } = profile
  const unreadable: Unreadable[] = []
  const note = noteIn(unreadable)
  const field = (column: string | null) => (column === null ? undefined : row[column])
  const invoiceNumber = readText(field(order.invoiceNumber))
  const currency = row[order.currency]
  const type = order.transactionType
  return {
    id: readGuid(row.Id) ?? '',
    number: readText(row[order.number]),
    modifiedOn: readText(row.ModifiedOn) ?? '',
    quickBooksId: readText(row[order.quickBooksId]),
    status: readLookup(row[order.status]),
    transactionTypeId: type === null ? null : readGuid(row[`${type}Id`]),
    corrected: order.correctedOrder === null ? null : readCorrected(row[order.correctedOrder], profile),
    paymentStatus: order.paymentStatus === null ? null : readLookup(row[order.paymentStatus]),
    terms: order.terms === null ? null : readLookup(row[order.terms]),
    salesGroup: order.salesGroup === null ? null : readLookup(row[order.salesGroup]),
    // Where the column is a number, an invoice without one has number 0.
    invoiceNumber: invoiceNumber === '0' ? null : invoiceNumber,
    date: note('the order date', readInstant(row[order.date])),
    invoiceDate: note('the invoice date', readInstant(field(order.invoiceDate))),
    dueDate: note('the due date', readInstant(field(order.dueDate))),
    shipDate: note('the ship date', readInstant(field(order.shipDate))),
    purchaseOrderNumber: readText(field(order.purchaseOrderNumber)),
    currency: isObject(currency) ? readText(currency[profile.currency.code]) : null,
    shipping: note('the shipping charge', readNumber(field(order.shipping))),
    taxed: readFlag(field(order.taxed)),
    tax: note('the tax amount', readNumber(field(order.tax))),
    ...named('taxName', order.taxName, row),
    ...readShipTo(row, profile),
    amount: note('the amount of the order', readNumber(field(order.amount))),
    account: readAccount(row[order.account], profile),
    contact: readContact(row[order.contact], profile),
    lines: lineRows.map((line, index) => readLine({ row: line, position: index + 1, profile, unreadable })),
    unreadable,
  }
}

function readLine(args: { row: Row; position: number; profile: Profile; unreadable: Unreadable[] }): CrmOrderLine {
  const { row, position, profile, unreadable } = args
  const { orderLine } = profile
  const note = noteIn(unreadable)
  const firstOf = (what: string, own: string | null, standard: string): Quantity | null => {
    const reading = own === null ? readNumber(null) : readNumber(row[own])
    const missing =
      reading.readable && (reading.value === null || (orderLine.zeroMeansMissing && reading.value === '0'))
    // What stands in the site's own column and cannot be read was meant to count: the standard column is no answer then.
    return note(`the ${what} of line ${position}`, missing ? readNumber(row[standard]) : reading)
  }
  const product = row[orderLine.product]
  const productId = isObject(product) ? readGuid(product.Id) : null
  return {
    id: readGuid(row.Id) ?? '',
    name: readText(row[orderLine.name]),
    product: isObject(product) && productId ? readProduct(product, { id: productId, profile }) : null,
    price: firstOf('price', orderLine.price, orderLine.standardPrice),
    quantity: firstOf('quantity', orderLine.quantity, orderLine.standardQuantity),
    discountPercent: firstOf('discount', orderLine.discountPercent, orderLine.standardDiscountPercent),
    taxable: orderLine.taxable !== null && readFlag(row[orderLine.taxable]),
    ...named('taxName', orderLine.taxName, row),
  }
}

/** The name of a lookup, where the profile has one. */
function named<Field extends string>(field: Field, lookup: string | null, row: Row): Partial<Record<Field, string>> {
  const name = lookup === null ? null : readLookup(row[lookup])?.name
  return name ? ({ [field]: name } as Partial<Record<Field, string>>) : {}
}

function readShipTo(row: Row, { order: { shipTo } }: Profile): Pick<CrmOrder, 'shipTo'> {
  const text = (column: string | null) => (column === null ? null : readText(row[column]))
  const lookup = (column: string | null) => (column === null ? null : (readLookup(row[column])?.name ?? null))
  const address = {
    street: text(shipTo.street),
    city: lookup(shipTo.city),
    state: lookup(shipTo.state),
    postalCode: text(shipTo.postalCode),
    country: lookup(shipTo.country),
  }
  return Object.values(address).some((part) => part !== null) ? { shipTo: address } : {}
}

function readCorrected(value: unknown, profile: Profile): CrmOrder['corrected'] {
  const id = isObject(value) ? readGuid(value.Id) : null
  if (!isObject(value) || id === null) return null
  const { number, invoiceNumber } = profile.order
  const given = invoiceNumber === null ? null : readText(value[invoiceNumber])
  return {
    id,
    number: documentNumber({ invoiceNumber: given === '0' ? null : given, number: readText(value[number]) }, profile),
  }
}

/** The number of the document that an order becomes, by the rule of the profile. */
export function documentNumber(
  { invoiceNumber, number }: Pick<CrmOrder, 'invoiceNumber' | 'number'>,
  { order }: Profile,
): string | null {
  switch (order.documentNumber) {
    case 'invoice-number':
      return invoiceNumber
    case 'order-number':
      return number
    case 'invoice-number-else-order-number':
      return invoiceNumber ?? number
  }
}

function readProduct(product: Row, { id, profile }: { id: string; profile: Profile }): CrmOrderLine['product'] {
  const { code, category } = profile.product
  const known = category === null ? null : readLookup(product[category])
  return { id, code: readText(product[code]), ...(known?.name ? { category: known.name } : {}) }
}

function readContact(value: unknown, { contact }: Profile): CrmOrder['contact'] {
  const id = isObject(value) ? readGuid(value.Id) : null
  if (!isObject(value) || id === null) return null
  const text = (column: string | null) => (column === null ? null : readText(value[column]))
  return { id, email: text(contact.email), phone: text(contact.phone) }
}

function noteIn(unreadable: Unreadable[]) {
  return <T>(what: string, reading: Reading<T>): T | null => {
    if (reading.readable) return reading.value
    unreadable.push({ what, given: reading.given })
    return null
  }
}
