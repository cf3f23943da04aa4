import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Counts metered reads of a connection in the month of `now`, in UTC. */
export async function countReads(
  database: Database,
  args: { connectionId: string; reads: number; now: Date },
): Promise<void> {
  if (args.reads === 0) return
  await database.run(sql`
    insert into read_meter (connection_id, month, reads) values (${args.connectionId}, ${monthOf(args.now)}, ${args.reads})
    on conflict (connection_id, month) do update set reads = read_meter.reads + excluded.reads`)
}

export async function readsOfMonth(database: Database, args: { connectionId: string; now: Date }): Promise<number> {
  const [row] = await database.rows(sql<{ reads: number }>`
    select reads from read_meter where connection_id = ${args.connectionId} and month = ${monthOf(args.now)}`)
  return row?.reads ?? 0
}

function monthOf(now: Date): string {
  return now.toISOString().slice(0, 7)
}
