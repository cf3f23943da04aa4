import { type MappedPayment, paymentStamp } from '../../domain/document.ts'
import { money } from '../../domain/money.ts'
import { numberLiteral } from './exact-json.ts'

/**
 * A payment as JSON. Its lines are said even when there are none, for without any QuickBooks may apply it by itself. A
 * credit memo is applied by a payment of nothing that names both: the invoice, and the credit that pays it.
 */
export function paymentBody({ document, customerId, applications, methodId }: MappedPayment): object {
  return {
    CustomerRef: { value: customerId },
    TotalAmt: numberLiteral(money(document.amount)),
    TxnDate: document.date,
    PaymentRefNum: document.number,
    PaymentMethodRef: methodId === undefined ? undefined : { value: methodId },
    PrivateNote: paymentStamp(document),
    Line: applications.flatMap(({ invoiceId, amount, creditId }) => [
      line({ amount, id: invoiceId, type: 'Invoice' }),
      ...(creditId === undefined ? [] : [line({ amount, id: creditId, type: 'CreditMemo' })]),
    ]),
  }
}

function line({ amount, id, type }: { amount: string; id: string; type: 'Invoice' | 'CreditMemo' }): object {
  return { Amount: numberLiteral(money(amount)), LinkedTxn: [{ TxnId: id, TxnType: type }] }
}
