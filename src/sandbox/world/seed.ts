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
  /** `name` is the full name: a sub-account stands after its parent and a colon. */
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
  employees?: SeedEmployee[]
  /** What the bookkeeper entered by hand. */
  journal?: SeedBooking[]
}

export interface SeedEmployee {
  firstName: string
  lastName: string
  /** YYYY-MM-DD, as is releasedOn. */
  hiredOn?: string
  releasedOn?: string
}

/** An amount on an account of profit and loss, in the direction of that account; paid from the bank. */
export interface SeedBooking {
  date: string
  accountName: string
  amount: string
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
  employees: (SeedEmployee & { initials: string })[]
  items: DesktopSeedItem[]
  customers: QuickBooksOnlineSeed['customers']
  invoices: DesktopSeedInvoice[]
  payments: SeedPayment[]
  journal?: SeedBooking[]
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
