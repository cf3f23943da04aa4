import { LinkKind } from '../../domain/link.ts'
import { isZero, type Money, minus, sum, ZERO } from '../../domain/money.ts'
import type { LedgerPayment, LedgerRecord } from '../ledger.ts'
import { amountAt, numberAt } from './amounts.ts'
import { type ItemNames, sameName } from './names.ts'
import { allOf, type Element, textAt } from './read-xml.ts'
import { linkId } from './to-payment.ts'

/** What the reading of a sale depends on: the names of our own lines, and the codes that mean taxable. */
export interface Reading {
  itemNames: ItemNames
  taxableCode: string
  /** Whether a code taxes, by its id, as far as the company told of it. */
  taxCodes?: ReadonlyMap<string, boolean>
  /** The sales tax item that QuickBooks gives to every customer. */
  ordinaryTaxId?: string | null
}

/** How each kind of sale names its lines, and what is still open on it. */
const SALES = {
  [LinkKind.INVOICE]: { line: 'InvoiceLineRet', group: 'InvoiceLineGroupRet', balance: 'BalanceRemaining' },
  [LinkKind.CREDIT_MEMO]: { line: 'CreditMemoLineRet', group: 'CreditMemoLineGroupRet', balance: 'CreditRemaining' },
} as const

type SaleKind = keyof typeof SALES

export function readSale(element: Element, entity: SaleKind, reading: Reading): LedgerRecord | null {
  const quickBooksId = textAt(element, 'TxnID')
  const customerId = textAt(element, 'CustomerRef', 'ListID')
  const date = textAt(element, 'TxnDate')
  const subtotal = amountAt(element, 'Subtotal')
  if (!quickBooksId || !customerId || !date || subtotal === null) return null
  const salesTax = amountAt(element, 'SalesTaxTotal') ?? ZERO
  const lines = linesOf(element, SALES[entity])
  const { sales, discounts, shippings, roundings } = sortLines(lines, reading.itemNames)
  const note = textAt(element, 'Memo') ?? null
  const total = sum([subtotal, salesTax])
  return {
    entity,
    quickBooksId,
    name: null,
    active: true,
    revision: textAt(element, 'EditSequence') ?? null,
    ...creationOf(quickBooksId),
    sale: {
      number: textAt(element, 'RefNumber') ?? '',
      date,
      dueDate: textAt(element, 'DueDate') ?? null,
      customerId,
      total,
      tax: sum([salesTax, ...roundings.map(amountOf)]),
      discount: minus(ZERO, sum(discounts.map(amountOf))),
      shipping: sum(shippings.map(amountOf)),
      balance: amountAt(element, SALES[entity].balance),
      // QuickBooks has no status for it: what is voided says so in its memo, and every amount of it is zero.
      voided: saysVoided(note) && isZero(total) && lines.every((line) => isZero(amountOf(line))),
      note,
      termsId: textAt(element, 'TermsRef', 'ListID') ?? null,
      lines: sales.map((line) => readLine(line, reading)),
    },
  }
}

/** A TxnID ends in the second in which QuickBooks made it: `42BF65-1768878026`. */
function creationOf(txnId: string): { createdAt?: string } {
  const [, seconds] = /^[0-9A-F]+-(\d{9,10})$/.exec(txnId) ?? []
  return seconds === undefined ? {} : { createdAt: new Date(Number(seconds) * 1000).toISOString() }
}

function readLine(line: Element, { taxableCode, taxCodes }: Reading) {
  const taxCodeId = textAt(line, 'SalesTaxCodeRef', 'ListID') ?? null
  const known = taxCodeId === null ? undefined : taxCodes?.get(taxCodeId)
  return {
    itemId: textAt(line, 'ItemRef', 'ListID') ?? null,
    quantity: numberAt(line, 'Quantity'),
    unitPrice: numberAt(line, 'Rate'),
    amount: amountOf(line),
    taxable: known ?? sameName(textAt(line, 'SalesTaxCodeRef', 'FullName'), taxableCode),
    taxCodeId,
  }
}

/** The lines of a sale, those within groups among them. */
function linesOf(element: Element, { line, group }: (typeof SALES)[SaleKind]): Element[] {
  return element.of.flatMap((inner) => {
    if (inner.name === line) return [inner]
    return inner.name === group ? allOf(inner, line) : []
  })
}

/** Which line means what: our own are known by their items. A line of text alone bills nothing, and is dropped. */
function sortLines(lines: Element[], names: ItemNames) {
  const billed = lines.filter((line) => textAt(line, 'ItemRef', 'ListID') || !isZero(amountOf(line)))
  const of = (name: string) => billed.filter((line) => sameName(textAt(line, 'ItemRef', 'FullName'), name))
  const own = { discounts: of(names.discount), shippings: of(names.shipping), roundings: of(names.taxRounding) }
  const booked = new Set(Object.values(own).flat())
  return { ...own, sales: billed.filter((line) => !booked.has(line)) }
}

function amountOf(line: Element): Money {
  return amountAt(line, 'Amount') ?? ZERO
}

function saysVoided(note: string | null): boolean {
  return (note ?? '').startsWith('VOID:')
}

export function readPayment(element: Element): LedgerRecord | null {
  const quickBooksId = textAt(element, 'TxnID')
  const customerId = textAt(element, 'CustomerRef', 'ListID')
  const date = textAt(element, 'TxnDate')
  const amount = amountAt(element, 'TotalAmount')
  if (!quickBooksId || !customerId || !date || amount === null) return null
  const note = textAt(element, 'Memo') ?? null
  const applied = allOf(element, 'AppliedToTxnRet').filter((part) => textAt(part, 'TxnType') === 'Invoice')
  const payment: LedgerPayment = {
    number: textAt(element, 'RefNumber') ?? '',
    date,
    customerId,
    amount,
    unapplied: amountAt(element, 'UnusedPayment'),
    voided: saysVoided(note) && isZero(amount),
    note,
    applications: applied.map((part) => ({
      invoiceId: textAt(part, 'TxnID') ?? '',
      amount: amountOf(part),
      creditId: null,
    })),
  }
  return { ...paymentRecord(quickBooksId, payment), revision: textAt(element, 'EditSequence') ?? null }
}

/** The credits that were set against an invoice, each as a payment of nothing. There amounts of links are negative. */
export function readLinks(element: Element): LedgerRecord[] | null {
  const invoiceId = textAt(element, 'TxnID')
  const customerId = textAt(element, 'CustomerRef', 'ListID')
  if (!invoiceId || !customerId) return null
  const links = allOf(element, 'LinkedTxn').filter((link) => textAt(link, 'TxnType') === 'CreditMemo')
  return [...Map.groupBy(links, (link) => textAt(link, 'TxnID') ?? '')].map(([creditId, parts]) =>
    paymentRecord(linkId({ creditId, invoiceId }), {
      number: null,
      date: null,
      customerId,
      amount: ZERO,
      unapplied: ZERO,
      voided: false,
      note: null,
      applications: [{ invoiceId, amount: minus(ZERO, sum(parts.map(amountOf))), creditId }],
    }),
  )
}

function paymentRecord(quickBooksId: string, payment: LedgerPayment): LedgerRecord {
  return { entity: LinkKind.PAYMENT, quickBooksId, name: null, active: true, revision: null, payment }
}
