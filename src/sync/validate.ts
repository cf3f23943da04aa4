import type { Connection } from '../domain/connection.ts'
import type { Document, MappedDocument } from '../domain/document.ts'
import type { Posting } from '../domain/posting.ts'
import { type Problem, problem, problemDetail, problemsIn } from '../domain/problem.ts'
import { type ReasonCode, type ReasonDetail, reasonOf } from '../domain/reason.ts'
import { PostingState } from '../domain/transitions.ts'
import type { LedgerLimits } from '../ledgers/ledger.ts'
import { assertNever } from './road.ts'
import { type Aside, alone, type MappedPosting, type Step } from './step.ts'
import { customerProblems } from './validate-customer.ts'
import { itemProblems } from './validate-item.ts'
import { paymentProblems, voidProblems } from './validate-payment.ts'
import { linkProblems, saleProblems } from './validate-sale.ts'

export interface Rules {
  connection: Pick<Connection, 'currency'>
  limits: LedgerLimits
  /** What this kind of QuickBooks would not take besides. */
  problems?: (mapped: MappedDocument) => Problem[]
}

/** Everything that can be known to be wrong before QuickBooks is asked; all problems of a document are named at once. */
export function validate(postings: MappedPosting[], rules: Rules): Step<MappedPosting> {
  const step: Step<MappedPosting> = { ready: [], aside: [] }
  for (const posting of postings) {
    const change = alone(posting.posting, () => {
      const reason = refusalOf(posting.mapped.document, { rules, mapped: posting.mapped })
      return reason && { id: posting.posting.id, to: PostingState.FAILED as const, reason }
    })
    if (change) step.aside.push(change)
    else step.ready.push(posting)
  }
  return step
}

/**
 * All that is wrong with a document. Without `mapped` its names have not become ids yet: then what they would become is
 * not judged, nor what only this kind of QuickBooks would not take.
 */
export function problemsOf(
  document: Document,
  { rules, mapped }: { rules: Rules; mapped?: MappedDocument },
): Problem[] {
  return [
    ...currencyProblems(document, rules.connection.currency),
    ...documentProblems(document, rules.limits),
    ...(mapped ? [...linkProblems(mapped), ...(rules.problems?.(mapped) ?? [])] : []),
  ]
}

/**
 * What was set aside because a name of it is nothing in QuickBooks is told all that is wrong with it besides, so that a
 * person corrects it once. Where there is nothing else, its reason stays as it is.
 */
export function withOtherProblems(
  step: Step<MappedPosting>,
  { postings, rules }: { postings: Posting[]; rules: Rules },
): Step<MappedPosting> {
  const documents = new Map(postings.map(({ id, document }) => [id, document]))
  const aside = step.aside.map((change): Aside => {
    const document = documents.get(change.id)
    if (change.to !== PostingState.FAILED || !change.reason || !document || change.error) return change
    const named = problemsIn(change.reason.detail)
    const own = named.length > 0 ? named : [referenceProblem(change.reason)]
    const others = problemsOf(document, { rules })
    if (own.length + others.length === 1)
      return { ...change, reason: { ...change.reason, detail: { ...change.reason.detail, problemList: own } } }
    return { ...change, reason: refusalWith(document, [...own, ...others], rules) }
  })
  return { ...step, aside }
}

/** A name that is nothing in QuickBooks, as one of several problems. */
export function referenceProblem({ code, detail }: { code: ReasonCode; detail: ReasonDetail }): Problem {
  const { sentence, remedy } = reasonOf(code, detail)
  return problem({ field: 'reference', value: null, problem: sentence.replace(/\.$/, ''), remedy })
}

/** Why a document is not sent, with all its problems; null when it may be. */
export function refusalOf(
  document: Document,
  args: { rules: Rules; mapped?: MappedDocument },
): { code: ReasonCode; detail: ReasonDetail } | null {
  const problems = problemsOf(document, args)
  return problems.length === 0 ? null : refusalWith(document, problems, args.rules)
}

function refusalWith(
  document: Document,
  problems: Problem[],
  rules: Rules,
): { code: ReasonCode; detail: ReasonDetail } {
  const detail = problemDetail(problems)
  switch (document.kind) {
    case 'CUSTOMER':
      return { code: 'CUSTOMER_INVALID', detail: { customerName: document.name, ...detail } }
    case 'ITEM':
      return { code: 'ITEM_INVALID', detail: { item: document.name, ...detail } }
    case 'INVOICE': {
      const { orderNumber, currency } = document
      const companyCurrency = rules.connection.currency
      if (currency === companyCurrency || problems.length > 1)
        return { code: 'DOCUMENT_INVALID', detail: { orderNumber, ...detail } }
      return { code: 'CURRENCY_UNSUPPORTED', detail: { orderNumber, currency, companyCurrency, ...detail } }
    }
    default: {
      const { orderNumber, number: documentNumber } = document
      return { code: 'RECORD_INVALID', detail: { what: WORDS[document.kind], documentNumber, orderNumber, ...detail } }
    }
  }
}

const WORDS = { CREDIT_MEMO: 'Credit memo', REFUND: 'Refund', PAYMENT: 'Payment', VOID: 'The void of' } as const

function documentProblems(document: Document, limits: LedgerLimits): Problem[] {
  switch (document.kind) {
    case 'CUSTOMER':
      return customerProblems(document, limits)
    case 'ITEM':
      return itemProblems(document, limits)
    case 'INVOICE':
    case 'CREDIT_MEMO':
    case 'REFUND':
      return saleProblems(document, limits)
    case 'PAYMENT':
      return paymentProblems(document, limits)
    case 'VOID':
      return voidProblems(document)
    default:
      return assertNever(document)
  }
}

function currencyProblems(document: Document, companyCurrency: string): Problem[] {
  if (!('currency' in document) || document.currency === companyCurrency) return []
  return [
    problem({
      field: 'currency',
      value: document.currency,
      problem: `it is in ${document.currency}, and the QuickBooks company keeps its books in ${companyCurrency}`,
      remedy: 'Change the currency in the CRM, or enter it in QuickBooks by hand.',
    }),
  ]
}
