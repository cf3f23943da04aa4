import { type RawBuilder, sql } from 'kysely'
import type { PostingKind } from '../domain/kinds.ts'
import { isDay } from '../domain/payment-application.ts'
import { Posting } from '../domain/posting.ts'
import { isReasonCode } from '../domain/reason.ts'
import type { PostingState } from '../domain/transitions.ts'
import type { Database } from './database.ts'
import { allOf, firstIdAt, InvalidRequest, idFrom, type KeysetPage, keysetPage, type PageRequest } from './pages.ts'

/** What is left out, or empty, filters nothing. Each part alone has an index, but for the day of the document. */
export interface PostingSelection {
  states?: PostingState[] | null
  kinds?: PostingKind[] | null
  connectionId?: string | null
  orderNumber?: string | null
  reasonCode?: string | null
  /** Created at or after. */
  from?: Date | null
  /** Created before. */
  to?: Date | null
  /** The days of the document, or of its creation where there is none, yyyy-mm-dd; not by an index of its own. */
  datedFrom?: string | null
  datedTo?: string | null
}

export type PostingCountBy = 'STATE' | 'REASON' | 'KIND' | 'DAY'

/** Days that a count by day goes back; the other keys have far fewer values. */
const COUNT_KEYS_MAX = 366

export async function postingPage(
  database: Database,
  { selection, request }: { selection: PostingSelection; request: PageRequest },
): Promise<KeysetPage<Posting>> {
  return keysetPage(database, {
    entity: Posting,
    table: sql`posting`,
    columns: sql`*`,
    conditions: conditionsOf(selection),
    request,
  })
}

/** How many postings of a connection wait, are under way, or are looked for. */
export async function countUnfinished(database: Database, args: { connectionId: string }): Promise<number> {
  const [row] = await database.rows(sql<{ count: number }>`
    select count(*)::int as count from posting
    where connection_id = ${args.connectionId} and state in ('PENDING', 'CLAIMED', 'SENT', 'UNKNOWN')`)
  return row?.count ?? 0
}

/** How many postings of a connection came to need a person since a time, and the newest; one that only waited for another comes last. */
export async function stuckSince(
  database: Database,
  args: { connectionId: string; since: Date },
): Promise<{ count: number; first: Posting | null }> {
  const stuck = sql`connection_id = ${args.connectionId} and state in ('FAILED', 'MISMATCHED') and updated_at >= ${args.since}`
  const [row] = await database.rows(sql<{ count: number }>`select count(*)::int as count from posting where ${stuck}`)
  const [first] = await database.entities(
    Posting,
    sql`select * from posting where ${stuck} order by (reason_code = 'CUSTOMER_FAILED'), updated_at desc, id limit 1`,
  )
  return { count: row?.count ?? 0, first: first ?? null }
}

/** How many postings a selection has for each state, reason, kind or day (UTC) of creation; largest first, days newest first. */
export async function countPostings(
  database: Database,
  { selection, by }: { selection: PostingSelection; by: PostingCountBy },
): Promise<{ key: string; count: number }[]> {
  const key = COUNT_KEYS[by]
  const conditions = [...conditionsOf(selection), ...(by === 'REASON' ? [sql`reason_code is not null`] : [])]
  return database.rows(sql<{ key: string; count: number }>`
    select ${key} as key, count(*)::int as count from posting
    where ${allOf(conditions)}
    group by 1 order by ${by === 'DAY' ? sql`1 desc` : sql`2 desc, 1`} limit ${COUNT_KEYS_MAX}`)
}

const COUNT_KEYS: Record<PostingCountBy, RawBuilder<unknown>> = {
  STATE: sql`state`,
  REASON: sql`reason_code`,
  KIND: sql`kind`,
  DAY: sql`to_char(created_at at time zone 'UTC', 'YYYY-MM-DD')`,
}

/** The day of a posting, as the funnel counts it. */
const DATED = sql`coalesce(document ->> 'date', to_char(created_at at time zone 'UTC', 'YYYY-MM-DD'))`

/** What a selection asks of each posting. Throws InvalidRequest. */
export function conditionsOf(selection: PostingSelection): RawBuilder<unknown>[] {
  const { states, kinds, connectionId, orderNumber, reasonCode, from, to, datedFrom, datedTo } = selection
  if (reasonCode && !isReasonCode(reasonCode)) {
    throw new InvalidRequest(
      `"${reasonCode.slice(0, 60)}" is no reason code: postingCounts(by: REASON) lists those in use.`,
    )
  }
  for (const day of [datedFrom, datedTo]) {
    if (day && !isDay(day)) throw new InvalidRequest(`"${day.slice(0, 40)}" is not a day: write it as yyyy-mm-dd.`)
  }
  return [
    ...(states?.length ? [sql`state in (${sql.join(states)})`] : []),
    ...(kinds?.length ? [sql`kind in (${sql.join(kinds)})`] : []),
    ...(connectionId ? [sql`connection_id = ${idFrom({ id: connectionId, what: 'connection' })}::uuid`] : []),
    ...(orderNumber ? [sql`order_number = ${orderNumber}`] : []),
    ...(reasonCode ? [sql`reason_code = ${reasonCode}`] : []),
    ...(from ? [sql`id >= ${firstIdAt(from)}::uuid`] : []),
    ...(to ? [sql`id < ${firstIdAt(to)}::uuid`] : []),
    ...(datedFrom ? [sql`${DATED} >= ${datedFrom}`] : []),
    ...(datedTo ? [sql`${DATED} <= ${datedTo}`] : []),
  ]
}
