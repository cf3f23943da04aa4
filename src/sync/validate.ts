import type { Connection } from '../domain/connection.ts'
import type { CustomerDocument, InvoiceDocument, MappedDocument } from '../domain/document.ts'
import { decimal, extend, minus, percentOf, sum } from '../domain/money.ts'
import { PostingState } from '../domain/transitions.ts'
import type { LedgerLimits } from '../ledgers/ledger.ts'
import { type Aside, alone, type MappedPosting, type Step } from './step.ts'

interface Rules {
  connection: Connection
  limits: LedgerLimits
  /** What this kind of QuickBooks would not take besides. */
  problems?: (mapped: MappedDocument) => string[]
}

/** Everything that can be known to be wrong before QuickBooks is asked; all problems of a document are named at once. */
export function validate(postings: MappedPosting[], rules: Rules): Step<MappedPosting> {
  const step: Step<MappedPosting> = { ready: [], aside: [] }
  for (const posting of postings) {
    const change = alone(posting.posting, () => refusal(posting, rules))
    if (change) step.aside.push(change)
    else step.ready.push(posting)
  }
  return step
}

function refusal({ posting, mapped }: MappedPosting, rules: Rules): Aside | null {
  const { document } = mapped
  if (document.kind === 'INVOICE' && document.currency !== rules.connection.currency) {
    const detail = {
      orderNumber: document.orderNumber,
      currency: document.currency,
      companyCurrency: rules.connection.currency,
    }
    return { id: posting.id, to: PostingState.FAILED, reason: { code: 'CURRENCY_UNSUPPORTED', detail } }
  }
  const { limits } = rules
  const peculiar = rules.problems?.(mapped) ?? []
  if (document.kind === 'CUSTOMER') {
    const problems = [...customerProblems(document, limits), ...peculiar].join('; ')
    const detail = { customerName: document.name, problems }
    return problems === ''
      ? null
      : { id: posting.id, to: PostingState.FAILED, reason: { code: 'CUSTOMER_INVALID', detail } }
  }
  const problems = [...invoiceProblems(document, limits), ...peculiar]
  if (problems.length === 0) return null
  const detail = { orderNumber: posting.orderNumber, problems: problems.join('; ') }
  return { id: posting.id, to: PostingState.FAILED, reason: { code: 'DOCUMENT_INVALID', detail } }
}

function customerProblems(document: CustomerDocument, limits: LedgerLimits): string[] {
  return [
    ...(document.name.trim() === '' ? ['the customer has no name'] : []),
    ...tooLong('customer name', document.name, limits.customerNameLengthMax),
    ...(/[:\t\n\r]/.test(document.name) ? ['the customer name has a colon, a tab or a line break'] : []),
    ...(document.email && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(document.email)
      ? [`"${document.email}" is no e-mail address`]
      : []),
  ]
}

function invoiceProblems(document: InvoiceDocument, limits: LedgerLimits): string[] {
  return [
    ...(document.number === '' ? ['it has no invoice number'] : []),
    ...tooLong('invoice number', document.number, limits.documentNumberLengthMax),
    ...tooLong('purchase order number', document.purchaseOrderNumber ?? '', limits.purchaseOrderNumberLengthMax),
    ...(document.dueDate !== undefined && document.dueDate < document.date
      ? [`the due date ${document.dueDate} is before the invoice date ${document.date}`]
      : []),
    ...(document.lines.length === 0 ? ['it has no lines'] : []),
    ...document.lines.flatMap((line) => [
      ...tooLong(`description of line ${line.position}`, line.description, limits.descriptionLengthMax),
      ...(decimal(line.quantity).isNegative()
        ? [`line ${line.position} has the negative quantity ${line.quantity}`]
        : []),
      ...(decimal(line.unitPrice).isNegative()
        ? [`line ${line.position} has the negative price ${line.unitPrice}`]
        : []),
    ]),
    ...arithmetic(document),
  ]
}

/** The amounts must follow from prices, quantities and percentages by the house's one rounding rule, and add up. */
function arithmetic(document: InvoiceDocument): string[] {
  const problems: string[] = []
  for (const line of document.lines) {
    if (line.amount !== extend(line))
      problems.push(`line ${line.position}: ${line.quantity} × ${line.unitPrice} is not ${line.amount}`)
    const discount = percentOf({ amount: line.amount, percent: line.discountPercent })
    if (line.discountAmount !== discount)
      problems.push(`line ${line.position}: ${line.discountPercent} % of ${line.amount} is not ${line.discountAmount}`)
  }
  const discounts = sum(document.lines.map(({ discountAmount }) => discountAmount))
  if (document.discount !== discounts) problems.push(`the discounts add up to ${discounts}, not ${document.discount}`)
  const gross = sum([...document.lines.map(({ amount }) => amount), document.shipping, document.tax])
  const total = minus(gross, document.discount)
  if (document.total !== total) problems.push(`it adds up to ${total}, not ${document.total}`)
  if (decimal(document.total).isNegative()) problems.push(`its total ${document.total} is negative`)
  return problems
}

function tooLong(what: string, value: string, lengthMax: number): string[] {
  return value.length > lengthMax ? [`the ${what} has ${value.length} characters, ${lengthMax} are allowed`] : []
}
