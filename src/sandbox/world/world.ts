// The worlds that the sandbox can begin with, as plain data made from a seed: what the CRM holds and what QuickBooks holds.
// `incident.ts` is the world after the incident (falsely processed, stuck, timed out, pending, misconfigured orders);
// `empty.ts` is the same company without any order, for tests that add their own. Money is decimal text everywhere.
import { makeCompany } from './company.ts'
import { desktopOf } from './desktop.ts'
import { incident } from './incident.ts'
import { type IncidentCounts, incidentCounts } from './incident-counts.ts'

/** What is made from a seed. */
export interface WorldHalves {
  creatio: CreatioSeed
  quickBooksOnline: QuickBooksOnlineSeed
}

export interface World extends WorldHalves {
  /** The same company, its books kept in QuickBooks Desktop instead. */
  quickBooksDesktop: QuickBooksDesktopSeed
}

/** Rows by table (without the prefix `creatio.`); a column that is left out has its type's empty value. */
export interface CreatioSeed {
  tables: Record<string, CreatioRow[]>
}

export type CreatioRow = { Id: string } & Record<string, string | number | boolean>

export interface QuickBooksOnlineSeed {
  companyName: string
  realmId: string
  currency: 'USD'
  accounts: { name: string; accountType: string; accountSubType: string; active?: boolean }[]
  items: {
    name: string
    sku: string
    type: 'Service' | 'NonInventory' | 'Inventory'
    unitPrice: string
    description: string
    incomeAccountName: string
    active?: boolean
  }[]
  customers: {
    displayName: string
    companyName?: string
    email?: string
    phone?: string
    billing?: { line1: string; city: string; state: string; postalCode: string; country?: string }
    active?: boolean
  }[]
  taxCodes: { id: 'TAX' | 'NON'; name: string }[]
  terms: { name: string; dueDays: number }[]
  invoices: SeedInvoice[]
  payments?: SeedPayment[]
}

export interface SeedInvoice {
  /** The Id that QuickBooks gave it: orders that were really processed name it in BGQuickBooksId. */
  id: string
  docNumber: string
  customerName: string
  /** YYYY-MM-DD, as is dueDate. */
  txnDate: string
  dueDate?: string
  privateNote?: string
  /** ISO instant. */
  createdAt: string
  lines: {
    itemName: string
    description?: string
    quantity: string
    unitPrice: string
    amount: string
    taxable: boolean
  }[]
  discount?: { accountName: string; amount: string }
  shipping?: { amount: string }
  totalTax?: string
}

export interface SeedPayment {
  id: string
  customerName: string
  txnDate: string
  totalAmount: string
  paymentRefNum?: string
  privateNote?: string
  createdAt: string
  /** The parts that pay invoices; what is left over is unapplied. */
  applications: { docNumber: string; amount: string }[]
}

export interface QuickBooksDesktopSeed {
  companyName: string
  /** Full path as Windows has it. */
  companyFile: string
  /** `name` is the full name: a sub-account stands after its parent and a colon. The type is that of qbXML. */
  accounts: { name: string; accountType: string; active?: boolean }[]
  terms: { name: string; dueDays: number }[]
  employees: { firstName: string; lastName: string; initials: string }[]
  items: DesktopSeedItem[]
  customers: QuickBooksOnlineSeed['customers']
  invoices: DesktopSeedInvoice[]
  payments: SeedPayment[]
}

export interface DesktopSeedItem {
  kind:
    | 'Service'
    | 'NonInventory'
    | 'OtherCharge'
    | 'Inventory'
    | 'InventoryAssembly'
    | 'FixedAsset'
    | 'Subtotal'
    | 'Discount'
    | 'Payment'
    | 'SalesTax'
    | 'SalesTaxGroup'
    | 'Group'
  name: string
  description?: string
  price?: string
  accountName?: string
  taxable?: boolean
  /** Of a sales tax item. */
  ratePercent?: string
  /** The items that a group or an assembly consists of; they stand before it. */
  members?: string[]
  active?: boolean
}

export interface DesktopSeedInvoice {
  refNumber: string
  customerName: string
  /** YYYY-MM-DD, as is dueDate. */
  txnDate: string
  dueDate?: string
  memo?: string
  /** ISO instant. */
  createdAt: string
  lines: {
    itemName: string
    description?: string
    quantity?: string
    rate?: string
    amount: string
    taxable: boolean
  }[]
}

/** The instant just after the incident: the default `now` of a world, so that a seed alone determines every byte of it. */
const incidentNow = '2026-01-21T12:00:00Z'

/**
 * The world after the incident. `orders` scales the groups of orders in proportion (default: 1,197 orders), `counts` sets
 * single groups, and `now` is what "recent" and "some hours ago" are counted from.
 */
export function incidentWorld({ seed, orders, counts, now = incidentNow }: WorldOptions): World {
  return withDesktop(incident({ seed, now, counts: { ...incidentCounts({ orders }), ...counts } }))
}

/** Lookups, company, chart of accounts (with a "Discount" account), 5 items and 5 customers known on both sides; no orders. */
export function emptyWorld({ seed }: { seed: number }): World {
  return withDesktop(
    makeCompany({ seed, customers: 5, customersInQuickBooks: 5, items: 5, withDiscountAccount: true }).world,
  )
}

/** The Desktop half follows from the Online half without any chance, so that it changes nothing of the rest. */
const withDesktop = (halves: WorldHalves): World => ({
  ...halves,
  quickBooksDesktop: desktopOf(halves.quickBooksOnline),
})

export interface WorldOptions {
  seed: number
  orders?: number | undefined
  counts?: Partial<IncidentCounts> | undefined
  now?: string | undefined
}
