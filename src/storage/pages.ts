import { type RawBuilder, sql } from 'kysely'
import { validate as isUuid } from 'uuid'
import type { Database } from './database.ts'

const PAGE_ROWS_MAX = 200
const COUNT_ROWS_MAX = 10_000

/** Something that the caller asked for and cannot have; the message says what to ask for instead. */
export class InvalidRequest extends Error {
  override readonly name = 'InvalidRequest'
}

/** One page of a list, newest first. Counting is work of its own, so it happens only when `count` is called, and once. */
export interface KeysetPage<Row> {
  nodes: Row[]
  /** Opaque; null on an empty page. */
  endCursor: string | null
  hasNextPage: boolean
  /** How many rows the whole list has; counting stops at 10,000 and then says so. */
  count(): Promise<{ total: number; capped: boolean }>
}

export interface PageRequest {
  /** 1 to 200. */
  first: number
  /** The `endCursor` of the page before; null begins at the newest. */
  after: string | null
}

/**
 * Reads a page by its key: ids are UUIDs of version 7, so their order is the order of creation. `columns` must name
 * `id`; a row too many is read to know whether more follow. Of several tables each gives a page along its own index, and
 * the page is made of these. Throws InvalidRequest.
 */
export async function keysetPage<Row extends { id: string }>(
  database: Database,
  args: {
    entity: new () => Row
    table: RawBuilder<unknown> | RawBuilder<unknown>[]
    columns: RawBuilder<unknown>
    conditions: RawBuilder<unknown>[]
    request: PageRequest
  },
): Promise<KeysetPage<Row>> {
  const { columns, conditions, request } = args
  const tables = [args.table].flat()
  assertRowLimit(request.first)
  const from = request.after === null ? conditions : [...conditions, sql`id < ${idOfCursor(request.after)}::uuid`]
  const newest = sql`order by id desc limit ${request.first + 1}`
  const pages = tables.map((table) => sql`(select ${columns} from ${table} where ${allOf(from)} ${newest})`)
  const rows = await database.entities(
    args.entity,
    sql`select * from (${sql.join(pages, sql` union all `)}) as pages ${newest}`,
  )
  const nodes = rows.slice(0, request.first)
  const last = nodes.at(-1)
  let counted: Promise<{ total: number; capped: boolean }> | undefined
  return {
    nodes,
    endCursor: last ? cursorOf(last.id) : null,
    hasNextPage: rows.length > request.first,
    count: () => {
      counted ??= countCapped(database, { tables, conditions })
      return counted
    },
  }
}

async function countCapped(
  database: Database,
  { tables, conditions }: { tables: RawBuilder<unknown>[]; conditions: RawBuilder<unknown>[] },
): Promise<{ total: number; capped: boolean }> {
  const limit = sql`limit ${COUNT_ROWS_MAX + 1}`
  const parts = tables.map((table) => sql`(select from ${table} where ${allOf(conditions)} ${limit})`)
  const [row] = await database.rows(sql<{ total: number }>`
    select least(count(*), ${COUNT_ROWS_MAX + 1})::int as total from (${sql.join(parts, sql` union all `)}) as counted`)
  const total = row?.total ?? 0
  return { total: Math.min(total, COUNT_ROWS_MAX), capped: total > COUNT_ROWS_MAX }
}

/** All conditions at once; none means every row. */
export function allOf(conditions: RawBuilder<unknown>[]): RawBuilder<unknown> {
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
}

/**
 * The least id that a row of this time can have, below every id that was given later: ids are UUIDs of version 7, and their
 * first 48 bits are the milliseconds. So a span of time is a span of the same key that pages go by.
 */
export function firstIdAt(time: Date): string {
  const hex = Math.max(time.getTime(), 0).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

/** Throws InvalidRequest on anything that PostgreSQL would not take for an id. */
export function idFrom({ id, what }: { id: string; what: string }): string {
  if (isUuid(id)) return id
  throw new InvalidRequest(`"${id.slice(0, 60)}" is not the id of a ${what}: ids are UUIDs, as the lists give them.`)
}

function assertRowLimit(first: number): void {
  if (Number.isInteger(first) && first >= 1 && first <= PAGE_ROWS_MAX) return
  throw new InvalidRequest(
    `"first" is ${first}: ask for 1 to ${PAGE_ROWS_MAX} rows, and for the next page with "after: <endCursor>".`,
  )
}

function cursorOf(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')
}

function idOfCursor(cursor: string): string {
  const hex = Buffer.from(cursor.slice(0, 64), 'base64url').toString('hex')
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  if (isUuid(id) && cursorOf(id) === cursor) return id
  throw new InvalidRequest('"after" is not a cursor: pass the endCursor of the page before, unchanged.')
}
