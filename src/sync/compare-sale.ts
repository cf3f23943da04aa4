import { type MappedSale, otherStamp } from '../domain/document.ts'
import { plain } from '../domain/money.ts'
import type { LedgerRecord, LedgerSale } from '../ledgers/ledger.ts'
import { chargesApart } from './charges-apart.ts'
import { type Compared, otherwise, Sides } from './compare-sides.ts'

const CALLED = { INVOICE: 'invoice', CREDIT_MEMO: 'credit memo', REFUND: 'refund' } as const

/** Holds a sales document against the one that QuickBooks returned: id and number, customer, dates, amounts, and each line. */
export function compareSale(mapped: MappedSale, record: LedgerRecord): Compared {
  const { document, customerId, termsId } = mapped
  const sale = record.sale && chargesApart(record.sale, mapped)
  const called = CALLED[document.kind]
  if (!sale) return otherwise({ ours: called, theirs: 'none', words: `QuickBooks returned no ${called}` })
  if (sale.voided) return otherwise({ ours: 'posted', theirs: 'voided', words: 'it is voided in QuickBooks' })
  const sides = new Sides()
  sides.field('number', { ours: document.number, theirs: sale.number })
  // Two orders of one number and equal content are two sales all the same.
  const other = otherStamp(sale.note, document.orderNumber)
  if (other !== null) sides.field('order', { ours: document.orderNumber, theirs: other })
  sides.field('customer', { ours: customerId, theirs: sale.customerId })
  sides.field('date', { ours: document.date, theirs: sale.date })
  if (document.kind === 'INVOICE' && document.dueDate)
    sides.field('due date', { ours: document.dueDate, theirs: sale.dueDate })
  if (termsId !== undefined && sale.termsId !== null) sides.field('terms', { ours: termsId, theirs: sale.termsId })
  sides.field('total', { ours: document.total, theirs: sale.total })
  sides.field('tax', { ours: document.tax, theirs: sale.tax })
  sides.field('discount', { ours: document.discount, theirs: sale.discount })
  sides.field('shipping', { ours: document.shipping, theirs: sale.shipping })
  sides.field('number of lines', { ours: String(document.lines.length), theirs: String(sale.lines.length) })
  compareLines(mapped, { sale, sides })
  return sides.compared()
}

interface Line {
  item: string | null
  amount: string | null
  quantity: string | null
  account: string | null
  taxCode: string | null
}

/** Lines are compared one by one only where both sides have as many, and in the same order: else each differs from the next. */
function compareLines(mapped: MappedSale, { sale, sides }: { sale: LedgerSale; sides: Sides }): void {
  const ours = oursOf(mapped)
  const theirs = sale.lines.map(
    (line): Line => ({
      item: line.itemId,
      amount: line.amount,
      quantity: line.quantity === null ? null : plain(line.quantity),
      account: line.accountId ?? null,
      taxCode: line.taxCodeId ?? null,
    }),
  )
  const sameLines = ours.length === theirs.length
  const [oneWay, other] = [ours.map(keyOf), theirs.map(keyOf)]
  const reordered = sameLines && oneWay.join() !== other.join() && oneWay.toSorted().join() === other.toSorted().join()
  if (reordered) sides.differ('the lines stand in another order')
  for (let at = 0; at < Math.max(ours.length, theirs.length); at += 1) {
    const [our, their] = [ours[at] ?? null, theirs[at] ?? null]
    for (const field of ['item', 'amount', 'quantity'] as const) {
      const both = { line: at + 1, ours: our?.[field] ?? null, theirs: their?.[field] ?? null }
      if (sameLines && !reordered) sides.field(field, both)
      else sides.show(field, both)
    }
    // What a mapping chose is compared where QuickBooks says what it booked.
    if (!sameLines || reordered) continue
    for (const [field, name] of [['account', 'account'] as const, ['taxCode', 'tax code'] as const]) {
      if (our?.[field] && their?.[field]) sides.field(name, { line: at + 1, ours: our[field], theirs: their[field] })
    }
  }
}

function oursOf({ document, itemIds, bookings }: MappedSale): Line[] {
  return document.lines.map((line, index) => ({
    item: itemIds[index] ?? null,
    amount: line.amount,
    quantity: plain(line.quantity),
    account: bookings?.[index]?.accountId ?? null,
    taxCode: bookings?.[index]?.taxCodeId ?? null,
  }))
}

function keyOf({ item, amount, quantity }: Line): string {
  return `${item}|${amount}|${quantity ?? ''}`
}
