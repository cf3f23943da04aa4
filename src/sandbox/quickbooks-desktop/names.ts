import { addressBlock } from './addresses.ts'
import { amountText, penniesOf, priceOf } from './amounts.ts'
import { balanceOf } from './balances.ts'
import {
  type BookRecord,
  type Books,
  checkSequence,
  fieldsOf,
  fullNameOf,
  nameInUse,
  notFound,
  refTo,
  textOf,
} from './books.ts'
import type { Answered, Call } from './call.ts'
import { truth } from './sale.ts'
import { Refusal } from './status.ts'
import { type Fields, ret } from './write-xml.ts'

export function addCustomer(call: Call): Answered {
  const { books } = call
  const sent = fieldsOf(call.fields.CustomerAdd) ?? {}
  const record = customerFrom({ books, sent })
  return { ...books.warningOf(sent), body: presented({ call, record }) }
}

/** Books a new customer. Throws 3100 for a name that a customer, vendor or employee has already. */
export function customerFrom({ books, sent, second }: { books: Books; sent: Fields; second?: number }): BookRecord {
  if (sent.OpenBalance) throw new Refusal({ statusCode: 3250, message: 'An opening balance cannot be set here.' })
  const fields = completeCustomer({ books, sent })
  books.takeGuid(sent.ExternalGUID)
  const record: BookRecord = {
    ...books.listHead(second),
    kind: 'CustomerRet',
    ...fields,
    ExternalGUID: sent.ExternalGUID,
  }
  books.list('Customer').put(record)
  return record
}

export function modifyCustomer(call: Call): Answered {
  const { books } = call
  const sent = fieldsOf(call.fields.CustomerMod) ?? {}
  const id = textOf(sent.ListID) ?? ''
  const before = books.list('Customer').get(id)
  if (!before) throw notFound(id)
  checkSequence({ record: before, sequence: sent.EditSequence })
  const fields = completeCustomer({ books, sent: { ...before, ...sent }, except: id })
  const record: BookRecord = { ...before, ...fields, ...books.modified(before) }
  books.list('Customer').put(record)
  renamed({ books, record, was: fullNameOf(before) })
  return { ...books.warningOf(sent), body: presented({ call, record }) }
}

/** Transactions show a customer by the name that it has now. */
function renamed({ books, record, was }: { books: Books; record: BookRecord; was: string }): void {
  if (was === fullNameOf(record)) return
  for (const txn of ['Invoice', 'CreditMemo', 'ReceivePayment'] as const) {
    for (const transaction of books.byCustomer(txn).get(record.Id)) {
      books.transactions(txn).put({ ...transaction, CustomerRef: refTo(record) })
    }
  }
}

function completeCustomer({ books, sent, except }: { books: Books; sent: Fields; except?: string }): Fields {
  const name = checkedName(textOf(sent.Name))
  const parent = books.referred({ list: 'Customer', ref: sent.ParentRef, within: 'Customer' })
  const FullName = parent ? `${fullNameOf(parent)}:${name}` : name
  books.checkName({ name: FullName, ...(except === undefined ? {} : { except }) })
  books.checkUnlisted({ fields: sent, within: 'Customer' })
  const ref = (
    list: 'Terms' | 'SalesRep' | 'SalesTaxCode' | 'Item' | 'PaymentMethod',
    field: string,
    standard?: string,
  ) =>
    refTo(
      books.referred({ list, ref: sent[field], within: 'Customer' }) ??
        (standard === undefined ? undefined : books.find({ list, ref: { FullName: standard } })),
    )
  const taxes = books.settings.quickBooksDesktopSalesTax
  return {
    ...sent,
    Name: name,
    FullName,
    IsActive: truth(sent.IsActive, 'true'),
    ClassRef: undefined,
    ParentRef: refTo(parent),
    Sublevel: String(FullName.split(':').length - 1),
    BillAddressBlock: addressBlock(sent.BillAddress),
    ShipAddressBlock: addressBlock(sent.ShipAddress),
    TermsRef: ref('Terms', 'TermsRef'),
    SalesRepRef: ref('SalesRep', 'SalesRepRef'),
    SalesTaxCodeRef: taxes ? ref('SalesTaxCode', 'SalesTaxCodeRef', 'Tax') : undefined,
    ItemSalesTaxRef: taxes ? ref('Item', 'ItemSalesTaxRef', 'Sales tax') : undefined,
    PreferredPaymentMethodRef: ref('PaymentMethod', 'PreferredPaymentMethodRef'),
    CreditLimit: sent.CreditLimit ? amountText(penniesOf(textOf(sent.CreditLimit))) : undefined,
    JobStatus: 'None',
  }
}

