import type { Role } from '../domain/kinds.ts'
import type { Posting } from '../domain/posting.ts'
import type { SyncRun } from '../domain/sync-run.ts'
import { findApiKey } from '../storage/api-keys.ts'
import type { Database } from '../storage/database.ts'
import type { Retried } from '../sync/retry.ts'
import { ApiError } from './errors.ts'
import { type Loaders, loadersFor } from './loaders.ts'

/** Who asks: the name and the role of an API key. */
export interface Caller {
  name: string
  role: Role
}

/** What the resolvers call. The road's own functions, handed in by app.ts. */
export interface ApiServices {
  database: Database
  poll(): Promise<SyncRun>
  /** Throws NoSuchOrder. */
  syncOrder(number: string): Promise<Posting>
  retryPostings(ids: string[]): Promise<Retried>
  liveStatus(): LiveStatus
}

/** What the running process knows of itself, and the database does not. */
export interface LiveStatus {
  startedAt: Date
  version: string
  workerName: string
  jobStore: 'postgresql' | 'mongodb'
  crm: { state: 'UP' | 'DOWN' | 'UNKNOWN'; checkedAt: Date | null; detail: string | null }
  lastPollAt: Date | null
}

/** What every resolver of one operation is given. */
export interface ApiContext {
  caller: Caller | null
  services: ApiServices
  now: () => Date
  loaders: Loaders
}

/** The request headers by their lower-case names, as Node gives them. */
export type RequestHeaders = Record<string, string | string[] | undefined>

/**
 * The context of one operation. Without a key the caller is null, and every field that needs a role says so; a key that
 * is not known is an error at once. Throws ApiError.
 */
export async function contextOf(args: {
  headers: RequestHeaders
  services: ApiServices
  now: () => Date
}): Promise<ApiContext> {
  const { headers, services, now } = args
  const key = keyIn(headers)
  const found = key === null ? null : await findApiKey(services.database, { key, now: now() })
  if (key !== null && found === null) {
    throw new ApiError('UNAUTHENTICATED', 'This API key is not known, or was revoked: ask an admin for another one.')
  }
  const caller = found && { name: found.name, role: found.role }
  return { caller, services, now, loaders: loadersFor({ database: services.database, caller, now }) }
}

/** The key in `Authorization: Bearer`, in `X-API-Key`, or as the password of `Authorization: Basic`. */
function keyIn(headers: RequestHeaders): string | null {
  const plain = headers['x-api-key']
  if (typeof plain === 'string' && plain.trim() !== '') return plain.trim()
  const [, scheme = '', value = ''] = /^(\w+) +(\S+)$/.exec(String(headers.authorization ?? '').trim()) ?? []
  if (scheme.toLowerCase() === 'bearer') return value
  if (scheme.toLowerCase() !== 'basic') return null
  const pair = Buffer.from(value, 'base64').toString('utf8')
  return pair.slice(pair.indexOf(':') + 1)
}
