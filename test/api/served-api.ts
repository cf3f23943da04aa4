import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { sql } from 'kysely'
import { pino } from 'pino'
import { openApi } from '../../src/api/schema.ts'
import type { ApiServices } from '../../src/api/services.ts'
import { commissionServices } from '../../src/commission/services.ts'
import { Role } from '../../src/domain/kinds.ts'
import { openMetrics } from '../../src/http/metrics.ts'
import { startHttpServer } from '../../src/http/server.ts'
import { createApiKey, type NewApiKey, ourselves } from '../../src/storage/api-keys.ts'
import { Database } from '../../src/storage/database.ts'
import { standing } from '../../src/storage/standing.ts'
import { databaseTrouble } from '../../src/storage/status.ts'
import { freshDatabase } from '../database.ts'
import { ask, type Reply } from './client.ts'

export const NOW = new Date('2026-03-01T13:00:00Z')

const LIVE: ReturnType<ApiServices['liveStatus']> = {
  startedAt: new Date('2026-03-01T11:00:00Z'),
  version: '1.2.3',
  workerName: 'worker-1',
  jobStore: 'postgresql',
  crm: { state: 'UP', checkedAt: new Date('2026-03-01T12:59:55Z'), detail: null },
  lastPollAt: new Date('2026-03-01T12:59:50Z'),
}

export interface ServedApi {
  url: string
  database: Database
  keys: Record<Role, string>
  /** Errors that were reported to the log. */
  reported: { error: unknown; reference: string }[]
  /** Statements that the server ran, since it was last emptied. */
  statements: string[]
  ask<Result, Variables>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
    role?: Role | null,
  ): Promise<Reply<Result>>
  audit(): Promise<Record<string, unknown>[]>
  /** Makes another key and gives its text. */
  issue(key: NewApiKey): Promise<string>
  close(): Promise<void>
}

