import { LinkKind } from '../../domain/link.ts'
import { isZero, type Money, minus, money, plain, type Quantity, sum, ZERO } from '../../domain/money.ts'
import type { LedgerRecord } from '../ledger.ts'
import { type ItemNames, sameName } from './names.ts'
import { allOf, type Element, textAt } from './read-xml.ts'

/** What the reading of an invoice depends on: the names of our own lines, and of the code that means taxable. */
export interface Reading {
  itemNames: ItemNames
  taxableCode: string
}

/** Each record that we read, in QuickBooks' words, and what it is in ours. An item comes as one of twelve kinds. */
const KINDS: Readonly<Record<string, LinkKind>> = {
  InvoiceRet: LinkKind.INVOICE,
  CustomerRet: LinkKind.CUSTOMER,
  AccountRet: LinkKind.ACCOUNT,
  ItemServiceRet: LinkKind.ITEM,
  ItemNonInventoryRet: LinkKind.ITEM,
  ItemOtherChargeRet: LinkKind.ITEM,
  ItemInventoryRet: LinkKind.ITEM,
  ItemInventoryAssemblyRet: LinkKind.ITEM,
  ItemFixedAssetRet: LinkKind.ITEM,
  ItemSubtotalRet: LinkKind.ITEM,
  ItemDiscountRet: LinkKind.ITEM,
  ItemPaymentRet: LinkKind.ITEM,
  ItemSalesTaxRet: LinkKind.ITEM,
  ItemSalesTaxGroupRet: LinkKind.ITEM,
  ItemGroupRet: LinkKind.ITEM,
}

/** Reads a record that QuickBooks returned; null when it is of no kind that we know, or lacks what a record must have. */
export function readRecord(element: Element, reading: Reading): LedgerRecord | null {
  const entity = Object.hasOwn(KINDS, element.name) ? KINDS[element.name] : undefined
  if (entity === undefined) return null
  try {
    return entity === LinkKind.INVOICE ? readInvoice(element, reading) : readNamed(element, entity)
  } catch (error) {
    // An amount that is none makes the record unreadable, and nothing else.
    if (error instanceof Error) return null
    throw error
  }
}

function readNamed(element: Element, entity: LinkKind): LedgerRecord | null {
  const quickBooksId = textAt(element, 'ListID')
  const name = textAt(element, 'FullName') ?? textAt(element, 'Name')
  if (!quickBooksId || !name) return null
  return { entity, quickBooksId, name, active: textAt(element, 'IsActive') !== 'false' }
}

function readInvoice(element: Element, reading: Reading): LedgerRecord | null {
  const quickBooksId = textAt(element, 'TxnID')
  const customerId = textAt(element, 'CustomerRef', 'ListID')
  const date = textAt(element, 'TxnDate')
  const subtotal = amountAt(element, 'Subtotal')
  if (!quickBooksId || !customerId || !date || subtotal === null) return null
  const salesTax = amountAt(element, 'SalesTaxTotal') ?? ZERO
  const { sales, discounts, shippings, roundings } = sortLines(element, reading.itemNames)
  const note = textAt(element, 'Memo') ?? null
  const total = sum([subtotal, salesTax])
  return {
    entity: LinkKind.INVOICE,
    quickBooksId,
    name: null,
    active: true,
    invoice: {
      number: textAt(element, 'RefNumber') ?? '',
      date,
      dueDate: textAt(element, 'DueDate') ?? null,
      customerId,
      total,
      tax: sum([salesTax, ...roundings.map(amountOf)]),
      discount: minus(ZERO, sum(discounts.map(amountOf))),
      shipping: sum(shippings.map(amountOf)),
      voided: isVoided({ note, total, lines: linesOf(element) }),
      note,
      lines: sales.map((line) => readLine(line, reading)),
    },
  }
}

function readLine(line: Element, { taxableCode }: Reading) {
  return {
    itemId: textAt(line, 'ItemRef', 'ListID') ?? null,
    quantity: numberAt(line, 'Quantity'),
    unitPrice: numberAt(line, 'Rate'),
    amount: amountOf(line),
    taxable: sameName(textAt(line, 'SalesTaxCodeRef', 'FullName'), taxableCode),
  }
}

/** The lines of an invoice, those within groups among them. */
function linesOf(element: Element): Element[] {
  return element.of.flatMap((inner) => {
    if (inner.name === 'InvoiceLineRet') return [inner]
    return inner.name === 'InvoiceLineGroupRet' ? allOf(inner, 'InvoiceLineRet') : []
  })
}

/** Which line means what: our own are known by their items. A line of text alone bills nothing, and is dropped. */
function sortLines(element: Element, names: ItemNames) {
  const billed = linesOf(element).filter((line) => textAt(line, 'ItemRef', 'ListID') || !isZero(amountOf(line)))
  const of = (name: string) => billed.filter((line) => sameName(textAt(line, 'ItemRef', 'FullName'), name))
  const own = { discounts: of(names.discount), shippings: of(names.shipping), roundings: of(names.taxRounding) }
  const booked = new Set(Object.values(own).flat())
  return { ...own, sales: billed.filter((line) => !booked.has(line)) }
}

/** QuickBooks has no status for it: a voided invoice says so in its memo, and every amount of it is zero. */
function isVoided({ note, total, lines }: { note: string | null; total: Money; lines: Element[] }): boolean {
  return (note ?? '').startsWith('VOID:') && isZero(total) && lines.every((line) => isZero(amountOf(line)))
}

function amountOf(line: Element): Money {
  return amountAt(line, 'Amount') ?? ZERO
}

function amountAt(element: Element, name: string): Money | null {
  const text = textAt(element, name)
  return text === undefined ? null : money(text)
}

/** A quantity, a price, or a percentage, which QuickBooks may write with its sign: `18.0%`. */
export function numberAt(element: Element, name: string): Quantity | null {
  const text = textAt(element, name)?.replace(/%$/, '')
  return text === undefined ? null : plain(text)
}
