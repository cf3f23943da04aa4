import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { ApiKey, type Author } from '../domain/access.ts'
import { Role } from '../domain/kinds.ts'
import { writeAudit } from './audit.ts'
import type { Database } from './database.ts'
import { InvalidRequest, idFrom } from './pages.ts'

const USE_NOTED_EVERY_SECONDS = 60
const NAME_LENGTH_MAX = 100
const CONNECTIONS_MAX = 100
/** Held while keys are made or closed that matter to all: the first one, and the last one of an admin. */
const KEYS_LOCK = 7_130_461

/** Who acts when nobody's key does. */
export function ourselves(name: string): Author {
  return { name, keyId: null, connectionIds: null }
}

export interface NewApiKey {
  name: string
  role: Role
  /** Null for all connections. */
  connectionIds?: string[] | null
  /** Null for a key that lasts. */
  expiresAt?: Date | null
}

/** A key that was just made: the only time that its text is known. */
export interface IssuedKey {
  apiKey: ApiKey
  key: string
}

/** Makes a key and leaves an audit entry. Only the SHA-256 of the key is kept. Throws InvalidRequest. */
export function createApiKey(database: Database, args: NewApiKey & { author: Author; now: Date }): Promise<IssuedKey> {
  const { role, author, now } = args
  const name = args.name.trim()
  const connectionIds = args.connectionIds ?? null
  const expiresAt = args.expiresAt ?? null
  assertFits({ name, connectionIds, expiresAt, author, now })
  const key = `cs_${randomBytes(32).toString('base64url')}`
  const id = uuidv7({ msecs: now.getTime() })
  return database.transaction(async (transaction) => {
    await assertConnections(transaction, connectionIds ?? [])
    const [apiKey] = await transaction.entities(
      ApiKey,
      sql`insert into api_key (id, name, role, hash, connection_ids, created_at, expires_at)
          values (${id}, ${name}, ${role}, ${hashOf(key)}, ${connectionIds}::uuid[], ${now}, ${expiresAt}) returning *`,
    )
    if (!apiKey) throw new Error('The key was not made')
    const scope = connectionIds ? ` for ${connectionIds.join(' ')}` : ''
    const subject = `${role} ${name}${scope}`
    await audited(transaction, { author, action: 'createApiKey', subject, result: 'OK', now })
    return { apiKey, key }
  })
}

function assertFits(args: {
  name: string
  connectionIds: string[] | null
  expiresAt: Date | null
  author: Author
  now: Date
}): void {
  const { name, connectionIds, expiresAt, author, now } = args
  if (name === '' || name.length > NAME_LENGTH_MAX) {
    throw new InvalidRequest(`"name" says whose key it is, in 1 to ${NAME_LENGTH_MAX} characters.`)
  }
  if (expiresAt !== null && expiresAt <= now)
    throw new InvalidRequest('"expiresAt" is past: such a key would open nothing.')
  if (connectionIds !== null && (connectionIds.length === 0 || connectionIds.length > CONNECTIONS_MAX)) {
    throw new InvalidRequest(`"connectionIds" names 1 to ${CONNECTIONS_MAX} connections; leave it out for all of them.`)
  }
  for (const id of connectionIds ?? []) idFrom({ id, what: 'connection' })
  const beyond =
    author.connectionIds && (connectionIds ?? [null]).find((id) => !author.connectionIds?.includes(id ?? ''))
  if (beyond !== null && beyond !== undefined) throw new InvalidRequest(`There is no connection ${beyond}.`)
  if (author.connectionIds && connectionIds === null) {
    throw new InvalidRequest(
      'Your own key is scoped: name in "connectionIds" which of its connections the new key may touch.',
    )
  }
}

async function assertConnections(database: Database, ids: string[]): Promise<void> {
  const found = await database.rows(sql<{ id: string }>`select id from connection where id = any(${ids}::uuid[])`)
  const missing = ids.find((id) => !found.some((one) => one.id === id.toLowerCase()))
  if (missing) throw new InvalidRequest(`There is no connection ${missing}.`)
}

