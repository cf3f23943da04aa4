import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { ConnectionToken, type RefreshCause } from '../domain/sign-in.ts'
import type { Database } from './database.ts'
import type { Seal } from './seal.ts'
import { beginRefresh, endRefresh, noteGrant } from './token-refreshes.ts'

/** What Intuit gives a refresh token: 101 days. */
const REFRESH_TOKEN_SECONDS = 8_726_400
/** A process that was frozen while it renewed keeps the others waiting no longer than this. */
const RENEWAL_SECONDS_MAX = 120
/** Each renewal keeps a database connection while Intuit answers; the others are for everybody else. */
const RENEWALS_AT_ONCE_MAX = 3

/** The tokens of a connection, in clear, for as long as they are in use. */
export interface OpenTokens {
  accessToken: string
  refreshToken: string
  accessTokenExpiresAt: Date
  refreshTokenExpiresAt: Date
  refreshTokenHardExpiresAt: Date | null
}

export interface KeptTokens {
  tokens: OpenTokens
  refreshedAt: Date
  /** Set when Intuit refused the refresh token for good. */
  refusal: string | null
}

/** What came of a renewal. */
export type Renewal =
  | { kind: 'renewed'; tokens: OpenTokens }
  | { kind: 'unneeded'; tokens: OpenTokens }
  | { kind: 'refused'; reason: 'RECONNECT' | 'CLIENT_CONFIGURATION'; detail: string }
  | { kind: 'unreachable'; detail: string }

export interface StoredTokens {
  read(): Promise<KeptTokens | null>
  /**
   * Asks Intuit for new tokens while a row lock keeps every other process from doing the same, unless the newest tokens
   * need it no more. What comes is committed before anyone uses it. Each asking is recorded before it leaves.
   */
  renew(args: {
    cause: `${RefreshCause}`
    isNeeded: (kept: KeptTokens) => boolean
    ask: (newest: OpenTokens) => Promise<Exclude<Renewal, { kind: 'unneeded' }>>
  }): Promise<Renewal>
}

interface Args {
  connectionId: string
  seal: Seal
  now: () => Date
}

/** The sealed tokens of one connection. */
export function tokensOf(database: Database, args: Args): StoredTokens {
  return {
    read: () => readTokens(database, args),
    renew: (asked) => inTurn(() => renew(database, { ...args, ...asked })),
  }
}

async function renew(database: Database, args: Args & Parameters<StoredTokens['renew']>[0]): Promise<Renewal> {
  const { connectionId, cause, now } = args
  // Set once Intuit has answered: from then on the tokens before may be dead.
  const inHand: { answer: Answered | null } = { answer: null }
  const save = (transaction: Database, given: Answered) => saveRenewal(transaction, { ...args, ...given, now: now() })
  try {
    return await database.transaction(async (transaction) => {
      await transaction.run(sql`select set_config('lock_timeout', ${`${RENEWAL_SECONDS_MAX + 5}s`}, true),
        set_config('idle_in_transaction_session_timeout', ${`${RENEWAL_SECONDS_MAX}s`}, true)`)
      const kept = await readTokens(transaction, { ...args, lock: true })
      if (!kept) return { kind: 'refused', reason: 'RECONNECT', detail: 'the company is not connected' }
      if (kept.refusal !== null && cause !== 'PERSON') {
        return { kind: 'refused', reason: 'RECONNECT', detail: kept.refusal }
      }
      if (!args.isNeeded(kept)) return { kind: 'unneeded', tokens: kept.tokens }
      const began = now()
      // On a connection of its own: it must stay when this process is killed and the transaction with it.
      const id = await beginRefresh(database, { connectionId, cause, now: began })
      const renewal = await args.ask(kept.tokens)
      inHand.answer = { renewal, id, before: kept.tokens, durationMs: now().getTime() - began.getTime() }
      await save(transaction, inHand.answer)
      return renewal
    })
  } catch (error) {
    // The answer is in hand and the transaction is gone: once more, on whatever connection there is.
    const { answer } = inHand
    if (answer?.renewal.kind !== 'renewed') throw error
    await database.transaction(async (transaction) => {
      const kept = await readTokens(transaction, { ...args, lock: true })
      if (kept?.tokens.refreshToken === answer.before.refreshToken) await save(transaction, answer)
    })
    return answer.renewal
  }
}

interface Answered {
  renewal: Renewal
  /** Of the record of this asking. */
  id: string
  before: OpenTokens
  durationMs: number
}

async function saveRenewal(transaction: Database, args: Omit<Args, 'now'> & Answered & { now: Date }): Promise<void> {
  const { renewal, connectionId, id, durationMs, now } = args
  if (renewal.kind === 'renewed') {
    await saveTokens(transaction, { ...args, tokens: renewal.tokens })
    const rotated = renewal.tokens.refreshToken !== args.before.refreshToken
    return endRefresh(transaction, { id, result: 'RENEWED', rotated, detail: null, durationMs })
  }
  if (renewal.kind === 'unneeded') return
  if (renewal.kind === 'refused' && renewal.reason === 'RECONNECT') {
    await transaction.run(sql`
      update connection_token set refused_at = ${now}, refusal = ${renewal.detail} where connection_id = ${connectionId}`)
  }
  const result = renewal.kind === 'refused' ? 'REFUSED' : 'UNREACHABLE'
  await endRefresh(transaction, { id, result, rotated: false, detail: renewal.detail, durationMs })
}

