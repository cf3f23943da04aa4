import { amountText, type Pennies, penniesOf } from './amounts.ts'
import { type BookRecord, type Books, listOf, notFound, refOf, textOf } from './books.ts'
import { Refusal } from './status.ts'
import type { Fields } from './write-xml.ts'

/** So much of a credit memo that is set against an invoice. */
export interface Credit {
  memo: BookRecord
  pennies: Pennies
}

/** The credits that a part of a payment sets. Throws 3120 or 3210 for one that is not there, not his, or used up. */
export function creditsOf({ books, part, customer }: { books: Books; part: Fields; customer: BookRecord }): Credit[] {
  return listOf(part.SetCredit).map((credit) => {
    const id = textOf(credit.CreditTxnID) ?? ''
    const memo = books.transactions('CreditMemo').get(id)
    if (!memo) throw notFound(id)
    const pennies = penniesOf(textOf(credit.AppliedAmount))
    const isHis = refOf(memo.CustomerRef)?.ListID === customer.Id
    if (!isHis || pennies <= 0n || pennies > penniesOf(textOf(memo.CreditRemaining))) {
      const message = isHis
        ? `The credit applied from the transaction "${id}" is more than what is left of it.`
        : `The credit "${id}" belongs to another customer.`
      throw new Refusal({ statusCode: 3210, message })
    }
    return { memo, pennies }
  })
}

/** No credit memo gives more than it has, whatever it is set against. Throws 3210. */
export function checkCredits(credits: Credit[]): void {
  for (const [id, together] of Map.groupBy(credits, ({ memo }) => memo.Id)) {
    if (sumOf(together) <= penniesOf(textOf(together[0]?.memo.CreditRemaining))) continue
    const message = `The credits applied from the transaction "${id}" are more than what is left of it.`
    throw new Refusal({ statusCode: 3210, message })
  }
}

export const sumOf = (credits: Credit[]): Pennies => credits.reduce((sum, { pennies }) => sum + pennies, 0n)

/** Links a credit memo with its invoice: less is left of the one, less is owed of the other. No transaction is made. */
export function setCredit({ books, invoice, credit }: { books: Books; invoice: BookRecord; credit: Credit }): void {
  const { memo, pennies } = credit
  const now = books.transactions('CreditMemo').get(memo.Id) ?? memo
  books.transactions('CreditMemo').put({
    ...now,
    ...books.modified(now),
    CreditRemaining: amountText(penniesOf(textOf(now.CreditRemaining)) - pennies),
    LinkedTxn: [...listOf(now.LinkedTxn), linkTo({ record: invoice, type: 'Invoice', pennies })],
  })
}

/** A link as an answer carries it; on an invoice its amount is negative. */
export function linkTo({
  record,
  type,
  pennies,
}: {
  record: BookRecord
  type: 'Invoice' | 'CreditMemo' | 'ReceivePayment' | 'Check' | 'ARRefundCreditCard'
  pennies: Pennies
}): Fields {
  const { Id: TxnID, TxnDate, RefNumber } = record
  return { TxnID, TxnType: type, TxnDate, RefNumber, LinkType: 'AMTTYPE', Amount: amountText(pennies) }
}
