import type { SalesDocument } from '../domain/document.ts'
import { decimal, extend, isZero, minus, percentOf, sum } from '../domain/money.ts'
import { type Problem, problem } from '../domain/problem.ts'

/** The amounts must follow from prices, quantities and percentages by the rounding rules of the house, and add up. */
export function amountProblems(document: SalesDocument): Problem[] {
  return [...lineProblems(document), ...sumProblems(document), ...taxProblems(document)]
}

function lineProblems({ lines }: SalesDocument): Problem[] {
  return lines.flatMap((line) => {
    const { position, quantity, unitPrice, amount, discountPercent, discountAmount } = line
    const discount = percentOf({ amount, percent: discountPercent })
    const wrong = (field: string, value: string, words: string) =>
      problem({ field: `line ${position}, ${field}`, value, problem: `line ${position}: ${words}`, remedy: FIGURES })
    const strange = decimal(discountPercent).isNegative() || decimal(discountPercent).greaterThan(100)
    return [
      ...(strange
        ? [wrong('discount', discountPercent, `its discount of ${discountPercent} % is not between 0 and 100`)]
        : []),
      ...(amount === extend(line) ? [] : [wrong('amount', amount, `${quantity} × ${unitPrice} is not ${amount}`)]),
      ...(discountAmount === discount
        ? []
        : [wrong('discount', discountAmount, `${discountPercent} % of ${amount} is not ${discountAmount}`)]),
    ]
  })
}

const FIGURES = 'Correct the figures of the order in the CRM.'

function sumProblems(document: SalesDocument): Problem[] {
  const { lines, discount, shipping, tax, total, statedTotal } = document
  const wrong = (field: string, value: string, words: string, remedy = FIGURES) =>
    problem({ field, value, problem: words, remedy })
  const discounts = sum(lines.map(({ discountAmount }) => discountAmount))
  const addedUp = minus(sum([...lines.map(({ amount }) => amount), shipping, tax]), discount)
  return [
    ...(discount === discounts
      ? []
      : [wrong('discount', discount, `the discounts add up to ${discounts}, not ${discount}`)]),
    ...(total === addedUp ? [] : [wrong('total', total, `it adds up to ${addedUp}, not ${total}`)]),
    ...(statedTotal !== undefined && statedTotal !== total
      ? [
          wrong(
            'amount of the order',
            statedTotal,
            `the CRM says that the order comes to ${statedTotal}, and its lines, shipping and tax come to ${total}`,
            'Let the CRM compute the order anew (open and save it), or correct its lines, shipping or tax.',
          ),
        ]
      : []),
    ...(decimal(total).isNegative() ? [wrong('total', total, `its total ${total} is negative`, NEGATIVE)] : []),
    ...(decimal(shipping).isNegative()
      ? [wrong('shipping', shipping, `its shipping charge ${shipping} is negative`, NEGATIVE)]
      : []),
  ]
}

const NEGATIVE = 'Enter what is given back as a credit memo in the CRM.'

/** A tax that cannot be the tax of these lines. Which rate it must have, a kind of QuickBooks may know besides. */
function taxProblems({ lines, tax }: SalesDocument): Problem[] {
  if (isZero(tax)) return []
  const taxable = lines.filter((line) => line.taxable)
  const base = minus(sum(taxable.map(({ amount }) => amount)), sum(taxable.map(({ discountAmount }) => discountAmount)))
  const wrong = (words: string) =>
    problem({
      field: 'sales tax',
      value: tax,
      problem: words,
      remedy: 'Correct the tax amount, or which lines are taxable, in the CRM.',
    })
  if (decimal(tax).isNegative()) return [wrong(`its sales tax ${tax} is negative`)]
  if (taxable.length === 0) return [wrong(`it has a sales tax of ${tax}, and no line of it is taxable`)]
  if (decimal(tax).greaterThan(base)) return [wrong(`its sales tax ${tax} is more than the ${base} that is taxed`)]
  return []
}
