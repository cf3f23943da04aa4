import type { Correction } from '../domain/correction.ts'
import type {
  CorrectableDocument,
  CreditMemoDocument,
  Document,
  DocumentReference,
  InvoiceDocument,
  PaymentDocument,
  SalesDocument,
  VoidDocument,
} from '../domain/document.ts'
import { CorrectionMethod } from '../domain/kinds.ts'
import type { Posting } from '../domain/posting.ts'
import type { Ledger, LedgerLimits } from '../ledgers/ledger.ts'
import { applicationOf } from './apply-credits.ts'

/** What a correction writes into QuickBooks, in this order. */
export interface CorrectionPlan {
  /** Takes a credit off its invoice again, where QuickBooks lets a program do so. */
  unapplies: VoidDocument | null
  takesBack: CreditMemoDocument | VoidDocument
  /** Applies the credit that takes an invoice back to that invoice, as far as it is still owed. */
  applies: PaymentDocument | null
  /** What takes its place; null when nothing is to be posted. */
  replacement: CorrectableDocument | null
  /** Applies a credit memo that takes the place of another. */
  reapplies: PaymentDocument | null
  /** What the number of a new document bears behind the CRM's own. */
  numberSuffix: string | null
  /** Why it cannot be applied so; each with what helps. */
  problems: string[]
  /** What a person must do in QuickBooks before it can go through. */
  warnings: string[]
}

/** What of a kind of QuickBooks a plan depends on. */
export interface CorrectingLedger extends Pick<Ledger, 'unapplies'> {
  limits: Pick<LedgerLimits, 'documentNumberLengthMax'>
}

export interface Planned {
  correction: Pick<Correction, 'before' | 'after' | 'sourceId' | 'orderNumber'>
  posting: Pick<Posting, 'quickBooksId' | 'numberSuffix' | 'generation'>
  method: CorrectionMethod
  ledger: CorrectingLedger
  /** What applied the credit memo that is corrected. */
  application?: Pick<Posting, 'quickBooksId' | 'document'> | null
}

/** The documents that a correction would write, in order. */
export function writesOf(plan: CorrectionPlan): Document[] {
  const { unapplies, takesBack, applies, replacement, reapplies } = plan
  return [unapplies, takesBack, applies, replacement, reapplies].filter((document) => document !== null)
}

/** Plans a correction. Numbers of sales are never used twice: each gets a suffix for which this kind of QuickBooks has room. */
export function planCorrection(args: Planned): CorrectionPlan {
  const { correction, posting, method } = args
  const { before, after } = correction
  const problems: string[] = []
  const target: DocumentReference = {
    kind: before.kind,
    sourceId: before.sourceId,
    number: before.number,
    ...(posting.quickBooksId ? { quickBooksId: posting.quickBooksId } : {}),
  }
  const back = takenBack({ ...args, target, problems })
  const none = { replacement: null, reapplies: null, problems }
  if (after === null) return { ...back, ...none, numberSuffix: nextSuffix(posting) }
  // What pays has no number of its own: whoever paid twice by one cheque is told apart by the stamp and the amount.
  if (after.kind === 'PAYMENT') return { ...back, ...none, replacement: after, numberSuffix: null }
  const own = withoutSuffix(after.number, posting.numberSuffix)
  const was = withoutSuffix(before.number, posting.numberSuffix)
  // A number that the CRM itself gave anew is free.
  if (own !== was) return { ...back, ...replaced(after, own), numberSuffix: null, problems }
  const generation = posting.generation + 1
  const candidates = [`-${generation}`, letter(generation)]
  const what = `the new ${after.kind.toLowerCase().replace('_', ' ')}`
  const { number, suffix } = suffixed(own, { ...args, candidates, what, problems, method })
  return { ...back, ...replaced(after, number), numberSuffix: suffix, problems }
}

type TakenBack = Pick<CorrectionPlan, 'unapplies' | 'takesBack' | 'applies' | 'warnings'>

function takenBack(args: Planned & { target: DocumentReference; problems: string[] }): TakenBack {
  const { method, target, problems } = args
  const { before } = args.correction
  const { sourceId, orderNumber, number } = before
  const voids: VoidDocument = { kind: 'VOID', sourceId, orderNumber, number, target }
  if (before.kind !== 'INVOICE') {
    if (method === CorrectionMethod.CREDIT_MEMO)
      problems.push('only an invoice is taken back by a credit memo: this is voided, or deleted')
    return { ...unapplied(args), takesBack: voids, applies: null }
  }
  const plain = { unapplies: null, warnings: [] }
  if (method === CorrectionMethod.VOID) return { ...plain, takesBack: voids, applies: null }
  const takesBack = creditFor(before, args)
  return { ...plain, takesBack, applies: applicationOf(takesBack) }
}

function creditFor(
  before: InvoiceDocument,
  args: Planned & { target: DocumentReference; problems: string[] },
): CreditMemoDocument {
  const { dueDate: _due, shipDate: _ship, terms: _terms, ...content } = before
  const { number } = suffixed(before.number, { ...args, candidates: ['-C', 'C'], what: 'the credit memo' })
  return { ...content, kind: 'CREDIT_MEMO', number, corrects: args.target }
}

/** A credit memo that is applied is taken off its invoice first, where a program can do that. */
function unapplied({ application, ledger, correction }: Planned): Pick<CorrectionPlan, 'unapplies' | 'warnings'> {
  const applied = application?.document
  if (applied?.kind !== 'PAYMENT' || !application?.quickBooksId) return { unapplies: null, warnings: [] }
  const { sourceId, orderNumber, number } = applied
  if (!ledger.unapplies) {
    const invoices = applied.applications.map(({ invoice }) => invoice.number).join(', ')
    const warning = `credit memo ${correction.before.number} is applied to invoice ${invoices}, and this QuickBooks lets no program undo that: open the invoice in QuickBooks and take the credit off it first`
    return { unapplies: null, warnings: [warning] }
  }
  const target: DocumentReference = { kind: 'PAYMENT', sourceId, number, quickBooksId: application.quickBooksId }
  return { unapplies: { kind: 'VOID', sourceId, orderNumber, number, target }, warnings: [] }
}

function replaced(after: SalesDocument, number: string): Pick<CorrectionPlan, 'replacement' | 'reapplies'> {
  const replacement = { ...after, number }
  return { replacement, reapplies: replacement.kind === 'CREDIT_MEMO' ? applicationOf(replacement) : null }
}

function suffixed(
  number: string,
  args: Pick<Planned, 'ledger' | 'method'> & { candidates: string[]; what: string; problems: string[] },
): { number: string; suffix: string } {
  const { candidates, what, problems, method } = args
  const lengthMax = args.ledger.limits.documentNumberLengthMax
  const suffix = candidates.find((one) => number.length + one.length <= lengthMax)
  if (suffix !== undefined) return { number: number + suffix, suffix }
  problems.push(
    `the number of ${what}, ${number}${candidates.at(-1)}, would have more than the ${lengthMax} characters that QuickBooks allows: give the order a shorter invoice number in the CRM${method === CorrectionMethod.CREDIT_MEMO ? ', or void the invoice instead' : ''}`,
  )
  return { number, suffix: '' }
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
