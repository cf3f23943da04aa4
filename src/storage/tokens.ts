import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { ConnectionToken } from '../domain/access.ts'
import type { Database } from './database.ts'
import type { Seal } from './seal.ts'

/** What Intuit gives a refresh token: 101 days. */
const REFRESH_TOKEN_SECONDS = 8_726_400

/** The tokens of a connection, in clear, for as long as they are in use. */
export interface OpenTokens {
  accessToken: string
  refreshToken: string
  accessTokenExpiresAt: Date
  refreshTokenExpiresAt: Date
}

export interface StoredTokens {
  read(): Promise<OpenTokens | null>
  /**
   * Calls `renew` with the newest tokens while a row lock keeps every other process from doing the same; what it
   * returns is committed before anyone uses it.
   */
  renew(renew: (newest: OpenTokens) => Promise<OpenTokens>): Promise<OpenTokens>
}

/** The sealed tokens of one connection. */
export function tokensOf(
  database: Database,
  args: { connectionId: string; seal: Seal; now: () => Date },
): StoredTokens {
  return {
    read: () => readTokens(database, { ...args, lock: false }),
    renew: (renew) =>
      database.transaction(async (transaction) => {
        const newest = await readTokens(transaction, { ...args, lock: true })
        if (!newest) throw new Error('The connection has no tokens yet: connect it first.')
        const renewed = await renew(newest)
        await writeTokens(transaction, { ...args, tokens: renewed, now: args.now() })
        return renewed
      }),
  }
}

/**
 * Hands in a refresh token from the configuration. One that was handed in before is passed over, for the stored tokens
 * have grown from it and are newer.
 */
export async function importRefreshToken(
  database: Database,
  args: { connectionId: string; seal: Seal; refreshToken: string; now: Date },
): Promise<void> {
  const importHash = createHash('sha256').update(args.refreshToken).digest('hex')
  await database.run(sql`
    insert into connection_token (connection_id, sealed_access_token, sealed_refresh_token, access_token_expires_at, refresh_token_expires_at, refreshed_at, import_hash)
    values (${args.connectionId}, ${args.seal.close('')}, ${args.seal.close(args.refreshToken)}, ${new Date(0)},
        ${new Date(args.now.getTime() + REFRESH_TOKEN_SECONDS * 1000)}, ${args.now}, ${importHash})
    on conflict (connection_id) do update set sealed_access_token = excluded.sealed_access_token,
        sealed_refresh_token = excluded.sealed_refresh_token, access_token_expires_at = excluded.access_token_expires_at,
        refresh_token_expires_at = excluded.refresh_token_expires_at, refreshed_at = excluded.refreshed_at, import_hash = excluded.import_hash
      where connection_token.import_hash <> excluded.import_hash`)
}

async function readTokens(
  database: Database,
  args: { connectionId: string; seal: Seal; lock: boolean },
): Promise<OpenTokens | null> {
  const lock = args.lock ? sql`for update` : sql``
  const [row] = await database.entities(
    ConnectionToken,
    sql`select * from connection_token where connection_id = ${args.connectionId} ${lock}`,
  )
  if (!row) return null
  return {
    accessToken: args.seal.open(row.sealedAccessToken),
    refreshToken: args.seal.open(row.sealedRefreshToken),
    accessTokenExpiresAt: row.accessTokenExpiresAt,
    refreshTokenExpiresAt: row.refreshTokenExpiresAt,
  }
}

async function writeTokens(
  database: Database,
  args: { connectionId: string; seal: Seal; tokens: OpenTokens; now: Date },
): Promise<void> {
  await database.run(sql`
    update connection_token set sealed_access_token = ${args.seal.close(args.tokens.accessToken)},
        sealed_refresh_token = ${args.seal.close(args.tokens.refreshToken)},
        access_token_expires_at = ${args.tokens.accessTokenExpiresAt}, refresh_token_expires_at = ${args.tokens.refreshTokenExpiresAt},
        refreshed_at = ${args.now}
    where connection_id = ${args.connectionId}`)
}
