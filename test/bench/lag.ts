import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { v4 as uuidv4 } from 'uuid'
import type { FreshDatabase } from '../database.ts'
import type { RunningSandbox } from '../sandbox/spawn.ts'
import { environmentFor, WorkerProcess } from '../simulation/workers.ts'
import { type Figure, quantile } from './figures.ts'

const REST_SECONDS_MAX = 180

type Record = { Id: string } & { [column: string]: unknown }

/**
 * Log rows come one by one, so many a minute, to a `countersign work` with its ordinary settings; measured is the time from
 * each log row to its posting being PROCESSED. The sandbox needs one Pending order, and `orders` without a log row.
 */
export async function measureLag(args: {
  fresh: FreshDatabase
  sandbox: RunningSandbox
  orders: number
  perMinute: number
}): Promise<Figure[]> {
  const { fresh, sandbox, orders, perMinute } = args
  const [pattern] = await sandbox.fetchControl<Record[]>('/records/creatio.BGQuickBooksIntegrationLogDetail')
  const waiting = (await sandbox.fetchControl<Record[]>('/records/creatio.Order')).filter(
    ({ BGHasQuickBooksLog }) => BGHasQuickBooksLog === false,
  )
  if (!pattern || waiting.length < orders) throw new Error('the sandbox has too few orders without a log row')
  const worker = new WorkerProcess(environmentFor({ sandbox, databaseUrl: fresh.url }))
  try {
    const addedAt = new Map<string, number>()
    for (const order of waiting.slice(0, orders)) {
      const at = Date.now()
      addedAt.set(order.Id, at)
      await addLogRow(sandbox, { pattern, order, at: new Date(at) })
      await sleep(Math.max(0, 60_000 / perMinute - (Date.now() - at)))
    }
    const lags = await lagsOf(fresh, addedAt)
    const name = `from log row to PROCESSED, ${perMinute} orders a minute, polled every 15 s`
    return [
      { name: `${name}: 95th percentile`, measured: quantile(lags, 0.95), unit: 's', goal: { atMost: 60 } },
      { name: `${name}: median`, measured: quantile(lags, 0.5), unit: 's', goal: { atMost: 60 } },
    ]
  } finally {
    await worker.kill()
  }
}

async function addLogRow(sandbox: RunningSandbox, args: { pattern: Record; order: Record; at: Date }): Promise<void> {
  const { pattern, order, at } = args
  const moment = at.toISOString()
  const row = {
    ...pattern,
    BGName: order.Number,
    BGRecordId: order.Id,
    BGDate: moment,
    CreatedOn: moment,
    ModifiedOn: moment,
  }
  await sandbox.fetchControl(`/records/creatio.BGQuickBooksIntegrationLogDetail/${uuidv4()}`, {
    method: 'PUT',
    body: row,
  })
}

/** The seconds that each order took. One that was not processed in time took for ever. */
async function lagsOf(fresh: FreshDatabase, addedAt: Map<string, number>): Promise<number[]> {
  const deadline = Date.now() + REST_SECONDS_MAX * 1000
  for (;;) {
    const rows = await fresh.database.rows(sql<{ source_id: string; processed_at: string }>`
      select source_id, processed_at from posting where kind = 'INVOICE' and state = 'PROCESSED'`)
    const processedAt = new Map(rows.map((row) => [row.source_id, Date.parse(row.processed_at)]))
    if ([...addedAt.keys()].every((id) => processedAt.has(id)) || Date.now() > deadline) {
      return [...addedAt].map(([id, at]) => ((processedAt.get(id) ?? Number.POSITIVE_INFINITY) - at) / 1000)
    }
    await sleep(500)
  }
}
