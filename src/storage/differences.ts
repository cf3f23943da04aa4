import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { type Money, money } from '../domain/money.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'
import { UnloggedOrder } from '../domain/unlogged-order.ts'
import { type Database, recordset } from './database.ts'
import { type KeysetPage, keysetPage, type PageRequest } from './pages.ts'
import { OF_ORDERS } from './postings.ts'

/** An order without a log row, as the difference found it. */
export interface UnloggedDraft {
  sourceId: string
  orderNumber: string | null
  date: string | null
  total: Money | null
  currency: string | null
  reason: { code: ReasonCode; detail: ReasonDetail }
}

/** Saves what was found; an order that was found before keeps its first time, unless it was resolved in between. */
export async function saveUnloggedOrders(
  database: Database,
  args: { orders: UnloggedDraft[]; now: Date },
): Promise<void> {
  if (args.orders.length === 0) return
  const rows = args.orders.map((order) => ({
    id: uuidv7(),
    source_id: order.sourceId,
    order_number: order.orderNumber,
    date: order.date,
    total: order.total,
    currency: order.currency,
    reason_code: order.reason.code,
    reason_detail: order.reason.detail,
  }))
  await database.run(sql`
    insert into unlogged_order (id, source_id, order_number, date, total, currency, reason_code, reason_detail, found_at, seen_at)
    select id, source_id, order_number, date, total, currency, reason_code, reason_detail, ${args.now}::timestamptz, ${args.now}::timestamptz
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as found (id uuid, source_id uuid, order_number text, date text,
        total numeric(18, 2), currency text, reason_code text, reason_detail jsonb)
    on conflict (source_id) do update set order_number = excluded.order_number, date = excluded.date, total = excluded.total,
        currency = excluded.currency, reason_code = excluded.reason_code, reason_detail = excluded.reason_detail,
        found_at = case when unlogged_order.resolved_at is null then unlogged_order.found_at else excluded.found_at end,
        seen_at = excluded.seen_at, resolved_at = null`)
}

/** These orders are on the road, or have a log row now. */
export async function resolveUnloggedOrders(
  database: Database,
  args: { sourceIds: string[]; now: Date },
): Promise<number> {
  if (args.sourceIds.length === 0) return 0
  return database.run(sql`
    update unlogged_order set resolved_at = ${args.now} where resolved_at is null and source_id = any(${args.sourceIds}::uuid[])`)
}

/** What a difference that went through to the end did not see again is resolved. */
export function resolveUnseen(database: Database, args: { seenBefore: Date; now: Date }): Promise<number> {
  return database.run(sql`
    update unlogged_order set resolved_at = ${args.now} where resolved_at is null and seen_at < ${args.seenBefore}`)
}

/** Of these orders, those that we know: a log row of a sales order was read, or there is a posting. */
export async function knownOrders(database: Database, sourceIds: string[]): Promise<Set<string>> {
  const rows = await database.rows(sql<{ source_id: string }>`
    select source_id from log_row where source_id = any(${sourceIds}::uuid[]) and type = 'CUSTOMER_ORDER'
    union select source_id from posting where source_id = any(${sourceIds}::uuid[]) and ${OF_ORDERS}`)
  return new Set(rows.map((row) => row.source_id))
}

/** Orders without a log row, in the order of their finds. */
export function unloggedIds(
  database: Database,
  { after, limit }: { after: string | null; limit: number },
): Promise<{ id: string; sourceId: string }[]> {
  return database.rows(sql<{ id: string; sourceId: string }>`
    select id, source_id as "sourceId" from unlogged_order
    where resolved_at is null and (${after}::uuid is null or id > ${after}::uuid) order by id limit ${limit}`)
}

/** Orders without a log row, newest find first. */
export function unloggedOrderPage(
  database: Database,
  { request }: { request: PageRequest },
): Promise<KeysetPage<UnloggedOrder>> {
  return keysetPage(database, {
    entity: UnloggedOrder,
    table: sql`unlogged_order`,
    columns: sql`*`,
    conditions: [sql`resolved_at is null`],
    request,
  })
}

/** How many orders have no log row, and what they amount to in each currency. An order whose total is not known counts with none. */
export async function unloggedTotals(
  database: Database,
): Promise<{ currency: string | null; count: number; total: Money }[]> {
  const rows = await database.rows(sql<{ currency: string | null; count: number; total: string }>`
    select currency, count(*)::int as count, coalesce(sum(total), 0)::text as total
    from unlogged_order where resolved_at is null group by currency order by count desc, currency`)
  return rows.map((row) => ({ ...row, total: money(row.total) }))
}

const CURSOR = 'difference'

/**
 * Takes the difference of a day for one process: false when it was done that day already, or somebody is at it. A claim
 * whose process died is free again after the lease.
 */
export async function claimDifference(
  database: Database,
  args: { day: string; leaseSeconds: number; now: Date },
): Promise<boolean> {
  const value = JSON.stringify({ claimedUntil: new Date(args.now.getTime() + args.leaseSeconds * 1000).toISOString() })
  const claimed = await database.run(sql`
    insert into cursor (name, value, updated_at) values (${CURSOR}, ${value}::jsonb, ${args.now})
    on conflict (name) do update set value = cursor.value || excluded.value, updated_at = excluded.updated_at
      where (cursor.value ->> 'day') is distinct from ${args.day}
        and coalesce((cursor.value ->> 'claimedUntil')::timestamptz, '-infinity') <= ${args.now}`)
  return claimed === 1
}

/** The difference of a day is done. */
export async function finishDifference(database: Database, args: { day: string; now: Date }): Promise<void> {
  const value = JSON.stringify({ day: args.day, finishedAt: args.now.toISOString() })
  await database.run(sql`
    insert into cursor (name, value, updated_at) values (${CURSOR}, ${value}::jsonb, ${args.now})
    on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at`)
}

/** When the last difference went through to the end. */
export async function lastDifferenceAt(database: Database): Promise<Date | null> {
  const [row] = await database.rows(
    sql<{ at: string | null }>`select value ->> 'finishedAt' as at from cursor where name = ${CURSOR}`,
  )
  return row?.at ? new Date(row.at) : null
}
