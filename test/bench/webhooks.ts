import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { openDatabase } from '../../src/storage/database.ts'
import type { RunningSandbox } from '../sandbox/spawn.ts'
import { serve } from '../scenario/serve.ts'
import { type Figure, quantile } from './figures.ts'
import { differingInvoices } from './mirror.ts'

const VERIFIER = 'a-verifier-token-of-the-bench'
const SETTLE_SECONDS_MAX = 120

/**
 * A `countersign serve` whose mirror is complete is told of many changes at once: each twice, in either form, out of order, at an
 * even pace. The times are those of the acknowledgements; in the end the mirror must equal the company.
 */
export async function measureWebhooks(args: {
  sandbox: RunningSandbox
  notices: number
  seconds: number
}): Promise<Figure[]> {
  const { sandbox, notices, seconds } = args
  const served = await serve({ sandbox, settings: { QUICKBOOKS_WEBHOOK_VERIFIER_TOKEN: VERIFIER } })
  const opened = await openDatabase({ url: served.databaseUrl, poolMax: 2 })
  try {
    await mirrored(served)
    const ids = await change(sandbox, { count: Math.ceil(notices / 2) })
    const tellings = shuffled([...ids, ...ids].slice(0, notices)).map((id, index) => telling({ id, index, sandbox }))
    const { times, refused } = await flood({ url: served.url, tellings, seconds })
    const lag = await settled(opened.database)
    const differing = await differingInvoices({ fresh: opened, sandbox })
    return [
      {
        name: `acknowledgement of ${notices} webhooks in ${seconds} s, 99th percentile`,
        measured: quantile(times, 0.99),
        unit: 'ms',
        goal: { atMost: 100 },
      },
      { name: 'webhooks that were not acknowledged', measured: refused, unit: '', goal: { atMost: 0 } },
      { name: 'longest time until the mirror had what was told', measured: lag, unit: 's', goal: { atMost: 60 } },
      { name: 'invoices that differ afterwards', measured: differing, unit: '', goal: { atMost: 0 } },
    ]
  } finally {
    await opened.close()
    await served.end()
  }
}

type Served = Awaited<ReturnType<typeof serve>>

async function mirrored(served: Served): Promise<void> {
  const [connection] = (await served.ask<{ connections: { id: string }[] }>('{ connections { id } }')).connections
  const { syncNow } = await served.ask<{ syncNow: { id: string } }>(
    'mutation ($id: ID!) { syncNow(connectionId: $id, entity: ALL, mode: FULL) { id } }',
    { id: connection?.id },
  )
  const deadline = Date.now() + SETTLE_SECONDS_MAX * 1000
  while (Date.now() < deadline) {
    const { bulkOperation } = await served.ask<{ bulkOperation: { state: string } }>(
      'query ($id: ID!) { bulkOperation(id: $id) { state } }',
      { id: syncNow.id },
    )
    if (bulkOperation.state === 'DONE') return
    await sleep(100)
  }
  throw new Error(`the mirror was not read in time:\n${served.output()}`)
}

/** Somebody changes invoices in QuickBooks: each has a new version, of which we know nothing yet. */
async function change(sandbox: RunningSandbox, { count }: { count: number }): Promise<string[]> {
  const invoices = await sandbox.fetchControl<{ Id: string; SyncToken: string }[]>('/records/qbo.Invoice')
  const chosen = invoices.slice(0, count)
  if (chosen.length < count) throw new Error(`the company has ${invoices.length} invoices`)
  const at = new Date().toISOString()
  for (const { Id, SyncToken } of chosen) {
    const body = { SyncToken: String(Number(SyncToken) + 1), MetaData: { CreateTime: at, LastUpdatedTime: at } }
    await sandbox.fetchControl(`/records/qbo.Invoice/${Id}`, { method: 'PATCH', body })
  }
  return chosen.map(({ Id }) => Id)
}

function telling({ id, index, sandbox }: { id: string; index: number; sandbox: RunningSandbox }): string {
  const time = '2026-03-01T12:00:00Z'
  const { realmId } = sandbox
  if (index % 2 === 0) {
    const entities = [{ name: 'Invoice', id, operation: 'Update', lastUpdated: time }]
    return JSON.stringify({ eventNotifications: [{ realmId, dataChangeEvent: { entities } }] })
  }
  const type = 'qbo.invoice.updated.v1'
  const event = { specversion: '1.0', id: `event-${index}`, source: 'bench', type, time }
  return JSON.stringify([{ ...event, intuitentityid: id, intuitaccountid: realmId, data: {} }])
}

/** Sends at an even pace, whether or not the answers come; Intuit does not wait either. */
async function flood(args: { url: string; tellings: string[]; seconds: number }) {
  const { url, tellings, seconds } = args
  const began = performance.now()
  const times: number[] = []
  let refused = 0
  await Promise.all(
    tellings.map(async (body, index) => {
      await sleep(Math.max(0, (index / tellings.length) * seconds * 1000 - (performance.now() - began)))
      const signature = createHmac('sha256', VERIFIER).update(body).digest('base64')
      const sentAt = performance.now()
      const { status } = await fetch(`${url}/webhooks/quickbooks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'intuit-signature': signature },
        body,
      })
      times.push(performance.now() - sentAt)
      if (status !== 200) refused += 1
    }),
  )
  return { times, refused }
}

/** Waits until every event was worked on; gives the longest that one of them waited. */
async function settled(database: Awaited<ReturnType<typeof openDatabase>>['database']): Promise<number> {
  const deadline = Date.now() + SETTLE_SECONDS_MAX * 1000
  while (Date.now() < deadline) {
    const [row] = await database.rows(sql<{ pending: number; lag: number; entity: string }>`
      select count(*) filter (where state = 'PENDING')::int as pending,
        max(extract(epoch from processed_at - received_at))::float as lag from webhook_event where entity = ${MirrorEntity.INVOICE}`)
    if (row?.pending === 0) return row.lag
    await sleep(200)
  }
  throw new Error('events are still waiting')
}

/** Out of order, and the same each time. */
function shuffled<T>(list: T[]): T[] {
  let seed = 7
  return list
    .map((value) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return { value, at: seed }
    })
    .sort((one, other) => one.at - other.at)
    .map(({ value }) => value)
}
