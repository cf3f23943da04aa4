import { amountText, type Pennies, penniesOf } from './amounts.ts'
import { type BookRecord, type Books, fieldsOf, listOf, notFound, refOf, refTo, textOf } from './books.ts'
import type { Answered, Call } from './call.ts'
import { type Credit, checkCredits, creditsOf, linkTo, setCredit, sumOf } from './credits.ts'
import { receivable, truth } from './sale.ts'
import { Refusal } from './status.ts'
import { type Fields, ret } from './write-xml.ts'

export function addPayment(call: Call): Answered {
  const { books, only } = call
  const sent = fieldsOf(call.fields.ReceivePaymentAdd) ?? {}
  const record = receivePayment({ books, sent })
  if (record === null) return { ...books.warningOf(sent), body: thinAnswer({ call, sent }) }
  return { ...books.warningOf(sent), body: ret({ kind: record.kind, fields: withBalances({ books, record }), only }) }
}

/** Where credits were set and nothing else there is no transaction, and little to tell. */
function thinAnswer({ call: { books, only }, sent }: { call: Call; sent: Fields }): string {
  if (books.settings.quickBooksDesktopCreditOnlyAnswer === 'nothing') return ''
  const CustomerRef = refTo(books.find({ list: 'Customer', ref: sent.CustomerRef }))
  return ret({ kind: 'ReceivePaymentRet', fields: { CustomerRef, TotalAmount: '0.00' }, only })
}

/**
 * Books a payment and applies it: to the invoices named, or with IsAutoApply to the oldest open ones. Null when it only
 * sets credits, for then it is no transaction.
 */
export function receivePayment({ books, sent, second }: PaymentWork): BookRecord | null {
  const within = 'ReceivePayment'
  const customer = books.referred({ list: 'Customer', ref: sent.CustomerRef, within })
  if (!customer) throw new Refusal({ statusCode: 3150, message: 'There is a missing element: "CustomerRef".' })
  const TxnDate = textOf(sent.TxnDate) || books.today()
  books.checkOpen({ day: TxnDate, object: within })
  const account = books.referred({ list: 'Account', ref: sent.ARAccountRef, within }) ?? receivable(books)
  const deposit =
    books.referred({ list: 'Account', ref: sent.DepositToAccountRef, within }) ??
    books.find({ list: 'Account', ref: { FullName: 'Undeposited Funds' } })
  const method = books.referred({ list: 'PaymentMethod', ref: sent.PaymentMethodRef, within })
  const { parts, total } = partsOf({ books, sent, customer })
  if (isCreditOnly({ parts, total })) {
    for (const part of parts) applyTo({ books, ...part })
    return null
  }
  books.takeGuid(sent.ExternalGUID)
  const head = books.txnHead(second)
  const record: BookRecord = {
    ...head,
    kind: 'ReceivePaymentRet',
    CustomerRef: refTo(customer),
    ARAccountRef: refTo(account),
    TxnDate,
    RefNumber: sent.RefNumber,
    TotalAmount: amountText(total),
    PaymentMethodRef: refTo(method),
    Memo: sent.Memo,
    DepositToAccountRef: refTo(deposit),
    UnusedPayment: amountText(parts.reduce((rest, { pennies }) => rest - pennies, total)),
    UnusedCredits: '0.00',
    ExternalGUID: sent.ExternalGUID,
    AppliedToTxnRet: parts.map(({ invoice, pennies, discount, discountAccount }) => ({
      TxnID: invoice.Id,
      TxnType: 'Invoice',
      TxnDate: invoice.TxnDate,
      RefNumber: invoice.RefNumber,
      BalanceRemaining: invoice.BalanceRemaining,
      Amount: amountText(pennies),
      DiscountAmount: discount > 0n ? amountText(discount) : undefined,
      DiscountAccountRef: discount > 0n ? refTo(discountAccount) : undefined,
    })),
  }
  books.transactions('ReceivePayment').put(record)
  for (const part of parts) applyTo({ books, payment: record, ...part, ...(second === undefined ? {} : { second }) })
  return record
}

interface PaymentWork {
  books: Books
  sent: Fields
  second?: number
}

interface Part {
  invoice: BookRecord
  pennies: Pennies
  discount: Pennies
  discountAccount: BookRecord | undefined
  credits: Credit[]
}

const isCreditOnly = ({ parts, total }: { parts: Part[]; total: Pennies }): boolean =>
  total === 0n && parts.some(({ credits }) => credits.length > 0) && parts.every(({ discount }) => discount === 0n)

