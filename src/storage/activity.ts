import { sql } from 'kysely'
import type { Database } from './database.ts'

/** What happened within one hour, or within all hours that were asked for. */
export interface ActivityFigures {
  /** Requests to QuickBooks. */
  calls: number
  /** Of these: answered with an error, or not at all. */
  errors: number
  /** Of these: asked to slow down. */
  throttles: number
  /** Questions whose answer was lost or not understood. */
  unknownAnswers: number
  polls: number
  rowsRead: number
  postingsProcessed: number
  /** Renewals of sign-ins to QuickBooks, the failed ones included. */
  refreshes: number
  /** Changes that QuickBooks told us of by itself, the repeated ones left out. */
  webhooks: number
  /** The longest time from the telling of one of them until the mirror had it; 0 without any. */
  webhookLagSecondsMax: number
}

export interface ActivityHour extends ActivityFigures {
  /** Its beginning; the first hour is whole, the last one is under way. */
  hour: Date
}

const NOTHING: ActivityFigures = {
  calls: 0,
  errors: 0,
  throttles: 0,
  unknownAnswers: 0,
  polls: 0,
  rowsRead: 0,
  postingsProcessed: 0,
  refreshes: 0,
  webhooks: 0,
  webhookLagSecondsMax: 0,
}

const HOUR_MS = 3_600_000

/** The last hours, oldest first, the hour of `now` included: one statement for each table, each along its index by time. */
export async function activityByHour(
  database: Database,
  { hours, now }: { hours: number; now: Date },
): Promise<ActivityHour[]> {
  const first = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS - (hours - 1) * HOUR_MS
  const since = new Date(first)
  const buckets = Array.from({ length: hours }, (_, index) => ({ ...NOTHING, hour: new Date(first + index * HOUR_MS) }))
  const add = (rows: ({ hour_ms: string } & Partial<ActivityFigures>)[]) => {
    for (const { hour_ms, ...figures } of rows) {
      const bucket = buckets[Math.round((Number(hour_ms) - first) / HOUR_MS)]
      if (bucket) Object.assign(bucket, figures)
    }
  }
  add(
    await database.rows(sql<{ hour_ms: string; calls: number; errors: number; throttles: number }>`
      select ${hourOf('sent_at')} as hour_ms, count(*)::int as calls,
        count(*) filter (where status >= 400 or lost_reason is not null)::int as errors,
        count(*) filter (where status = 429)::int as throttles
      from delivery where sent_at >= ${since} group by 1`),
  )
  add(
    await database.rows(sql<{ hour_ms: string; unknownAnswers: number }>`
      select ${hourOf('created_at')} as hour_ms, count(*)::int as "unknownAnswers"
      from exchange where outcome = 'unknown' and created_at >= ${since} group by 1`),
  )
  add(
    await database.rows(sql<{ hour_ms: string; polls: number; rowsRead: number }>`
      select ${hourOf('started_at')} as hour_ms, count(*)::int as polls, sum(read)::int as "rowsRead"
      from sync_run where started_at >= ${since} group by 1`),
  )
  add(
    await database.rows(sql<{ hour_ms: string; postingsProcessed: number }>`
      select ${hourOf('processed_at')} as hour_ms, count(*)::int as "postingsProcessed"
      from posting where processed_at >= ${since} group by 1`),
  )
  add(
    await database.rows(sql<{ hour_ms: string; refreshes: number }>`
      select ${hourOf('at')} as hour_ms, count(*)::int as refreshes from token_refresh where at >= ${since} group by 1`),
  )
  add(
    await database.rows(sql<{ hour_ms: string; webhooks: number; webhookLagSecondsMax: number }>`
      select ${hourOf('received_at')} as hour_ms, count(*)::int as webhooks,
        coalesce(max(extract(epoch from coalesce(processed_at, ${now}) - received_at)) filter (where state <> 'IGNORED'), 0)::int
          as "webhookLagSecondsMax"
      from webhook_event where received_at >= ${since} group by 1`),
  )
  return buckets
}

/** The hour of a time, in milliseconds: whole hours since the epoch, whatever the time zone of the session. */
function hourOf(column: string) {
  return sql`(floor(extract(epoch from ${sql.ref(column)}) / 3600) * 3600000)::bigint`
}

/** All hours together. */
export function sumOf(hours: ActivityHour[]): ActivityFigures {
  const total = { ...NOTHING }
  for (const hour of hours) {
    for (const key of Object.keys(NOTHING) as (keyof ActivityFigures)[]) {
      total[key] = key === 'webhookLagSecondsMax' ? Math.max(total[key], hour[key]) : total[key] + hour[key]
    }
  }
  return total
}
