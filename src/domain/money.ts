import { Decimal } from 'decimal.js'

/** An exact amount in the company's currency: a decimal string with two places, such as `"1234.50"` or `"-0.05"`. */
export type Money = string

/** A quantity, price or percentage at the precision that it was given in: a decimal string such as `"0.125"`. */
export type Quantity = string

const Exact = Decimal.clone({ precision: 40, toExpNeg: -40, toExpPos: 40 })

/** Reads a decimal string (or another Decimal) exactly. Throws on anything that is not a finite decimal number. */
export function decimal(value: string | number | Decimal): Decimal {
  const read = new Exact(value)
  if (!read.isFinite()) throw new RangeError(`Not a finite decimal number: ${String(value)}`)
  return read
}

/** The one rounding rule of the house: to whole cents, halves away from zero ("half up" as QuickBooks and Creatio do). */
export function roundToCents(value: string | Decimal): Money {
  return unsignedZero(decimal(value).toFixed(2, Decimal.ROUND_HALF_UP))
}

/** Nothing is nothing: what rounds to no cents bears no sign. */
function unsignedZero(amount: Money): Money {
  return amount === '-0.00' ? ZERO : amount
}

/** Most texts are canonical already, and stay as they are: amounts in whole cents, and other exact numbers. */
const CANONICAL_MONEY = /^(?!-0\.00)-?(?:0|[1-9]\d{0,14})\.\d\d$/
const CANONICAL_NUMBER = /^(?:0|-?[1-9]\d{0,14}|-?(?:0|[1-9]\d{0,14})\.\d{0,9}[1-9])$/

/** States that a value already is an amount in whole cents and gives it its canonical form; throws when cents would be lost. */
export function money(value: string | Decimal): Money {
  if (typeof value === 'string' && CANONICAL_MONEY.test(value)) return value
  const exact = decimal(value)
  if (exact.decimalPlaces() > 2) throw new RangeError(`Not an amount in whole cents: ${exact.toString()}`)
  return unsignedZero(exact.toFixed(2))
}

export const ZERO: Money = '0.00'

/** The exact sum of amounts. */
export function sum(amounts: readonly Money[]): Money {
  return money(amounts.reduce((total, amount) => total.plus(amount), decimal(0)))
}

export function minus(from: Money, amount: Money): Money {
  return money(decimal(from).minus(amount))
}

export function isZero(amount: string): boolean {
  return decimal(amount).isZero()
}

/** Gross amount of a line: price × quantity at full precision, rounded once. */
export function extend({ unitPrice, quantity }: { unitPrice: Quantity; quantity: Quantity }): Money {
  return roundToCents(decimal(unitPrice).times(quantity))
}

/** A percentage of an amount, the percentage taken at full precision, rounded once. */
export function percentOf({ amount, percent }: { amount: Money; percent: Quantity }): Money {
  return roundToCents(decimal(amount).times(percent).dividedBy(100))
}

/** The canonical form of a quantity, price or percentage: no exponent, no trailing zeros. */
export function plain(value: string | Decimal): Quantity {
  if (typeof value === 'string' && CANONICAL_NUMBER.test(value)) return value
  return decimal(value).plus(0).toFixed()
}

/** An amount in proportion to others: whole cents, each share from where the one before ends, so that they add up. */
export function sharedOut({ amount, over }: { amount: Money; over: Money[] }): Money[] {
  const whole = decimal(sum(over))
  if (whole.isZero()) return over.map(() => ZERO)
  let before = decimal(0)
  return over.map((part) => {
    const from = decimal(amount).times(before).dividedBy(whole).toDecimalPlaces(2, Decimal.ROUND_HALF_UP)
    before = before.plus(part)
    return money(decimal(amount).times(before).dividedBy(whole).toDecimalPlaces(2, Decimal.ROUND_HALF_UP).minus(from))
  })
}

/**
 * The number that a spreadsheet keeps for an amount: the nearest to it of 15 digits, which shows and adds up the same cents.
 * For cells of a workbook alone: nothing of ours calculates with it. Throws RangeError on more digits.
 */
export function spreadsheetNumber(amount: Money): number {
  if (amount.replace(/\D/g, '').length > 15) throw new RangeError(`${amount} has more digits than a spreadsheet keeps`)
  return decimal(amount).toNumber()
}

/** An amount as a gauge keeps it, who knows floating-point numbers alone. Nothing of ours calculates with it. */
export function gaugeNumber(amount: Money): number {
  return decimal(amount).toNumber()
}
