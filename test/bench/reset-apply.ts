import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { BulkOperation } from '../../src/domain/bulk-operation.ts'
import type { ResetPlan } from '../../src/domain/reset-plan.ts'
import { findBulkOperation } from '../../src/storage/bulk-operations.ts'
import { applyReset } from '../../src/sync/reset.ts'
import type { FreshDatabase } from '../database.ts'
import type { SpawnedSandbox } from '../sandbox/spawn.ts'
import { audit } from '../simulation/auditor.ts'
import { randomFrom } from '../simulation/chaos.ts'
import { environmentFor, hurried, WorkerProcess } from '../simulation/workers.ts'
import { type Figure, say } from './figures.ts'
import { BENCH, quietly } from './mirrored.ts'
import { highestMemoryMegabytes } from './processes.ts'

const SECONDS_MAX = 3_000
const KILLS = 20
/** So long a process lives at most once it is at work; shorter where there is less to do than twenty such lives. */
const LIFE_MS_MAX = 4_000

interface Applying {
  fresh: FreshDatabase
  sandbox: SpawnedSandbox
  plan: ResetPlan
  seed: number
  /** Whether all that is set going is waited for; QuickBooks Online takes some 1,150 invoices a minute. */
  toTheEnd: boolean
}

/**
 * A plan is applied by a `countersign work` that is killed twenty times where it just stands, and each time replaced. In the
 * end every row was done once, has one posting and one entry in the audit trail, and QuickBooks has no number twice.
 */
export async function measureApply(args: Applying): Promise<Figure[]> {
  const { fresh, sandbox, plan, toTheEnd } = args
  const began = Date.now()
  const { id } = await applyReset(fresh.database, {
    ...{ planId: plan.id, planHash: plan.hash ?? '' },
    ...{ author: BENCH, now: new Date() },
  })
  const { operation, kills, memory } = await killedAgainAndAgain(args, id)
  const seconds = (Date.now() - began) / 1000
  say(`${operation.setGoing} set going in ${seconds.toFixed(0)} s: ${operation.summary.join(' ')}`)
  const rows = await rowsOf(fresh, { plan, operation })
  const named = operation.total.toLocaleString('en')
  const nothing = { unit: '', goal: { atMost: 0 } } as const
  return [
    {
      name: `a reset of ${named} rows: SIGKILLs ${toTheEnd ? 'until all of it was posted' : 'while it was applied'}`,
      measured: kills,
      unit: '',
      goal: { atLeast: KILLS },
    },
    {
      name: 'rows not done exactly once',
      measured: rows.undone + Math.abs(operation.done - operation.total),
      ...nothing,
    },
    { name: 'rows without exactly one entry in the audit trail', measured: rows.unaudited, ...nothing },
    { name: 'orders without exactly one posting', measured: rows.unposted, ...nothing },
    { name: 'numbers that QuickBooks has twice', measured: await twice(sandbox), ...nothing },
    ...(toTheEnd ? await ended(args) : []),
    { name: 'highest memory of any of the processes', measured: memory, unit: 'MB', goal: { atMost: 300 } },
  ]
}

/** Lets a worker apply the plan, and post what it set going where that is waited for; kills it at random moments at which it is at it. */
async function killedAgainAndAgain({ fresh, sandbox, seed, toTheEnd }: Applying, id: string) {
  const plain = environmentFor({ sandbox, databaseUrl: fresh.url })
  // Who waits for all of it does not wait two minutes for each lost answer.
  const environment = quietly(toTheEnd ? hurried(plain) : plain)
  const random = randomFrom(seed)
  const deadline = Date.now() + SECONDS_MAX * 1000
  let worker = new WorkerProcess(environment)
  let [kills, memory] = [0, 0]
  try {
    for (let due = 0, killed: string | null = null; Date.now() < deadline; ) {
      const operation = await findBulkOperation(fresh.database, id)
      if (!operation || !worker.isAlive) throw new Error(`the worker ended by itself:\n${worker.words}`)
      memory = Math.max(memory, highestMemoryMegabytes(worker.pid))
      const applies = operation.state === 'RUNNING'
      if (!applies && (!toTheEnd || (await isAtRest(fresh)))) return { operation, kills, memory }
      const isAtWork = applies ? operation.claimToken !== killed && operation.claimToken !== null : true
      if (kills < KILLS && isAtWork) {
        // It has so long to live: some batches, or a part of one.
        due ||= Date.now() + random() * (applies ? Math.min(LIFE_MS_MAX, operation.total / 5) : LIFE_MS_MAX)
        if (Date.now() >= due) {
          await worker.kill()
          kills += 1
          await letLeaseEnd(fresh, id)
          ;[due, killed] = [0, operation.claimToken]
          worker = new WorkerProcess(environment)
        }
      }
      await sleep(20)
    }
    throw new Error(`the plan was not applied in ${SECONDS_MAX} s:\n${worker.words}`)
  } finally {
    await worker.kill()
  }
}

