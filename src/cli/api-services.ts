import type { Logger } from 'pino'
import type { ApiServices } from '../api/services.ts'
import type { App } from '../app.ts'
import type { Config } from '../config.ts'
import type { Ticks } from '../jobs/jobs.ts'
import { replayWebhookEvent } from '../storage/webhook-events.ts'
import { acceptMismatch } from '../sync/accept-mismatch.ts'
import type { BulkRunner } from '../sync/bulk-runner.ts'
import { setConnectionMode } from '../sync/connection-mode.ts'
import { applyCorrection, correctionPlan, dismissCorrection, setCorrectionPolicy } from '../sync/corrections.ts'
import { syncCustomer } from '../sync/customers.ts'
import { explain } from '../sync/explain.ts'
import { pullItemsNow, setItemCreation } from '../sync/items.ts'
import { documentNumbers } from '../sync/number-sequence.ts'
import { syncOrder } from '../sync/order.ts'
import { syncConnection } from '../sync/read-mirror.ts'
import { retryPostings } from '../sync/retry.ts'
import { createWebConnectorFile } from '../web-connector/file.ts'
import { commissionOf } from './commission.ts'
import { connectionServices } from './connections.ts'
import { dryRunServices } from './dry-run.ts'
import { mappingServices } from './mappings.ts'
import { metricsOf } from './metrics.ts'
import { operationServices } from './operations.ts'

/** What the API is served with. */
export interface Serving {
  config: Config
  version: string
  startedAt: Date
  log: Logger
  ticks: Ticks
  bulk: BulkRunner
}

/** The functions of the road that the resolvers call. */
export function servicesOf(app: App, { config, version, startedAt, log, ticks, bulk }: Serving): ApiServices {
  const { database, now } = app.road
  const goOn = () => {
    bulk.wake().catch((error: unknown) => log.error({ error: String(error) }, 'bulk operations cannot go on'))
  }
  const metrics = metricsOf(app, config)
  return {
    ...commissionOf(app, config).services,
    ...metrics.services,
    database: app.store.database,
    poll: app.poll,
    syncOrder: (number) => syncOrder(app.road, number),
    retryPostings: (ids) => retryPostings(app.road, ids),
    applyCorrection: (request) => applyCorrection(app.road, request),
    dismissCorrection: (request) => dismissCorrection(app.road, request),
    correctionPlan: (request) => correctionPlan(app.road, request),
    setCorrectionPolicy: (request) => setCorrectionPolicy(app.road, request),
    setConnectionMode: (request) => setConnectionMode(app.road, request),
    syncCustomer: (accountId) => syncCustomer(app.road, accountId),
    setItemCreation: (request) => setItemCreation(app.road, request),
    pullItems: (request) => pullItemsNow(app.road, request),
    documentNumbers: (request) => documentNumbers(app.road, { database, ...request }),
    acceptMismatch: (request) => acceptMismatch(app.road, request),
    ...connectionServices(app.tending),
    ...mappingServices(app.road, { goOn, changed: metrics.follow }),
    ...dryRunServices(app.road),
    explain: (asked) => explain(app.road, asked),
    createWebConnectorFile: (request) =>
      createWebConnectorFile(database, { ...request, publicUrl: config.publicUrl, now: now() }),
    ...operationServices(app.road, goOn),
    async syncNow(request) {
      const operation = await syncConnection(app.road, request)
      app.road.wake()
      return operation
    },
    async replayWebhookEvent(id) {
      const event = await replayWebhookEvent(database, id)
      app.road.wake()
      return event
    },
    jobs: ticks.list,
    liveStatus: () => ({
      startedAt,
      version,
      workerName: app.road.owner,
      jobStore: app.jobStore.kind,
      crm: app.crm,
      lastPollAt: app.crm.polledAt,
    }),
  }
}
