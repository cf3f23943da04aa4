import { type Pennies, penniesOf } from './amounts.ts'
import { type Books, type TxnName, textOf } from './books.ts'

/** What a customer owes: open invoices less credits and payments that are not applied yet. */
export function balanceOf({ books, customerId }: { books: Books; customerId: string }): Pennies {
  const sum = (name: TxnName, field: string): Pennies =>
    books
      .byCustomer(name)
      .get(customerId)
      .reduce((total, record) => total + penniesOf(textOf(record[field])), 0n)
  return (
    sum('Invoice', 'BalanceRemaining') - sum('CreditMemo', 'CreditRemaining') - sum('ReceivePayment', 'UnusedPayment')
  )
}
