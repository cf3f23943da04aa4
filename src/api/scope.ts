import type { Author } from '../domain/access.ts'
import type { AskedBulkState, BulkOperation } from '../domain/bulk-operation.ts'
import type { Connection } from '../domain/connection.ts'
import { createApiKey, type IssuedKey, type NewApiKey, revokeApiKey } from '../storage/api-keys.ts'
import { findBulkOperation } from '../storage/bulk-operations.ts'
import { defaultConnection, findConnection } from '../storage/connections.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { findPostingsById } from '../storage/postings.ts'
import { scopedTo } from '../storage/scope.ts'
import { connectDesktop, type NewDesktopConnection } from '../storage/web-connector.ts'
import { findWebhookEvent } from '../storage/webhook-events.ts'
import { commissionWithin } from './commission-scope.ts'
import { ApiError } from './errors.ts'
import { connectionsWithin, correctionsWithin, mappingsWithin } from './scope-changes.ts'
import type { ApiServices, MadeWebConnectorFile, WebConnectorFileRequest } from './services.ts'

/** What the resolvers call on behalf of one caller. Keys are made and closed here, beyond the scoped database. */
export interface CallerServices extends ApiServices {
  createApiKey(input: NewApiKey): Promise<IssuedKey>
  revokeApiKey(id: string): Promise<'revoked' | 'not-open' | 'last-admin'>
  /** A new connection is in nobody's scope, so that only a key for all connections makes one. */
  connectQuickBooksDesktop(input: NewDesktopConnection): Promise<Connection>
  makeWebConnectorFile(request: WebConnectorFileRequest): Promise<MadeWebConnectorFile>
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
  if (author.connectionIds === null) {
    return {
      ...services,
      ...keys,
      connectQuickBooksDesktop: (input) => connectDesktop(services.database, { ...input, author, now: now() }),
      makeWebConnectorFile: (request) => services.createWebConnectorFile({ ...request, author }),
    }
  }
  const { connectionIds } = author
  const database = scopedTo(services.database, { connectionIds })
  async function mine<Request>(id: string, request?: Request): Promise<Request> {
    if (!(await findConnection(database, { id }))) throw new ApiError('NOT_FOUND', `There is no connection ${id}.`)
    return request as Request
  }
  const within = { services, author, database, mine, outOfScope }
  return {
    ...refusing(services),
    ...keys,
    ...byAuthor({ services, author }),
    ...commissionWithin({ services, database, connectionIds, outOfScope }),
    ...correctionsWithin(within),
    ...mappingsWithin(within),
    ...connectionsWithin(within),
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
    setItemCreation: async (request) => services.setItemCreation(await mine(request.connectionId, request)),
    pullItems: async (request) => services.pullItems(await mine(request.connectionId, request)),
    documentNumbers: async (request) => services.documentNumbers(await mine(request.connectionId, request)),
    async makeWebConnectorFile(request) {
      const mine = await findConnection(database, { id: request.connectionId })
      if (!mine) throw new InvalidRequest(`There is no QuickBooks Desktop connection ${request.connectionId}.`)
      return services.createWebConnectorFile({ ...request, author })
    },
    async connectQuickBooksOnline(request) {
      // A new company is nobody's in particular, so that only a company of his own may be let in again.
      if (request.connectionId === null) throw outOfScope('connectQuickBooksOnline without a connection')
      await mine(request.connectionId)
      return services.connectQuickBooksOnline(request)
    },
    async syncNow(request) {
      if (!connectionIds.includes(request.connectionId)) throw outOfScope('syncNow')
      return services.syncNow(request)
    },
    replayWebhookEvent: async (id) => ((await findWebhookEvent(database, id)) ? services.replayWebhookEvent(id) : null),
    async changeBulkOperation(request: { id: string; to: AskedBulkState }): Promise<BulkOperation | null> {
      return (await findBulkOperation(database, request.id)) ? services.changeBulkOperation(request) : null
    },
  }
}

/** These look at the scope of their author themselves. */
function byAuthor({ services, author }: { services: ApiServices; author: Author }) {
  return {
    retryFailedPostings: (request) => services.retryFailedPostings({ ...request, author }),
    planReset: (request) => services.planReset({ ...request, author }),
    applyReset: (request) => services.applyReset({ ...request, author }),
    adoptCandidate: (request) => services.adoptCandidate({ ...request, author }),
    reconcile: (request) => services.reconcile({ ...request, author }),
    resolveDiscrepancy: (request) => services.resolveDiscrepancy({ ...request, author }),
    signOffReconciliation: (request) => services.signOffReconciliation({ ...request, author }),
  } satisfies Partial<ApiServices>
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
    connectQuickBooksDesktop: () => Promise.reject(outOfScope('connectQuickBooksDesktop')),
    makeWebConnectorFile: () => Promise.reject(outOfScope('createWebConnectorFile')),
  }
  return { ...(Object.fromEntries(refusals) as ApiServices), ...keys }
}

function outOfScope(name: string): ApiError {
  return new ApiError(
    'FORBIDDEN',
    `${name} concerns connections that this key is not scoped to: use a key for all connections, or ask an admin for one.`,
  )
}
