import type { DocumentLine, LineBooking, MappedSale, SalesDocument } from '../../domain/document.ts'
import { LinkKind } from '../../domain/link.ts'
import { decimal, isZero, type Money, minus, roundToCents, sum, ZERO } from '../../domain/money.ts'
import { type Problem, problem } from '../../domain/problem.ts'
import type { Need } from '../ledger.ts'
import type { CompanyFacts, ItemNames } from './names.ts'

/** What of the document's tax QuickBooks will not compute by itself. */
export interface TaxPlan {
  /** The remainder, as a line of its own; zero when QuickBooks' own tax is the document's. */
  rounding: Money
  problems: Problem[]
}

/** What an invoice must name beside its customer and its items. A tax item that the company told of is known already. */
export function needsOf({
  document,
  names,
  company,
}: {
  document: SalesDocument
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
  mapped: { document, charges, bookings = [] },
  names,
  company,
}: {
  mapped: MappedSale
  names: ItemNames
  company: CompanyFacts
}): TaxPlan {
  const refused = (words: string, remedy: string): TaxPlan => ({
    rounding: ZERO,
    problems: [problem({ field: 'sales tax', value: document.tax, problem: words, remedy })],
  })
  if (isZero(document.tax)) return { rounding: ZERO, problems: [] }
  if (company.salesTax === 'OFF')
    return refused(
      'it has sales tax, which is switched off in QuickBooks',
      'Switch sales tax on in QuickBooks, or take the tax off the order in the CRM.',
    )
  const item = charges.SALES_TAX
  const called = item?.name ?? names.salesTax
  if (!item)
    return refused(
      `QuickBooks has no sales tax item named "${called}"`,
      `Create the sales tax item "${called}" in QuickBooks.`,
    )
  if (item.ratePercent === undefined)
    return refused(
      `"${called}" is no active sales tax item with one rate: a group of several cannot be used, name one item`,
      `Name one sales tax item that is active in QuickBooks and has a rate.`,
    )
  const taxable = document.lines.filter((line, index) => isTaxable({ line, booking: bookings[index], company }))
  const base = minus(sum(taxable.map(({ amount }) => amount)), sum(taxable.map(({ discountAmount }) => discountAmount)))
  const theirs = roundToCents(decimal(base).times(item.ratePercent).dividedBy(100))
  const rounding = minus(document.tax, theirs)
  if (isZero(rounding)) return { rounding, problems: [] }
  const words = `QuickBooks computes a sales tax of ${theirs} (${item.ratePercent} % of ${base}), the order has ${document.tax}`
  if (decimal(rounding).abs().greaterThan(decimal('0.01').times(taxable.length)))
    return refused(words, 'Correct the tax amount, or which lines are taxable, in the CRM; or the rate in QuickBooks.')
  return charges.TAX_ROUNDING
    ? { rounding, problems: [] }
    : refused(
        `${words}, and no item "${names.taxRounding}" books the rest`,
        `Create the item "${names.taxRounding}" in QuickBooks.`,
      )
}

/** A sales tax code that a mapping chose says whether a line is taxed, as far as the company told of it; else the document does. */
export function isTaxable({
  line,
  booking,
  company,
}: {
  line: DocumentLine
  booking: LineBooking | undefined
  company: CompanyFacts
}): boolean {
  const chosen = booking?.taxCodeId === undefined ? undefined : company.taxCodes.get(booking.taxCodeId)
  return chosen ?? line.taxable
}
