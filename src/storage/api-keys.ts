import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { ApiKey } from '../domain/access.ts'
import { Role } from '../domain/kinds.ts'
import { writeAudit } from './audit.ts'
import type { Database } from './database.ts'

const USE_NOTED_EVERY_SECONDS = 60
/** Held while the first key is made, so that two processes that start together make one. */
const FIRST_KEY_LOCK = 7_130_461

/** A key that was just made: the only time that its text is known. */
export interface IssuedKey {
  id: string
  name: string
  role: Role
  key: string
}

/** Makes a key and leaves an audit entry. Only the SHA-256 of the key is kept. */
export function createApiKey(
  database: Database,
  { name, role, author, now }: { name: string; role: Role; author: string; now: Date },
): Promise<IssuedKey> {
  const key = `cs_${randomBytes(32).toString('base64url')}`
  const id = uuidv7({ msecs: now.getTime() })
  return database.transaction(async (transaction) => {
    await transaction.run(sql`
      insert into api_key (id, name, role, hash, created_at) values (${id}, ${name}, ${role}, ${hashOf(key)}, ${now})`)
    await writeAudit(transaction, { author, action: 'createApiKey', subject: `${role} ${name}`, result: 'OK', now })
    return { id, name, role, key }
  })
}

/**
 * The key that a caller presents, if it is known and not revoked. The database compares hashes, whose prefixes tell
 * nothing about the key; the last word has a comparison that takes the same time whatever differs.
 */
export async function findApiKey(database: Database, { key, now }: { key: string; now: Date }): Promise<ApiKey | null> {
  const hash = hashOf(key)
  const [found] = await database.entities(
    ApiKey,
    sql`select * from api_key where hash = ${hash} and revoked_at is null`,
  )
  if (!found || !timingSafeEqual(Buffer.from(found.hash, 'hex'), Buffer.from(hash, 'hex'))) return null
  const noted = new Date(now.getTime() - USE_NOTED_EVERY_SECONDS * 1000)
  if (found.lastUsedAt === null || found.lastUsedAt < noted) {
    await database.run(sql`
      update api_key set last_used_at = ${now}
      where id = ${found.id} and (last_used_at is null or last_used_at < ${noted})`)
  }
  return found
}

/** Every key there ever was, oldest first. */
export function listApiKeys(database: Database): Promise<ApiKey[]> {
  return database.entities(ApiKey, sql`select * from api_key order by created_at, id`)
}

/** Closes a key for good and leaves an audit entry. False when there is no such open key. */
export function revokeApiKey(
  database: Database,
  { id, author, now }: { id: string; author: string; now: Date },
): Promise<boolean> {
  return database.transaction(async (transaction) => {
    const revoked = await transaction.run(
      sql`update api_key set revoked_at = ${now} where id::text = ${id} and revoked_at is null`,
    )
    const result = revoked > 0 ? 'OK' : 'ERROR'
    await writeAudit(transaction, { author, action: 'revokeApiKey', subject: id, result, now })
    return revoked > 0
  })
}

/**
 * On the first start, when there never was a key: makes one for an admin, writes it to `<directory>/admin-key`, which
 * only the owner may read, and returns it to be shown once. Null on every later start. The file is written before the
 * key is committed, so that a key that nobody knows cannot come to be.
 */
export function firstAdminKey(
  database: Database,
  { directory, now }: { directory: string; now: Date },
): Promise<{ key: string; file: string } | null> {
  return database.transaction(async (transaction) => {
    await transaction.rows(sql`select pg_advisory_xact_lock(${FIRST_KEY_LOCK})`)
    if ((await transaction.rows(sql`select from api_key limit 1`)).length > 0) return null
    const args = { name: 'first admin', role: Role.ADMIN, author: 'countersign', now }
    const { key } = await createApiKey(transaction, args)
    const file = join(directory, 'admin-key')
    await mkdir(directory, { recursive: true })
    await rm(file, { force: true })
    await writeFile(file, `${key}\n`, { mode: 0o600, flag: 'wx' })
    return { key, file }
  })
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
