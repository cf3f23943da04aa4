import { amountText, type Pennies, penniesOf } from './amounts.ts'
import { type BookRecord, type Books, fieldsOf, listOf, notFound, refOf, refTo, textOf } from './books.ts'
import type { Answered, Call } from './call.ts'
import { linkTo } from './credits.ts'
import { Refusal } from './status.ts'
import { type Fields, ret } from './write-xml.ts'

type RefundType = 'Check' | 'ARRefundCreditCard'

/** A credit memo of which so much is paid out. */
interface PaidOut {
  memo: BookRecord
  pennies: Pennies
}

/** Gives credit memos back to the card of the customer. */
export function addCardRefund(call: Call): Answered {
  const { books, only } = call
  const sent = fieldsOf(call.fields.ARRefundCreditCardAdd) ?? {}
  const customer = books.referred({ list: 'Customer', ref: sent.CustomerRef, within: 'ARRefundCreditCard' })
  if (!customer) throw new Refusal({ statusCode: 3150, message: 'There is a missing element: "CustomerRef".' })
  const parts = partsOf({ books, customer, applied: listOf(sent.RefundAppliedToTxnAdd), field: 'RefundAmount' })
  const record = refund({
    ...{ books, type: 'ARRefundCreditCard', sent, parts },
    fields: {
      ...{ CustomerRef: refTo(customer), TotalAmount: amountText(sumOf(parts)) },
      RefundAppliedToTxnRet: parts.map(({ memo, pennies }) => ({
        ...{ TxnID: memo.Id, TxnType: 'CreditMemo', TxnDate: memo.TxnDate, RefNumber: memo.RefNumber },
        CreditRemaining: amountText(penniesOf(textOf(memo.CreditRemaining)) - pennies),
        RefundAmount: amountText(pennies),
      })),
    },
  })
  return { ...books.warningOf(sent), body: ret({ kind: record.kind, fields: record, only }) }
}

/** Writes a cheque; of what can be booked so, only the refund of credit memos is played. */
export function addCheck(call: Call): Answered {
  const { books, only } = call
  const sent = fieldsOf(call.fields.CheckAdd) ?? {}
  const account = books.referred({ list: 'Account', ref: sent.AccountRef, within: 'Check' })
  const customer = books.referred({ list: 'Customer', ref: sent.PayeeEntityRef, within: 'Check' })
  const applied = listOf(sent.ApplyCheckToTxnAdd)
  if (!account || !customer || applied.length === 0)
    throw new Refusal({ statusCode: 3250, message: 'Only cheques that refund a customer are played here.' })
  const parts = partsOf({ books, customer, applied, field: 'Amount' })
  const fields = { AccountRef: refTo(account), PayeeEntityRef: refTo(customer), Amount: amountText(sumOf(parts)) }
  const record = refund({ books, type: 'Check', sent, parts, fields })
  return { ...books.warningOf(sent), body: ret({ kind: record.kind, fields: record, only }) }
}

const sumOf = (parts: PaidOut[]): Pennies => parts.reduce((sum, { pennies }) => sum + pennies, 0n)

/** The credit memos that a refund names. Throws 3120 or 3210 for one that is not there, not his, or used up. */
function partsOf(args: { books: Books; customer: BookRecord; applied: Fields[]; field: string }): PaidOut[] {
  const { books, customer, applied, field } = args
  return applied.map((part) => {
    const id = textOf(part.TxnID) ?? ''
    const memo = books.transactions('CreditMemo').get(id)
    if (!memo) throw notFound(id)
    const pennies = penniesOf(textOf(part[field]))
    const isHis = refOf(memo.CustomerRef)?.ListID === customer.Id
    if (isHis && pennies > 0n && pennies <= penniesOf(textOf(memo.CreditRemaining))) return { memo, pennies }
    const message = isHis
      ? `The amount refunded of the transaction "${id}" is more than what is left of it.`
      : `The transaction "${id}" belongs to another customer.`
    throw new Refusal({ statusCode: 3210, message })
  })
}

/** Books a refund: less is left of each credit memo, which is linked with it. */
function refund(args: { books: Books; type: RefundType; sent: Fields; parts: PaidOut[]; fields: Fields }): BookRecord {
  const { books, type, sent, parts, fields } = args
  const TxnDate = textOf(sent.TxnDate) || books.today()
  books.checkOpen({ day: TxnDate, object: type })
  books.takeGuid(sent.ExternalGUID)
  const head = { ...books.txnHead(), kind: `${type}Ret`, TxnDate, RefNumber: sent.RefNumber, Memo: sent.Memo }
  const record: BookRecord = { ...head, ...fields }
  books.transactions(type).put(record)
  for (const { memo, pennies } of parts) {
    const links = [...listOf(memo.LinkedTxn), linkTo({ record, type, pennies: -pennies })]
    change({ books, memo, pennies: -pennies, links })
  }
  return record
}

/** Takes a refund that is deleted back from its credit memos. */
export function takeRefundBack({ books, refund: record }: { books: Books; refund: BookRecord }): void {
  for (const memo of [...books.transactions('CreditMemo').all()]) {
    const [link] = listOf(memo.LinkedTxn).filter(({ TxnID }) => TxnID === record.Id)
    if (!link) continue
    const links = listOf(memo.LinkedTxn).filter((one) => one !== link)
    change({ books, memo, pennies: -penniesOf(textOf(link.Amount)), links })
  }
}

function change(args: { books: Books; memo: BookRecord; pennies: Pennies; links: Fields[] }): void {
  const { books, memo, pennies, links } = args
  const CreditRemaining = amountText(penniesOf(textOf(memo.CreditRemaining)) + pennies)
  books.transactions('CreditMemo').put({ ...memo, ...books.modified(memo), CreditRemaining, LinkedTxn: links })
}
