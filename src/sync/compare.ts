import { type MappedDocument, type MappedInvoice, otherStamp } from '../domain/document.ts'
import { type Money, plain, type Quantity } from '../domain/money.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'

/**
 * Holds what QuickBooks returned against what the document says, to the penny. Gives each difference in words, the
 * document's side first; none means equal.
 */
export function compare(mapped: MappedDocument, record: LedgerRecord): string[] {
  if (mapped.kind === 'CUSTOMER') {
    const same = record.name?.toLowerCase() === mapped.document.name.toLowerCase()
    return [
      ...(same ? [] : [`name "${mapped.document.name}" against "${record.name}"`]),
      ...(record.active ? [] : ['inactive in QuickBooks']),
    ]
  }
  return compareInvoice(mapped, record)
}

function compareInvoice({ document, customerId, itemIds }: MappedInvoice, record: LedgerRecord): string[] {
  const { invoice } = record
  if (!invoice) return ['QuickBooks returned no invoice']
  if (invoice.voided) return ['it is voided in QuickBooks']
  const differences: string[] = []
  const differ = (what: string, ours: string, theirs: string | null) => {
    if (ours !== theirs) differences.push(`${what} ${ours} against ${theirs ?? 'none'}`)
  }
  differ('number', document.number, invoice.number)
  // Two orders of one number and equal content are two sales all the same.
  const other = otherStamp(invoice.note, document.orderNumber)
  if (other !== null) differ('order', document.orderNumber, other)
  differ('customer', customerId, invoice.customerId)
  differ('date', document.date, invoice.date)
  if (document.dueDate) differ('due date', document.dueDate, invoice.dueDate)
  differ('total', document.total, invoice.total)
  differ('tax', document.tax, invoice.tax)
  differ('discount', document.discount, invoice.discount)
  differ('shipping', document.shipping, invoice.shipping)
  differ('number of lines', String(document.lines.length), String(invoice.lines.length))
  if (document.lines.length !== invoice.lines.length) return differences
  const ours = document.lines.map((line, index) => lineKey({ itemId: itemIds[index] ?? null, ...line }))
  const theirs = invoice.lines.map(lineKey)
  if (ours.join() !== theirs.join() && ours.toSorted().join() === theirs.toSorted().join()) {
    return [...differences, 'the lines stand in another order']
  }
  document.lines.forEach((line, index) => {
    const their = invoice.lines[index]
    if (!their) return
    differ(`line ${index + 1} item`, itemIds[index] ?? '', their.itemId)
    differ(`line ${index + 1} amount`, line.amount, their.amount)
    differ(`line ${index + 1} quantity`, plain(line.quantity), their.quantity === null ? null : plain(their.quantity))
  })
  return differences
}

function lineKey(line: { itemId: string | null; amount: Money; quantity: Quantity | null }): string {
  return `${line.itemId}|${line.amount}|${line.quantity === null ? '' : plain(line.quantity)}`
}
