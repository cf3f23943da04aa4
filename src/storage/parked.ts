import { sql } from 'kysely'
import { AlertSeverity } from '../domain/alert.ts'
import type { ReasonDetail } from '../domain/reason.ts'
import type { Condition } from './alerts.ts'
import type { Database } from './database.ts'

/**
 * Lets everything of a connection that is to be posted wait until QuickBooks is asked again. What already waits that long
 * is left alone. Gives how many were parked anew.
 */
export function parkBacklog(
  database: Database,
  args: { connectionId: string; name: string; since: Date; until: Date; now: Date },
): Promise<number> {
  const [since, until] = [args.since, args.until].map((time) => time.toISOString().replace(/\.\d+Z$/, 'Z'))
  const detail = JSON.stringify({ connection: args.name, since, until })
  return database.run(sql`
    update posting set waiting_for = 'QUICKBOOKS', not_before = ${args.until}, reason_code = 'QUICKBOOKS_SILENT',
        reason_detail = ${detail}::jsonb, write_back_at = ${args.now}, revision = revision + 1, updated_at = ${args.now}
    where connection_id = ${args.connectionId} and state = 'PENDING' and blocked_by_id is null
      and (not_before is null or not_before < ${args.until})`)
}

/** Lets go at once what waits because QuickBooks was silent. */
export function freeBacklog(database: Database, args: { connectionId: string; now: Date }): Promise<number> {
  return database.run(sql`
    update posting set waiting_for = null, not_before = null, reason_code = null, reason_detail = null,
        write_back_at = ${args.now}, revision = revision + 1, updated_at = ${args.now}
    where connection_id = ${args.connectionId} and state = 'PENDING' and reason_code = 'QUICKBOOKS_SILENT'`)
}

/** One condition for each connection whose backlog is parked. */
export async function parkedConditions(database: Database): Promise<Condition[]> {
  const rows = await database.rows(sql<{ connection_id: string; count: number; detail: ReasonDetail }>`
    select connection_id, count(*)::int as count, (array_agg(reason_detail order by not_before desc))[1] as detail
    from posting where state = 'PENDING' and reason_code = 'QUICKBOOKS_SILENT' group by 1`)
  return rows.map(({ connection_id, count, detail }) => ({
    code: 'QUICKBOOKS_SILENT',
    severity: AlertSeverity.CRITICAL,
    subject: 'QuickBooks',
    connectionId: connection_id,
    count,
    detail,
  }))
}
