import { MirrorEntity, type SettlingRecord } from '../../domain/mirror.ts'
import { decimal, type Money, minus, sharedOut, sum, ZERO } from '../../domain/money.ts'
import {
  type PaymentEvent,
  type PaymentEventPart,
  PaymentPart,
  PaymentRecordKind,
  PaymentRecordState,
} from '../../domain/payment-application.ts'
import { currencyNamed } from './check.ts'
import { amountOf, instantOf, isMirrored } from './mirror-records.ts'

/** What a payment or credit memo of a company file does for invoices, in canonical words; null for any other kind. */
export function settlementOf(record: SettlingRecord): PaymentEvent | null {
  const { entity, quickBooksId: recordId, raw, deletedAt } = record
  if (!isMirrored(entity) || entity === MirrorEntity.INVOICE) return null
  const fields = membersOf(JSON.parse(raw))
  const isPayment = entity === MirrorEntity.PAYMENT
  const told = instantOf(textOf(fields.TimeModified) ?? undefined)
  const total = amountOf(fields.TotalAmount)
  return {
    kind: isPayment ? PaymentRecordKind.PAYMENT : PaymentRecordKind.CREDIT_MEMO,
    recordId,
    version: textOf(fields.EditSequence) ?? (deletedAt ? '0' : ''),
    changedAt: deletedAt ?? (told === null ? (record.changedAt ?? new Date(0)) : new Date(told)),
    date: textOf(fields.TxnDate) ?? '',
    state: deletedAt ? PaymentRecordState.DELETED : stateOf({ fields, total }),
    currency: currencyNamed(textOf(membersOf(fields.CurrencyRef).FullName)) ?? record.currency,
    total: total ?? '',
    method: textOf(membersOf(fields.PaymentMethodRef).FullName),
    parts: total === null ? [] : isPayment ? paymentParts({ fields, total }) : creditParts(fields),
  }
}

/** There is no status for it: a voided record says so in its memo, and its amount is zero. */
function stateOf({ fields, total }: { fields: Fields; total: Money | null }): PaymentRecordState {
  const isVoided = total === ZERO && (textOf(fields.Memo) ?? '').startsWith('VOID:')
  return isVoided ? PaymentRecordState.VOIDED : PaymentRecordState.LIVE
}

/**
 * Cash and discounts of a payment, by invoice. Never more cash than came in: where a payment applies more than it is, the rest is
 * credit, of which the credit memos tell themselves.
 */
function paymentParts({ fields, total }: { fields: Fields; total: Money }): PaymentEventPart[] {
  const applied = listOf(fields.AppliedToTxnRet).flatMap((part) => {
    const [type, invoiceId] = [textOf(part.TxnType), textOf(part.TxnID)]
    if (type !== 'Invoice' || invoiceId === null) return []
    return [{ invoiceId, amount: amountOf(part.Amount) ?? ZERO, discount: amountOf(part.DiscountAmount) ?? ZERO }]
  })
  const amounts = applied.map(({ amount }) => amount)
  const refunds = refundParts(fields.AppliedToTxnRet, { day: textOf(fields.TxnDate) })
  const beyondCash = minus(sum(amounts), minus(total, amountOf(fields.UnusedPayment) ?? ZERO))
  const shares = sharedOut({ amount: decimal(beyondCash).isNegative() ? ZERO : beyondCash, over: amounts })
  const settled = applied.flatMap(({ invoiceId, amount, discount }, index) => {
    const parts: PaymentEventPart[] = [
      { part: PaymentPart.CASH, invoiceId, amount: minus(amount, shares[index] ?? ZERO) },
      { part: PaymentPart.DISCOUNT, invoiceId, amount: discount },
    ]
    return parts.filter((part) => part.amount !== ZERO)
  })
  return [...settled, ...refunds]
}

/** Money that goes back to a customer: by a cheque, or to his card. */
const REFUNDS = ['Check', 'ARRefundCreditCard']

/** What a credit memo, or the rest of a payment, was paid out with, by the links of it; each has a day of its own. */
function refundParts(links: unknown, { day }: { day: string | null }): PaymentEventPart[] {
  return listOf(links).flatMap((link) => {
    const [type, on, amount] = [textOf(link.TxnType), textOf(link.TxnDate) ?? day, amountOf(link.Amount)]
    if (type === null || !REFUNDS.includes(type) || on === null || amount === null || amount === ZERO) return []
    return [{ part: PaymentPart.REFUND, invoiceId: null, amount: amount.replace('-', ''), on }]
  })
}

/** What a credit memo pays of invoices, and what it was paid out with; its links may be told with either sign. */
function creditParts(fields: Fields): PaymentEventPart[] {
  const refunds = refundParts(fields.LinkedTxn, { day: textOf(fields.TxnDate) })
  const credits = listOf(fields.LinkedTxn).flatMap((link) => {
    const [type, invoiceId, amount] = [textOf(link.TxnType), textOf(link.TxnID), amountOf(link.Amount)]
    if (type !== 'Invoice' || invoiceId === null || amount === null) return []
    return [{ part: PaymentPart.CREDIT, invoiceId, amount: amount.replace('-', '') }]
  })
  return [...credits, ...refunds]
}

type Fields = Record<string, unknown>

function membersOf(value: unknown): Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {}
}

/** One element stands alone, several stand in a list. */
function listOf(value: unknown): Fields[] {
  return value === undefined ? [] : [value].flat().map(membersOf)
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
