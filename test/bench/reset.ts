import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { ResetPlan } from '../../src/domain/reset-plan.ts'
import { findResetPlan, resetCounts } from '../../src/storage/reset-plans.ts'
import { planReset } from '../../src/sync/reset.ts'
import type { FreshDatabase } from '../database.ts'
import { NO_ORDERS, type SpawnedSandbox } from '../sandbox/spawn.ts'
import { environmentFor, WorkerProcess } from '../simulation/workers.ts'
import { type Figure, say } from './figures.ts'
import { BENCH, mirrorBefore, polled, quietly } from './mirrored.ts'
import { highestMemoryMegabytes, processorMs } from './processes.ts'

/** What is wrong in a CRM of so many orders: most is falsely processed, some is in QuickBooks, some was never logged. */
export function wrongOrders(orders: number): Record<string, number> {
  const part = (share: number) => Math.round(orders * share)
  return {
    ...NO_ORDERS,
    falselyProcessed: orders - part(0.05) - part(0.15) - part(0.1),
    timedOutAbsent: part(0.05),
    timedOutInQuickBooks: part(0.15),
    withoutLogRow: part(0.1),
  }
}

const PLAN_SECONDS_MAX = 1_800

/**
 * A `countersign work` whose mirror is up to date plans the reset of everything that is wrong in a CRM: what it takes, from the
 * asking to READY, in time, calls of QuickBooks and memory.
 */
export async function measurePlan(args: {
  fresh: FreshDatabase
  sandbox: SpawnedSandbox
  orders: number
}): Promise<{ figures: Figure[]; plan: ResetPlan }> {
  const { fresh, sandbox, orders } = args
  await mirrorBefore(args)
  const worker = new WorkerProcess(quietly(environmentFor({ sandbox, databaseUrl: fresh.url })))
  try {
    await polled(fresh, worker)
    const before = await askedOfQuickBooks(fresh)
    const [ours, theirs] = [processorMs(worker.pid), processorMs(sandbox.pid)]
    const began = Date.now()
    const { id } = await planReset(fresh.database, { request: {}, author: BENCH, now: new Date() })
    const plan = await planned(fresh, { id, worker })
    if (plan.state !== 'READY') throw new Error(`the plan is ${plan.state} (${plan.error}):\n${worker.words}`)
    const seconds = (Date.now() - began) / 1000
    const asked = (await askedOfQuickBooks(fresh)) - before
    const counts = await resetCounts(fresh.database, id)
    say(counts.map(({ action, count, total }) => `${count} × ${action} (${total})`).join(', '))
    say(
      `processor time: ${((processorMs(worker.pid) - ours) / 1000).toFixed(1)} s of the server, ${((processorMs(sandbox.pid) - theirs) / 1000).toFixed(1)} s of the sandbox`,
    )
    const spokenOf = counts.reduce((sum, { count }) => sum + count, 0)
    const named = orders.toLocaleString('en')
    return {
      plan,
      figures: [
        { name: `reset plan of ${named} orders: time to READY`, measured: seconds, unit: 's', goal: { atMost: 60 } },
        { name: 'calls of QuickBooks for it', measured: asked, unit: '', goal: { atMost: 300 } },
        {
          name: 'highest memory of the server meanwhile',
          measured: highestMemoryMegabytes(worker.pid),
          unit: 'MB',
          goal: { atMost: 300 },
        },
        { name: 'orders that the plan speaks of', measured: spokenOf, unit: `of ${orders}`, goal: { atLeast: orders } },
      ],
    }
  } finally {
    await worker.kill()
  }
}

/** More rows than one plan may have: it is refused with words, in bounded memory, and leaves nothing behind. */
export async function measureRefusal(args: {
  fresh: FreshDatabase
  sandbox: SpawnedSandbox
  rows: number
}): Promise<Figure[]> {
  const { fresh, sandbox, rows } = args
  const worker = new WorkerProcess(quietly(environmentFor({ sandbox, databaseUrl: fresh.url })))
  try {
    await polled(fresh, worker)
    const began = Date.now()
    const { id } = await planReset(fresh.database, { request: {}, author: BENCH, now: new Date() })
    const refused = await planned(fresh, { id, worker })
    say(`${rows.toLocaleString('en')} rows, after ${((Date.now() - began) / 1000).toFixed(0)} s: ${refused.error}`)
    const counts = await resetCounts(fresh.database, id)
    const named = rows.toLocaleString('en')
    return [
      {
        name: `a reset plan of ${named} rows is refused, and says what to ask for`,
        measured: refused.state === 'FAILED' && refused.error?.includes('narrow it') ? 1 : 0,
        unit: '',
        goal: { atLeast: 1 },
      },
      { name: 'rows that it leaves behind', measured: counts.length, unit: '', goal: { atMost: 0 } },
      {
        name: 'highest memory of the server meanwhile',
        measured: highestMemoryMegabytes(worker.pid),
        unit: 'MB',
        goal: { atMost: 300 },
      },
    ]
  } finally {
    await worker.kill()
  }
}

async function askedOfQuickBooks({ database }: FreshDatabase): Promise<number> {
  const [row] = await database.rows(sql<{ count: number }>`
    select count(*)::int as count from delivery where sent_at is not null`)
  return row?.count ?? 0
}

/** The plan once it is no longer being made. */
async function planned(
  { database }: FreshDatabase,
  { id, worker }: { id: string; worker: WorkerProcess },
): Promise<ResetPlan> {
  const deadline = Date.now() + PLAN_SECONDS_MAX * 1000
  let plan: ResetPlan | null = null
  while (Date.now() < deadline && worker.isAlive) {
    plan = await findResetPlan(database, id)
    if (plan && plan.state !== 'PLANNING') return plan
    await sleep(50)
  }
  throw new Error(`the plan is still ${plan?.state}:\n${worker.words}`)
}
