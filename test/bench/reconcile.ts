import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { KeyCursor } from '../../src/creatio/keyed-page.ts'
import { toDocument } from '../../src/creatio/to-document.ts'
import { contentHash } from '../../src/domain/document.ts'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { findBulkOperation } from '../../src/storage/bulk-operations.ts'
import { beginReconciliation } from '../../src/storage/reconciliations.ts'
import { beginSync } from '../../src/storage/syncs.ts'
import { reconcile } from '../../src/sync/reconcile.ts'
import type { Road } from '../../src/sync/road.ts'
import type { FreshDatabase } from '../database.ts'
import type { RunningSandbox } from '../sandbox/spawn.ts'
import { MovedClock, openRoad } from '../simulation/road.ts'
import { environmentFor, WorkerProcess } from '../simulation/workers.ts'
import { insertRows, postingRow, processed } from '../storage/rows.ts'
import { type Figure, say } from './figures.ts'

const SECONDS_MAX = 1_800
const PAGE_ROWS = 500
const DAY_MS = 86_400_000
const author = { name: 'bench', keyId: null, connectionIds: null }

/**
 * A `countersign work` reconciles all that a company sold, whose orders are all posted and linked. The mirror is read before the
 * clock starts; bringing it up to date counts. The memory is the highest that a process of its own ever had.
 */
export async function measureReconcile(args: {
  fresh: FreshDatabase
  sandbox: RunningSandbox
  rows: number
}): Promise<Figure[]> {
  const { fresh, sandbox, rows } = args
  const { database } = fresh
  const clock = new MovedClock(sandbox)
  const { road, connection } = await openRoad({ database, sandbox, clock, instance: 'bench', answerTimeoutSeconds: 30 })
  const day = (ago: number) => new Date(road.now().getTime() - ago * DAY_MS).toISOString().slice(0, 10)
  const connectionId = connection.id
  const reader = new WorkerProcess(environmentFor({ sandbox, databaseUrl: fresh.url }))
  try {
    const first = await reconcile(road, { connectionId, from: day(364), to: day(364), author })
    await finished(fresh, { id: first.id, worker: reader })
  } finally {
    await reader.stop()
  }
  const posted = await postAll(road, { fresh, connectionId })
  say(`${posted} orders are posted and linked; the mirror has their invoices`)
  // The played orders are spread over more than the year that may be asked for: the period is theirs.
  const operation = await beginReconciliation(database, {
    ...{ connectionId, author, now: road.now(), firstDay: '2000-01-01', lastDay: day(-1) },
    syncOperationId: await beginReading(road, connectionId),
  })
  const startedAt = Date.now()
  const worker = new WorkerProcess(environmentFor({ sandbox, databaseUrl: fresh.url }))
  try {
    const seconds = ((await finished(fresh, { id: operation.id, worker })) - startedAt) / 1000
    const memory = highestMemoryMegabytes(worker.pid)
    const [seen] = await database.rows(sql<{ orders: number; posted: number; invoices: number; open: number }>`
      select orders, posted, invoices, (select count(*)::int from discrepancy where state = 'OPEN') as open
      from reconciliation where operation_id = ${operation.id}`)
    say(`compared: ${seen?.orders} orders, ${seen?.posted} postings, ${seen?.invoices} invoices`)
    const missed = 3 * rows - (seen?.orders ?? 0) - (seen?.posted ?? 0) - (seen?.invoices ?? 0)
    const of = `of a year of ${rows.toLocaleString('en')} orders`
    return [
      {
        name: `reconciliation ${of}, the start of the process in it`,
        measured: seconds,
        unit: 's',
        goal: { atMost: 120 },
      },
      { name: 'highest memory of the process meanwhile', measured: memory, unit: 'MB', goal: { atMost: 300 } },
      { name: 'records that it did not compare', measured: missed, unit: '', goal: { atMost: 0 } },
      { name: 'discrepancies that it invented', measured: seen?.open ?? -1, unit: '', goal: { atMost: 0 } },
    ]
  } finally {
    await worker.kill()
  }
}

async function beginReading({ database, now }: Road, connectionId: string): Promise<string> {
  const changes = { mode: SyncMode.INCREMENTAL, changedSince: null }
  const portions = ([MirrorEntity.CUSTOMER, MirrorEntity.INVOICE, MirrorEntity.PAYMENT] as const).map((entity) => ({
    entity,
    ...changes,
  }))
  return (await beginSync(database, { connectionId, portions, author, now: now() })).id
}

/** A PROCESSED posting for each order of the CRM, as if the road had made it. */
async function postAll(
  road: Road,
  { fresh, connectionId }: { fresh: FreshDatabase; connectionId: string },
): Promise<number> {
  const { profile, timeZone } = road.crm
  const before = road.now().toISOString()
  let count = 0
  for (let after: KeyCursor | null = null; ; ) {
    const page = await road.crm.orderKeys({ since: null, before, after, limit: PAGE_ROWS })
    const orders = await road.crm.orders(page.orders.map(({ id }) => id))
    const rows = [...orders.values()].flatMap((order) => {
      const reading = toDocument(order, { profile, timeZone })
      if (reading.kind !== 'document' || !order.quickBooksId) return []
      const { document } = reading
      const proven = { ...processed(before), quick_books_id: order.quickBooksId }
      const { total, currency } = document
      const numbers = { order_number: order.number, document_number: document.number }
      const content = { document, content_hash: contentHash(document), total, currency }
      return [postingRow({ connection_id: connectionId, source_id: order.id, ...numbers, ...content, ...proven })]
    })
    await insertRows(fresh.database, 'posting', rows)
    count += rows.length
    after = page.next
    if (after === null) break
  }
  await fresh.database.run(sql`analyze posting`)
  return count
}

async function finished(fresh: FreshDatabase, args: { id: string; worker: WorkerProcess }): Promise<number> {
  const deadline = Date.now() + SECONDS_MAX * 1000
  while (Date.now() < deadline && args.worker.isAlive) {
    const seen = await findBulkOperation(fresh.database, args.id)
    if (seen?.finishedAt) return Date.now()
    await sleep(100)
  }
  throw new Error(`the reconciliation did not end:\n${args.worker.words}`)
}

function highestMemoryMegabytes(pid: number): number {
  const [, kilobytes = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}
