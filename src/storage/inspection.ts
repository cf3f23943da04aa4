import { sql } from 'kysely'
import { LogRow } from '../domain/log-row.ts'
import { Posting } from '../domain/posting.ts'
import type { Database } from './database.ts'
import { OF_ORDERS } from './postings.ts'

/** The version of PostgreSQL, such as `18.4`. */
export async function databaseVersion(database: Database): Promise<string> {
  const [row] = await database.rows(sql<{ version: string }>`select current_setting('server_version') as version`)
  return row?.version ?? 'unknown'
}

export async function hasSchema(database: Database, name: string): Promise<boolean> {
  const [row] = await database.rows(sql<{ found: boolean }>`
    select exists (select from pg_namespace where nspname = ${name}) as found`)
  return row?.found === true
}

/** Log rows that were read and not understood, because the profile does not know their type, action or status. */
export async function notUnderstoodRows(database: Database): Promise<{ rows: number; values: string[] }> {
  const found = await database.rows(sql<{ value: string | null; rows: number }>`
    select reason_detail ->> 'value' as value, count(*)::int as rows from log_row
    where reason_code in ('TYPE_UNKNOWN', 'ACTION_UNKNOWN', 'STATUS_UNKNOWN') group by 1 order by 2 desc limit 10`)
  return { rows: found.reduce((sum, { rows }) => sum + rows, 0), values: found.map(({ value }) => value || '(empty)') }
}

/** Log rows as they were last read and decided about; those that never were are missing. */
export function logRowsById(database: Database, ids: string[]): Promise<LogRow[]> {
  return database.entities(LogRow, sql`select * from log_row where id = any(${ids}::uuid[])`)
}

/** The newest posting that bears an order number, also when the CRM has no such order any more. */
export async function newestPostingOfOrder(database: Database, orderNumber: string): Promise<Posting | null> {
  const [posting] = await database.entities(
    Posting,
    sql`select * from posting where order_number = ${orderNumber} and ${OF_ORDERS} order by id desc limit 1`,
  )
  return posting ?? null
}

/** The postings that wait for another one: how many, and the order numbers of the first five. */
export async function waitingBehind(
  database: Database,
  postingId: string,
): Promise<{ count: number; orderNumbers: string[] }> {
  const rows = await database.rows(sql<{ order_number: string | null; count: number }>`
    select order_number, (count(*) over ())::int as count from posting
    where blocked_by_id = ${postingId} order by id limit 5`)
  return { count: rows[0]?.count ?? 0, orderNumbers: rows.flatMap(({ order_number }) => order_number ?? []) }
}