/** Leases of a minute, and locks of ticks, would only be waited out twenty times. */
async function letLeaseEnd({ database }: FreshDatabase, id: string): Promise<void> {
  await database.run(sql`update bulk_operation set lease_until = now() where id = ${id} and lease_until is not null`)
  await database.run(sql`update agenda.agenda_jobs set locked_at = null`)
}

/** What became of each row that was to be applied. */
async function rowsOf(
  { database }: FreshDatabase,
  { plan, operation }: { plan: ResetPlan; operation: BulkOperation },
): Promise<{ undone: number; unaudited: number; unposted: number }> {
  const acting = sql`plan_id = ${plan.id} and action in ('CREATE', 'ADOPT', 'UPDATE')`
  const [row] = await database.rows(sql<{ undone: number; unaudited: number; unposted: number }>`
    with acting as materialized (select * from reset_plan_row where ${acting}),
    audited as (
      select split_part(subject, ', log row ', 2) as row, count(*) as entries from audit_entry where action = 'applyReset' group by 1),
    posted as (select source_id, count(*) as postings from posting where kind = 'INVOICE' group by 1),
    going as (select count(*)::int as items from bulk_operation_item where operation_id = ${operation.id})
    select
      (select count(*)::int from acting where result is distinct from 'APPLIED' or settled_at is null)
        + abs((select count(*)::int from acting) - (select items from going)) as undone,
      (select count(*)::int from acting left join audited on audited.row = acting.log_row_id || ': APPLIED'
        where acting.log_row_id is not null and audited.entries is distinct from 1)
        + abs((select count(*)::int from acting) - (select count(*)::int from audit_entry where action = 'applyReset')) as unaudited,
      (select count(*)::int from acting left join posted using (source_id) where posted.postings is distinct from 1) as unposted`)
  return row ?? { undone: -1, unaudited: -1, unposted: -1 }
}

async function twice(sandbox: SpawnedSandbox): Promise<number> {
  const invoices = await sandbox.fetchControl<{ DocNumber?: string }[]>('/records/qbo.Invoice', { timeoutSeconds: 300 })
  return invoices.length - new Set(invoices.map(({ DocNumber }) => DocNumber)).size
}

async function isAtRest({ database }: FreshDatabase): Promise<boolean> {
  const live = await database.rows(sql`
    select 1 from posting where state in ('PENDING', 'CLAIMED', 'SENT', 'UNKNOWN', 'POSTED') or write_back_at is not null limit 1`)
  return live.length === 0
}

/** Everything came to rest: the auditor looks. */
async function ended({ fresh, sandbox }: Applying): Promise<Figure[]> {
  const { wrong, atRest, orders } = await audit({ sandbox, url: fresh.url })
  if (wrong.length > 0) say(wrong.slice(0, 20).join('\n'))
  const processed = atRest['INVOICE PROCESSED'] ?? 0
  return [
    { name: 'orders without exactly one equal invoice', measured: wrong.length, unit: '', goal: { atMost: 0 } },
    { name: 'orders PROCESSED', measured: processed, unit: `of ${orders}`, goal: { atLeast: orders } },
  ]
}
