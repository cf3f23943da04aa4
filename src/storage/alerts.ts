import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { Alert, AlertSeverity } from '../domain/alert.ts'
import { type ReasonCode, type ReasonDetail, reasonOf } from '../domain/reason.ts'
import { type Database, recordset } from './database.ts'

const ALERTS_MAX = 200

/** From when on a condition is worth a person's time. */
export interface AlertLimits {
  crmDownSeconds: number
  failuresMin: number
  failuresWindowSeconds: number
  answerLostSeconds: number
  backlogSeconds: number
  /** Intervals without a call of a Web Connector. */
  offlineIntervals: number
}

/** A condition that holds now. Code, subject and connection together are its identity. */
export interface Condition {
  code: ReasonCode
  severity: AlertSeverity
  subject: string
  connectionId: string | null
  count: number
  detail: ReasonDetail
}

/** Open alerts, or those that were cleared, newest first; at most 200. */
export function listAlerts(database: Database, { open }: { open: boolean }): Promise<Alert[]> {
  return database.entities(
    Alert,
    sql`select * from alert where ${open ? sql`cleared_at is null` : sql`cleared_at is not null`}
        order by raised_at desc, id desc limit ${ALERTS_MAX}`,
  )
}

/** Every condition that holds now, each kind in one statement. */
export async function readConditions(
  database: Database,
  { limits, now }: { limits: AlertLimits; now: Date },
): Promise<Condition[]> {
  const found = [
    await crmDown(database, { limits, now }),
    await connectionsStopped(database),
    await postingsFailing(database, { limits, now }),
    await mismatches(database),
    await answersLost(database, { limits, now }),
    await backlogLate(database, { limits, now }),
    await webConnectorsOffline(database, { limits, now }),
    await reportsFaulty(database),
  ]
  return found.flat()
}

const ago = (now: Date, seconds: number) => new Date(now.getTime() - seconds * 1000)

/** Polls have failed, one after the other, for too long. */
async function crmDown(database: Database, { limits, now }: { limits: AlertLimits; now: Date }): Promise<Condition[]> {
  const rows = await database.rows(sql<{ since_ms: string; count: number; error: string }>`
    select extract(epoch from min(started_at)) * 1000 as since_ms, count(*)::int as count,
        (array_agg(error order by started_at desc))[1] as error
    from sync_run where error is not null and started_at > coalesce(
      (select started_at from sync_run where error is null and finished_at is not null order by started_at desc limit 1), '-infinity')
    having min(started_at) <= ${ago(now, limits.crmDownSeconds)}`)
  return rows.map(({ since_ms, count, error }) => ({
    code: 'CRM_DOWN',
    severity: AlertSeverity.CRITICAL,
    subject: 'CRM',
    connectionId: null,
    count,
    detail: { since: timeOf(since_ms), detail: error },
  }))
}

async function connectionsStopped(database: Database): Promise<Condition[]> {
  const rows = await database.rows(
    sql<{
      id: string
      name: string
      code: ReasonCode | null
      detail: ReasonDetail | null
    }>`select id, name, state_reason_code as code, state_reason_detail as detail from connection where state = 'STOPPED'`,
  )
  return rows.map(({ id, name, code, detail }) => {
    const reason = code ? reasonOf(code, detail ?? {}) : null
    return {
      code: 'CONNECTION_STOPPED',
      severity: AlertSeverity.CRITICAL,
      subject: 'connection',
      connectionId: id,
      count: 1,
      detail: {
        connection: name,
        detail: reason?.sentence ?? 'nobody said why',
        remedy: reason?.remedy ?? 'Look at its last exchanges.',
      },
    }
  })
}

/** Many postings of one connection failed lately for one reason. */
async function postingsFailing(
  database: Database,
  { limits, now }: { limits: AlertLimits; now: Date },
): Promise<Condition[]> {
  const rows = await database.rows(sql<{
    connection_id: string
    code: ReasonCode
    count: number
    detail: ReasonDetail | null
  }>`
    select connection_id, reason_code as code, count(*)::int as count,
        (array_agg(reason_detail order by updated_at desc))[1] as detail
    from posting
    where state = 'FAILED' and updated_at >= ${ago(now, limits.failuresWindowSeconds)} and reason_code is not null
    group by 1, 2 having count(*) >= ${limits.failuresMin}`)
  return rows.map(({ connection_id, code, count, detail }) => {
    const { sentence, remedy } = reasonOf(code, detail ?? {})
    return {
      code: 'POSTINGS_FAILING',
      severity: AlertSeverity.WARNING,
      subject: code,
      connectionId: connection_id,
      count,
      detail: { count, reason: code, example: sentence, remedy },
    }
  })
}

async function mismatches(database: Database): Promise<Condition[]> {
  const rows = await database.rows(sql<{ connection_id: string; count: number }>`
    select connection_id, count(*)::int as count from posting where state = 'MISMATCHED' group by 1`)
  return rows.map(({ connection_id, count }) => ({
    code: 'MISMATCHES',
    severity: AlertSeverity.WARNING,
    subject: 'postings',
    connectionId: connection_id,
    count,
    detail: { count },
  }))
}

