import type { InvoiceDocument, MappedInvoice } from '../../domain/document.ts'
import { LinkKind } from '../../domain/link.ts'
import { decimal, isZero, type Money, minus, roundToCents, sum, ZERO } from '../../domain/money.ts'
import type { Need } from '../ledger.ts'
import type { CompanyFacts, ItemNames } from './names.ts'

/** What of the document's tax QuickBooks will not compute by itself. */
export interface TaxPlan {
  /** The remainder, as a line of its own; zero when QuickBooks' own tax is the document's. */
  rounding: Money
  problems: string[]
}

/** What an invoice must name beside its customer and its items. A tax item that the company told of is known already. */
export function needsOf({
  document,
  names,
  company,
}: {
  document: InvoiceDocument
  names: ItemNames
  company: CompanyFacts
}): Need[] {
  const needs: Need[] = []
  if (!isZero(document.discount)) needs.push({ role: 'DISCOUNT', entity: LinkKind.ITEM, name: names.discount })
  if (!isZero(document.shipping)) needs.push({ role: 'SHIPPING', entity: LinkKind.ITEM, name: names.shipping })
  if (isZero(document.tax)) return needs
  const known = company.taxItems.get(names.salesTax.toLowerCase())
  needs.push(
    known ? { role: 'SALES_TAX', charge: known } : { role: 'SALES_TAX', entity: LinkKind.ITEM, name: names.salesTax },
    { role: 'TAX_ROUNDING', entity: LinkKind.ITEM, name: names.taxRounding, optional: true },
  )
  return needs
}

/**
 * QuickBooks computes the tax of an invoice itself, once, over all that is taxable; the CRM adds up taxes that were
 * rounded line by line. They may differ by a cent for each taxable line, which becomes a line of its own. More is no
 * rounding, and is refused before it is sent.
 */
export function planTax({
  mapped: { document, charges },
  names,
  company,
}: {
  mapped: MappedInvoice
  names: ItemNames
  company: CompanyFacts
}): TaxPlan {
  const refused = (problem: string): TaxPlan => ({ rounding: ZERO, problems: [problem] })
  if (isZero(document.tax)) return { rounding: ZERO, problems: [] }
  if (company.salesTax === 'OFF') return refused('it has sales tax, which is switched off in QuickBooks')
  const item = charges.SALES_TAX
  if (!item) return refused(`QuickBooks has no sales tax item named "${names.salesTax}"`)
  if (item.ratePercent === undefined) {
    return refused(
      `"${names.salesTax}" is no active sales tax item with one rate: a group of several cannot be used, name one item`,
    )
  }
  const taxable = document.lines.filter((line) => line.taxable)
  const base = minus(sum(taxable.map(({ amount }) => amount)), sum(taxable.map(({ discountAmount }) => discountAmount)))
  const theirs = roundToCents(decimal(base).times(item.ratePercent).dividedBy(100))
  const rounding = minus(document.tax, theirs)
  if (isZero(rounding)) return { rounding, problems: [] }
  const words = `QuickBooks computes a sales tax of ${theirs} (${item.ratePercent} % of ${base}), the order has ${document.tax}`
  if (decimal(rounding).abs().greaterThan(decimal('0.01').times(taxable.length))) return refused(words)
  return charges.TAX_ROUNDING
    ? { rounding, problems: [] }
    : refused(`${words}, and no item "${names.taxRounding}" books the rest`)
}
