import type { Author } from '../domain/access.ts'
import { versionsOf } from '../storage/account-mappings.ts'
import { defaultConnection } from '../storage/connections.ts'
import { findCorrection } from '../storage/corrections.ts'
import type { Database } from '../storage/database.ts'
import { findPostingsById } from '../storage/postings.ts'
import { ApiError } from './errors.ts'
import type { ApiServices } from './services.ts'

/** What the scope of a key is kept with: its own view of the database, and a check of each connection that is named. */
export interface Within {
  services: ApiServices
  author: Author
  /** Shows the rows of the key's own connections alone. */
  database: Database
  /** Throws ApiError when a connection is not the key's; else gives what was asked for. */
  mine<Request>(id: string, request?: Request): Promise<Request>
  outOfScope(name: string): ApiError
}

/** What a person decides about postings, corrections and customers, within the scope of a key. */
export function correctionsWithin({ services, database, mine, outOfScope }: Within) {
  async function known<Request extends { id: string }>(request: Request): Promise<Request> {
    if (await findCorrection(database, request.id)) return request
    throw new ApiError('NOT_FOUND', `There is no correction ${request.id}.`)
  }
  return {
    async acceptMismatch(request) {
      if ((await findPostingsById(database, [request.id])).length === 0)
        throw new ApiError('NOT_FOUND', `There is no posting ${request.id}.`)
      return services.acceptMismatch(request)
    },
    applyCorrection: async (request) => services.applyCorrection(await known(request)),
    dismissCorrection: async (request) => services.dismissCorrection(await known(request)),
    setCorrectionPolicy: async (request) => services.setCorrectionPolicy(await mine(request.connectionId, request)),
    // Whoever has the correction in hand was allowed to read it.
    correctionPlan: (request) => services.correctionPlan(request),
    async syncCustomer(accountId) {
      // Every customer goes to the default connection, so that is the one to ask for.
      if (!(await defaultConnection(database))) throw outOfScope('syncCustomer')
      return services.syncCustomer(accountId)
    },
  } satisfies Partial<ApiServices>
}

/** Account mappings, within the scope of a key. */
export function mappingsWithin({ services, author, database, mine, outOfScope }: Within) {
  async function myRule<Request extends { id: string }>(request: Request): Promise<Request> {
    const [rule] = await versionsOf(database, [request.id])
    if (!rule) throw new ApiError('NOT_FOUND', `There is no account mapping ${request.id}.`)
    if (rule.connectionId === null) throw outOfScope('changing a rule for all connections')
    return request
  }
  return {
    fixAndRetry: (request) => services.fixAndRetry({ ...request, author }),
    async createAccountMapping(request) {
      // A rule for all connections is a rule for those of others.
      if (!request.input.connectionId) throw outOfScope('createAccountMapping without a connection')
      await mine(request.input.connectionId)
      return services.createAccountMapping(request)
    },
    updateAccountMapping: async (request) => services.updateAccountMapping(await myRule(request)),
    deleteAccountMapping: async (request) => services.deleteAccountMapping(await myRule(request)),
    previewAccountMapping: (request) => services.previewAccountMapping(request),
    lintAccountMappings: async (request) => services.lintAccountMappings(await mine(request.connectionId, request)),
    mappingOf: (request) => services.mappingOf(request),
  } satisfies Partial<ApiServices>
}

/** Connections and the figures of their books, within the scope of a key. */
export function connectionsWithin({ services, database, mine, outOfScope }: Within) {
  return {
    async dryRun(request) {
      // Every order goes to the default connection, so that is the one whose orders are shown.
      if (!(await defaultConnection(database))) throw outOfScope('dryRun')
      return services.dryRun(await mine(request.connectionId, request))
    },
    pullLedgerMetrics: async (request) => services.pullLedgerMetrics(await mine(request.connectionId, request)),
    recountLedgerMetrics: async (request) => services.recountLedgerMetrics(await mine(request.connectionId, request)),
    setConnectionMode: async (request) => services.setConnectionMode(await mine(request.connectionId, request)),
    testConnection: async (request) => services.testConnection(await mine(request.id, request)),
    refreshToken: async (request) => services.refreshToken(await mine(request.id, request)),
    pauseConnection: async (request) => services.pauseConnection(await mine(request.id, request)),
    resumeConnection: async (request) => services.resumeConnection(await mine(request.id, request)),
    disconnect: async (request) => services.disconnect(await mine(request.id, request)),
  } satisfies Partial<ApiServices>
}
