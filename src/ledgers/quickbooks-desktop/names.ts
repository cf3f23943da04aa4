import type { ChosenCharges } from '../ledger.ts'

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

/** The same, with the items in their place that account mappings chose. */
export function namesWith(chosen: ChosenCharges, names: ItemNames): ItemNames {
  return {
    discount: chosen.DISCOUNT?.ITEM ?? names.discount,
    shipping: chosen.SHIPPING?.ITEM ?? names.shipping,
    salesTax: chosen.SALES_TAX?.ITEM ?? names.salesTax,
    taxRounding: chosen.TAX_ROUNDING?.ITEM ?? names.taxRounding,
  }
}

/** What the company file has told of itself, as far as requests and records depend on it. */
export interface CompanyFacts {
  /** Null until it was asked. */
  salesTax: 'OFF' | 'BY_RATE' | null
  taxableCode: string
  nonTaxableCode: string
  /** The sales tax items by their names in lower case. */
  taxItems: Map<string, { id: string; ratePercent: string }>
  /** Whether the sales tax codes tax what bears them, by their ids. */
  taxCodes: Map<string, boolean>
  /** The sales tax item that QuickBooks gives to every new customer. */
  ordinaryTaxId: string | null
  /** Up to this day the books are closed. */
  closingDate: string | null
}

export const UNKNOWN_COMPANY: CompanyFacts = {
  salesTax: null,
  taxableCode: 'Tax',
  nonTaxableCode: 'Non',
  taxItems: new Map(),
  taxCodes: new Map(),
  ordinaryTaxId: null,
  closingDate: null,
}

/** QuickBooks compares names without regard to case. */
export function sameName(one: string | null | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase()
}
