import { entityNamed, type Records } from '../records.ts'
import { Refusal } from '../refusal.ts'
import type { Entity, Entry } from '../schema.ts'
import { candidates } from './candidates.ts'
import { type Expression, parseFilter } from './filter.ts'
import { pageInOrder } from './ordered.ts'
import { compareSortables, compile, depthError, type Reader, readerOf, unknownProperty } from './predicate.ts'

export interface Expand {
  navigation: string
  select?: string[] | undefined
  expand: Expand[]
}

export interface Query {
  filter?: Expression | undefined
  select?: string[] | undefined
  expand: Expand[]
  orderBy: { path: string[]; descending: boolean }[]
  top?: number | undefined
  skip: number
  count: boolean
}

const expandDepthMax = 2
const known = new Set(['$filter', '$select', '$expand', '$orderby', '$top', '$skip', '$count', '$format'])

/** Reads the query options of a collection. Throws a Refusal (400) for what is unknown or malformed. */
export function parseQuery({ options, entity }: { options: URLSearchParams; entity: Entity }): Query {
  for (const name of options.keys()) {
    if (name.startsWith('$') && !known.has(name)) throw invalid(`The query parameter '${name}' is not supported.`)
  }
  const filter = options.get('$filter')
  return {
    filter: filter ? parseFilter(filter) : undefined,
    select: parseSelect({ text: options.get('$select'), entity }),
    expand: parseExpand({ text: options.get('$expand') ?? '', entity, depth: 1 }),
    orderBy: parseOrderBy(options.get('$orderby') ?? ''),
    top: parseWhole({ name: '$top', text: options.get('$top') }),
    skip: parseWhole({ name: '$skip', text: options.get('$skip') }) ?? 0,
    count: options.get('$count') === 'true',
  }
}

/** The rows that match, in order, with `total` before $skip and $top. */
export function runQuery({ query, entity, records }: { query: Query; entity: Entity; records: Records }): {
  rows: Entry[]
  total: number
} {
  const paged = pageInOrder({ query, entity, records })
  if (paged) return { rows: paged, total: paged.length }
  const matching = match({ filter: query.filter, entity, records })
  const rows = sort({ rows: matching, query, entity, records })
  const end = query.top === undefined ? undefined : query.skip + query.top
  return { rows: rows.slice(query.skip, end), total: matching.length }
}

/** All rows that match a filter, in the table's own order. */
export function match({
  filter,
  entity,
  records,
}: {
  filter: Expression | undefined
  entity: Entity
  records: Records
}): Entry[] {
  if (!filter) return [...records.table(entity.name).all()]
  const predicate = compile({ expression: filter, entity, records })
  const few = candidates({ expression: filter, entity, records })
  return [...(few ? few.values() : records.table(entity.name).all())].filter(predicate)
}

function sort({
  rows,
  query,
  entity,
  records,
}: {
  rows: Entry[]
  query: Query
  entity: Entity
  records: Records
}): Entry[] {
  const keys = query.orderBy.map(({ path, descending }) => ({ ...readerOf({ path, entity, records }), descending }))
  if (keys.length === 0) return rows
  const compare = (left: Keyed, right: Keyed): number => {
    for (const [at, { descending }] of keys.entries()) {
      const order = compareSortables(left.keys[at] ?? '', right.keys[at] ?? '')
      if (order !== 0) return descending ? -order : order
    }
    return 0
  }
  // Keys are read once per row: a sort asks for each of them many times.
  const keyedOf = (row: Entry): Keyed => ({ row, keys: keys.map((key) => key.read(row)) })
  const wanted = query.top === undefined ? rows.length : query.skip + query.top
  const few = wanted < rows.length / 4
  const sorted = few ? firstOf({ rows, wanted, compare, keyedOf }) : rows.map(keyedOf).sort(compare)
  return sorted.map(({ row }) => row)
}

interface Keyed {
  row: Entry
  keys: ReturnType<Reader['read']>[]
}

/** The first few in order: a page of a long log is asked for often, and sorting all of it each time would be the hot path. */
function firstOf({
  rows,
  wanted,
  compare,
  keyedOf,
}: {
  rows: Entry[]
  wanted: number
  compare: (left: Keyed, right: Keyed) => number
  keyedOf: (row: Entry) => Keyed
}): Keyed[] {
  const first: Keyed[] = []
  for (const row of rows) {
    const candidate = keyedOf(row)
    const last = first.at(-1)
    if (first.length >= wanted && (!last || compare(candidate, last) >= 0)) continue
    let [from, to] = [0, first.length]
    while (from < to) {
      const middle = (from + to) >>> 1
      if (compare(first[middle] as Keyed, candidate) <= 0) from = middle + 1
      else to = middle
    }
    first.splice(from, 0, candidate)
    if (first.length > wanted) first.pop()
  }
  return first
}

function parseSelect({ text, entity }: { text: string | null | undefined; entity: Entity }): string[] | undefined {
  if (!text || text.trim() === '*') return undefined
  const names = text.split(',').map((name) => name.trim())
  for (const name of names) if (!entity.columns.has(name)) throw unknownProperty({ name, entity })
  return names
}

function parseOrderBy(text: string): Query['orderBy'] {
  return splitOutside({ text, separator: ',' }).map((part) => {
    const [path = '', direction = 'asc'] = part.split(/\s+/)
    if (direction !== 'asc' && direction !== 'desc') throw invalid(`Syntax error in $orderby '${text}'.`)
    return { path: path.split('/'), descending: direction === 'desc' }
  })
}

function parseExpand({ text, entity, depth }: { text: string; entity: Entity; depth: number }): Expand[] {
  return splitOutside({ text, separator: ',' }).map((part) => {
    if (depth > expandDepthMax) throw depthError()
    const open = part.indexOf('(')
    const navigation = (open < 0 ? part : part.slice(0, open)).trim()
    const column = entity.navigations.get(navigation)
    if (!column?.reference) throw unknownProperty({ name: navigation, entity })
    const target = entityNamed(column.reference)
    const options = new Map<string, string>()
    for (const option of splitOutside({
      text: open < 0 ? '' : part.slice(open + 1, part.lastIndexOf(')')),
      separator: ';',
    })) {
      const equals = option.indexOf('=')
      options.set(option.slice(0, equals).trim(), option.slice(equals + 1))
    }
    for (const name of options.keys()) {
      if (name !== '$select' && name !== '$expand') throw invalid(`The option '${name}' is not supported in $expand.`)
    }
    return {
      navigation,
      select: parseSelect({ text: options.get('$select'), entity: target }),
      expand: parseExpand({ text: options.get('$expand') ?? '', entity: target, depth: depth + 1 }),
    }
  })
}

function splitOutside({ text, separator }: { text: string; separator: string }): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at <= text.length; at += 1) {
    if (text[at] === '(') depth += 1
    if (text[at] === ')') depth -= 1
    if (at < text.length && (depth > 0 || text[at] !== separator)) continue
    parts.push(text.slice(from, at).trim())
    from = at + 1
  }
  return parts.filter((part) => part !== '')
}

function parseWhole({ name, text }: { name: string; text: string | null }): number | undefined {
  if (text === null) return undefined
  if (!/^\d{1,9}$/.test(text)) throw invalid(`Invalid value '${text}' for ${name} query option found.`)
  return Number(text)
}

function invalid(inner: string): Refusal {
  return new Refusal({ status: 400, message: `The query specified in the URI is not valid. ${inner}`, inner })
}
