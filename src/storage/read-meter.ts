import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'

/** A statement that counts metered reads of a connection in the month of `now`, in UTC; `reads` is a query for their number. */
export function countingReads(args: {
  connectionId: string
  reads: RawBuilder<unknown>
  now: Date
}): RawBuilder<unknown> {
  return sql`
    insert into read_meter (connection_id, month, reads)
    select ${args.connectionId}, ${monthOf(args.now)}, reads from (${args.reads}) asked (reads) where reads > 0
    on conflict (connection_id, month) do update set reads = read_meter.reads + excluded.reads`
}

export async function readsOfMonth(database: Database, args: { connectionId: string; now: Date }): Promise<number> {
  const [row] = await database.rows(sql<{ reads: number }>`
    select reads from read_meter where connection_id = ${args.connectionId} and month = ${monthOf(args.now)}`)
  return row?.reads ?? 0
}

function monthOf(now: Date): string {
  return now.toISOString().slice(0, 7)
}
