import { plain, type Quantity } from '../domain/money.ts'

/** One record as OData gives it. */
export type Row = Record<string, unknown>

export function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const ZERO_GUID = '00000000-0000-0000-0000-000000000000'
/** `"3492.00n_____"` is a number too: some sites pad money with such a tail. */
const NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?)(?:n_*)?$/
const NUMBER_CHARACTERS_MAX = 40
const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/

/** A text, trimmed; null when empty, which is how the CRM writes "missing". A number is read as its text. */
export function readText(value: unknown): string | null {
  const read = typeof value === 'number' ? String(value) : value
  return typeof read === 'string' && read.trim() !== '' ? read.trim() : null
}

/** A GUID in lower case; null for the zero GUID, which is how the CRM writes an empty lookup, and for anything else. */
export function readGuid(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const lower = value.trim().toLowerCase()
  return GUID.test(lower) && lower !== ZERO_GUID ? lower : null
}

export function isGuid(value: string): boolean {
  return GUID.test(value.toLowerCase())
}

export function readFlag(value: unknown): boolean {
  return value === true || value === 'true' || value === 1 || value === '1'
}

/** A value of a lookup column. */
export interface Lookup {
  id: string
  name: string | null
}

export function readLookup(value: unknown): Lookup | null {
  const id = isObject(value) ? readGuid(value.Id) : null
  return isObject(value) && id !== null ? { id, name: readText(value.Name) } : null
}

/** Outcome of reading a value that may be missing (null) or may be something nobody can read. */
export type Reading<T> = { readable: true; value: T | null } | { readable: false; given: string }

/** A number, a numeric text or a text such as `"3492.00n_____"`, read exactly as a decimal string. */
export function readNumber(value: unknown): Reading<Quantity> {
  const given = readText(value)
  if (given === null)
    return { readable: value === null || value === undefined || value === '', value: null, given: shown(value) }
  const digits = given.length <= NUMBER_CHARACTERS_MAX ? NUMBER.exec(given)?.[1] : undefined
  return digits === undefined ? { readable: false, given: shown(given) } : { readable: true, value: plain(digits) }
}

/** A point in time as the CRM wrote it, to the last digit; missing when empty or in the year 1. */
export function readInstant(value: unknown): Reading<string> {
  const given = readText(value)
  if (given === null || given.startsWith('0001-01-01')) return { readable: true, value: null }
  const exists = INSTANT.test(given) && !Number.isNaN(Date.parse(given))
  return exists ? { readable: true, value: given } : { readable: false, given: shown(given) }
}

const calendars = new Map<string, Intl.DateTimeFormat>()

/** Days that were computed lately, by zone and instant: the dates of many orders are the same few midnights. */
const days = new Map<string, string>()
const DAYS_MAX = 1_000

/**
 * The business's calendar day of a point in time, as `yyyy-mm-dd`. The CRM keeps a date as local midnight, in UTC, so the
 * day is only right in the business's own time zone. A value without an offset is already local. Throws RangeError on an unknown zone.
 */
export function dayIn({ instant, timeZone }: { instant: string; timeZone: string }): string {
  if (!/(?:Z|[+-]\d{2}:\d{2})$/.test(instant.slice(10))) return instant.slice(0, 10)
  const key = `${timeZone} ${instant}`
  const known = days.get(key)
  if (known !== undefined) return known
  if (days.size >= DAYS_MAX) days.clear()
  const day = dayOf({ instant, timeZone })
  days.set(key, day)
  return day
}

/** The local midnight with which a day begins, as the CRM writes it: in UTC. Throws RangeError on an unknown zone. */
export function midnightOf({ day, timeZone }: { day: string; timeZone: string }): string {
  const noon = Date.parse(`${day}T12:00:00Z`)
  const clock = new Intl.DateTimeFormat('en-US', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  // Where the clock is changed in the night, midnight is another hour away from noon: what it shows there is looked at again.
  let instant = noon
  for (let step = 0; step < 3; step += 1) {
    const [hour = 0, minute = 0] = clock.format(instant).split(':').map(Number)
    const today = dayIn({ instant: new Date(instant).toISOString(), timeZone })
    const days = today === day ? 0 : today < day ? 1 : -1
    instant += days * 86_400_000 - (hour * 60 + minute) * 60_000
  }
  return `${new Date(instant).toISOString().slice(0, 19)}Z`
}

function dayOf({ instant, timeZone }: { instant: string; timeZone: string }): string {
  let calendar = calendars.get(timeZone)
  if (!calendar) {
    calendar = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    calendars.set(timeZone, calendar)
  }
  const part: Record<string, string> = {}
  for (const { type, value } of calendar.formatToParts(new Date(instant))) part[type] = value
  return `${part.year?.padStart(4, '0')}-${part.month}-${part.day}`
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

/** The columns that a site has. */
export function present(columns: (string | null)[]): string[] {
  return columns.filter((column): column is string => column !== null)
}
