/** The items that the company file must have beside the products, by their full names. */
export interface ItemNames {
  discount: string
  shipping: string
  salesTax: string
  taxRounding: string
}

export const ITEM_NAMES: ItemNames = {
  discount: 'Discount',
  shipping: 'Shipping',
  salesTax: 'Sales tax',
  taxRounding: 'Sales tax rounding',
}

/** What the company file has told of itself, as far as requests and records depend on it. */
export interface CompanyFacts {
  /** Null until it was asked. */
  salesTax: 'OFF' | 'BY_RATE' | null
  taxableCode: string
  nonTaxableCode: string
  /** The sales tax items by their names in lower case. */
  taxItems: Map<string, { id: string; ratePercent: string }>
  /** Up to this day the books are closed. */
  closingDate: string | null
}

export const UNKNOWN_COMPANY: CompanyFacts = {
  salesTax: null,
  taxableCode: 'Tax',
  nonTaxableCode: 'Non',
  taxItems: new Map(),
  closingDate: null,
}

/** QuickBooks compares names without regard to case. */
export function sameName(one: string | null | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase()
}
