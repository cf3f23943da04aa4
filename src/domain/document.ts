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

/** What is written into the note of an invoice, so that it tells whose it is. */
export function orderStamp(orderNumber: string): string {
  return `Order ${orderNumber}`
}

/**
 * The other order's number when a note bears the stamp of one; null when the note bears ours, or no stamp at all. What
 * people write may begin like a stamp, so only what looks like a number counts as one.
 */
export function otherStamp(note: string | null, orderNumber: string): string | null {
  if (note === null) return null
  const ours = orderStamp(orderNumber)
  if (note.startsWith(ours) && !/^[\w-]/.test(note.slice(ours.length))) return null
  return /^Order ([^\s,;]*\d[^\s,;]*)/.exec(note)?.[1] ?? null
}

/** A fingerprint of a document's content: SHA-256 over its canonical JSON (keys sorted), in hex. Equal content, equal hash. */
export function contentHash(document: Document): string {
  return createHash('sha256').update(canonicalJson(document)).digest('hex')
}

/** Every order that is read is held against its fingerprint, so this is written for speed: no replacer, no copies. */
function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`
  const object = value as Record<string, unknown>
  const keys = Object.keys(object).filter((key) => object[key] !== undefined)
  return `{${keys.sort().map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key])}`)}}`
}
