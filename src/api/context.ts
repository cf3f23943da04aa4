import type { CommissionServices } from '../commission/services.ts'
import type { Author } from '../domain/access.ts'
import type { AskedBulkState, BulkOperation } from '../domain/bulk-operation.ts'
import type { Explanation, RecordKind } from '../domain/explanation.ts'
import type { Role } from '../domain/kinds.ts'
import type { Posting } from '../domain/posting.ts'
import type { SyncRun } from '../domain/sync-run.ts'
import { findApiKey } from '../storage/api-keys.ts'
import type { Database } from '../storage/database.ts'
import type { PostingSelection } from '../storage/posting-pages.ts'
import type { Retried } from '../sync/retry.ts'
import { ApiError } from './errors.ts'
import type { Job } from './jobs.ts'
import { type Loaders, loadersFor } from './loaders.ts'
import { type CallerServices, servicesFor } from './scope.ts'

/** Who asks: what the audit trail shows of a key, and its role. */
export interface Caller extends Author {
  role: Role
}

/** What the resolvers call. The road's own functions, handed in by app.ts. */
export interface ApiServices extends CommissionServices {
  database: Database
  poll(): Promise<SyncRun>
  /** Throws NoSuchOrder. */
  syncOrder(number: string): Promise<Posting>
  retryPostings(ids: string[]): Promise<Retried>
  /** Gives the operation that was begun, or the author's same one that still runs. Throws InvalidRequest. */
  retryFailedPostings(request: { selection: PostingSelection; author: Author }): Promise<BulkOperation>
  /** Null when there is no such operation, or it is in no state from which it may go there. */
  changeBulkOperation(request: { id: string; to: AskedBulkState }): Promise<BulkOperation | null>
  explain(args: { kind: RecordKind; number: string }): Promise<Explanation>
  liveStatus(): LiveStatus
  /** The clock ticks as the job store knows them. */
  jobs(): Promise<Job[]>
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
  /** Confined to what the caller's key may touch: see `servicesFor`. */
  services: CallerServices
  now: () => Date
  loaders: Loaders
  /** The denials that were recorded in this operation, so that a page of them leaves one entry. */
  denied: Set<string>
}

/** The request headers by their lower-case names, as Node gives them. */
export type RequestHeaders = Record<string, string | string[] | undefined>

/**
 * The context of one operation. Without a key the caller is null, and every field that needs a role says so; a key that
 * is not known, was revoked or has expired is an error at once. Throws ApiError.
 */
export async function contextOf(args: {
  headers: RequestHeaders
  services: ApiServices
  now: () => Date
}): Promise<ApiContext> {
  const { headers, now } = args
  const key = keyIn(headers)
  const caller = key === null ? null : await callerOf(args.services.database, { key, now: now() })
  const services = servicesFor({ services: args.services, author: caller, now })
  return { caller, services, now, loaders: loadersFor({ database: services.database, caller, now }), denied: new Set() }
}

/** Whoever presents a key that was open once has it, so that he may know what became of it. */
async function callerOf(database: Database, { key, now }: { key: string; now: Date }): Promise<Caller> {
  const found = await findApiKey(database, { key, now })
  if (found.kind === 'unknown') {
    throw new ApiError('UNAUTHENTICATED', 'This API key is not known: copy it again, or ask an admin for another one.')
  }
  const { id, name, role, connectionIds, revokedAt, expiresAt } = found.apiKey
  if (found.kind === 'open') return { name, role, keyId: id, connectionIds }
  const what = found.kind === 'revoked' ? 'was revoked' : 'expired'
  const when = (found.kind === 'revoked' ? revokedAt : expiresAt)?.toISOString()
  throw new ApiError('UNAUTHENTICATED', `The API key "${name}" ${what} at ${when}: ask an admin for another one.`)
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

/** The name that what is saved shows as its author. Throws ApiError: nobody saves anything. */
export function authorOf({ caller }: ApiContext): string {
  if (!caller) throw new ApiError('UNAUTHENTICATED', 'Only somebody with a key saves anything.')
  return caller.name
}
