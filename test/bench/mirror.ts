import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { BulkOperation } from '../../src/domain/bulk-operation.ts'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { findBulkOperation } from '../../src/storage/bulk-operations.ts'
import { askForChanges, noteChanges } from '../../src/storage/sync-cursors.ts'
import { beginSync } from '../../src/storage/syncs.ts'
import { withLane } from '../../src/sync/lane.ts'
import { mirrorStep } from '../../src/sync/mirror.ts'
import type { FreshDatabase } from '../database.ts'
import type { RunningSandbox } from '../sandbox/spawn.ts'
import { MovedClock, openRoad } from '../simulation/road.ts'
import { environmentFor, WorkerProcess } from '../simulation/workers.ts'
import { type Figure, quantile } from './figures.ts'
import { highestMemoryMegabytes } from './processes.ts'

const SECONDS_MAX = 1_800
const QUIET_TICKS = 30
const APART_MS = 200

/**
 * A `countersign work` reads every invoice of a company into an empty mirror. The rate counts from the first page to the last,
 * the memory is the highest that the process ever had. Then nothing changes, and ticks of change capture are measured:
 * what they take, less the time that QuickBooks takes.
 */
export async function measureMirror(args: {
  fresh: FreshDatabase
  sandbox: RunningSandbox
  rows: number
}): Promise<Figure[]> {
  const { fresh, sandbox, rows } = args
  const { database } = fresh
  const clock = new MovedClock(sandbox)
  const { road, connection } = await openRoad({ database, sandbox, clock, instance: 'bench', answerTimeoutSeconds: 30 })
  const operation = await beginSync(database, {
    connectionId: connection.id,
    portions: [{ entity: MirrorEntity.INVOICE, mode: SyncMode.FULL, changedSince: null }],
    author: { name: 'bench', keyId: null, connectionIds: null },
    now: road.now(),
  })
  const worker = new WorkerProcess(environmentFor({ sandbox, databaseUrl: fresh.url }))
  try {
    const startedAt = await reached(fresh, { operation, worker, until: ({ done }) => done > 0 })
    const endedAt = await reached(fresh, { operation, worker, until: ({ finishedAt }) => finishedAt !== null })
    const memory = highestMemoryMegabytes(worker.pid)
    await worker.stop()
    const differing = await differingInvoices({ fresh, sandbox })
    const ticks: number[] = []
    // The company was made just now, and we reach back a little: only later is nothing of it new.
    await clock.advance({ seconds: 900 })
    await noteChanges(database, { connectionId: connection.id, entities: [MirrorEntity.INVOICE], through: road.now() })
    for (let tick = 0; tick < QUIET_TICKS; tick += 1) {
      // Intuit's limit of requests within a second is no time of ours.
      await sleep(APART_MS)
      await askForChanges(database, {
        connectionIds: [connection.id],
        entities: [MirrorEntity.INVOICE],
        countToo: false,
        now: road.now(),
      })
      const began = performance.now()
      await withLane(road, { connection }, async (held) => {
        while (await mirrorStep(held.road, { connection, lane: held.lane }));
      })
      ticks.push(performance.now() - began - (await lastAnswerMs(fresh)))
    }
    return [
      {
        name: `full reading of ${rows.toLocaleString('en')} invoices into an empty mirror`,
        measured: rows / ((endedAt - startedAt) / 1000),
        unit: 'rows/s',
        goal: { atLeast: 500 },
      },
      { name: 'highest memory of the server meanwhile', measured: memory, unit: 'MB', goal: { atMost: 250 } },
      { name: 'invoices that differ afterwards', measured: differing, unit: '', goal: { atMost: 0 } },
      {
        name: 'a tick of change capture without changes, our own time, 95th percentile',
        measured: quantile(ticks.slice(2), 0.95),
        unit: 'ms',
        goal: { atMost: 50 },
      },
    ]
  } finally {
    await worker.kill()
  }
}

async function reached(
  fresh: FreshDatabase,
  args: { operation: BulkOperation; worker: WorkerProcess; until: (now: BulkOperation) => boolean },
): Promise<number> {
  const deadline = Date.now() + SECONDS_MAX * 1000
  let seen: BulkOperation | null = null
  while (Date.now() < deadline && args.worker.isAlive) {
    seen = await findBulkOperation(fresh.database, args.operation.id)
    if (seen && args.until(seen)) return Date.now()
    await sleep(50)
  }
  throw new Error(`the reading stands at ${seen?.done} (${seen?.state}, ${seen?.error}):\n${args.worker.words}`)
}

/** How long QuickBooks took for the last question. */
async function lastAnswerMs(fresh: FreshDatabase): Promise<number> {
  const [row] = await fresh.database.rows(sql<{ duration_ms: number }>`
    select duration_ms from delivery order by id desc limit 1`)
  return row?.duration_ms ?? 0
}

/** Invoices of which the mirror has another version than QuickBooks, or which only one of the two has. */
export async function differingInvoices({
  fresh,
  sandbox,
}: {
  fresh: Pick<FreshDatabase, 'database'>
  sandbox: RunningSandbox
}): Promise<number> {
  const theirs =
    await sandbox.fetchControl<{ Id: string; SyncToken: string; Balance: string }[]>('/records/qbo.Invoice')
  const ours = await fresh.database.rows(sql<{ id: string; token: number; balance: string | null }>`
    select quick_books_id as id, sync_token as token, balance from mirror_record where entity = 'INVOICE' and deleted_at is null`)
  const known = new Map(ours.map(({ id, token, balance }) => [id, `${token} ${Number(balance ?? 0)}`]))
  const differing = theirs.filter(
    ({ Id, SyncToken, Balance }) => known.get(Id) !== `${SyncToken} ${Number(Balance ?? 0)}`,
  )
  return differing.length + Math.abs(ours.length - theirs.length)
}
