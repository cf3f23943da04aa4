import { MirrorEntity, type MirroredEntity, type SettlingRecord } from '../../domain/mirror.ts'
import { decimal, type Money, minus, sharedOut, sum, ZERO } from '../../domain/money.ts'
import {
  type PaymentEvent,
  type PaymentEventPart,
  PaymentPart,
  PaymentRecordKind,
  PaymentRecordState,
} from '../../domain/payment-application.ts'
import { membersOf, readJson } from './exact-json.ts'
import { amountOf, instantOf, textOf } from './mirror-records.ts'

const KINDS: Partial<Record<MirroredEntity, PaymentRecordKind>> = {
  [MirrorEntity.PAYMENT]: PaymentRecordKind.PAYMENT,
  [MirrorEntity.CREDIT_MEMO]: PaymentRecordKind.CREDIT_MEMO,
  [MirrorEntity.REFUND_RECEIPT]: PaymentRecordKind.REFUND,
}

/** What a Payment, CreditMemo or RefundReceipt does for invoices, in canonical words; null for any other kind. */
export function settlementOf(record: SettlingRecord): PaymentEvent | null {
  const { entity, quickBooksId: recordId, raw, deletedAt } = record
  const kind = KINDS[entity]
  if (kind === undefined) return null
  const fields = membersOf(readJson(raw))
  const told = instantOf(membersOf(fields.MetaData).LastUpdatedTime)
  const total = amountOf(fields.TotalAmt)
  return {
    kind,
    recordId,
    version: textOf(fields.SyncToken) ?? (deletedAt ? '0' : ''),
    changedAt: deletedAt ?? (told === null ? (record.changedAt ?? new Date(0)) : new Date(told)),
    date: textOf(fields.TxnDate)?.slice(0, 10) ?? '',
    state: deletedAt ? PaymentRecordState.DELETED : stateOf({ fields, total }),
    currency: textOf(membersOf(fields.CurrencyRef).value) ?? record.currency,
    total: total ?? '',
    method: methodOf(fields),
    parts: total === null ? [] : partsOf({ kind, fields, total }),
  }
}

/** There is no status for it: a voided record says so in its note, and its amount is zero. */
function stateOf({ fields, total }: { fields: Record<string, unknown>; total: Money | null }): PaymentRecordState {
  const isVoided = total === ZERO && (textOf(fields.PrivateNote) ?? '').startsWith('Voided')
  return isVoided ? PaymentRecordState.VOIDED : PaymentRecordState.LIVE
}

/** The name where the answer gives it, else the id of the method. */
function methodOf(fields: Record<string, unknown>): string | null {
  const { name, value } = membersOf(fields.PaymentMethodRef)
  return textOf(name) ?? textOf(value)
}

function partsOf(args: { kind: PaymentRecordKind; fields: Record<string, unknown>; total: Money }): PaymentEventPart[] {
  const { kind, fields, total } = args
  if (kind === PaymentRecordKind.PAYMENT) return paymentParts({ fields, total })
  // A credit memo pays through the payment that sets it against an invoice, and that says so.
  if (kind === PaymentRecordKind.CREDIT_MEMO) return []
  const refunded = linksOf(fields).flatMap(({ type, id }) => (type === 'Invoice' ? [id] : []))
  const [invoiceId = null, ...others] = refunded
  // Of which of several invoices a refund takes back how much, nobody says.
  return [{ part: PaymentPart.REFUND, invoiceId: others.length === 0 ? invoiceId : null, amount: total }]
}

/**
 * Cash and credits of a payment, by invoice. QuickBooks tells what each invoice was lowered by and what was taken from credits,
 * and not which credit went to which invoice: what is not cash is shared out over the invoices by their amounts.
 */
function paymentParts({ fields, total }: { fields: Record<string, unknown>; total: Money }): PaymentEventPart[] {
  const lowered = new Map<string, Money>()
  let credits: Money = ZERO
  for (const line of Array.isArray(fields.Line) ? fields.Line : []) {
    const amount = amountOf(membersOf(line).Amount) ?? ZERO
    for (const { type, id } of linksOf(membersOf(line))) {
      if (type === 'Invoice') lowered.set(id, sum([lowered.get(id) ?? ZERO, amount]))
      if (type === 'CreditMemo') credits = sum([credits, amount])
    }
  }
  const all = sum([...lowered.values()])
  const unapplied = amountOf(fields.UnappliedAmt) ?? minus(total, minus(all, credits))
  const beyondCash = minus(all, minus(total, unapplied))
  const notCash = decimal(beyondCash).isNegative() ? ZERO : beyondCash
  const shares = sharedOut({ amount: notCash, over: [...lowered.values()] })
  return [...lowered].flatMap(([invoiceId, amount], index) => {
    const credit = shares[index] ?? ZERO
    const parts = [
      { part: PaymentPart.CASH, invoiceId, amount: minus(amount, credit) },
      { part: PaymentPart.CREDIT, invoiceId, amount: credit },
    ]
    return parts.filter((part) => part.amount !== ZERO)
  })
}

function linksOf(fields: Record<string, unknown>): { type: string; id: string }[] {
  return (Array.isArray(fields.LinkedTxn) ? fields.LinkedTxn : []).flatMap((link: unknown) => {
    const { TxnType, TxnId } = membersOf(link)
    const [type, id] = [textOf(TxnType), textOf(TxnId)]
    return type && id ? [{ type, id }] : []
  })
}
