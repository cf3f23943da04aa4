import { sql } from 'kysely'
import { AlertSeverity } from '../domain/alert.ts'
import type { Condition } from './alerts.ts'
import type { Database } from './database.ts'

/** From this share of the month's reads on, a person should know. */
const PERCENT_TO_TELL = 80
/** What QuickBooks told of should be in the mirror within a minute. */
const WEBHOOK_LATE_SECONDS = 600

/**
 * The conditions of the mirror that hold now: reads that run out, events that wait too long, postings that QuickBooks no
 * longer has as they were, and what else a reconciliation found.
 */
export async function mirrorConditions(
  database: Database,
  { readsPerMonthMax, now }: { readsPerMonthMax: number; now: Date },
): Promise<Condition[]> {
  const metered = await database.rows(sql<{ connection_id: string; reads: number }>`
    select connection_id, reads from read_meter
    where month = ${now.toISOString().slice(0, 7)} and reads * 100.0 >= ${readsPerMonthMax * PERCENT_TO_TELL}`)
  const differing = await database.rows(sql<{ connection_id: string; kind: string; isProven: boolean; count: number }>`
    select discrepancy.connection_id, discrepancy.kind, coalesce(posting.state = 'PROCESSED', false) as "isProven", count(*)::int as count
    from discrepancy left join posting on posting.id = discrepancy.posting_id
    where discrepancy.state = 'OPEN' group by 1, 2, 3 order by 4 desc, 2`)
  const late = await database.rows(sql<{ connection_id: string; count: number; since: string }>`
    select connection_id, count(*)::int as count, min(received_at)::text as since from webhook_event
    where state = 'PENDING' and received_at < ${new Date(now.getTime() - WEBHOOK_LATE_SECONDS * 1000)}
      and connection_id is not null
    group by 1`)
  return [
    ...late.map(
      ({ connection_id, count, since }): Condition => ({
        code: 'WEBHOOKS_LATE',
        severity: AlertSeverity.WARNING,
        subject: 'webhooks',
        connectionId: connection_id,
        count,
        detail: { count, since: new Date(since).toISOString() },
      }),
    ),
    ...metered.map(({ connection_id, reads }): Condition => {
      const isUsedUp = reads >= readsPerMonthMax
      return {
        code: isUsedUp ? 'READS_USED_UP' : 'READS_RUNNING_OUT',
        severity: isUsedUp ? AlertSeverity.CRITICAL : AlertSeverity.WARNING,
        subject: 'reads',
        connectionId: connection_id,
        count: reads,
        detail: { reads, budget: readsPerMonthMax, percent: Math.floor((reads / readsPerMonthMax) * 100) },
      }
    }),
    ...differences(differing, { isProven: true, code: 'RECORDS_CHANGED_IN_QUICKBOOKS', subject: 'changed' }),
    ...differences(differing, { isProven: false, code: 'DISCREPANCIES', subject: 'discrepancies' }),
  ]
}

/** What is open of one sort, by connection: of postings that were proven once, or of all else that a reconciliation found. */
function differences(
  counted: { connection_id: string; kind: string; isProven: boolean; count: number }[],
  { isProven, code, subject }: { isProven: boolean; code: Condition['code']; subject: string },
): Condition[] {
  const ofSort = Map.groupBy(
    counted.filter((one) => one.isProven === isProven),
    ({ connection_id }) => connection_id,
  )
  return [...ofSort].map(([connectionId, found]): Condition => {
    const count = found.reduce((all, one) => all + one.count, 0)
    const kinds = found.map((one) => `${one.count} ${one.kind}`).join(', ')
    return { code, severity: AlertSeverity.WARNING, subject, connectionId, count, detail: { count, kinds } }
  })
}
