import type { DesktopSeedInvoice, QuickBooksDesktopSeed, SeedPayment } from '../world/seed.ts'
import { type BookRecord, type Books, refTo } from './books.ts'
import { customerFrom } from './names.ts'
import { receivePayment } from './payments.ts'
import { invoiceFrom } from './sales.ts'
import { itemOf } from './seed-items.ts'
import type { Fields } from './write-xml.ts'

/** Fills an empty company file, documents by the same rules that a client's pass. */
export function seedBooks({ books, seed }: { books: Books; seed: QuickBooksDesktopSeed }): void {
  // The lists are older than every document: a company opens its books before it sells.
  const second = books.now() - 1500 * 86_400
  const put: Put = ({ list, kind, fields }) => {
    const record: BookRecord = { ...books.listHead(second), kind, IsActive: 'true', ...fields }
    books.list(list).put(record)
    return record
  }
  seedAccounts({ books, seed, put })
  for (const [Name, IsTaxable, Desc] of [
    ['Tax', 'true', 'Taxable Sales'],
    ['Non', 'false', 'Non-Taxable Sales'],
  ] as const) {
    put({ list: 'SalesTaxCode', kind: 'SalesTaxCodeRet', fields: { Name, IsTaxable, Desc } })
  }
  for (const { name, dueDays } of seed.terms) {
    const fields = { Name: name, StdDueDays: String(dueDays), StdDiscountDays: '0', DiscountPct: '0' }
    put({ list: 'Terms', kind: 'StandardTermsRet', fields })
  }
  for (const Name of ['Cash', 'Check', 'Credit Card'])
    put({ list: 'PaymentMethod', kind: 'PaymentMethodRet', fields: { Name } })
  for (const Name of ['UPS', 'DHL']) put({ list: 'ShipMethod', kind: 'ShipMethodRet', fields: { Name } })
  for (const { firstName, lastName, initials, hiredOn, releasedOn } of seed.employees) {
    const fields = {
      Name: `${firstName} ${lastName}`,
      FirstName: firstName,
      LastName: lastName,
      EmployeeType: 'Regular',
      HiredDate: hiredOn,
      ReleasedDate: releasedOn,
    }
    const employee = put({ list: 'Employee', kind: 'EmployeeRet', fields })
    put({ list: 'SalesRep', kind: 'SalesRepRet', fields: { Initial: initials, SalesRepEntityRef: refTo(employee) } })
  }
  put({ list: 'Vendor', kind: 'VendorRet', fields: { Name: 'State Tax Office' } })
  for (const item of seed.items) put({ list: 'Item', ...itemOf({ books, item }) })
  for (const customer of seed.customers) customerFrom({ books, sent: customerOf(customer), second })
  for (const invoice of seed.invoices) seedInvoice({ books, invoice })
  for (const payment of seed.payments) seedPayment({ books, payment })
  for (const [at, booking] of (seed.journal ?? []).entries()) books.journal().put({ Id: String(at + 1), ...booking })
  const numbers = seed.invoices.map(({ refNumber }) => Number(refNumber)).filter(Number.isSafeInteger)
  books.setNext({ counter: 'refNumbers', number: Math.max(1000, ...numbers) })
}

type Put = (record: { list: Parameters<Books['list']>[0]; kind: string; fields: Fields }) => BookRecord

/** The accounts of the seed, and those that QuickBooks makes for every company. Balances of accounts are not played. */
function seedAccounts({ books, seed, put }: { books: Books; seed: QuickBooksDesktopSeed; put: Put }): void {
  const standard = [
    { name: 'Accounts Receivable', accountType: 'AccountsReceivable' },
    { name: 'Undeposited Funds', accountType: 'OtherCurrentAsset' },
  ]
  const missing = standard.filter(({ name }) => !seed.accounts.some((account) => account.name === name))
  for (const { name, accountType, active = true } of [
    ...seed.accounts,
    ...missing,
  ] as QuickBooksDesktopSeed['accounts']) {
    const parts = name.split(':')
    const parent = books.find({ list: 'Account', ref: { FullName: parts.slice(0, -1).join(':') } })
    const fields: Fields = {
      Name: parts.at(-1),
      FullName: name,
      IsActive: String(active),
      ParentRef: refTo(parent),
      Sublevel: String(parts.length - 1),
      AccountType: accountType,
    }
    put({ list: 'Account', kind: 'AccountRet', fields })
  }
}

function customerOf(customer: QuickBooksDesktopSeed['customers'][number]): Fields {
  const { displayName, companyName, email, phone, billing, active = true } = customer
  const address = billing && {
    Addr1: displayName,
    Addr2: billing.line1,
    City: billing.city,
    State: billing.state,
    PostalCode: billing.postalCode,
    Country: billing.country,
  }
  return {
    Name: displayName,
    IsActive: String(active),
    CompanyName: companyName,
    BillAddress: address,
    ShipAddress: address,
    Phone: phone,
    Email: email,
  }
}

const secondOf = (instant: string): number => Math.floor(Date.parse(instant) / 1000)

function seedInvoice({ books, invoice }: { books: Books; invoice: DesktopSeedInvoice }): void {
  const sent: Fields = {
    CustomerRef: { FullName: invoice.customerName },
    TxnDate: invoice.txnDate,
    RefNumber: invoice.refNumber,
    DueDate: invoice.dueDate,
    ItemSalesTaxRef: { FullName: 'Sales tax' },
    Memo: invoice.memo,
    IsToBePrinted: 'false',
  }
  const lines = invoice.lines.map((line) => ({
    ItemRef: { FullName: line.itemName },
    Desc: line.description,
    Quantity: line.quantity,
    Rate: line.rate,
    Amount: line.amount,
    SalesTaxCodeRef: { FullName: line.taxable ? 'Tax' : 'Non' },
  }))
  const second = secondOf(invoice.createdAt)
  const record = invoiceFrom({ call: { books }, sent, lines, head: (at) => books.txnHead(at), second })
  books.transactions('Invoice').put(record)
}

function seedPayment({ books, payment }: { books: Books; payment: SeedPayment }): void {
  const idOf = (refNumber: string) => books.byRefNumber('Invoice').get(refNumber.toLowerCase())[0]?.Id
  const sent: Fields = {
    CustomerRef: { FullName: payment.customerName },
    TxnDate: payment.txnDate,
    RefNumber: payment.paymentRefNum,
    TotalAmount: payment.totalAmount,
    PaymentMethodRef: { FullName: 'Check' },
    Memo: payment.privateNote,
    AppliedToTxnAdd: payment.applications.map(({ docNumber, amount }) => ({
      TxnID: idOf(docNumber),
      PaymentAmount: amount,
    })),
  }
  receivePayment({ books, sent, second: secondOf(payment.createdAt) })
}
