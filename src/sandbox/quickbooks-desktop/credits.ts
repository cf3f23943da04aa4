import { amountText, type Pennies, penniesOf } from './amounts.ts'
import { type BookRecord, type Books, listOf, notFound, refOf, textOf } from './books.ts'
import { Refusal } from './status.ts'
import type { Fields } from './write-xml.ts'

/** So much of a credit memo is set against an invoice. */
export interface SetCredit {
  memoId: string
  pennies: Pennies
}

/** The credits that a part of a payment sets, each of the same customer and no more than is left of it. */
export function creditsOf({
  books,
  part,
  customer,
}: {
  books: Books
  part: Fields
  customer: BookRecord
}): SetCredit[] {
  return listOf(part.SetCredit).map((credit) => {
    const memoId = textOf(credit.CreditTxnID) ?? ''
    const memo = books.transactions('CreditMemo').get(memoId)
    if (!memo || refOf(memo.CustomerRef)?.ListID !== customer.Id) throw notFound(memoId)
    const pennies = penniesOf(textOf(credit.AppliedAmount))
    if (pennies <= 0n || pennies > penniesOf(textOf(memo.CreditRemaining))) {
      const message = `The amount of the credit "${memoId}" is more than what is left of it.`
      throw new Refusal({ statusCode: 3210, message })
    }
    return { memoId, pennies }
  })
}

/** Takes credits off their memos. Both sides carry the link; on the invoice its amount is negative. Gives the links of the invoice. */
export function takeCredits({ books, invoice, credits }: { books: Books; invoice: BookRecord; credits: SetCredit[] }) {
  return credits.flatMap(({ memoId, pennies }) => {
    const memo = books.transactions('CreditMemo').get(memoId)
    if (!memo) return []
    const link = { TxnID: invoice.Id, TxnType: 'Invoice', TxnDate: invoice.TxnDate, RefNumber: invoice.RefNumber }
    books.transactions('CreditMemo').put({
      ...memo,
      ...books.modified(memo),
      CreditRemaining: amountText(penniesOf(textOf(memo.CreditRemaining)) - pennies),
      LinkedTxn: [...listOf(memo.LinkedTxn), { ...link, LinkType: 'AMTTYPE', Amount: amountText(pennies) }],
    })
    const { TxnDate, RefNumber } = memo
    return [
      { TxnID: memoId, TxnType: 'CreditMemo', TxnDate, RefNumber, LinkType: 'AMTTYPE', Amount: amountText(-pennies) },
    ]
  })
}

export function creditSum(credits: SetCredit[]): Pennies {
  return credits.reduce((total, { pennies }) => total + pennies, 0n)
}
