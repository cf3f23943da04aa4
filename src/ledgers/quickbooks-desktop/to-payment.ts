import { type MappedPayment, paymentStamp } from '../../domain/document.ts'
import { money, ZERO } from '../../domain/money.ts'
import type { Values } from './values.ts'
import { ref } from './values.ts'

/** The least qbXML version that sets credits: an older one would leave them out, and apply nothing. */
export const setCreditSince = 10

/** A payment with what it pays. A credit is set against its invoice by a payment of nothing. */
export function paymentValues({ document, customerId, applications, methodId }: MappedPayment): Values {
  return {
    CustomerRef: ref('ListID', customerId),
    TxnDate: document.date,
    RefNumber: document.number,
    TotalAmount: money(document.amount),
    PaymentMethodRef: methodId === undefined ? undefined : ref('ListID', methodId),
    Memo: paymentStamp(document),
    ...(applications.length === 0
      ? { IsAutoApply: 'false' }
      : { AppliedToTxnAdd: applications.map(applicationValues) }),
  }
}

function applicationValues({ invoiceId, amount, creditId }: MappedPayment['applications'][number]): Values {
  if (creditId === undefined) return { TxnID: invoiceId, PaymentAmount: money(amount) }
  return {
    TxnID: invoiceId,
    PaymentAmount: ZERO,
    SetCredit: [{ CreditTxnID: creditId, AppliedAmount: money(amount) }],
  }
}

/**
 * A credit that is only set makes no transaction in QuickBooks, but a link between two: by both of them it is known, and
 * before it is made. Null for a payment that becomes a record of its own.
 */
export function linkIdOf({ applications }: MappedPayment): string | null {
  const [application] = applications
  return application?.creditId === undefined ? null : linkId({ ...application, creditId: application.creditId })
}

export function linkId({ creditId, invoiceId }: { creditId: string; invoiceId: string }): string {
  return `${creditId}>${invoiceId}`
}

/** The invoice of a link; null for the id of a record. */
export function linkedInvoice(id: string): string | null {
  return />(.+)$/.exec(id)?.[1] ?? null
}
