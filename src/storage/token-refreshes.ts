import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { ConnectionToken, type RefreshCause, type RefreshResult, TokenRefresh } from '../domain/sign-in.ts'
import type { Database } from './database.ts'

const HISTORY_DAYS = 400
const CUT_OFF =
  'The process ended before it had saved the answer: if QuickBooks gave a new token, it is lost, and the next renewal says so.'

/**
 * Records that a renewal begins. Whoever begins one holds the tokens of the connection alone, so that an earlier one
 * without an end was cut off.
 */
export async function beginRefresh(
  database: Database,
  { connectionId, cause, now }: { connectionId: string; cause: `${RefreshCause}`; now: Date },
): Promise<string> {
  await database.run(sql`
    update token_refresh set result = 'CUT_OFF', detail = ${CUT_OFF}
    where connection_id = ${connectionId} and result is null`)
  const id = uuidv7()
  await database.run(sql`
    insert into token_refresh (id, connection_id, at, cause, rotated) values (${id}, ${connectionId}, ${now}, ${cause}, false)`)
  return id
}

export async function endRefresh(
  database: Database,
  args: { id: string; result: `${RefreshResult}`; rotated: boolean; detail: string | null; durationMs: number },
): Promise<void> {
  const { id, result, rotated, detail, durationMs } = args
  await database.run(sql`
    update token_refresh set result = ${result}, rotated = ${rotated}, detail = ${detail}, duration_ms = ${durationMs} where id = ${id}`)
}

/** Tokens that came by a sign-in, or were handed in, are the beginning of a history. */
export async function noteGrant(
  database: Database,
  { connectionId, cause, now }: { connectionId: string; cause: `${RefreshCause}`; now: Date },
): Promise<void> {
  await database.run(sql`
    insert into token_refresh (id, connection_id, at, cause, result, rotated)
    values (${uuidv7()}, ${connectionId}, ${now}, ${cause}, 'RENEWED', true)`)
}

/** Newest first. */
export function listRefreshes(
  database: Database,
  { connectionId, limit }: { connectionId: string; limit: number },
): Promise<TokenRefresh[]> {
  return database.entities(
    TokenRefresh,
    sql`select * from token_refresh where connection_id = ${connectionId} order by id desc limit ${limit}`,
  )
}

/** The row of a connection's tokens, for its times; null when it was never connected. */
export async function findTokenRow(
  database: Database,
  { connectionId }: { connectionId: string },
): Promise<ConnectionToken | null> {
  const [row] = await database.entities(
    ConnectionToken,
    sql`select * from connection_token where connection_id = ${connectionId}`,
  )
  return row ?? null
}

/** The connections whose access token ends before a time, and whose refresh token may be sent. */
export async function connectionsToRefresh(database: Database, { before }: { before: Date }): Promise<string[]> {
  const rows = await database.rows(sql<{ connection_id: string }>`
    select connection_id from connection_token
    where access_token_expires_at <= ${before} and refused_at is null and sealed_refresh_token is not null
    order by access_token_expires_at`)
  return rows.map(({ connection_id }) => connection_id)
}

/** Renewals that nobody asks about any more, and ways to Intuit that were not gone to their end. */
export async function forgetOldRefreshes(database: Database, { now }: { now: Date }): Promise<void> {
  const since = new Date(now.getTime() - HISTORY_DAYS * 86_400_000)
  await database.run(sql`delete from token_refresh where at < ${since}`)
  await database.run(sql`delete from sign_in_attempt where expires_at < ${since}`)
}