/** What a presented key turned out to be. */
export type FoundKey = { kind: 'open' | 'revoked' | 'expired'; apiKey: ApiKey } | { kind: 'unknown' }

/**
 * The key that a caller presents. The database compares hashes, whose prefixes tell nothing about the key; the last word
 * has a comparison that takes the same time whatever differs.
 */
export async function findApiKey(database: Database, { key, now }: { key: string; now: Date }): Promise<FoundKey> {
  const hash = hashOf(key)
  const [apiKey] = await database.entities(ApiKey, sql`select * from api_key where hash = ${hash}`)
  if (!apiKey || !timingSafeEqual(Buffer.from(apiKey.hash, 'hex'), Buffer.from(hash, 'hex'))) return { kind: 'unknown' }
  if (apiKey.revokedAt !== null) return { kind: 'revoked', apiKey }
  if (apiKey.expiresAt !== null && apiKey.expiresAt <= now) return { kind: 'expired', apiKey }
  const noted = new Date(now.getTime() - USE_NOTED_EVERY_SECONDS * 1000)
  if (apiKey.lastUsedAt === null || apiKey.lastUsedAt < noted) {
    await database.run(sql`
      update api_key set last_used_at = ${now}
      where id = ${apiKey.id} and (last_used_at is null or last_used_at < ${noted})`)
  }
  return { kind: 'open', apiKey }
}

/** Every key there ever was, oldest first. */
export function listApiKeys(database: Database): Promise<ApiKey[]> {
  return database.entities(ApiKey, sql`select * from api_key order by created_at, id`)
}

/**
 * Closes a key for good and leaves an audit entry. The last open key of an admin of all connections stays open unless
 * `evenLast` is set: without it nobody could make another through the API.
 */
export function revokeApiKey(
  database: Database,
  { id, evenLast, author, now }: { id: string; evenLast?: boolean; author: Author; now: Date },
): Promise<'revoked' | 'not-open' | 'last-admin'> {
  return database.transaction(async (transaction) => {
    await transaction.rows(sql`select pg_advisory_xact_lock(${KEYS_LOCK})`)
    const open = (await listApiKeys(transaction)).filter((key) => key.revokedAt === null && isWithin(key, author))
    const key = open.find((one) => one.id === id)
    const admins = open.filter((one) => isFullAdmin(one, now))
    const outcome = !key
      ? 'not-open'
      : !evenLast && admins.length === 1 && admins[0]?.id === id
        ? 'last-admin'
        : 'revoked'
    if (outcome === 'revoked') await transaction.run(sql`update api_key set revoked_at = ${now} where id = ${id}`)
    const result = outcome === 'revoked' ? 'OK' : 'ERROR'
    await audited(transaction, { author, action: 'revokeApiKey', subject: id.slice(0, 60), result, now })
    return outcome
  })
}

/** Whether a key touches nothing that the author may not touch. */
function isWithin(key: ApiKey, author: Author): boolean {
  if (author.connectionIds === null) return true
  return key.connectionIds?.every((id) => author.connectionIds?.includes(id)) ?? false
}

function isFullAdmin(key: ApiKey, now: Date): boolean {
  return key.role === Role.ADMIN && key.connectionIds === null && (key.expiresAt === null || key.expiresAt > now)
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
    await transaction.rows(sql`select pg_advisory_xact_lock(${KEYS_LOCK})`)
    if ((await transaction.rows(sql`select from api_key limit 1`)).length > 0) return null
    const args = { name: 'first admin', role: Role.ADMIN, author: ourselves('countersign'), now }
    const { key } = await createApiKey(transaction, args)
    const file = join(directory, 'admin-key')
    await mkdir(directory, { recursive: true })
    await rm(file, { force: true })
    await writeFile(file, `${key}\n`, { mode: 0o600, flag: 'wx' })
    return { key, file }
  })
}

function audited(
  database: Database,
  { author, ...entry }: { author: Author; action: string; subject: string; result: 'OK' | 'ERROR'; now: Date },
): Promise<void> {
  const { name, keyId, connectionIds } = author
  return writeAudit(database, { author: name, keyId, connectionIds, ...entry })
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
