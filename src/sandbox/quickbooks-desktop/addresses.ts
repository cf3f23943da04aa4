import { fieldsOf } from './books.ts'
import type { Fields } from './write-xml.ts'

/** An address as it is printed: its lines, then city, state and postal code in one, then the country; five at most. */
export function addressBlock(address: Fields[string]): Fields | undefined {
  const { Addr1, Addr2, Addr3, Addr4, Addr5, City, State, PostalCode, Country } = fieldsOf(address) ?? {}
  const place = [[City, State].filter(Boolean).join(', '), PostalCode].filter(Boolean).join(' ')
  const lines = [Addr1, Addr2, Addr3, Addr4, Addr5, place, Country].filter(
    (line) => typeof line === 'string' && line !== '',
  )
  if (lines.length === 0) return undefined
  const printed = lines.slice(0, 5).map((line, at) => [`Addr${at + 1}`, String(line).slice(0, 41)])
  return Object.fromEntries(printed) as Fields
}
