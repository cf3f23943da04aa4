/** One measured figure beside its goal. */
export interface Figure {
  name: string
  measured: number
  unit: string
  /** Met when the measured figure is not above `atMost`, or not below `atLeast`. */
  goal: { atMost: number } | { atLeast: number }
}

export function isMet({ measured, goal }: Figure): boolean {
  return 'atMost' in goal ? measured <= goal.atMost : measured >= goal.atLeast
}

/** Prints a figure beside its goal. */
export function show(figure: Figure): void {
  const { name, measured, unit, goal } = figure
  const wanted = 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`
  const number = Number.isInteger(measured) ? String(measured) : measured.toFixed(1)
  say(
    `${isMet(figure) ? 'met   ' : 'MISSED'} ${name.padEnd(72)} ${number.padStart(9)} ${unit.padEnd(10)} goal ${wanted}`,
  )
}

/** A line on standard output: Jest would put its own frame around the console's. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