/** QuickBooks gave a report that cannot be believed: the figures of before stay. */
async function reportsFaulty(database: Database): Promise<Condition[]> {
  const rows = await database.rows(sql<{ connection_id: string; reason: ReasonCode; detail: ReasonDetail | null }>`
    select connection_id, reason, reason_detail as detail from metric_pull where starts_with(reason, 'REPORT_')`)
  return rows.map(({ connection_id, reason, detail }) => ({
    code: reason,
    severity: AlertSeverity.WARNING,
    subject: 'metrics',
    connectionId: connection_id,
    count: 1,
    detail: detail ?? {},
  }))
}

async function answersLost(
  database: Database,
  { limits, now }: { limits: AlertLimits; now: Date },
): Promise<Condition[]> {
  const rows = await database.rows(sql<{ connection_id: string; count: number }>`
    select connection_id, count(*)::int as count from posting
    where state = 'UNKNOWN' and coalesce(sent_at, updated_at) <= ${ago(now, limits.answerLostSeconds)} group by 1`)
  return rows.map(({ connection_id, count }) => ({
    code: 'ANSWERS_LOST',
    severity: AlertSeverity.WARNING,
    subject: 'postings',
    connectionId: connection_id,
    count,
    detail: { count, minutes: Math.round(limits.answerLostSeconds / 60) },
  }))
}

/**
 * Postings that are older than the promise of the house and still under way. One that was just set going again is old
 * without being late: it counts when nothing happened to it for as long, or when it waits for somebody who does not answer.
 * What waits for the next call of a Web Connector is not late; a Web Connector that does not call is a condition of its own.
 */
async function backlogLate(
  database: Database,
  { limits, now }: { limits: AlertLimits; now: Date },
): Promise<Condition[]> {
  const since = ago(now, limits.backlogSeconds)
  const rows = await database.rows(sql<{ connection_id: string; count: number; oldest_ms: string }>`
    select connection_id, count(*)::int as count, extract(epoch from min(created_at)) * 1000 as oldest_ms
    from posting
    where state in ('PENDING', 'CLAIMED', 'SENT', 'POSTED') and blocked_by_id is null and created_at <= ${since}
      and waiting_for is distinct from 'WEB_CONNECTOR' and reason_code is distinct from 'QUICKBOOKS_SILENT'
      and (updated_at <= ${since} or waiting_for in ('QUICKBOOKS', 'CRM', 'TOKEN'))
    group by 1`)
  return rows.map(({ connection_id, count, oldest_ms }) => ({
    code: 'BACKLOG_LATE',
    severity: AlertSeverity.WARNING,
    subject: 'backlog',
    connectionId: connection_id,
    count,
    detail: { count, seconds: limits.backlogSeconds, since: timeOf(oldest_ms) },
  }))
}

/** Web Connectors that have not called for too long, since their last call or, without one, since their file was made. */
async function webConnectorsOffline(
  database: Database,
  { limits, now }: { limits: AlertLimits; now: Date },
): Promise<Condition[]> {
  const rows = await database.rows(sql<{
    id: string
    name: string
    minutes: number
    since_ms: string
    count: number
  }>`
    select connection.id, name, run_every_minutes as minutes,
        extract(epoch from coalesce(last_seen_at, file_made_at)) * 1000 as since_ms,
        (select count(*)::int from posting where connection_id = connection.id and state = 'PENDING') as count
    from web_connector_user join connection on connection.id = connection_id
    where connection.state <> 'PAUSED'
      and coalesce(last_seen_at, file_made_at) < ${now}::timestamptz - make_interval(mins => run_every_minutes * ${limits.offlineIntervals}::int)`)
  return rows.map(({ id, name, minutes, since_ms, count }) => ({
    code: 'WEB_CONNECTOR_OFFLINE',
    severity: AlertSeverity.CRITICAL,
    subject: 'web connector',
    connectionId: id,
    count,
    detail: { connection: name, since: timeOf(since_ms), minutes, count },
  }))
}

function timeOf(milliseconds: string): string {
  return new Date(Number(milliseconds)).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** Raises what holds and was not raised, renews what was, and clears what no longer holds. Gives what was raised and cleared. */
export function saveConditions(
  database: Database,
  { conditions, now }: { conditions: Condition[]; now: Date },
): Promise<{ raised: Alert[]; cleared: Alert[] }> {
  const rows = conditions.map((condition) => ({
    id: uuidv7({ msecs: now.getTime() }),
    code: condition.code,
    severity: condition.severity,
    subject: condition.subject,
    connection_id: condition.connectionId,
    count: condition.count,
    detail: condition.detail,
  }))
  return database.transaction(async (transaction) => {
    const open = await transaction.entities(
      Alert,
      sql`insert into alert (id, code, severity, subject, connection_id, detail, count, raised_at, seen_at)
          select id, code, severity, subject, connection_id, detail, count, ${now}, ${now}
          from jsonb_to_recordset(${recordset(rows)}::jsonb) as condition (id uuid, code text, severity text, subject text,
            connection_id uuid, detail jsonb, count int)
          on conflict (code, subject, connection_id) where cleared_at is null do update
            set count = excluded.count, detail = excluded.detail, severity = excluded.severity, seen_at = greatest(alert.seen_at, excluded.seen_at)
          returning *`,
    )
    const cleared = await transaction.entities(
      Alert,
      sql`update alert set cleared_at = ${now} where cleared_at is null and not (id = any(${open.map(({ id }) => id)}::uuid[])) returning *`,
    )
    const made = new Set(rows.map(({ id }) => id))
    return { raised: open.filter(({ id }) => made.has(id)), cleared }
  })
}
