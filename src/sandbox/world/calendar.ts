/** The business's time zone: Creatio keeps a date as the instant of local midnight, QuickBooks as the day itself. */
const businessTimeZone = 'America/New_York'

const dayMilliseconds = 86_400_000
const midnights = new Map<string, string>()
const format = new Intl.DateTimeFormat('en-CA', {
  timeZone: businessTimeZone,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
})

/** The local day of an instant, YYYY-MM-DD. */
export function localDay(milliseconds: number): string {
  const part = partsOf(milliseconds)
  return `${part.year}-${part.month}-${part.day}`
}

/** The instant of a day's local midnight as Creatio writes it, such as 2024-07-21T04:00:00Z. */
export function midnightOf(day: string): string {
  let midnight = midnights.get(day)
  if (!midnight) {
    const [four, five] = [Date.parse(`${day}T04:00:00Z`), Date.parse(`${day}T05:00:00Z`)]
    // New York is four hours behind in summer and five in winter.
    const milliseconds = partsOf(four).hour === '00' ? four : five
    midnight = `${new Date(milliseconds).toISOString().slice(0, 19)}Z`
    midnights.set(day, midnight)
  }
  return midnight
}

export function plusDays({ day, days }: { day: string; days: number }): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMilliseconds).toISOString().slice(0, 10)
}

function partsOf(milliseconds: number): Record<string, string> {
  return Object.fromEntries(format.formatToParts(milliseconds).map(({ type, value }) => [type, value]))
}
