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
  /** False for one that is no longer sold to; missing means active. */
  active?: boolean
}

/** An item that the CRM sells and that QuickBooks does not have yet. `name` is the product's code, by which lines find it. */
export interface ItemDocument {
  kind: 'ITEM'
  sourceId: string
  name: string
  description: string
  price?: Quantity
  /** The category of the product: account mappings look at it. */
  category?: string
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

/** A document that another one is about. It is found by its link, unless its QuickBooks id is known already. */
export interface DocumentReference {
  kind: 'INVOICE' | 'CREDIT_MEMO' | 'PAYMENT' | 'REFUND'
  sourceId: string
  number: string
  quickBooksId?: string
}

/** What every sales document says. Dates are `yyyy-mm-dd` in the business's time zone; a credit's amounts are positive too. */
interface SalesContent {
  sourceId: string
  orderNumber: string
  number: string
  customer: CustomerDocument
  date: string
  purchaseOrderNumber?: string
  currency: string
  lines: DocumentLine[]
  discount: Money
  shipping: Money
  tax: Money
  total: Money
  /** What the CRM itself says that it comes to, where that is something else: a contradiction that a person must solve. */
  statedTotal?: Money
  /** The tax that the order itself names, as QuickBooks calls it. */
  taxName?: string
  /** Where it is sent to, if that is not the customer's address: sales tax may depend on it. */
  shipTo?: Address
  mappingFacts?: MappingFacts
}

/** What account mappings look at and no ledger is told: no part of the content. */
export interface MappingFacts {
  /** The order's sales group. */
  customerGroup: string | null
  /** The category of each line's product, in order. */
  categories: (string | null)[]
}

/** The canonical invoice, the same for every ledger. */
export interface InvoiceDocument extends SalesContent {
  kind: 'INVOICE'
  dueDate?: string
  shipDate?: string
  /** The terms of payment, by their name. */
  terms?: string
}

/** Takes back what an invoice billed. */
export interface CreditMemoDocument extends SalesContent {
  kind: 'CREDIT_MEMO'
  /** The invoice that it corrects; null when the CRM does not say. */
  corrects: DocumentReference | null
}

/** Gives money back that was paid. */
export interface RefundDocument extends SalesContent {
  kind: 'REFUND'
  corrects: DocumentReference | null
}

export type SalesDocument = InvoiceDocument | CreditMemoDocument | RefundDocument

/** The part of a payment that pays one invoice; with `credit`, the credit memo that pays it. */
export interface DocumentApplication {
  invoice: DocumentReference
  amount: Money
  credit?: DocumentReference
}

/** Money that came in. A credit memo is applied to its invoice by a payment of 0.00 whose application names the credit. */
export interface PaymentDocument {
  kind: 'PAYMENT'
  sourceId: string
  orderNumber: string
  /** Its reference, such as the number of a cheque. */
  number: string
  customer: CustomerDocument
  date: string
  currency: string
  amount: Money
  /** How it was paid, by the name of the method. */
  method?: string
  applications: DocumentApplication[]
}

/** Voids what was posted: its amounts become zero, its number stays. */
export interface VoidDocument {
  kind: 'VOID'
  sourceId: string
  orderNumber: string
  /** The number of what is voided. */
  number: string
  /** Its day, where it is known: the books of a closed period stay as they are. */
  date?: string
  target: DocumentReference
}

/** What is corrected by a document of its own when the CRM changes it after it was posted. */
export type CorrectableDocument = SalesDocument | PaymentDocument

export type Document = SalesDocument | PaymentDocument | VoidDocument | CustomerDocument | ItemDocument

/** What an account mapping chose for one line, besides its item. */
export interface LineBooking {
  accountId?: string
  taxCodeId?: string
}

/** A sales document in which every name has become a QuickBooks id: what a ledger can encode. */
interface MappedSaleOf<D extends SalesDocument> {
  kind: D['kind']
  document: D
  customerId: string
  itemIds: string[]
  /** What its discount, shipping and tax are booked with, as far as this kind of QuickBooks wants them named. */
  charges: Partial<Record<ChargeRole, Charge>>
  /** One for each line, in order; missing where no mapping chose. */
  bookings?: LineBooking[]
  termsId?: string
}

export type MappedInvoice = MappedSaleOf<InvoiceDocument>
export type MappedCreditMemo = MappedSaleOf<CreditMemoDocument>
export type MappedRefund = MappedSaleOf<RefundDocument>
export type MappedSale = MappedInvoice | MappedCreditMemo | MappedRefund

export type ChargeRole = 'DISCOUNT' | 'SHIPPING' | 'SALES_TAX' | 'TAX_ROUNDING' | 'REFUND'

/** The QuickBooks account or item that a charge is booked with; of a refund, the account that it is paid from. */
export interface Charge {
  id: string
  /** The rate of a sales tax. */
  ratePercent?: Quantity
  /** The name of a sales tax, where something other than the connection chose it. */
  name?: string
}

export interface MappedPayment {
  kind: 'PAYMENT'
  document: PaymentDocument
  customerId: string
  applications: { invoiceId: string; amount: Money; creditId?: string }[]
  methodId?: string
}

export interface MappedVoid {
  kind: 'VOID'
  document: VoidDocument
  targetId: string
  /** The revision of the target that was read last. */
  revision: string
}

export interface MappedCustomer {
  kind: 'CUSTOMER'
  document: CustomerDocument
  /** Set when QuickBooks has the customer: it is updated, at the revision that was read last. */
  update?: { quickBooksId: string; revision: string }
}

/** It is created as a service: QuickBooks keeps no stock of what the CRM sells. */
export interface MappedItem {
  kind: 'ITEM'
  document: ItemDocument
  /** The account that its sales are booked to; empty when nobody knows any more what was meant. */
  incomeAccountId: string
}

export type MappedDocument = MappedSale | MappedPayment | MappedVoid | MappedCustomer | MappedItem

export function isSale(document: Document | null): document is SalesDocument {
  return document?.kind === 'INVOICE' || document?.kind === 'CREDIT_MEMO' || document?.kind === 'REFUND'
}

export function isMappedSale(mapped: MappedDocument): mapped is MappedSale {
  return isSale(mapped.document)
}

/** What is written into the note of an invoice, so that it tells whose it is. */
export function orderStamp(orderNumber: string): string {
  return `Order ${orderNumber}`
}

/** What is written into the note of a payment: payments have no unique number, so it names the CRM's own record too. */
export function paymentStamp({ orderNumber, sourceId }: Pick<PaymentDocument, 'orderNumber' | 'sourceId'>): string {
  return `${orderStamp(orderNumber)}, payment ${sourceId.slice(0, 8)}`
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

/** A credit memo that takes back its own order's invoice: what a correction made, and not what the order is. */
export function takesBackItsOwn(document: Document | null): boolean {
  return document?.kind === 'CREDIT_MEMO' && document.corrects?.sourceId === document.sourceId
}

/** Whether a payment brings no money, but applies a credit memo. */
export function appliesCredit(document: Document | null): boolean {
  return document?.kind === 'PAYMENT' && document.applications.some(({ credit }) => credit !== undefined)
}

/** A fingerprint of a document's content: SHA-256 over its canonical JSON (keys sorted), in hex. Equal content, equal hash. */
export function contentHash(document: Document): string {
  const content = 'mappingFacts' in document ? { ...document, mappingFacts: undefined } : document
  return createHash('sha256').update(canonicalJson(content)).digest('hex')
}

/** Every order that is read is held against its fingerprint, so this is written for speed: no replacer, no copies. */
function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`
  const object = value as Record<string, unknown>
  const keys = Object.keys(object).filter((key) => object[key] !== undefined)
  return `{${keys.sort().map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key])}`)}}`
}
