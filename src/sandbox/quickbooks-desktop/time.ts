// Time as QuickBooks Desktop tells it: the wall clock of its machine, to the second, with the offset of winter the whole year
// round. So a time told in summer is an hour off; nobody who trusts the offset can compare it with an instant.
// Ids and EditSequences carry the true Unix second.
const standardOffsetMinutes = -300
const format = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/New_York',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
})
const offsetsByHour = new Map<number, number>()

/** `2026-07-19T22:20:26-05:00` for a Unix second: the right wall clock, and the wrong offset in summer. */
export function stampOf(second: number): string {
  return `${wallClock(second)}-05:00`
}

/** The day on the wall of QuickBooks' machine, YYYY-MM-DD. */
export const dayOf = (second: number): string => wallClock(second).slice(0, 10)

/** The Unix second of a date-time literal of a filter. Without an offset it is the wall clock; a bare date is its midnight. */
export function secondOf(literal: string): number {
  const [, year = '', month = '', day = '', rest = ''] = /^(\d{4})-(\d{1,2})-(\d{1,2})(.*)$/.exec(literal) ?? []
  const [, hour = '0', minute = '0', seconds = '0', offset] =
    /^T(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}))?)?([+-]\d{1,2}:\d{1,2})?$/.exec(rest) ?? []
  const wall =
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(seconds)) / 1000
  if (offset !== undefined) {
    const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number)
    return wall - (offset.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60)
  }
  const inWinter = wall - standardOffsetMinutes * 60
  const inSummer = inWinter - 3600
  return wallOffsetMinutes(inSummer) === standardOffsetMinutes ? inWinter : inSummer
}

/** Adds whole days to a `YYYY-MM-DD`. */
export function addDays({ day, days }: { day: string; days: number }): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

function wallClock(second: number): string {
  return new Date((second + wallOffsetMinutes(second) * 60) * 1000).toISOString().slice(0, 19)
}

/** The offset only ever changes on a full hour, so that one look at the calendar serves all its seconds. */
function wallOffsetMinutes(second: number): number {
  const hour = Math.floor(second / 3600)
  let offset = offsetsByHour.get(hour)
  if (offset === undefined) {
    const part = Object.fromEntries(format.formatToParts(hour * 3_600_000).map(({ type, value }) => [type, value]))
    const wall = Date.UTC(Number(part.year), Number(part.month) - 1, Number(part.day), Number(part.hour))
    offset = Math.round((wall - hour * 3_600_000) / 60_000)
    if (offsetsByHour.size > 50_000) offsetsByHour.clear()
    offsetsByHour.set(hour, offset)
  }
  return offset
}
