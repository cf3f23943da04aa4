import type { Profile } from './profile.ts'
import { isGuid } from './values.ts'

/** A question to one table. Every one of them names its columns, its order and its limit: Creatio's defaults are none of these. */
export interface Query {
  set: string
  select: string[]
  expand?: Expansion[]
  filter?: string
  orderBy: string[]
  top: number
  skip?: number
  /** Asks for the number of all rows beside the page, which is the proof that nothing is missing. */
  counted?: boolean
}

/** A lookup whose columns come along; at most two deep. */
export interface Expansion {
  navigation: string
  select: string[]
  expand?: Expansion[]
}

/** The path below `odata/`, encoded. */
export function pathOf(query: Query): string {
  const options: [string, string][] = [['$select', query.select.join(',')]]
  if (query.expand?.length) options.push(['$expand', expansionText(query.expand, ',')])
  if (query.filter !== undefined) options.push(['$filter', query.filter])
  options.push(['$orderby', query.orderBy.join(',')], ['$top', String(query.top)])
  if (query.skip) options.push(['$skip', String(query.skip)])
  if (query.counted) options.push(['$count', 'true'])
  return `${query.set}?${options.map(([name, value]) => `${name}=${encoded(value)}`).join('&')}`
}

function expansionText(expansions: Expansion[], separator: string): string {
  return expansions
    .map(({ navigation, select, expand }) => {
      const inner = expand?.length ? `;$expand=${expansionText(expand, ',')}` : ''
      return `${navigation}($select=${select.join(',')}${inner})`
    })
    .join(separator)
}

/** Encodes only what must be: long filters have to stay below the limits of the server. */
function encoded(value: string): string {
  return encodeURIComponent(value).replace(/%(?:2C|2F|3A|24|3B|3D)/g, decodeURIComponent)
}

/** GUIDs stand bare in a filter. Throws RangeError on anything else, so that no text can slip in. */
export function guidLiteral(id: string): string {
  if (!isGuid(id)) throw new RangeError(`Not an id of the CRM: ${id.slice(0, 60)}`)
  return id.toLowerCase()
}

/** Texts stand in single quotes, and a quote within is doubled. */
export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?$/

/** Instants stand bare, to the last digit, with their zone: a quoted date is refused. Throws RangeError. */
export function instantLiteral(instant: string): string {
  const read = INSTANT.exec(instant)
  if (!read) throw new RangeError(`Not an instant of the CRM: ${instant.slice(0, 60)}`)
  return read[1] === undefined ? `${instant}Z` : instant
}

/** `(path eq a or path eq b …)`. A lookup's path ends in `/Id`, as a filter on the plain id column is refused by real sites. */
export function anyOf(path: string, ids: readonly string[]): string {
  return `(${ids.map((id) => `${path} eq ${guidLiteral(id)}`).join(' or ')})`
}

/** `(path ne a and path ne b …)`. */
export function noneOf(path: string, ids: readonly string[]): string {
  return `(${ids.map((id) => `${path} ne ${guidLiteral(id)}`).join(' and ')})`
}

/** `anyOf` for a column that keeps ids as texts. */
export function anyTextOf(path: string, ids: readonly string[]): string {
  return `(${ids.map((id) => `${path} eq ${textLiteral(guidLiteral(id))}`).join(' or ')})`
}

/** The distinct ids, in portions that a filter may hold. */
export function portions(ids: readonly string[], limits: Profile['limits']): string[][] {
  return chunks([...new Set(ids.map((id) => guidLiteral(id)))], limits.idsPerFilterMax)
}

export function chunks<T>(all: readonly T[], sizeMax: number): T[][] {
  const parts: T[][] = []
  for (let start = 0; start < all.length; start += sizeMax) parts.push(all.slice(start, start + sizeMax))
  return parts
}
