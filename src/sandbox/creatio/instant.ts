const exact = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/
const withOffset = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(:\d\d)?)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/

/** An instant as Creatio shows it (UTC, 0 to 7 digits of a second), or undefined when the text is no instant. */
export function canonicalInstant(text: string): string | undefined {
  if (exact.test(text)) return text
  const parts = withOffset.exec(text)
  if (!parts) return /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : undefined
  const [, day, time, , fraction = '', zone = 'Z'] = parts
  const whole = new Date(`${day}T${time}${zone}`)
  if (Number.isNaN(whole.getTime())) return undefined
  return `${whole.toISOString().slice(0, 19)}${fraction.slice(0, 8)}Z`
}

/** A key that sorts as the instant does, exact to the tenth of a microsecond (a Date would lose the last four digits). */
export function instantKey(text: string): string {
  // Nearly every instant is stored as it is shown, and a sort asks for thousands: those take no regular expression.
  const isCanonical = text.endsWith('Z') && (text.length === 20 || text.charAt(19) === '.')
  const canonical = isCanonical ? text : (canonicalInstant(text) ?? text)
  let end = canonical.length - 1
  while (end > 20 && canonical.charAt(end - 1) === '0') end -= 1
  return canonical.slice(0, end === 20 ? 19 : end)
}

/**
 * The time now as a database with microseconds would have stored it in this record: 6 or 7 digits, chosen by the record,
 * the digits that a Date does not have made from the record's id.
 */
export function stampOf({ now, id }: { now: Date; id: string }): string {
  const digits = Number.parseInt(id.slice(0, 6), 16)
  const fine = String(digits % 1000).padStart(3, '0')
  const finest = digits % 2 === 0 ? '' : String((digits % 9) + 1)
  return `${now.toISOString().slice(0, 23)}${fine}${finest}Z`
}
