import { sql } from 'kysely'
import { toDocument } from '../../src/creatio/to-document.ts'
import type { Connection } from '../../src/domain/connection.ts'
import { acceptPostings, type PostingDraft } from '../../src/storage/postings.ts'
import { draftOf } from '../../src/sync/eligibility.ts'
import { reconcile } from '../../src/sync/reconcile.ts'
import type { Road } from '../../src/sync/road.ts'
import type { FreshDatabase } from '../database.ts'
import type { SpawnedSandbox } from '../sandbox/spawn.ts'
import { MovedClock, openRoad } from '../simulation/road.ts'
import { environmentFor, WorkerProcess } from '../simulation/workers.ts'
import { type Figure, say } from './figures.ts'
import { BENCH, finished, mirrorBefore, quietly } from './mirrored.ts'
import { highestMemoryMegabytes, processorMs } from './processes.ts'

const PAGE_ROWS_MAX = 500
/** Orders of which the CRM is made to forget the id, spread over the year: so many are to be found, and nothing else. */
const FORGOTTEN = 40

/** The year that the sandbox's old orders lie in when they begin then; they end in January 2026. */
export const YEAR = { since: '2025-01-17T14:00:00Z', from: '2025-01-16', to: '2026-01-16' } as const

/**
 * A year of orders, each PROCESSED and in QuickBooks, is compared three ways by a `countersign work` whose mirror is up to
 * date, as it is each night. Some orders have lost their id: just these must be found.
 */
export async function measureReconciliation(args: {
  fresh: FreshDatabase
  sandbox: SpawnedSandbox
  orders: number
}): Promise<Figure[]> {
  const { fresh, sandbox, orders } = args
  const clock = new MovedClock(sandbox)
  const { road, connection } = await openRoad({ ...{ sandbox, clock }, database: fresh.database, instance: 'bench' })
  await postAll(road, connection)
  await forgetSome(fresh, sandbox)
  await mirrorBefore({ fresh, sandbox })
  const worker = new WorkerProcess(quietly(environmentFor({ sandbox, databaseUrl: fresh.url })))
  try {
    const [ours, theirs] = [processorMs(worker.pid), processorMs(sandbox.pid)]
    const began = Date.now()
    const period = { from: YEAR.from, to: YEAR.to }
    const { id } = await reconcile(road, { connectionId: connection.id, ...period, author: BENCH })
    const done = await finished(fresh, { id, worker })
    const seconds = (Date.now() - began) / 1000
    say(`${done.done.toLocaleString('en')} records compared: ${done.summary.join(' ')}`)
    say(
      `processor time: ${((processorMs(worker.pid) - ours) / 1000).toFixed(1)} s of the server, ${((processorMs(sandbox.pid) - theirs) / 1000).toFixed(1)} s of the sandbox`,
    )
    const found = await fresh.database.rows(sql<{ kind: string; count: number }>`
      select kind, count(*)::int as count from discrepancy where state = 'OPEN' group by 1`)
    const missed = Math.abs(FORGOTTEN - (found.find(({ kind }) => kind === 'MISSING_LINK')?.count ?? 0))
    const invented = found.filter(({ kind }) => kind !== 'MISSING_LINK').reduce((sum, { count }) => sum + count, 0)
    const [reconciled] = await fresh.database.rows(sql<{ orders: number; posted: number; invoices: number }>`
      select orders, posted, invoices from reconciliation where operation_id = ${id}`)
    const fewest = Math.min(reconciled?.orders ?? 0, reconciled?.posted ?? 0, reconciled?.invoices ?? 0)
    return [
      {
        name: `reconciliation of a year of ${orders.toLocaleString('en')} orders, from asking to DONE`,
        measured: seconds,
        unit: 's',
        goal: { atMost: 120 },
      },
      {
        name: 'highest memory of the server meanwhile',
        measured: highestMemoryMegabytes(worker.pid),
        unit: 'MB',
        goal: { atMost: 300 },
      },
      {
        name: 'orders, postings and invoices that were held against each other',
        measured: fewest,
        unit: `of ${orders}`,
        goal: { atLeast: orders },
      },
      { name: `discrepancies missed, of ${FORGOTTEN} planted`, measured: missed, unit: '', goal: { atMost: 0 } },
      { name: 'discrepancies invented', measured: invented, unit: '', goal: { atMost: 0 } },
    ]
  } finally {
    await worker.kill()
  }
}

/** What years of posting leave behind: each order of the CRM has its posting, PROCESSED under the id that the order shows. */
async function postAll(road: Road, connection: Connection): Promise<void> {
  const { database, crm } = road
  let after: Parameters<typeof crm.orderKeys>[0]['after'] = null
  do {
    const page = await crm.orderKeys({ since: null, before: road.now().toISOString(), after, limit: PAGE_ROWS_MAX })
    const read = await crm.orders(page.orders.map(({ id }) => id))
    const drafts = [...read.values()].map((order): PostingDraft => {
      const reading = toDocument(order, { profile: crm.profile, timeZone: crm.timeZone })
      return draftOf({ connectionId: connection.id, sourceId: order.id, orderNumber: order.number, reading })
    })
    const now = road.now()
    await acceptPostings(database, { drafts, now })
    const ids = [...read.values()].map(({ id, quickBooksId }) => ({ source_id: id, quick_books_id: quickBooksId }))
    await database.run(sql`
      update posting set state = 'PROCESSED', quick_books_id = known.quick_books_id, verification = 'EQUAL', verified_at = ${now},
          written_back_at = ${now}, processed_at = ${now}, write_back_at = null
      from jsonb_to_recordset(${JSON.stringify(ids)}::jsonb) as known (source_id uuid, quick_books_id text)
      where posting.source_id = known.source_id`)
    after = page.next
  } while (after !== null)
}

async function forgetSome({ database }: FreshDatabase, sandbox: SpawnedSandbox): Promise<void> {
  const rows = await database.rows(sql<{ source_id: string }>`
    select source_id from (select source_id, row_number() over (order by id) as place, count(*) over () as count from posting) every
    where place % greatest(1, count / ${FORGOTTEN}) = 0 limit ${FORGOTTEN}`)
  for (const { source_id } of rows)
    await sandbox.fetchControl(`/records/creatio.Order/${source_id}`, { method: 'PATCH', body: { BGQuickBooksId: '' } })
}
