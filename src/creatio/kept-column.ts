import { type Money, plain } from '../domain/money.ts'
import { dayIn, midnightOf, readInstant, readNumber, readText } from './values.ts'

/** A value to be written, and how it is known again when it is read back. */
export interface Column {
  column: string
  value: string
  isKept(found: unknown): boolean
}

/** An empty date is the year 1, in the CRM's own words. */
const NO_DAY = '0001-01-01T00:00:00Z'

/** A site whose column is shorter keeps the beginning. */
export function textColumn(column: string, value: string): Column {
  return {
    column,
    value,
    isKept(found) {
      const text = readText(found) ?? ''
      return text === value.trim() || (text !== '' && value.startsWith(text))
    },
  }
}

export function dayColumn({ column, day, timeZone }: { column: string; day: string | null; timeZone: string }): Column {
  const value = day === null ? NO_DAY : midnightOf({ day, timeZone })
  return {
    column,
    value,
    isKept(found) {
      const read = readInstant(found)
      if (!read.readable) return false
      return (read.value === null ? null : dayIn({ instant: read.value, timeZone })) === day
    },
  }
}

export function amountColumn(column: string, value: Money): Column {
  return {
    column,
    value,
    isKept(found) {
      const read = readNumber(found)
      return read.readable && plain(read.value ?? '0') === plain(value)
    },
  }
}
