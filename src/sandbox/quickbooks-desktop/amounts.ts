/** Money is whole pennies in a bigint here; prices, quantities and percentages are decimal texts of up to five places. */
export type Pennies = bigint

interface Exact {
  units: bigint
  scale: number
}

/** Reads an amount such as `-12.50`, `+3` or `7.00`. An empty text is nothing. */
export function penniesOf(text: string | undefined): Pennies {
  return text ? rounded({ ...exactOf(text), places: 2 }) : 0n
}

/** An amount as QuickBooks writes it: always two places, the sign only when negative. */
export function amountText(pennies: Pennies): string {
  const digits = String(pennies < 0n ? -pennies : pennies).padStart(3, '0')
  return `${pennies < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** Quantity times rate, half up to pennies (away from zero when negative). */
export function extended({ quantity, rate }: { quantity: string; rate: string }): Pennies {
  const [left, right] = [exactOf(quantity), exactOf(rate)]
  return rounded({ units: left.units * right.units, scale: left.scale + right.scale, places: 2 })
}

/** A percentage of an amount, half up to pennies (away from zero when negative). */
export function percentOf({ percent, pennies }: { percent: string; pennies: Pennies }): Pennies {
  const { units, scale } = exactOf(percent)
  return rounded({ units: units * pennies, scale: scale + 4, places: 2 })
}

/** What one of the quantity costs, with at most five places. A quantity of nothing costs the whole. */
export function rateOf({ pennies, quantity }: { pennies: Pennies; quantity: string }): string {
  const { units, scale } = exactOf(quantity)
  if (units === 0n) return amountText(pennies)
  const scaled = pennies * 10n ** BigInt(scale + 3)
  const [magnitude, divisor] = [scaled < 0n ? -scaled : scaled, units < 0n ? -units : units]
  const rate = (magnitude * 2n + divisor) / (divisor * 2n)
  return priceText({ units: scaled < 0n !== units < 0n ? -rate : rate, scale: 5 })
}

/** A price as QuickBooks writes it: two places at least, five at most, no further zeros. */
export function priceOf(text: string): string {
  return priceText(exactOf(text))
}

/** A quantity or a percentage as QuickBooks writes it: without zeros at its end. */
export function plainNumber(text: string): string {
  return decimalText({ ...exactOf(text), places: 0 })
}

/** The sum of numbers of at most five places. */
export function sumOfNumbers(texts: string[]): string {
  const units = texts.map(exactOf).reduce((sum, exact) => sum + rounded({ ...exact, places: 5 }), 0n)
  return decimalText({ units, scale: 5, places: 0 })
}

function priceText(exact: Exact): string {
  return decimalText({ ...exact, places: 2 })
}

function decimalText({ units, scale, places }: Exact & { places: number }): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  let fraction = digits.slice(digits.length - scale)
  while (fraction.length > places && fraction.endsWith('0')) fraction = fraction.slice(0, -1)
  fraction = fraction.padEnd(places, '0')
  return `${units < 0n ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`
}

function exactOf(text: string): Exact {
  const sign = text.startsWith('-') ? -1n : 1n
  const [whole = '0', fraction = ''] = text.replace(/^[+-]/, '').split('.')
  return { units: sign * BigInt(`${whole}${fraction}`), scale: fraction.length }
}

function rounded({ units, scale, places }: Exact & { places: number }): bigint {
  if (scale <= places) return units * 10n ** BigInt(places - scale)
  const divisor = 10n ** BigInt(scale - places)
  const magnitude = ((units < 0n ? -units : units) * 2n + divisor) / (divisor * 2n)
  return units < 0n ? -magnitude : magnitude
}