function partsOf({ books, sent, customer }: { books: Books; sent: Fields; customer: BookRecord }): {
  parts: Part[]
  total: Pennies
} {
  const applied = listOf(sent.AppliedToTxnAdd)
  if (new Set(applied.map(({ TxnID }) => TxnID)).size < applied.length) {
    throw new Refusal({ statusCode: 3210, message: 'A transaction cannot be paid twice by one payment.' })
  }
  const named = applied.map((part) => namedPart({ books, part, customer }))
  checkCredits(named.flatMap(({ credits }) => credits))
  const sum = named.reduce((total, { pennies }) => total + pennies, 0n)
  const total = sent.TotalAmount ? penniesOf(textOf(sent.TotalAmount)) : sum
  if (total < 0n || sum > total) {
    const message = 'The sum of what is applied cannot be more than the amount of the payment.'
    throw new Refusal({ statusCode: 3210, message })
  }
  const isAutomatic = applied.length === 0 && truth(sent.IsAutoApply, 'false') === 'true'
  return { parts: isAutomatic ? oldestFirst({ books, customer, total }) : named, total }
}

function namedPart({ books, part, customer }: { books: Books; part: Fields; customer: BookRecord }): Part {
  const id = textOf(part.TxnID) ?? ''
  const invoice = books.transactions('Invoice').get(id)
  if (!invoice) throw notFound(id)
  const discountAccount = books.referred({ list: 'Account', ref: part.DiscountAccountRef, within: 'ReceivePayment' })
  const [pennies, discount] = [penniesOf(textOf(part.PaymentAmount)), penniesOf(textOf(part.DiscountAmount))]
  const credits = creditsOf({ books, part, customer })
  const isHis = refOf(invoice.CustomerRef)?.ListID === customer.Id
  const paid = pennies + discount + sumOf(credits)
  if (!isHis || pennies < 0n || discount < 0n || paid > penniesOf(textOf(invoice.BalanceRemaining))) {
    const message = isHis
      ? `The amount applied to the transaction "${id}" is more than its balance.`
      : `The transaction "${id}" belongs to another customer.`
    throw new Refusal({ statusCode: 3210, message })
  }
  return { invoice, pennies, discount, discountAccount, credits }
}

function oldestFirst({ books, customer, total }: { books: Books; customer: BookRecord; total: Pennies }): Part[] {
  const open = books.byCustomer('Invoice').get(customer.Id)
  const byDay = open.sort((left, right) => (String(left.TxnDate) < String(right.TxnDate) ? -1 : 1))
  const parts: Part[] = []
  let rest = total
  for (const invoice of byDay) {
    const balance = penniesOf(textOf(invoice.BalanceRemaining))
    const pennies = balance < rest ? balance : rest
    if (pennies > 0n) parts.push({ invoice, pennies, discount: 0n, discountAccount: undefined, credits: [] })
    rest -= pennies
  }
  return parts
}

/** Lowers the balance of an invoice. What is applied to it, and the amounts of its links, are negative. */
function applyTo({
  books,
  payment,
  invoice,
  pennies,
  discount,
  credits,
  second,
}: Part & { books: Books; payment?: BookRecord; second?: number }): void {
  const now = books.transactions('Invoice').get(invoice.Id) ?? invoice
  for (const credit of credits) setCredit({ books, invoice: now, credit })
  const links = [
    ...(payment ? [linkTo({ record: payment, type: 'ReceivePayment', pennies: -pennies - discount })] : []),
    ...credits.map(({ memo, pennies: used }) => linkTo({ record: memo, type: 'CreditMemo', pennies: -used })),
  ]
  const head = books.modified(now, second)
  books.transactions('Invoice').put({
    ...balanced({ invoice: now, change: pennies + discount + sumOf(credits) }),
    ...head,
    LinkedTxn: [...listOf(now.LinkedTxn), ...links],
  })
}

/** An invoice of which so much more (or, when negative, so much less) is paid. */
function balanced({ invoice, change }: { invoice: BookRecord; change: Pennies }): BookRecord {
  const remaining = penniesOf(textOf(invoice.BalanceRemaining)) - change
  return {
    ...invoice,
    AppliedAmount: amountText(penniesOf(textOf(invoice.AppliedAmount)) - change),
    BalanceRemaining: amountText(remaining),
    IsPaid: String(remaining === 0n),
  }
}

/** Takes a payment back from the invoices that it was applied to. */
export function takeBack({ books, payment }: { books: Books; payment: BookRecord }): void {
  for (const { TxnID, Amount, DiscountAmount } of listOf(payment.AppliedToTxnRet)) {
    const invoice = books.transactions('Invoice').get(textOf(TxnID) ?? '')
    if (!invoice) continue
    const change = -penniesOf(textOf(Amount)) - penniesOf(textOf(DiscountAmount))
    const LinkedTxn = listOf(invoice.LinkedTxn).filter((link) => link.TxnID !== payment.Id)
    books.transactions('Invoice').put({ ...balanced({ invoice, change }), ...books.modified(invoice), LinkedTxn })
  }
}

/** A payment tells the balances of its invoices as they are now. */
export function withBalances({ books, record }: { books: Books; record: BookRecord }): BookRecord {
  const AppliedToTxnRet = listOf(record.AppliedToTxnRet).map((part) => ({
    ...part,
    BalanceRemaining: books.transactions('Invoice').get(textOf(part.TxnID) ?? '')?.BalanceRemaining,
  }))
  return { ...record, AppliedToTxnRet }
}
