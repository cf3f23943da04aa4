import { createHash } from 'node:crypto'
import type { Money, Quantity } from './money.ts'

/** A postal address as both systems know it; every part may be missing. */
export interface Address {
  lines: string[]
  city?: string
  state?: string
  postalCode?: string
  country?: string
}

/** A customer as the CRM tells of it. `name` is the name that QuickBooks lists it under. */
export interface CustomerDocument {
  kind: 'CUSTOMER'
  sourceId: string
  name: string
  companyName?: string
  email?: string
  phone?: string
  billing?: Address
}

/** One line of a sales document. `amount` is gross: price × quantity, rounded half-up; the discount stands beside it. */
export interface DocumentLine {
  position: number
  item: { sourceId: string; name: string }
  description: string
  quantity: Quantity
  unitPrice: Quantity
  amount: Money
  discountPercent: Quantity
  discountAmount: Money
  taxable: boolean
}

/** The canonical invoice, the same for every ledger. Dates are `yyyy-mm-dd` in the business's time zone. */
export interface InvoiceDocument {
  kind: 'INVOICE'
  sourceId: string
  orderNumber: string
  number: string
  customer: CustomerDocument
  date: string
  dueDate?: string
  shipDate?: string
  purchaseOrderNumber?: string
  currency: string
  lines: DocumentLine[]
  discount: Money
  shipping: Money
  tax: Money
  total: Money
}

export type Document = InvoiceDocument | CustomerDocument

/** An invoice in which every name has become a QuickBooks id: what a ledger can encode. */
export interface MappedInvoice {
  kind: 'INVOICE'
  document: InvoiceDocument
  customerId: string
  itemIds: string[]
  /** What its discount, shipping and tax are booked with, as far as this kind of QuickBooks wants them named. */
  charges: Partial<Record<ChargeRole, Charge>>
}

export type ChargeRole = 'DISCOUNT' | 'SHIPPING' | 'SALES_TAX' | 'TAX_ROUNDING'

/** The QuickBooks account or item that a charge of an invoice is booked with. */
export interface Charge {
  id: string
  /** The rate of a sales tax. */
  ratePercent?: Quantity
}

export interface MappedCustomer {
  kind: 'CUSTOMER'
  document: CustomerDocument
}

export type MappedDocument = MappedInvoice | MappedCustomer

/** A fingerprint of a document's content: SHA-256 over its canonical JSON (keys sorted), in hex. Equal content, equal hash. */
export function contentHash(document: Document): string {
  return createHash('sha256').update(canonicalJson(document)).digest('hex')
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
