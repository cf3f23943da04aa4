import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Environment } from '../domain/kinds.ts'
import { SignInAttempt } from '../domain/sign-in.ts'
import type { Database } from './database.ts'

const hashOf = (state: string) => createHash('sha256').update(state).digest('hex')

/** Remembers that an admin was sent to Intuit with this state. Only its hash is kept. */
export async function beginSignIn(
  database: Database,
  args: {
    state: string
    environment: Environment
    connectionId: string | null
    author: { name: string; keyId: string | null }
    now: Date
    expiresAt: Date
  },
): Promise<void> {
  const { state, environment, connectionId, author, now, expiresAt } = args
  await database.run(sql`
    insert into sign_in_attempt (state_hash, environment, connection_id, author, author_key_id, created_at, expires_at)
    values (${hashOf(state)}, ${environment}, ${connectionId}, ${author.name}, ${author.keyId}, ${now}, ${expiresAt})`)
}

/** Takes the attempt of a state, which nobody can take again; otherwise says why not. */
export async function takeSignIn(
  database: Database,
  { state, now }: { state: string; now: Date },
): Promise<SignInAttempt | 'unknown' | 'used' | 'expired'> {
  const stateHash = hashOf(state)
  const [taken] = await database.entities(
    SignInAttempt,
    sql`update sign_in_attempt set used_at = ${now}
        where state_hash = ${stateHash} and used_at is null and expires_at > ${now} returning *`,
  )
  if (taken) return taken
  const [found] = await database.entities(
    SignInAttempt,
    sql`select * from sign_in_attempt where state_hash = ${stateHash}`,
  )
  if (!found) return 'unknown'
  return found.usedAt ? 'used' : 'expired'
}

/** The admin's key was revoked since he was sent away: what he brings back is no longer his to give. */
export async function isKeyOpen(database: Database, { keyId, now }: { keyId: string; now: Date }): Promise<boolean> {
  const rows = await database.rows(sql`
    select from api_key where id = ${keyId} and revoked_at is null and (expires_at is null or expires_at > ${now})`)
  return rows.length > 0
}
