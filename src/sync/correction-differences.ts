import type { CorrectableDocument, DocumentReference, PaymentDocument, SalesDocument } from '../domain/document.ts'

type Differ = (what: string, was: string | undefined, is: string | undefined) => void

/**
 * How two documents of one record in the CRM differ in what they bill, credit or pay, in words, what was posted first. The
 * address and telephone of a customer are the customer's own matter.
 */
export function differencesOf(before: CorrectableDocument, after: CorrectableDocument): string[] {
  const differences: string[] = []
  const differ: Differ = (what, was, is) => {
    if ((was ?? '') !== (is ?? '')) differences.push(`${what} ${was || 'none'} became ${is || 'none'}`)
  }
  differ('kind', before.kind, after.kind)
  differ('number', before.number, after.number)
  if (before.customer.sourceId !== after.customer.sourceId)
    differences.push(`customer "${before.customer.name}" became "${after.customer.name}"`)
  if (before.kind === 'PAYMENT' || after.kind === 'PAYMENT') {
    if (before.kind === 'PAYMENT' && after.kind === 'PAYMENT') differInPayment(differ, before, after)
  } else differInSale(differ, before, after)
  return differences
}

function differInPayment(differ: Differ, before: PaymentDocument, after: PaymentDocument): void {
  differ('date', before.date, after.date)
  differ('currency', before.currency, after.currency)
  differ('amount', before.amount, after.amount)
  differ('method', before.method, after.method)
  differ('order', before.orderNumber, after.orderNumber)
}

const WORDS = {
  date: 'date',
  dueDate: 'due date',
  shipDate: 'ship date',
  purchaseOrderNumber: 'purchase order number',
  currency: 'currency',
  terms: 'terms',
}

function differInSale(differ: Differ, before: SalesDocument, after: SalesDocument): void {
  for (const field of ['date', 'purchaseOrderNumber', 'currency'] as const)
    differ(WORDS[field], before[field], after[field])
  for (const field of ['dueDate', 'shipDate', 'terms'] as const)
    differ(WORDS[field], ofInvoice(before)[field], ofInvoice(after)[field])
  differ('corrected invoice', numberOf(before), numberOf(after))
  for (const field of ['discount', 'shipping', 'tax', 'total'] as const) differ(field, before[field], after[field])
  differ('number of lines', String(before.lines.length), String(after.lines.length))
  if (before.lines.length === after.lines.length) differInLines(differ, before, after)
}

function ofInvoice(document: SalesDocument): { dueDate?: string; shipDate?: string; terms?: string } {
  return document.kind === 'INVOICE' ? document : {}
}

function numberOf(document: SalesDocument): string | undefined {
  const corrects: DocumentReference | null = document.kind === 'INVOICE' ? null : document.corrects
  return corrects?.number
}

function differInLines(differ: Differ, before: SalesDocument, after: SalesDocument): void {
  before.lines.forEach((line, index) => {
    const now = after.lines[index]
    if (!now) return
    const of = (what: string) => `${what} of line ${line.position}`
    differ(of('item'), line.item.name, now.item.name)
    differ(of('description'), line.description, now.description)
    differ(of('quantity'), line.quantity, now.quantity)
    differ(of('price'), line.unitPrice, now.unitPrice)
    differ(of('discount'), line.discountPercent, now.discountPercent)
    differ(of('taxability'), line.taxable ? 'taxable' : 'not taxable', now.taxable ? 'taxable' : 'not taxable')
  })
}
