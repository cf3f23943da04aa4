/** A decimal as a whole number of its smallest units and the number of its decimal places: exact, and fast for 100,000 orders. */
export interface Exact {
  units: bigint
  scale: number
}

/** The product, rounded half up to pennies. */
export function timesInPennies(left: Exact, right: Exact): bigint {
  return roundHalfUp({ units: left.units * right.units, scale: left.scale + right.scale })
}

/** A percentage of an amount of pennies, rounded half up to pennies. */
export function percentOfPennies({ pennies, percent }: { pennies: bigint; percent: Exact }): bigint {
  return roundHalfUp({ units: pennies * percent.units, scale: 2 + percent.scale + 2 })
}

/** The decimal text with no trailing zeros beyond `places`. */
export function decimalText({ units, scale }: Exact, places = 0): string {
  const digits = String(units).padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  let fraction = digits.slice(digits.length - scale)
  while (fraction.length > places && fraction.endsWith('0')) fraction = fraction.slice(0, -1)
  return fraction ? `${whole}.${fraction}` : whole
}

export function pennyText(pennies: bigint): string {
  return decimalText({ units: pennies, scale: 2 }, 2)
}

/** To two places; only amounts that are not negative occur here, so half up is half away from zero too. */
function roundHalfUp({ units, scale }: Exact): bigint {
  const divisor = 10n ** BigInt(scale - 2)
  return (units * 2n + divisor) / (divisor * 2n)
}

/** Reads a decimal text that is not negative; money has two places at least. */
export function exactOf(text: string): Exact {
  const [whole = '0', fraction = ''] = text.split('.')
  return { units: BigInt(`${whole}${fraction}`), scale: fraction.length }
}
