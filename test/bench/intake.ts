import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { FreshDatabase } from '../database.ts'
import type { SpawnedSandbox } from '../sandbox/spawn.ts'
import { environmentFor, WorkerProcess } from '../simulation/workers.ts'
import { connectionRow, insertRows } from '../storage/rows.ts'
import { type Figure, say } from './figures.ts'
import { highestMemoryMegabytes, processorMs } from './processes.ts'

const SECONDS_MAX = 900

/**
 * A `countersign work` reads a long order log over HTTP; its connection is paused, so that nothing but intake is measured.
 * The rate counts from the first posting to the last, the memory is the highest that the process ever had.
 */
export async function measureIntake(args: {
  fresh: FreshDatabase
  sandbox: SpawnedSandbox
  rows: number
}): Promise<Figure[]> {
  const { fresh, sandbox, rows } = args
  const paused = connectionRow({ realm_id: sandbox.realmId, state: 'PAUSED', is_default: true })
  await insertRows(fresh.database, 'connection', [paused])
  const environment = environmentFor({ sandbox, databaseUrl: fresh.url })
  const worker = new WorkerProcess({ ...environment, POLL_INTERVAL_SECONDS: '1' })
  try {
    const startedAt = await reached(fresh, { rows: 1, worker })
    const endedAt = await reached(fresh, { rows, worker })
    const [server, sandboxes] = [worker.pid, sandbox.pid].map((pid) => (processorMs(pid) / rows).toFixed(3))
    say(`processor time per row, since their start: ${server} ms of the server, ${sandboxes} ms of the sandbox`)
    const memory = highestMemoryMegabytes(worker.pid)
    return [
      {
        name: `intake of ${rows.toLocaleString('en')} log rows over HTTP`,
        measured: rows / ((endedAt - startedAt) / 1000),
        unit: 'rows/s',
        goal: { atLeast: 2000 },
      },
      { name: 'highest memory of the server meanwhile', measured: memory, unit: 'MB', goal: { atMost: 250 } },
    ]
  } finally {
    await worker.kill()
  }
}

/** When so many log rows had been taken in. */
async function reached(
  fresh: FreshDatabase,
  { rows, worker }: { rows: number; worker: WorkerProcess },
): Promise<number> {
  const deadline = Date.now() + SECONDS_MAX * 1000
  while (Date.now() < deadline) {
    const [row] = await fresh.database.rows(sql<{ count: number }>`select count(*)::int as count from log_row`)
    if ((row?.count ?? 0) >= rows) return Date.now()
    if (!worker.isAlive) break
    await sleep(rows === 1 ? 10 : 100)
  }
  throw new Error(`the intake did not reach ${rows} rows:\n${worker.words}`)
}