/** The admin API on a real port over a fresh database. The road's own functions are the test's to give. */
export async function serveApi(road: Partial<Omit<ApiServices, 'database'>> = {}): Promise<ServedApi> {
  const { database, close } = await freshDatabase()
  const statements: string[] = []
  const services: ApiServices = {
    ...commissionServices({ database, timeZone: 'UTC', now: () => NOW }),
    database: recording(database, statements),
    poll: () => Promise.reject(new Error('poll was not expected')),
    syncOrder: () => Promise.reject(new Error('syncOrder was not expected')),
    retryPostings: () => Promise.reject(new Error('retryPostings was not expected')),
    pullItems: () => Promise.reject(new Error('pullItems was not expected')),
    documentNumbers: () => Promise.reject(new Error('documentNumbers was not expected')),
    dryRun: () => Promise.reject(new Error('dryRun was not expected')),
    acceptMismatch: () => Promise.reject(new Error('acceptMismatch was not expected')),
    applyCorrection: () => Promise.reject(new Error('applyCorrection was not expected')),
    dismissCorrection: () => Promise.reject(new Error('dismissCorrection was not expected')),
    correctionPlan: () => Promise.reject(new Error('correctionPlan was not expected')),
    setCorrectionPolicy: () => Promise.reject(new Error('setCorrectionPolicy was not expected')),
    setItemCreation: () => Promise.reject(new Error('setItemCreation was not expected')),
    setConnectionMode: () => Promise.reject(new Error('setConnectionMode was not expected')),
    syncCustomer: () => Promise.reject(new Error('syncCustomer was not expected')),
    retryFailedPostings: () => Promise.reject(new Error('retryFailedPostings was not expected')),
    changeBulkOperation: () => Promise.reject(new Error('changeBulkOperation was not expected')),
    planReset: () => Promise.reject(new Error('planReset was not expected')),
    applyReset: () => Promise.reject(new Error('applyReset was not expected')),
    planMove: () => Promise.reject(new Error('planMove was not expected')),
    applyMove: () => Promise.reject(new Error('applyMove was not expected')),
    adoptCandidate: () => Promise.reject(new Error('adoptCandidate was not expected')),
    reconcile: () => Promise.reject(new Error('reconcile was not expected')),
    resolveDiscrepancy: () => Promise.reject(new Error('resolveDiscrepancy was not expected')),
    signOffReconciliation: () => Promise.reject(new Error('signOffReconciliation was not expected')),
    verify: () => Promise.reject(new Error('verify was not expected')),
    syncNow: () => Promise.reject(new Error('syncNow was not expected')),
    replayWebhookEvent: () => Promise.reject(new Error('replayWebhookEvent was not expected')),
    connectQuickBooksOnline: () => Promise.reject(new Error('connectQuickBooksOnline was not expected')),
    testConnection: () => Promise.reject(new Error('testConnection was not expected')),
    refreshToken: () => Promise.reject(new Error('refreshToken was not expected')),
    pauseConnection: () => Promise.reject(new Error('pauseConnection was not expected')),
    resumeConnection: () => Promise.reject(new Error('resumeConnection was not expected')),
    disconnect: () => Promise.reject(new Error('disconnect was not expected')),
    pullLedgerMetrics: () => Promise.reject(new Error('pullLedgerMetrics was not expected')),
    recountLedgerMetrics: () => Promise.reject(new Error('recountLedgerMetrics was not expected')),
    jobs: () => Promise.reject(new Error('jobs was not expected')),
    createWebConnectorFile: () => Promise.reject(new Error('createWebConnectorFile was not expected')),
    createAccountMapping: () => Promise.reject(new Error('createAccountMapping was not expected')),
    updateAccountMapping: () => Promise.reject(new Error('updateAccountMapping was not expected')),
    deleteAccountMapping: () => Promise.reject(new Error('deleteAccountMapping was not expected')),
    previewAccountMapping: () => Promise.reject(new Error('previewAccountMapping was not expected')),
    lintAccountMappings: () => Promise.reject(new Error('lintAccountMappings was not expected')),
    mappingOf: () => [],
    fixAndRetry: () => Promise.reject(new Error('fixAndRetry was not expected')),
    explain: () => Promise.reject(new Error('explain was not expected')),
    liveStatus: () => LIVE,
    ...road,
  }
  const keys = {} as Record<Role, string>
  for (const role of Object.values(Role)) {
    keys[role] = (
      await createApiKey(database, { name: role.toLowerCase(), role, author: ourselves('test'), now: NOW })
    ).key
  }
  const reported: ServedApi['reported'] = []
  const now = () => NOW
  const server = await startHttpServer({
    api: await openApi({ services, now, report: (one) => reported.push(one) }),
    metrics: openMetrics({ standing: () => standing(database, { now: now() }), now }),
    readiness: async () => ({ trouble: await databaseTrouble(database), crm: LIVE.crm }),
    host: '127.0.0.1',
    port: 0,
    log: pino({ level: 'silent' }),
  })
  return {
    url: server.url,
    database,
    keys,
    reported,
    statements,
    ask: (document, variables, role = Role.ADMIN) => {
      const headers: Record<string, string> = role === null ? {} : { authorization: `Bearer ${keys[role]}` }
      return ask({ url: server.url, document, variables, headers })
    },
    // What the test itself did is left out: entries cannot be deleted.
    audit: () =>
      database.rows(
        sql`select author, action, subject, result, at from audit_entry where author <> 'test' order by id`,
      ),
    issue: async (key) => (await createApiKey(database, { ...key, author: ourselves('test'), now: NOW })).key,
    async close() {
      await server.close()
      await close()
    },
  }
}

/** The same database, with a list of what it was asked. */
function recording(database: Database, statements: string[]): Database {
  const heard: Pick<Database, 'rows' | 'entities' | 'run'> = {
    rows: (query) => {
      statements.push('rows')
      return database.rows(query)
    },
    entities: (entity, query) => {
      statements.push(`entities ${entity.name}`)
      return database.entities(entity, query)
    },
    run: (statement) => {
      statements.push('run')
      return database.run(statement)
    },
  }
  const real: Pick<Database, 'transaction'> = { transaction: (work) => database.transaction(work) }
  return Object.assign(Object.create(Database.prototype) as Database, heard, real)
}
