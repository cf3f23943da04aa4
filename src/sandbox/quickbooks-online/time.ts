// Time as QuickBooks Online writes it: Pacific, in the fixed offset -07:00 that its recorded answers carry,
// to the second in MetaData and to the millisecond in an envelope's `time`.
// A default TxnDate is the day in that zone.
const offsetMilliseconds = 7 * 3600 * 1000

const shifted = (now: Date): string => new Date(now.getTime() - offsetMilliseconds).toISOString()

export const secondStamp = (now: Date): string => `${shifted(now).slice(0, 19)}-07:00`
export const millisecondStamp = (now: Date): string => `${shifted(now).slice(0, 23)}-07:00`
export const dayOf = (now: Date): string => shifted(now).slice(0, 10)

/** Adds whole days to a `YYYY-MM-DD`. */
export function addDays({ day, days }: { day: string; days: number }): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** Milliseconds since 1970 of a date or a date-time literal; a bare date is midnight in QuickBooks' zone. NaN if malformed. */
export function instantOf(literal: string): number {
  const trimmed = literal.trim()
  if (/^\d{4}-\d{2}-\d{2}$/.test(trimmed)) return Date.parse(`${trimmed}T00:00:00-07:00`)
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/.test(trimmed)
  return Date.parse(hasZone ? trimmed.replace(/([+-]\d{2})(\d{2})$/, '$1:$2') : `${trimmed}-07:00`)
}
