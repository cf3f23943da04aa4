import type { Author } from '../domain/access.ts'
import type { BulkOperation } from '../domain/bulk-operation.ts'
import type { Connection } from '../domain/connection.ts'
import { MirrorEntity, type MirroredEntity } from '../domain/mirror.ts'
import { type Reconciliation, SWEEPS } from '../domain/reconciliation.ts'
import { SyncMode } from '../domain/sync-cursor.ts'
import { ourselves } from '../storage/api-keys.ts'
import { findBulkOperation } from '../storage/bulk-operations.ts'
import { listConnections } from '../storage/connections.ts'
import { saveDiscrepancies } from '../storage/discrepancies.ts'
import { InvalidRequest } from '../storage/pages.ts'
import {
  beginReconciliation,
  failReconciliation,
  finishReconciliation,
  reconciliationOf,
  recordSweepPage,
} from '../storage/reconciliations.ts'
import { holdOperation } from '../storage/reset-apply.ts'
import { beginSync } from '../storage/syncs.ts'
import { renewStatistics } from '../storage/three-sides.ts'
import { businessDay, onceADay } from './business-day.ts'
import { oneAhead } from './one-ahead.ts'
import { sweepPages } from './reconcile-sweeps.ts'
import { isDay } from './reset.ts'
import { type BulkRoad, later, type Road } from './road.ts'
import type { SweepPage } from './sweep-page.ts'

/** What a reconciliation looks at in QuickBooks, and so what is brought up to date first. */
const NEEDED: readonly MirroredEntity[] = [MirrorEntity.CUSTOMER, MirrorEntity.INVOICE, MirrorEntity.PAYMENT]
const DAYS_MAX = 366
const NIGHTLY_DAYS = 35
const DAY_MS = 86_400_000

type BeginningRoad = Pick<Road, 'database' | 'ledgerOf' | 'now'>

/**
 * Begins to compare a period of a connection three ways. The mirror is brought up to date first: on QuickBooks Desktop when
 * the Web Connector calls. Throws InvalidRequest.
 */
export async function reconcile(
  road: BeginningRoad,
  { connectionId, from, to, author }: { connectionId: string; from: string; to: string; author: Author },
): Promise<BulkOperation> {
  const connection = (await listConnections(road.database)).find(({ id }) => id === connectionId)
  if (!connection || (author.connectionIds && !author.connectionIds.includes(connectionId)))
    throw new InvalidRequest('There is no such connection.')
  for (const day of [from, to]) {
    if (!isDay(day)) throw new InvalidRequest(`"${day.slice(0, 40)}" is not a day: write it as yyyy-mm-dd.`)
  }
  if (from > to) throw new InvalidRequest(`"from" (${from}) is after "to" (${to}).`)
  if (Date.parse(to) - Date.parse(from) >= DAYS_MAX * DAY_MS)
    throw new InvalidRequest(`The period is longer than ${DAYS_MAX} days: reconcile it year by year.`)
  const reader = road.ledgerOf(connection).mirror
  const entities = reader?.kinds.filter((kind) => NEEDED.includes(kind)) ?? []
  if (!entities.includes(MirrorEntity.INVOICE))
    throw new InvalidRequest(`The invoices of "${connection.name}" are not mirrored, so that they cannot be compared.`)
  const portions = entities.map((entity) => ({ entity, mode: SyncMode.INCREMENTAL, changedSince: null }))
  const now = road.now()
  const sync = await beginSync(road.database, { connectionId, portions, author, now })
  return beginReconciliation(road.database, {
    ...{ connectionId, firstDay: from, lastDay: to, author, now },
    syncOperationId: sync.id,
  })
}

/** Once a night, from the given hour of the business on: the last five weeks of every connection that is mirrored. */
export async function reconcileNightly(road: Road, { hour }: { hour: number }): Promise<void> {
  const to = businessDay(road)
  const from = new Date(Date.parse(to) - (NIGHTLY_DAYS - 1) * DAY_MS).toISOString().slice(0, 10)
  const author = ourselves('nightly reconciliation')
  for (const connection of await listConnections(road.database)) {
    if (!road.ledgerOf(connection).mirror?.kinds.includes(MirrorEntity.INVOICE)) continue
    const connectionId = connection.id
    const work = () => reconcile(road, { connectionId, from, to, author })
    if (await onceADay(road, { name: `reconcile-nightly ${connectionId}`, hour, work })) road.wake()
  }
}

interface Running {
  operation: BulkOperation
  claimToken: string
  leaseSeconds: number
}

/**
 * Compares some pages of a reconciliation, each saved with how far it is then. False when everything was compared, or it is no
 * longer ours to run. Throws CreatioError.
 */
export async function reconcilePages(road: BulkRoad, running: Running): Promise<boolean> {
  const { operation, claimToken } = running
  const reconciliation = await reconciliationOf(road.database, operation.id)
  if (!reconciliation) throw new Error(`Operation ${operation.id} has no reconciliation`)
  const sync = await findBulkOperation(road.database, reconciliation.syncOperationId)
  if (sync?.state !== 'DONE') {
    const error = `The records of QuickBooks could not be read first: ${sync?.error ?? 'it was called off'}.`
    await failReconciliation(road.database, { reconciliation, error, now: road.now() })
    return false
  }
  const { progress, connectionId } = reconciliation
  const sweep = SWEEPS[progress.sweep]
  if (sweep === undefined) {
    await road.database.transaction((transaction) =>
      finishReconciliation(transaction, { reconciliation, claimToken, now: road.now() }),
    )
    return false
  }
  if (progress.sweep === 0 && progress.after === null) await renewStatistics(road.database)
  const connection = await connectionOf(road, connectionId)
  // What one sweep saves, another may rest on: no page of the next is read before the last of this one is saved.
  const pages = sweepPages(road, {
    ...{ reconciliation, connection, sweep },
    after: progress.after,
    readAt: sync.createdAt,
  })
  for await (const page of oneAhead(pages)) {
    if (!(await savePage(road, { ...running, reconciliation, page }))) return false
    if (road.signal.aborted) break
  }
  return true
}

/** False when it is no longer ours to run: then nothing is saved. */
function savePage(
  road: BulkRoad,
  args: Running & { reconciliation: Reconciliation; page: SweepPage },
): Promise<boolean> {
  const { operation, claimToken, leaseSeconds, reconciliation, page } = args
  const { connectionId, progress } = reconciliation
  const { drafts, subjects, matchedIds, visited, orders, ordersTotal, next: after } = page
  return road.database.transaction(async (transaction) => {
    if (!(await holdOperation(transaction, { id: operation.id, claimToken }))) return false
    const now = road.now()
    const discrepancyIds = await saveDiscrepancies(transaction, { connectionId, subjects, drafts, now })
    await recordSweepPage(transaction, {
      ...{ reconciliation, discrepancyIds, matchedIds, visited, orders, ordersTotal },
      progress: { sweep: after ? progress.sweep : progress.sweep + 1, after },
      leaseUntil: later(now, leaseSeconds),
    })
    return true
  })
}

async function connectionOf(road: BulkRoad, connectionId: string): Promise<Connection> {
  const connection = (await listConnections(road.database)).find(({ id }) => id === connectionId)
  if (!connection) throw new Error(`There is no connection ${connectionId}`)
  return connection
}
