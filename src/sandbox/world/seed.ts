export interface World {
  creatio: CreatioSeed
  quickBooksOnline: QuickBooksOnlineSeed
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
