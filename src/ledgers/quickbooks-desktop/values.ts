import type { Kind, Leaf } from './schema/parts.ts'

/** What a request says: texts, further elements, or several of one name. What is undefined is left out. */
export interface Values {
  [name: string]: Value | undefined
}
export type Value = string | Values | readonly Value[]

/** A reference without its id would be no reference: the check says that it is missing. */
export function ref(by: 'ListID' | 'FullName', value: string | undefined): Values {
  return { [by]: value ?? '' }
}

const LITERALS: Readonly<Record<Exclude<Kind, 'text' | 'id'>, { pattern: RegExp; is: string }>> = {
  amount: { pattern: /^[+-]?\d{1,13}\.\d{2}$/, is: 'an amount with two decimals, such as 150.00' },
  price: { pattern: /^[+-]?\d{1,10}(\.\d{1,5})?$/, is: 'a price of at most five decimals' },
  quantity: { pattern: /^[+-]?\d{1,10}(\.\d{1,5})?$/, is: 'a quantity of at most five decimals' },
  percent: { pattern: /^[+-]?\d{1,10}(\.\d{1,5})?$/, is: 'a percentage of at most five decimals' },
  date: { pattern: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, is: 'a date such as 2026-11-21' },
  dateTime: {
    pattern: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d)?$/,
    is: 'a time without offset, such as 2026-11-21T06:30:00',
  },
  bool: { pattern: /^(true|false)$/, is: 'true or false' },
  int: { pattern: /^-?\d{1,9}$/, is: 'a whole number' },
  float: { pattern: /^-?\d{1,9}(\.\d{1,9})?$/, is: 'a number' },
  guid: { pattern: /^(0|\{[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\})$/, is: 'a GUID in braces, or 0' },
}

/** Why a text, already in Latin-1, cannot stand in an element; null when it can. */
export function problemOf({ kind, values, lengthMax }: Leaf, text: string): string | null {
  if (values && !values.includes(text)) return `"${text}" is not one of ${values.slice(0, 5).join(', ')}…`
  if (lengthMax !== undefined && text.length > lengthMax) {
    return `has ${text.length} characters, ${lengthMax} are allowed`
  }
  if (kind === 'text') return null
  if (kind === 'id') return text === '' ? 'is empty' : null
  const { pattern, is } = LITERALS[kind]
  return pattern.test(text) && isOfCalendar(kind, text) ? null : `"${text}" is not ${is}`
}

/** The 30th of February looks like a date. */
function isOfCalendar(kind: Kind, text: string): boolean {
  if (kind !== 'date' && kind !== 'dateTime') return true
  const day = text.slice(0, 10)
  const parsed = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day)
}

/** Only long texts have lines of their own; a line break or a tab elsewhere is a space. */
export function linesOf({ kind, lengthMax }: Leaf, text: string): string {
  return kind === 'text' && lengthMax !== undefined && lengthMax >= 4095 ? text : text.replace(/[\t\n\r]+/g, ' ')
}
