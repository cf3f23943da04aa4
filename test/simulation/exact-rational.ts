// Money as whole fractions of BigInt: an oracle for sums, which shares no code with the program and rounds by long division.

/** `units / 10 ** scale`, exactly. */
export interface Exact {
  units: bigint
  scale: number
}

export function exact(units: bigint | number, scale = 0): Exact {
  return { units: BigInt(units), scale }
}

/** Reads a plain decimal text: `-12.50`. Throws on anything else. */
export function read(text: string): Exact {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  if (whole === undefined) throw new RangeError(`not a plain decimal: ${text}`)
  return { units: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length }
}

export function times(one: Exact, other: Exact): Exact {
  return { units: one.units * other.units, scale: one.scale + other.scale }
}

/** Whole cents, halves away from zero. */
export function toCents({ units, scale }: Exact): bigint {
  if (scale <= 2) return units * 10n ** BigInt(2 - scale)
  const divisor = 10n ** BigInt(scale - 2)
  const size = units < 0n ? -units : units
  const rounded = (2n * size + divisor) / (2n * divisor)
  return units < 0n ? -rounded : rounded
}

export function percentOf(cents: bigint, percent: Exact): bigint {
  return toCents({ units: cents * percent.units, scale: 2 + percent.scale + 2 })
}

/** Cents as an amount: `-0.05`. */
export function amountText(cents: bigint): string {
  const size = (cents < 0n ? -cents : cents).toString().padStart(3, '0')
  return `${cents < 0n ? '-' : ''}${size.slice(0, -2)}.${size.slice(-2)}`
}

/** As it was entered, with all its decimals. */
export function text({ units, scale }: Exact): string {
  if (scale === 0) return units.toString()
  const size = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  return `${units < 0n ? '-' : ''}${size.slice(0, -scale)}.${size.slice(-scale)}`
}
