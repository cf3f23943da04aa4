import type { MappedSale, SalesDocument } from '../../domain/document.ts'
import { decimal, isZero, type Money, minus, roundToCents, sum } from '../../domain/money.ts'
import { type Problem, problem, SALES_TAX_OFF } from '../../domain/problem.ts'
import type { CompanyCheck } from '../ledger.ts'
import { isTaxed } from './to-sale.ts'

/** What QuickBooks computes by itself is not named: with automated sales tax, where the goods go decides. */
export function namesTax(document: SalesDocument, salesTax: CompanyCheck['salesTax']): boolean {
  return !isZero(document.tax) && salesTax !== 'AUTOMATED' && salesTax !== 'OFF'
}

/**
 * A tax that is switched off in QuickBooks, and one that is not what the chosen tax code comes to. QuickBooks takes any amount
 * that it is told, and would owe it to whom the code names. Sites tax before or after discounts, with shipping or without; each
 * taxed line may round.
 */
export function taxProblems(mapped: MappedSale, { salesTax }: { salesTax: CompanyCheck['salesTax'] }): Problem[] {
  const { document, charges } = mapped
  if (isZero(document.tax)) return []
  if (salesTax === 'OFF') return [switchedOff(document.tax)]
  const { ratePercent, name = 'chosen' } = charges.SALES_TAX ?? {}
  if (ratePercent === undefined) return []
  const lines = document.lines.filter((line, index) => isTaxed({ line, booking: mapped.bookings?.[index] }))
  const gross = sum(lines.map(({ amount }) => amount))
  const net = minus(gross, sum(lines.map(({ discountAmount }) => discountAmount)))
  const computed = (base: Money) => roundToCents(decimal(base).times(ratePercent).dividedBy(100))
  const bases = [net, gross].flatMap((base) => [base, sum([base, document.shipping])])
  const tolerance = decimal('0.01').times(lines.length + 1)
  const fits = (base: Money) => decimal(document.tax).minus(computed(base)).abs().lessThanOrEqualTo(tolerance)
  if (bases.some(fits)) return []
  return [
    problem({
      field: 'sales tax',
      value: document.tax,
      problem: `its sales tax is ${document.tax}, and the tax code "${name}" comes to ${computed(net)} (${ratePercent} % of ${net})`,
      remedy:
        'Correct the tax amount, or which lines are taxable, in the CRM; or let the order, its customer or an account mapping name another tax.',
    }),
  ]
}

function switchedOff(tax: Money): Problem {
  return problem({
    field: SALES_TAX_OFF,
    value: tax,
    problem: 'it has sales tax, which is switched off in QuickBooks',
    remedy: 'Switch sales tax on in QuickBooks, or take the tax off the order in the CRM.',
  })
}
