import type { Table } from '../../store.ts'
import { instantKey } from '../instant.ts'
import type { Records } from '../records.ts'
import type { Entity, Entry } from '../schema.ts'
import { candidates } from './candidates.ts'
import type { Expression } from './filter.ts'
import { compile } from './predicate.ts'

/** Below this, picking and sorting the candidates costs less than walking along the table. */
const CANDIDATES_MIN = 2_000

interface Question {
  filter?: Expression | undefined
  orderBy: { path: string[]; descending: boolean }[]
  top?: number | undefined
  skip: number
  count: boolean
}

interface Ordered {
  version: number
  rows: Entry[]
  /** Of each row the key of its CreatedOn. */
  keys: string[]
}

const known = new WeakMap<Table<Entry>, Ordered>()

/**
 * One page by CreatedOn and Id, as a database with an index on them finds it: from the first row that the filter allows,
 * until the page is full. Undefined for any other question, and where few rows can match.
 */
export function pageInOrder({
  query,
  entity,
  records,
}: {
  query: Question
  entity: Entity
  records: Records
}): Entry[] | undefined {
  const { filter, top, skip, count, orderBy } = query
  const byAge = orderBy.map(({ path, descending }) => (descending ? 'desc' : path.join('/'))).join() === 'CreatedOn,Id'
  if (!byAge || !filter || top === undefined || count) return undefined
  const predicate = compile({ expression: filter, entity, records })
  if ((candidates({ expression: filter, entity, records })?.size ?? Number.POSITIVE_INFINITY) < CANDIDATES_MIN)
    return undefined
  const { rows, keys } = inOrder(records.table(entity.name))
  const page: Entry[] = []
  for (let at = firstFrom(keys, lowestOf(filter)); at < rows.length && page.length < skip + top; at += 1) {
    const row = rows[at]
    if (row && predicate(row)) page.push(row)
  }
  return page.slice(skip)
}

function inOrder(table: Table<Entry>): Ordered {
  const before = known.get(table)
  if (before?.version === table.version) return before
  const keyed = [...table.all()].map((row) => ({ row, key: instantKey(String(row.CreatedOn)) }))
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.row.Id < b.row.Id ? -1 : 1))
  const ordered = {
    version: table.version,
    rows: keyed.map(({ row }) => row),
    keys: keyed.map(({ key }) => key),
  }
  known.set(table, ordered)
  return ordered
}

/** The key below which no row can match, as far as the filter's comparisons of CreatedOn tell. */
function lowestOf(expression: Expression): string {
  if (expression.kind === 'and' || expression.kind === 'or') {
    const [left, right] = [lowestOf(expression.left), lowestOf(expression.right)]
    return left < right === (expression.kind === 'or') ? left : right
  }
  if (expression.kind !== 'compare' || !['gt', 'ge', 'eq'].includes(expression.operator)) return ''
  const { left, right } = expression
  const isAge = left.kind === 'path' && left.path.join('/') === 'CreatedOn' && right.kind === 'literal'
  return isAge && right.type === 'date' ? instantKey(right.value) : ''
}

function firstFrom(keys: string[], lowest: string): number {
  let [from, to] = [0, keys.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((keys[middle] ?? '') < lowest) from = middle + 1
    else to = middle
  }
  return from
}
