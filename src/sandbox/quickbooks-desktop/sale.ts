import { addressBlock } from './addresses.ts'
import { amountText, type Pennies, percentOf, sumOfNumbers } from './amounts.ts'
import { type BookRecord, type Books, listOf, refTo, textOf } from './books.ts'
import { completeLines } from './sale-lines.ts'
import { Refusal } from './status.ts'
import { addDays } from './time.ts'
import type { Fields } from './write-xml.ts'

export interface Sale {
  /** The fields of the Ret without lines, links and what is applied. */
  fields: Fields
  lines: Fields[]
  total: Pennies
}

/** Completes an invoice or a credit memo as QuickBooks does: references, defaults of the customer, lines, tax and sums. */
export function completeSale({ books, sent, lines, within }: SaleWork): Sale {
  const customer = books.referred({ list: 'Customer', ref: sent.CustomerRef, within })
  if (!customer) throw new Refusal({ statusCode: 3150, message: 'There is a missing element: "CustomerRef".' })
  checkFeatures({ books, sent, within })
  const TxnDate = textOf(sent.TxnDate) || books.today()
  books.checkOpen({ day: TxnDate, object: within })
  const customerCode =
    books.referred({ list: 'SalesTaxCode', ref: sent.CustomerSalesTaxCodeRef, within }) ??
    books.find({ list: 'SalesTaxCode', ref: customer.SalesTaxCodeRef })
  const taxesCustomer = customerCode?.IsTaxable !== 'false'
  const done = completeLines({ books, sent: lines, within, taxesCustomer })
  const tax = taxOf({ books, sent, customer, within, taxable: taxesCustomer ? done.taxable : 0n })
  const total = done.subtotal + tax.pennies
  if (total < 0n) {
    throw new Refusal({ statusCode: 3210, message: `The total of the ${within} cannot be negative.` })
  }
  const fields = {
    ...people({ books, sent, customer, within, TxnDate }),
    TxnDate,
    RefNumber: textOf(sent.RefNumber) || nextRefNumber(books),
    IsPending: truth(sent.IsPending, 'false'),
    PONumber: sent.PONumber,
    FOB: sent.FOB,
    ShipDate: textOf(sent.ShipDate) || TxnDate,
    Subtotal: amountText(done.subtotal),
    ...tax.fields,
    Memo: sent.Memo,
    IsToBePrinted: truth(sent.IsToBePrinted, 'true'),
    IsToBeEmailed: truth(sent.IsToBeEmailed, 'false'),
    CustomerSalesTaxCodeRef: books.settings.quickBooksDesktopSalesTax ? refTo(customerCode) : undefined,
    Other: sent.Other,
    ExternalGUID: sent.ExternalGUID,
  }
  return { fields, lines: done.lines, total }
}

interface SaleWork {
  books: Books
  sent: Fields
  lines: Fields[]
  within: 'Invoice' | 'CreditMemo'
}

/** What this company file has not turned on, or has no list for. */
function checkFeatures({ books, sent, within }: { books: Books; sent: Fields; within: string }): void {
  if (sent.SetCredit) throw new Refusal({ statusCode: 3250, message: 'Credits cannot be set here.' })
  if (sent.ItemSalesTaxRef && !books.settings.quickBooksDesktopSalesTax) {
    throw new Refusal({ statusCode: 3250, message: 'Sales tax is turned off: "ItemSalesTaxRef" cannot be used.' })
  }
  const sentLine = { ...sent, TemplateRef: undefined }
  books.checkUnlisted({ fields: sentLine, within })
}

function people({ books, sent, customer, within, TxnDate }: PeopleWork): Fields {
  const own = (list: 'Terms' | 'SalesRep', name: string) =>
    books.referred({ list, ref: sent[name], within }) ?? books.find({ list, ref: customer[name] })
  const account = books.referred({ list: 'Account', ref: sent.ARAccountRef, within }) ?? receivable(books)
  const terms = own('Terms', 'TermsRef')
  const bill = sent.BillAddress ?? customer.BillAddress
  const ship = sent.ShipAddress ?? customer.ShipAddress
  return {
    CustomerRef: refTo(customer),
    ARAccountRef: refTo(account),
    TemplateRef: { ListID: '80000001-1262300000', FullName: 'Intuit Product Invoice' },
    BillAddress: bill,
    BillAddressBlock: addressBlock(bill),
    ShipAddress: ship,
    ShipAddressBlock: addressBlock(ship),
    TermsRef: refTo(terms),
    DueDate: textOf(sent.DueDate) || addDays({ day: TxnDate, days: Number(textOf(terms?.StdDueDays) ?? 0) }),
    SalesRepRef: refTo(own('SalesRep', 'SalesRepRef')),
    ShipMethodRef: refTo(books.referred({ list: 'ShipMethod', ref: sent.ShipMethodRef, within })),
  }
}

interface PeopleWork {
  books: Books
  sent: Fields
  customer: BookRecord
  within: string
  TxnDate: string
}

export const receivable = (books: Books): BookRecord | undefined =>
  [...books.list('Account').all()].find(({ AccountType }) => AccountType === 'AccountsReceivable')

/** The tax of the whole document in one sum: rate times all that is taxable, half up to pennies. */
function taxOf({ books, sent, customer, within, taxable }: TaxWork): { fields: Fields; pennies: Pennies } {
  if (!books.settings.quickBooksDesktopSalesTax) return { fields: {}, pennies: 0n }
  const item =
    books.referred({ list: 'Item', ref: sent.ItemSalesTaxRef, within }) ??
    books.find({ list: 'Item', ref: customer.ItemSalesTaxRef })
  const percent = item ? taxRateOf({ books, item }) : '0'
  const pennies = percentOf({ percent, pennies: taxable })
  return {
    fields: { ItemSalesTaxRef: refTo(item), SalesTaxPercentage: percent, SalesTaxTotal: amountText(pennies) },
    pennies,
  }
}

interface TaxWork {
  books: Books
  sent: Fields
  customer: BookRecord
  within: string
  taxable: Pennies
}

/** A group of sales tax items has the sum of their rates. */
function taxRateOf({ books, item }: { books: Books; item: BookRecord }): string {
  if (item.kind === 'ItemSalesTaxRet') return textOf(item.TaxRate) ?? '0'
  if (item.kind === 'ItemSalesTaxGroupRet') {
    const members = listOf(item.ItemSalesTaxRef).map((ref) => textOf(books.find({ list: 'Item', ref })?.TaxRate) ?? '0')
    return sumOfNumbers(members)
  }
  const message = `The item "${textOf(item.Name) ?? ''}" is not a sales tax item.`
  throw new Refusal({ statusCode: 3140, message })
}

/** The number that QuickBooks gives when none was sent: one more than it gave last. */
const nextRefNumber = (books: Books): string => String(books.next('refNumbers'))

export function truth(value: Fields[string], otherwise: 'true' | 'false'): 'true' | 'false' {
  if (value === undefined || value === '') return otherwise
  return value === 'true' || value === '1' ? 'true' : 'false'
}
