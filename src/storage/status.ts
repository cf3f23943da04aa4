import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { SyncRun } from '../domain/sync-run.ts'
import { LIVE_STATES } from '../domain/transitions.ts'
import type { Database } from './database.ts'

const RATE_WINDOW_SECONDS = 10 * 60
/** A rate over less than this says more about chance than about speed. */
const RATE_SECONDS_MIN = 15
const SPEED_WINDOW_SECONDS = 24 * 60 * 60

/** What is on its way, and how soon it may be through. */
export interface BacklogFigures {
  pending: number
  oldestPendingAt: Date | null
  /**
   * From the rate of the last ten minutes, and not before a silent QuickBooks is asked again; null when nothing was processed
   * and nobody waits for that, 0 when nothing is pending.
   */
  etaSeconds: number | null
}

interface BacklogRow {
  connection_id: string | null
  pending: number
  oldest_ms: string | null
  processed: number
  first_processed_ms: string | null
  asked_again_ms: string | null
}

/** The backlog of each connection, by its id, and of all together. */
export async function backlogs(
  database: Database,
  { now }: { now: Date },
): Promise<{ total: BacklogFigures; byConnection: Map<string, BacklogFigures> }> {
  const since = new Date(now.getTime() - RATE_WINDOW_SECONDS * 1000)
  const live = sql.join([...LIVE_STATES])
  const rows = await database.rows(sql<BacklogRow>`
    select connection_id,
      count(*) filter (where state in (${live}))::int as pending,
      extract(epoch from min(created_at) filter (where state in (${live}))) * 1000 as oldest_ms,
      count(*) filter (where processed_at >= ${since})::int as processed,
      extract(epoch from min(processed_at) filter (where processed_at >= ${since})) * 1000 as first_processed_ms,
      extract(epoch from min(not_before) filter (where state = 'PENDING' and reason_code = 'QUICKBOOKS_SILENT')) * 1000 as asked_again_ms
    from posting where state in (${live}) or processed_at >= ${since}
    group by grouping sets ((connection_id), ())`)
  const byConnection = new Map<string, BacklogFigures>()
  let total: BacklogFigures = { pending: 0, oldestPendingAt: null, etaSeconds: 0 }
  for (const row of rows) {
    if (row.connection_id === null) total = figuresOf({ row, now })
    else byConnection.set(row.connection_id, figuresOf({ row, now }))
  }
  return { total, byConnection }
}

function figuresOf({ row, now }: { row: BacklogRow; now: Date }): BacklogFigures {
  const oldestPendingAt = row.oldest_ms === null ? null : new Date(Number(row.oldest_ms))
  const busySeconds = Math.max((now.getTime() - Number(row.first_processed_ms ?? 0)) / 1000, RATE_SECONDS_MIN)
  const secondsEach = row.processed === 0 ? null : busySeconds / row.processed
  const waits = row.asked_again_ms === null ? null : Math.max(0, (Number(row.asked_again_ms) - now.getTime()) / 1000)
  const isKnown = secondsEach !== null || waits !== null
  const etaSeconds = row.pending === 0 ? 0 : isKnown ? Math.ceil((waits ?? 0) + row.pending * (secondsEach ?? 0)) : null
  return { pending: row.pending, oldestPendingAt, etaSeconds }
}

/** How long postings took from their creation to PROCESSED in the last 24 hours, at the 95th percentile; null without any. */
export async function processingSpeed(
  database: Database,
  { now }: { now: Date },
): Promise<{ p95Seconds: number | null; processed: number }> {
  const since = new Date(now.getTime() - SPEED_WINDOW_SECONDS * 1000)
  const [row] = await database.rows(sql<{ p95: number | null; processed: number }>`
    select percentile_disc(0.95) within group (order by extract(epoch from processed_at - created_at)::float8) as p95,
      count(*)::int as processed
    from posting where processed_at >= ${since}`)
  return { p95Seconds: row?.p95 ?? null, processed: row?.processed ?? 0 }
}

/** The poll that began last. */
export async function lastSyncRun(database: Database): Promise<SyncRun | null> {
  const [run] = await database.entities(SyncRun, sql`select * from sync_run order by started_at desc, id desc limit 1`)
  return run ?? null
}

/** Whether the database answers and has every migration. Gives null, or what is wrong and what to do. */
export async function databaseTrouble(database: Database): Promise<string | null> {
  try {
    const [row] = await database.rows(
      sql<{ found: boolean }>`select to_regclass('mikro_orm_migrations') is not null as found`,
    )
    const applied = row?.found ? await database.rows(sql<{ name: string }>`select name from mikro_orm_migrations`) : []
    const names = new Set(applied.map(({ name }) => name))
    const missing = (await migrationNames()).filter((name) => !names.has(name))
    if (missing.length === 0) return null
    return `The database lacks ${missing.length} migrations, ${missing[0]} first: run "countersign migrate".`
  } catch {
    return 'The database does not answer: check DATABASE_URL and whether PostgreSQL runs.'
  }
}

async function migrationNames(): Promise<string[]> {
  const files = await readdir(join(import.meta.dirname, '../../migrations'))
  return files.flatMap((file) => /^(Migration\d+\w*)\.[jt]s$/.exec(file)?.[1] ?? []).sort()
}
