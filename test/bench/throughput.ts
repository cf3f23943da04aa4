import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { FreshDatabase } from '../database.ts'
import type { RunningSandbox } from '../sandbox/spawn.ts'
import { audit } from '../simulation/auditor.ts'
import { environmentFor, WorkerProcess } from '../simulation/workers.ts'
import { type Figure, say } from './figures.ts'

/** Intuit's limits are the sandbox's own; 109 ms is the middle of what an item of a batch takes at Intuit. */
export const AS_INTUIT = { quickBooksLatencyMs: 150, batchItemLatencyMs: 109 } as const

const REST_SECONDS_MAX = 900

/**
 * The whole road, from log rows in the played CRM to PROCESSED, in one `countersign work` with its ordinary settings. The rate
 * counts the invoices that QuickBooks answered with, from `afterSeconds` after the first one on; in the end the auditor looks.
 */
export async function measureThroughput(args: {
  fresh: FreshDatabase
  sandbox: RunningSandbox
  name: string
  orders: number
  /** What is not counted: the customers that are new go first, and what must be learned is learned. */
  afterSeconds: number
  seconds: number
  perMinuteMin: number
  throttlesMax: number
}): Promise<Figure[]> {
  const { fresh, sandbox, name, orders, seconds } = args
  const worker = new WorkerProcess({ ...environmentFor({ sandbox, databaseUrl: fresh.url }), LOG_LEVEL: 'warn' })
  try {
    await rested(fresh, { orders, worker })
    const perMinute = await ratesOf(fresh, args)
    const lanes = await flown(fresh)
    const throttles = await throttlesOf(sandbox)
    const { wrong, atRest } = await audit({ sandbox, url: fresh.url })
    say(`${name}: invoices of each minute ${perMinute.join(', ')}; ${JSON.stringify(lanes)}; ${JSON.stringify(atRest)}`)
    if (wrong.length > 0) say([...wrong.slice(0, 20), worker.words].join('\n'))
    const counted = perMinute.reduce((sum, count) => sum + count, 0)
    return [
      {
        name: `${name}, sustained over ${seconds} s`,
        measured: (counted * 60) / seconds,
        unit: 'a minute',
        goal: { atLeast: args.perMinuteMin },
      },
      {
        name: `${name}: requests refused with 429`,
        measured: throttles,
        unit: '',
        goal: { atMost: args.throttlesMax },
      },
      {
        name: `${name}: orders without exactly one equal invoice`,
        measured: wrong.length,
        unit: '',
        goal: { atMost: 0 },
      },
      {
        name: `${name}: orders PROCESSED`,
        measured: atRest['INVOICE PROCESSED'] ?? 0,
        unit: `of ${orders}`,
        goal: { atLeast: orders },
      },
    ]
  } finally {
    await worker.kill()
  }
}

async function rested(
  fresh: FreshDatabase,
  { orders, worker }: { orders: number; worker: WorkerProcess },
): Promise<void> {
  const deadline = Date.now() + REST_SECONDS_MAX * 1000
  while (Date.now() < deadline) {
    const [row] = await fresh.database.rows(sql<{ done: number; live: number }>`
      select count(*) filter (where kind = 'INVOICE' and state not in ('PENDING', 'CLAIMED', 'SENT', 'UNKNOWN', 'POSTED'))::int as done,
        count(*) filter (where write_back_at is not null)::int as live from posting`)
    if (row && row.done >= orders && row.live === 0) return
    if (!worker.isAlive) break
    await sleep(1000)
  }
  throw new Error(`the orders did not come to rest:\n${worker.words}`)
}

/** How many invoices QuickBooks answered with in each minute of the time that counts. */
async function ratesOf(
  fresh: FreshDatabase,
  { afterSeconds, seconds }: { afterSeconds: number; seconds: number },
): Promise<number[]> {
  const rows = await fresh.database.rows(sql<{ second: number }>`
    select extract(epoch from answered_at - min(answered_at) over ())::float as second
    from exchange join delivery on delivery.id = delivery_id
    where outcome = 'posted' and operation = 'create Invoice'`)
  const counted = rows.map(({ second }) => second - afterSeconds).filter((second) => second >= 0 && second < seconds)
  return Array.from(
    { length: Math.ceil(seconds / 60) },
    (_, minute) => counted.filter((second) => Math.floor(second / 60) === minute).length,
  )
}

/** What travelled: deliveries, batches and exchanges by what they asked. */
async function flown(fresh: FreshDatabase): Promise<Record<string, number>> {
  const rows = await fresh.database.rows(sql<{ what: string; count: number }>`
    select (case when size > 1 then 'batches' else 'singles' end) as what, count(*)::int as count
    from delivery where sent_at is not null group by 1`)
  return Object.fromEntries(rows.map(({ what, count }) => [what, count]))
}

interface Witnessed {
  path: string
  status: number | null
  receivedAt: string
}

/** By the sandbox's own log. What came before each one is said, so that nobody must guess which limit it was. */
async function throttlesOf(sandbox: RunningSandbox): Promise<number> {
  const log = await sandbox.fetchControl<Witnessed[]>('/log?system=quickbooks-online')
  const calls = log.filter(({ path }) => path.startsWith('/v3/'))
  const within = (at: string, seconds: number) =>
    calls.filter(({ receivedAt }) => receivedAt <= at && Date.parse(at) - Date.parse(receivedAt) < seconds * 1000)
  const throttled = calls.filter(({ status }) => status === 429)
  for (const { receivedAt } of throttled) {
    const minute = within(receivedAt, 60)
    const batches = minute.filter(({ path }) => path.includes('/batch'))
    const second = within(receivedAt, 1).length
    say(`429 at ${receivedAt}: ${second} in its second, ${minute.length} in its minute, ${batches.length} batches`)
  }
  return throttled.length
}
