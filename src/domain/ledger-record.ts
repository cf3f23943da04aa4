import type { Address } from './document.ts'
import type { LinkKind } from './link.ts'
import type { Money, Quantity } from './money.ts'

/** A record that QuickBooks itself returned, in canonical words. */
export interface LedgerRecord {
  entity: LinkKind
  quickBooksId: string
  name: string | null
  active: boolean
  /** It was asked for by its id, and QuickBooks has no such record any more. */
  deleted?: true
  /** Whoever changes the record names the revision that he read: a SyncToken, an EditSequence. Null where none was told. */
  revision: string | null
  /** When QuickBooks made it, ISO 8601; missing where the answer does not tell. */
  createdAt?: string
  /** Set on invoices, credit memos and refunds. */
  sale?: LedgerSale
  /** Set on payments. */
  payment?: LedgerPayment
  /** Set on accounts, when the answer tells so much: what they count for. */
  accountUse?: AccountUse
  /** Set on items, when the answer tells so much: the accounts that they are booked to. */
  item?: { incomeAccountId: string | null; costAccountId: string | null }
  /** Set on customers, when the answer tells so much. */
  customer?: { email: string | null; phone: string | null; companyName: string | null; billing: Address | null }
}

/** What an account counts for; a balance account, such as a bank, is OTHER. */
export type AccountUse = 'INCOME' | 'COST_OF_GOODS' | 'EXPENSE' | 'OTHER'

export interface LedgerSale {
  number: string
  date: string
  dueDate: string | null
  customerId: string
  total: Money
  tax: Money
  discount: Money
  shipping: Money
  /** What is still owed of an invoice, or not yet used of a credit memo; null where QuickBooks does not say. */
  balance: Money | null
  voided: boolean
  /** Where the order number was stamped. */
  note: string | null
  termsId: string | null
  lines: {
    itemId: string | null
    quantity: Quantity | null
    unitPrice: Quantity | null
    amount: Money
    taxable: boolean
    accountId?: string | null
    taxCodeId?: string | null
  }[]
}

/** Of a credit that is only applied, QuickBooks may keep a link and no payment: then it has neither number nor date. */
export interface LedgerPayment {
  number: string | null
  date: string | null
  customerId: string
  amount: Money
  /** What pays nothing yet; null where QuickBooks does not say. */
  unapplied: Money | null
  voided: boolean
  note: string | null
  applications: { invoiceId: string; amount: Money; creditId: string | null }[]
}

/** What QuickBooks says of an item that the CRM may know as a product. */
export interface LedgerItem {
  /** Null for what is neither a product nor a service, such as a bundle, a category, or what is bought for nobody's stock. */
  sold: 'GOODS' | 'SERVICE' | null
  description: string
  /** A plain decimal, to the last digit; null without a price. */
  price: string | null
}

/** A tax of QuickBooks: a tax code, or a sales tax item. */
export interface LedgerTax {
  id: string
  name: string
  /** In percent; null where QuickBooks does not tell one rate. */
  ratePercent: Quantity | null
  /** It says of a line only that it is taxed, or not. */
  isOfLines: boolean
}
