import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Author } from '../../src/domain/access.ts'
import type { BulkOperation } from '../../src/domain/bulk-operation.ts'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { findBulkOperation } from '../../src/storage/bulk-operations.ts'
import { defaultConnection } from '../../src/storage/connections.ts'
import { lastDifferenceAt } from '../../src/storage/differences.ts'
import { noteChanges } from '../../src/storage/sync-cursors.ts'
import { beginSync } from '../../src/storage/syncs.ts'
import type { FreshDatabase } from '../database.ts'
import type { SpawnedSandbox } from '../sandbox/spawn.ts'
import { MovedClock } from '../simulation/road.ts'
import { environmentFor, WorkerProcess } from '../simulation/workers.ts'
import { say } from './figures.ts'

export const BENCH: Author = { name: 'bench', keyId: null, connectionIds: null }
const SECONDS_MAX = 1_800
const MIRRORED = [MirrorEntity.CUSTOMER, MirrorEntity.INVOICE, MirrorEntity.PAYMENT] as const

interface Scene {
  fresh: FreshDatabase
  sandbox: SpawnedSandbox
}

/** A company as it is in the morning: its mirror is up to date, and the work of the night is done. */
export async function mirrorBefore({ fresh, sandbox }: Scene): Promise<void> {
  const { database } = fresh
  const worker = new WorkerProcess(quietly(environmentFor({ sandbox, databaseUrl: fresh.url })))
  try {
    await polled(fresh, worker)
    const connectionId = (await defaultConnection(database))?.id ?? ''
    const began = Date.now()
    const portions = MIRRORED.map((entity) => ({ entity, mode: SyncMode.FULL, changedSince: null }))
    const { id } = await beginSync(database, { connectionId, portions, author: BENCH, now: new Date() })
    const { done } = await finished(fresh, { id, worker })
    say(
      `the mirror was made before: ${done.toLocaleString('en')} records in ${Math.round((Date.now() - began) / 1000)} s`,
    )
    // What it earns was booked long ago. The worker may be at just that: the table is locked, so that neither waits for the other.
    await database.transaction(async (transaction) => {
      await transaction.run(sql`lock table mirror_record in share row exclusive mode`)
      await transaction.run(sql`update mirror_record set collected = true`)
    })
    await atRest(fresh)
    // The company was made just now, and changes are asked for from a little before: only later is nothing of it new.
    const clock = new MovedClock(sandbox)
    await clock.advance({ seconds: 900 })
    await noteChanges(database, { connectionId, entities: [...MIRRORED], through: clock.now() })
  } finally {
    await worker.stop()
  }
}

/** The order log is not read again while a figure is measured. */
export function quietly(environment: Record<string, string>): Record<string, string> {
  return { ...environment, POLL_INTERVAL_SECONDS: '36000' }
}

/** The first look at the order log is over, which every process begins with. */
export async function polled(fresh: FreshDatabase, worker: WorkerProcess): Promise<void> {
  for (let tries = 0; tries < 2_400 && worker.isAlive; tries += 1) {
    const runs = await fresh.database.rows(sql`select 1 from sync_run where finished_at is not null limit 1`)
    if (runs.length > 0) return
    await sleep(50)
  }
  throw new Error(`the worker did not look at the order log:\n${worker.words}`)
}

/** The bulk operation once it is done. */
export async function finished(
  { database }: FreshDatabase,
  { id, worker }: { id: string; worker: WorkerProcess },
): Promise<BulkOperation> {
  const deadline = Date.now() + SECONDS_MAX * 1000
  let seen: BulkOperation | null = null
  while (Date.now() < deadline && worker.isAlive) {
    seen = await findBulkOperation(database, id)
    if (seen && seen.state !== 'RUNNING') break
    await sleep(50)
  }
  if (seen?.state !== 'DONE')
    throw new Error(`it is ${seen?.state} at ${seen?.done} (${seen?.error}):\n${worker.words}`)
  return seen
}

async function atRest({ database }: FreshDatabase): Promise<void> {
  const deadline = Date.now() + SECONDS_MAX * 1000
  while (Date.now() < deadline) {
    const running = await database.rows(sql`select 1 from bulk_operation where state = 'RUNNING' limit 1`)
    if (running.length === 0 && (await lastDifferenceAt(database)) !== null) return
    await sleep(200)
  }
  throw new Error('the work of the night did not end')
}