/** A name may not be empty, nor carry the colon that parts a name from its parent's. */
function checkedName(name: string | undefined): string {
  const trimmed = name?.trim() ?? ''
  if (trimmed !== '' && !trimmed.includes(':')) return trimmed
  const message = `The name "${trimmed}" of the list element is invalid: it may not be empty or contain a colon.`
  throw new Refusal({
    statusCode: 3180,
    message: `There was an error when saving a list element. QuickBooks error message: ${message}`,
  })
}

function presented({ call: { books, only }, record }: { call: Call; record: BookRecord }): string {
  const balance = amountText(balanceOf({ books, customerId: record.Id }))
  return ret({ kind: record.kind, fields: { ...record, Balance: balance, TotalBalance: balance }, only })
}

export function addServiceItem({ books, fields, only }: Call): Answered {
  const sent = fieldsOf(fields.ItemServiceAdd) ?? {}
  books.checkUnlisted({ fields: sent, within: 'ItemService' })
  const parent = books.referred({ list: 'Item', ref: sent.ParentRef, within: 'ItemService' })
  const name = checkedName(textOf(sent.Name))
  const FullName = parent ? `${fullNameOf(parent)}:${name}` : name
  if (books.byFullName('Item').get(FullName.toLowerCase()).length > 0) throw nameInUse(name)
  const account = (ref: Fields[string]) => refTo(books.referred({ list: 'Account', ref, within: 'ItemService' }))
  const [alone, both] = [fieldsOf(sent.SalesOrPurchase), fieldsOf(sent.SalesAndPurchase)]
  if (!account(alone?.AccountRef ?? both?.IncomeAccountRef)) {
    throw new Refusal({ statusCode: 3150, message: 'There is a missing element: "AccountRef".' })
  }
  const price = (value: Fields[string]) => (value ? priceOf(textOf(value) ?? '0') : undefined)
  const code = books.referred({ list: 'SalesTaxCode', ref: sent.SalesTaxCodeRef, within: 'ItemService' })
  books.takeGuid(sent.ExternalGUID)
  const record: BookRecord = {
    ...books.listHead(),
    kind: 'ItemServiceRet',
    Name: name,
    FullName,
    IsActive: truth(sent.IsActive, 'true'),
    ParentRef: refTo(parent),
    Sublevel: String(FullName.split(':').length - 1),
    SalesTaxCodeRef: refTo(code ?? books.find({ list: 'SalesTaxCode', ref: { FullName: 'Tax' } })),
    SalesOrPurchase: alone && { ...alone, Price: price(alone.Price), AccountRef: account(alone.AccountRef) },
    SalesAndPurchase: both && {
      ...both,
      SalesPrice: price(both.SalesPrice),
      IncomeAccountRef: account(both.IncomeAccountRef),
      PurchaseCost: price(both.PurchaseCost),
      ExpenseAccountRef: account(both.ExpenseAccountRef),
    },
    ExternalGUID: sent.ExternalGUID,
  }
  books.list('Item').put(record)
  return { ...books.warningOf(sent), body: ret({ kind: record.kind, fields: record, only }) }
}
