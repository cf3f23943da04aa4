import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { SyncRun } from '../domain/sync-run.ts'
import type { Database } from './database.ts'
import { type KeysetPage, keysetPage, type PageRequest } from './pages.ts'

export async function beginSyncRun(database: Database, args: { now: Date }): Promise<string> {
  const id = uuidv7()
  await database.run(sql`insert into sync_run (id, started_at) values (${id}, ${args.now})`)
  return id
}

export async function finishSyncRun(
  database: Database,
  args: { id: string; read: number; accepted: number; skipped: number; error: string | null; now: Date },
): Promise<SyncRun> {
  const [run] = await database.entities(
    SyncRun,
    sql`update sync_run set finished_at = ${args.now}, read = ${args.read}, accepted = ${args.accepted}, skipped = ${args.skipped}, error = ${args.error}
        where id = ${args.id} returning *`,
  )
  if (!run) throw new Error(`There is no sync run ${args.id}`)
  return run
}

export async function readCursor(database: Database, name: string): Promise<Record<string, string> | null> {
  const [row] = await database.rows(
    sql<{ value: Record<string, string> }>`select value from cursor where name = ${name}`,
  )
  return row?.value ?? null
}

/** Moves a cursor, or, with null, sets it back to the beginning. */
export async function writeCursor(
  database: Database,
  args: { name: string; value: Record<string, string> | null; now: Date },
): Promise<void> {
  if (args.value === null) {
    await database.run(sql`delete from cursor where name = ${args.name}`)
    return
  }
  await database.run(sql`
    insert into cursor (name, value, updated_at) values (${args.name}, ${JSON.stringify(args.value)}::jsonb, ${args.now})
    on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at`)
}

/** The polls of the order log, newest first. */
export function syncRunPage(database: Database, { request }: { request: PageRequest }): Promise<KeysetPage<SyncRun>> {
  return keysetPage(database, { entity: SyncRun, table: sql`sync_run`, columns: sql`*`, conditions: [], request })
}
