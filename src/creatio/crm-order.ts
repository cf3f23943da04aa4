import type { Quantity } from '../domain/money.ts'
import type { Lookup } from './values.ts'

/** An address as the CRM keeps it. */
export interface CrmAddress {
  street: string | null
  city: string | null
  state: string | null
  postalCode: string | null
  country: string | null
}

export interface CrmAccount extends CrmAddress {
  id: string
  name: string | null
  quickBooksName: string | null
  quickBooksId: string | null
  email: string | null
  phone: string | null
  /** True when it is no longer sold to. */
  inactive: boolean
}

/** A line as the CRM has it: the site's own column where it has a value, else the standard one. */
export interface CrmOrderLine {
  id: string
  name: string | null
  product: { id: string; code: string | null; category?: string | null } | null
  price: Quantity | null
  quantity: Quantity | null
  discountPercent: Quantity | null
  taxable: boolean
  /** The tax that the line itself names. */
  taxName?: string | null
}

/** An order with all that its invoice needs. Null is what the CRM does not say; instants are as it wrote them. */
export interface CrmOrder {
  id: string
  number: string | null
  modifiedOn: string
  quickBooksId: string | null
  status: Lookup | null
  transactionTypeId: string | null
  /** The order that a credit memo corrects, with the number that its invoice bears. */
  corrected: { id: string; number: string | null } | null
  paymentStatus: Lookup | null
  terms: Lookup | null
  salesGroup: Lookup | null
  invoiceNumber: string | null
  date: string | null
  invoiceDate: string | null
  dueDate: string | null
  shipDate: string | null
  purchaseOrderNumber: string | null
  /** ISO 4217. */
  currency: string | null
  shipping: Quantity | null
  taxed: boolean
  tax: Quantity | null
  /** The tax that the order itself names. */
  taxName?: string | null
  /** Where it is shipped to; missing where the site does not say. */
  shipTo?: CrmAddress | null
  /** What the CRM itself says that it comes to, where the profile names the column. */
  amount: Quantity | null
  account: CrmAccount | null
  contact: { id: string; email: string | null; phone: string | null } | null
  lines: CrmOrderLine[]
  unreadable: Unreadable[]
}

/** A payment that was recorded in the CRM. Null is what the CRM does not say. */
export interface CrmPayment {
  id: string
  orderId: string | null
  amount: Quantity | null
  /** When the money came. */
  date: string | null
  reference: string | null
  method: string | null
  modifiedOn: string
  unreadable: Unreadable[]
}

/** A value that is there and that nobody can read: `the price of line 2`, and what stands there. */
export interface Unreadable {
  what: string
  given: string
}