/** Puts the tokens of a new grant in the place of whatever there was. */
export async function replaceTokens(
  transaction: Database,
  args: { connectionId: string; seal: Seal; tokens: OpenTokens; cause: 'CONNECT' | 'IMPORT'; now: Date },
): Promise<void> {
  await saveTokens(transaction, args)
  await noteGrant(transaction, args)
}

/** Forgets the tokens, and gives what they were; null when there were none. That a configured token was taken is remembered. */
export async function dropTokens(transaction: Database, args: Omit<Args, 'now'>): Promise<OpenTokens | null> {
  const kept = await readTokens(transaction, { ...args, lock: true })
  await transaction.run(sql`
    update connection_token set sealed_access_token = null, sealed_refresh_token = null, refused_at = null, refusal = null
    where connection_id = ${args.connectionId}`)
  return kept?.tokens ?? null
}

/**
 * Hands in a refresh token from the configuration. One that was handed in before is passed over, for the stored tokens
 * have grown from it and are newer.
 */
export async function importRefreshToken(
  database: Database,
  args: { connectionId: string; seal: Seal; refreshToken: string; now: Date },
): Promise<void> {
  const { connectionId, seal, refreshToken, now } = args
  const importHash = createHash('sha256').update(refreshToken).digest('hex')
  await database.transaction(async (transaction) => {
    const known = await transaction.rows(sql`
      select from connection_token where connection_id = ${connectionId} and import_hash = ${importHash}`)
    if (known.length > 0) return
    const refreshTokenExpiresAt = new Date(now.getTime() + REFRESH_TOKEN_SECONDS * 1000)
    const tokens = { accessToken: '', refreshToken, accessTokenExpiresAt: new Date(0), refreshTokenExpiresAt }
    await saveTokens(transaction, { connectionId, seal, tokens: { ...tokens, refreshTokenHardExpiresAt: null }, now })
    await transaction.run(
      sql`update connection_token set import_hash = ${importHash} where connection_id = ${connectionId}`,
    )
  })
}

async function readTokens(
  database: Database,
  args: { connectionId: string; seal: Seal; lock?: boolean },
): Promise<KeptTokens | null> {
  const lock = args.lock ? sql`for update` : sql``
  const [row] = await database.entities(
    ConnectionToken,
    sql`select * from connection_token where connection_id = ${args.connectionId} ${lock}`,
  )
  if (row?.sealedAccessToken == null || row.sealedRefreshToken == null) return null
  const { connectionId } = args
  const tokens = {
    accessToken: await args.seal.open(database, { text: row.sealedAccessToken, of: accessOf(connectionId) }),
    refreshToken: await args.seal.open(database, { text: row.sealedRefreshToken, of: refreshOf(connectionId) }),
    accessTokenExpiresAt: row.accessTokenExpiresAt,
    refreshTokenExpiresAt: row.refreshTokenExpiresAt,
    refreshTokenHardExpiresAt: row.refreshTokenHardExpiresAt,
  }
  return { tokens, refreshedAt: row.refreshedAt, refusal: row.refusedAt ? (row.refusal ?? '') : null }
}

async function saveTokens(
  transaction: Database,
  args: { connectionId: string; seal: Seal; tokens: OpenTokens; now: Date },
): Promise<void> {
  const { connectionId, seal, tokens, now } = args
  const before = await readTokens(transaction, { connectionId, seal, lock: true }).catch(() => null)
  const access = await seal.close(transaction, { text: tokens.accessToken, of: accessOf(connectionId), now })
  const refresh = await seal.close(transaction, { text: tokens.refreshToken, of: refreshOf(connectionId), now })
  const rotated = before?.tokens.refreshToken !== tokens.refreshToken
  await transaction.run(sql`
    insert into connection_token (connection_id, sealed_access_token, sealed_refresh_token, access_token_expires_at,
        refresh_token_expires_at, refresh_token_hard_expires_at, refreshed_at, rotated_at)
    values (${connectionId}, ${access}, ${refresh}, ${tokens.accessTokenExpiresAt}, ${tokens.refreshTokenExpiresAt},
        ${tokens.refreshTokenHardExpiresAt}, ${now}, ${now})
    on conflict (connection_id) do update set sealed_access_token = excluded.sealed_access_token,
        sealed_refresh_token = excluded.sealed_refresh_token, access_token_expires_at = excluded.access_token_expires_at,
        refresh_token_expires_at = excluded.refresh_token_expires_at,
        refresh_token_hard_expires_at = excluded.refresh_token_hard_expires_at, refreshed_at = excluded.refreshed_at,
        rotated_at = case when ${rotated} then excluded.rotated_at else connection_token.rotated_at end,
        refused_at = null, refusal = null`)
}

/** A sealed token opens only as what it is: moved to another connection, or from sandbox to production, it does not. */
export const accessOf = (connectionId: string) => `access token of ${connectionId}`
export const refreshOf = (connectionId: string) => `refresh token of ${connectionId}`

let underWay = 0
const waiting: (() => void)[] = []

async function inTurn<T>(task: () => Promise<T>): Promise<T> {
  if (underWay >= RENEWALS_AT_ONCE_MAX) await new Promise<void>((go) => waiting.push(go))
  else underWay += 1
  try {
    return await task()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else underWay -= 1
  }
}
