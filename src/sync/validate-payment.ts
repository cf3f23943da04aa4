import type { PaymentDocument, VoidDocument } from '../domain/document.ts'
import { decimal, isZero, sum } from '../domain/money.ts'
import { type Problem, problem } from '../domain/problem.ts'
import type { LedgerLimits } from '../ledgers/ledger.ts'
import { dateProblems, textProblems } from './validate-text.ts'

/** What is wrong with a payment, whatever kind of QuickBooks it goes to. */
export function paymentProblems(document: PaymentDocument, limits: LedgerLimits): Problem[] {
  const { number, date, amount, applications } = document
  const wrong = (field: string, value: string, words: string) =>
    problem({ field, value, problem: words, remedy: 'Correct the payment in the CRM.' })
  const applied = sum(applications.filter(({ credit }) => !credit).map((each) => each.amount))
  return [
    ...textProblems('reference of the payment', number, limits.paymentNumberLengthMax),
    ...textProblems('order number', document.orderNumber, limits.purchaseOrderNumberLengthMax),
    ...dateProblems('payment date', date),
    ...(decimal(amount).isNegative() ? [wrong('amount', amount, `its amount ${amount} is negative`)] : []),
    ...(isZero(amount) && !applications.some(({ credit }) => credit)
      ? [wrong('amount', amount, 'it pays nothing: its amount is zero and it applies no credit memo')]
      : []),
    ...applications.flatMap(({ amount: part, invoice }, index) =>
      decimal(part).greaterThan(0)
        ? []
        : [wrong(`application ${index + 1}`, part, `the part ${part} for invoice ${invoice.number} is not above zero`)],
    ),
    ...(applications.length > 0 && decimal(applied).greaterThan(amount)
      ? [wrong('applications', applied, `its parts come to ${applied}, more than the ${amount} that was paid`)]
      : []),
  ]
}

/** What is wrong with a void. Whether the invoice was paid meanwhile, only QuickBooks knows. */
export function voidProblems({ target }: VoidDocument): Problem[] {
  if (target.number !== '' || target.quickBooksId) return []
  const remedy = 'Void it in QuickBooks by hand.'
  return [problem({ field: 'target', value: null, problem: 'it names nothing that could be voided', remedy })]
}
