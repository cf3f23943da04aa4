import type { Author } from '../domain/access.ts'
import type { AskedBulkState, BulkOperation } from '../domain/bulk-operation.ts'
import { createApiKey, type IssuedKey, type NewApiKey, revokeApiKey } from '../storage/api-keys.ts'
import { findBulkOperation } from '../storage/bulk-operations.ts'
import { findDispute } from '../storage/commission-cases.ts'
import { defaultConnection } from '../storage/connections.ts'
import { findPostingsById } from '../storage/postings.ts'
import { scopedTo } from '../storage/scope.ts'
import type { ApiServices } from './context.ts'
import { ApiError } from './errors.ts'

/** What the resolvers call on behalf of one caller. Keys are made and closed here, beyond the scoped database. */
export interface CallerServices extends ApiServices {
  createApiKey(input: NewApiKey): Promise<IssuedKey>
  revokeApiKey(id: string): Promise<'revoked' | 'not-open' | 'last-admin'>
}

const HIDDEN = 'A key for all connections may read why.'

/**
 * The one place where the scope of a key is kept. A caller without a scope is given everything. One with a scope is
 * given a database that shows the rows of his connections alone, and of the functions that change something those that
 * are named below, each with its own check; any other is refused, so that a new one cannot be forgotten.
 */
export function servicesFor(args: { services: ApiServices; author: Author | null; now: () => Date }): CallerServices {
  const { services, author, now } = args
  if (!author) return refusing(services)
  const keys = {
    createApiKey: (input: NewApiKey) => createApiKey(services.database, { ...input, author, now: now() }),
    revokeApiKey: (id: string) => revokeApiKey(services.database, { id, author, now: now() }),
  }
  if (author.connectionIds === null) return { ...services, ...keys }
  const ids = author.connectionIds
  const database = scopedTo(services.database, { connectionIds: ids })
  /** Of one connection, which the request names. */
  const within = <Request extends { connectionId: string }, T>(
    name: string,
    work: (request: Request) => Promise<T>,
  ) => {
    return (request: Request) =>
      ids.includes(request.connectionId) ? work(request) : Promise.reject<T>(outOfScope(name))
  }
  return {
    ...refusing(services),
    ...keys,
    database,
    liveStatus: () => services.liveStatus(),
    // Why a tick failed may name any order.
    jobs: async () => (await services.jobs()).map((job) => ({ ...job, lastFailure: job.lastFailure && HIDDEN })),
    async syncOrder(number) {
      // Every order goes to the default connection, so that is the one to ask for.
      if (!(await defaultConnection(database))) throw outOfScope('syncOrder')
      return services.syncOrder(number)
    },
    async retryPostings(ids) {
      const mine = new Set((await findPostingsById(database, ids)).map(({ id }) => id))
      const { retried, refused } = await services.retryPostings(ids.filter((id) => mine.has(id)))
      const foreign = ids.filter((id) => !mine.has(id)).map((id) => ({ id, reason: 'There is no such posting.' }))
      return { retried, refused: [...refused, ...foreign] }
    },
    retryFailedPostings: (request) => services.retryFailedPostings({ ...request, author }),
    setCommissionRate: within('setCommissionRate', services.setCommissionRate),
    setCommissionSplit: within('setCommissionSplit', services.setCommissionSplit),
    importCommissionEarners: within('importCommissionEarners', services.importCommissionEarners),
    recomputeCommission: within('recomputeCommission', services.recomputeCommission),
    adjustCommission: within('adjustCommission', services.adjustCommission),
    lockCommissionPeriod: within('lockCommissionPeriod', services.lockCommissionPeriod),
    openCommissionDispute: within('openCommissionDispute', services.openCommissionDispute),
    noteCommissionDispute: async (request) =>
      (await findDispute(database, request.id)) ? services.noteCommissionDispute(request) : null,
    async changeBulkOperation(request: { id: string; to: AskedBulkState }): Promise<BulkOperation | null> {
      return (await findBulkOperation(database, request.id)) ? services.changeBulkOperation(request) : null
    },
  }
}

/** Every function refuses; what is no function stays as it is. */
function refusing(services: ApiServices): CallerServices {
  const refusals = Object.entries(services).map(([name, value]) => [
    name,
    typeof value === 'function' ? () => Promise.reject(outOfScope(name)) : value,
  ])
  const keys = {
    createApiKey: () => Promise.reject(outOfScope('createApiKey')),
    revokeApiKey: () => Promise.reject(outOfScope('revokeApiKey')),
  }
  return { ...(Object.fromEntries(refusals) as ApiServices), ...keys }
}

function outOfScope(name: string): ApiError {
  return new ApiError(
    'FORBIDDEN',
    `${name} concerns connections that this key is not scoped to: use a key for all connections, or ask an admin for one.`,
  )
}
