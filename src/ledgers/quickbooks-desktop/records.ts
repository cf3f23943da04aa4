import type { Address } from '../../domain/document.ts'
import { LinkKind } from '../../domain/link.ts'
import type { AccountUse, LedgerRecord } from '../ledger.ts'
import { allOf, type Element, textAt } from './read-xml.ts'
import { type Reading, readPayment, readSale } from './txn-records.ts'

/** Each record that we read, in QuickBooks' words, and what it is in ours. An item comes as one of twelve kinds. */
const KINDS: Readonly<Record<string, LinkKind>> = {
  InvoiceRet: LinkKind.INVOICE,
  CreditMemoRet: LinkKind.CREDIT_MEMO,
  ReceivePaymentRet: LinkKind.PAYMENT,
  CustomerRet: LinkKind.CUSTOMER,
  AccountRet: LinkKind.ACCOUNT,
  SalesTaxCodeRet: LinkKind.TAX_CODE,
  StandardTermsRet: LinkKind.TERM,
  DateDrivenTermsRet: LinkKind.TERM,
  PaymentMethodRet: LinkKind.PAYMENT_METHOD,
  ItemServiceRet: LinkKind.ITEM,
  ItemNonInventoryRet: LinkKind.ITEM,
  ItemOtherChargeRet: LinkKind.ITEM,
  ItemInventoryRet: LinkKind.ITEM,
  ItemInventoryAssemblyRet: LinkKind.ITEM,
  ItemFixedAssetRet: LinkKind.ITEM,
  ItemSubtotalRet: LinkKind.ITEM,
  ItemDiscountRet: LinkKind.ITEM,
  ItemPaymentRet: LinkKind.ITEM,
  ItemSalesTaxRet: LinkKind.ITEM,
  ItemSalesTaxGroupRet: LinkKind.ITEM,
  ItemGroupRet: LinkKind.ITEM,
}

/** Reads a record that QuickBooks returned; null when it is of no kind that we know, or lacks what a record must have. */
export function readRecord(element: Element, reading: Reading): LedgerRecord | null {
  const entity = Object.hasOwn(KINDS, element.name) ? KINDS[element.name] : undefined
  if (entity === undefined) return null
  try {
    switch (entity) {
      case LinkKind.INVOICE:
      case LinkKind.CREDIT_MEMO:
        return readSale(element, entity, reading)
      case LinkKind.PAYMENT:
        return readPayment(element)
      case LinkKind.CUSTOMER:
        return readCustomer(element)
      case LinkKind.ACCOUNT:
        return readAccount(element)
      case LinkKind.ITEM:
        return readItem(element)
      default:
        return readNamed(element, entity)
    }
  } catch (error) {
    // An amount that is none makes the record unreadable, and nothing else.
    if (error instanceof Error) return null
    throw error
  }
}

function readNamed(element: Element, entity: LinkKind): LedgerRecord | null {
  const quickBooksId = textAt(element, 'ListID')
  const name = textAt(element, 'FullName') ?? textAt(element, 'Name')
  if (!quickBooksId || !name) return null
  const revision = textAt(element, 'EditSequence') ?? null
  return { entity, quickBooksId, name, active: textAt(element, 'IsActive') !== 'false', revision }
}

/** The types of accounts that a profit-and-loss report is made of; all others are of the balance. */
const ACCOUNT_USES: Readonly<Record<string, AccountUse>> = {
  Income: 'INCOME',
  OtherIncome: 'INCOME',
  CostOfGoodsSold: 'COST_OF_GOODS',
  Expense: 'EXPENSE',
  OtherExpense: 'EXPENSE',
}

function readAccount(element: Element): LedgerRecord | null {
  const record = readNamed(element, LinkKind.ACCOUNT)
  const type = textAt(element, 'AccountType')
  if (!record || !type) return record
  const accountUse = Object.hasOwn(ACCOUNT_USES, type) ? ACCOUNT_USES[type] : undefined
  return { ...record, accountUse: accountUse ?? 'OTHER' }
}

function readItem(element: Element): LedgerRecord | null {
  const record = readNamed(element, LinkKind.ITEM)
  const at = (...path: string[]) => textAt(element, ...path, 'ListID') ?? null
  const incomeAccountId =
    at('IncomeAccountRef') ?? at('SalesOrPurchase', 'AccountRef') ?? at('SalesAndPurchase', 'IncomeAccountRef')
  const costAccountId = at('COGSAccountRef') ?? at('SalesAndPurchase', 'ExpenseAccountRef')
  if (incomeAccountId === null && costAccountId === null) return record
  return record && { ...record, item: { incomeAccountId, costAccountId } }
}

function readCustomer(element: Element): LedgerRecord | null {
  const record = readNamed(element, LinkKind.CUSTOMER)
  if (!record) return null
  const [address] = allOf(element, 'BillAddress')
  const customer = {
    email: textAt(element, 'Email') ?? null,
    phone: textAt(element, 'Phone') ?? null,
    companyName: textAt(element, 'CompanyName') ?? null,
    billing: address ? readAddress(address) : null,
  }
  return { ...record, customer }
}

function readAddress(element: Element): Address {
  const lines = ['Addr1', 'Addr2', 'Addr3', 'Addr4', 'Addr5'].flatMap((name) => textAt(element, name) ?? [])
  const parts = {
    city: textAt(element, 'City'),
    state: textAt(element, 'State'),
    postalCode: textAt(element, 'PostalCode'),
    country: textAt(element, 'Country'),
  }
  return { lines, ...Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) }
}
