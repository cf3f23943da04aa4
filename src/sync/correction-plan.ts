import type { Correction } from '../domain/correction.ts'
import type {
  CreditMemoDocument,
  DocumentReference,
  InvoiceDocument,
  PaymentDocument,
  VoidDocument,
} from '../domain/document.ts'
import { CorrectionMethod } from '../domain/kinds.ts'
import type { Posting } from '../domain/posting.ts'
import type { LedgerLimits } from '../ledgers/ledger.ts'
import { applicationOf } from './apply-credits.ts'

/** What a correction writes into QuickBooks, in this order. */
export interface CorrectionPlan {
  takesBack: CreditMemoDocument | VoidDocument
  /** Applies the credit to the invoice, as far as it is still owed. */
  applies: PaymentDocument | null
  /** The invoice that takes its place; null when nothing is to be billed. */
  invoice: InvoiceDocument | null
  /** What the number of a new invoice bears behind the CRM's own. */
  numberSuffix: string | null
  /** Why it cannot be applied so; each with what helps. */
  problems: string[]
}

/** Plans a correction. Numbers are never used twice: each gets a suffix for which this kind of QuickBooks has room. */
export function planCorrection(args: {
  correction: Pick<Correction, 'before' | 'after' | 'sourceId' | 'orderNumber'>
  posting: Pick<Posting, 'quickBooksId' | 'numberSuffix' | 'generation'>
  method: CorrectionMethod
  limits: Pick<LedgerLimits, 'documentNumberLengthMax'>
}): CorrectionPlan {
  const { correction, posting, method, limits } = args
  const { before, after } = correction
  const lengthMax = limits.documentNumberLengthMax
  const target: DocumentReference = {
    kind: 'INVOICE',
    sourceId: before.sourceId,
    number: before.number,
    ...(posting.quickBooksId ? { quickBooksId: posting.quickBooksId } : {}),
  }
  const problems: string[] = []
  const suffixed = (number: string, candidates: string[], what: string): { number: string; suffix: string } => {
    const suffix = candidates.find((one) => number.length + one.length <= lengthMax)
    if (suffix !== undefined) return { number: number + suffix, suffix }
    problems.push(
      `the number of ${what}, ${number}${candidates.at(-1)}, would have more than the ${lengthMax} characters that QuickBooks allows: give the order a shorter invoice number in the CRM${method === CorrectionMethod.CREDIT_MEMO ? ', or void the invoice instead' : ''}`,
    )
    return { number, suffix: '' }
  }
  const { dueDate: _due, shipDate: _ship, terms: _terms, ...content } = before
  const takesBack: CorrectionPlan['takesBack'] =
    method === CorrectionMethod.VOID
      ? { kind: 'VOID', sourceId: before.sourceId, orderNumber: before.orderNumber, number: before.number, target }
      : {
          ...content,
          kind: 'CREDIT_MEMO',
          number: suffixed(before.number, ['-C', 'C'], 'the credit memo').number,
          corrects: target,
        }
  const applies = takesBack.kind === 'CREDIT_MEMO' ? applicationOf(takesBack) : null
  if (after === null) return { takesBack, applies, invoice: null, numberSuffix: nextSuffix(posting), problems }
  const own = withoutSuffix(after.number, posting.numberSuffix)
  const was = withoutSuffix(before.number, posting.numberSuffix)
  // A number that the CRM itself gave anew is free.
  if (own !== was) return { takesBack, applies, invoice: { ...after, number: own }, numberSuffix: null, problems }
  const generation = posting.generation + 1
  const { number, suffix } = suffixed(own, [`-${generation}`, letter(generation)], 'the new invoice')
  return { takesBack, applies, invoice: { ...after, number }, numberSuffix: suffix, problems }
}

function nextSuffix({ generation }: Pick<Posting, 'generation'>): string {
  return `-${generation + 1}`
}

/** B for the second generation, C for the third. */
function letter(generation: number): string {
  return String.fromCharCode(64 + Math.min(generation, 26))
}

function withoutSuffix(number: string, suffix: string | null): string {
  return suffix && number.endsWith(suffix) ? number.slice(0, -suffix.length) : number
}

/**
 * How two invoices of one order differ in what they bill, in words, what was posted first. The address and telephone of a
 * customer are the customer's own matter.
 */
export function differencesOf(before: InvoiceDocument, after: InvoiceDocument): string[] {
  const differences: string[] = []
  const differ = (what: string, was: string | undefined, is: string | undefined) => {
    if ((was ?? '') !== (is ?? '')) differences.push(`${what} ${was || 'none'} became ${is || 'none'}`)
  }
  differ('number', before.number, after.number)
  if (before.customer.sourceId !== after.customer.sourceId)
    differences.push(`customer "${before.customer.name}" became "${after.customer.name}"`)
  for (const field of ['date', 'dueDate', 'shipDate', 'purchaseOrderNumber', 'currency', 'terms'] as const)
    differ(WORDS[field], before[field], after[field])
  for (const field of ['discount', 'shipping', 'tax', 'total'] as const) differ(field, before[field], after[field])
  differ('number of lines', String(before.lines.length), String(after.lines.length))
  if (before.lines.length !== after.lines.length) return differences
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
  return differences
}

const WORDS = {
  date: 'date',
  dueDate: 'due date',
  shipDate: 'ship date',
  purchaseOrderNumber: 'purchase order number',
  currency: 'currency',
  terms: 'terms',
}
