import { findApiKey } from '../storage/api-keys.ts'
import type { Database } from '../storage/database.ts'
import { ApiError } from './errors.ts'
import { type Loaders, loadersFor } from './loaders.ts'
import { type CallerServices, servicesFor } from './scope.ts'
import type { ApiServices, Caller } from './services.ts'

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
