import { sql } from 'kysely'
import { AlertSeverity } from '../domain/alert.ts'
import type { Condition } from './alerts.ts'
import type { Database } from './database.ts'

/** From when on the sign-in of a company, or its limits, are worth a person's time. */
export interface SignInLimits {
  /** Days before the end of a sign-in, from the earliest warning to the last one. */
  endingDays: readonly number[]
  notRenewedSeconds: number
  throttlesMin: number
  throttledShare: number
  throttledWindowSeconds: number
}

/** What concerns our right to speak to QuickBooks, and how it likes to be spoken to. */
export async function signInConditions(
  database: Database,
  { limits, now }: { limits: SignInLimits; now: Date },
): Promise<Condition[]> {
  return [
    ...(await signInsEnding(database, { limits, now })),
    ...(await signInsNotRenewed(database, { limits, now })),
    ...(await throttledOften(database, { limits, now })),
  ]
}

const DAY_MS = 86_400_000
const WHY = {
  refresh: 'It was not renewed for a long time, because Countersign did not run or QuickBooks was not reached.',
  hard: 'QuickBooks ends each sign-in after some years, however often it is renewed.',
}

/** Each threshold is a condition of its own, so that each is told once: after 30 days' notice that of 7 is news. */
async function signInsEnding(
  database: Database,
  { limits, now }: { limits: SignInLimits; now: Date },
): Promise<Condition[]> {
  const first = new Date(now.getTime() + Math.max(...limits.endingDays) * DAY_MS)
  const rows = await database.rows(sql<{ id: string; name: string; kind: keyof typeof WHY; until_ms: string }>`
    select connection.id, connection.name, which as kind, extract(epoch from until) * 1000 as until_ms
    from connection_token join connection on connection.id = connection_id,
      lateral (values ('refresh', refresh_token_expires_at), ('hard', refresh_token_hard_expires_at)) as ends (which, until)
    where sealed_refresh_token is not null and refused_at is null and until <= ${first}`)
  return rows.flatMap(({ id, name, kind, until_ms }) => {
    const until = new Date(Number(until_ms))
    return limits.endingDays
      .filter((days) => until.getTime() - now.getTime() <= days * DAY_MS)
      .map((days) => ({
        code: 'SIGN_IN_ENDING' as const,
        severity: days <= Math.min(...limits.endingDays) ? AlertSeverity.CRITICAL : AlertSeverity.WARNING,
        subject: `${kind}, ${days} days`,
        connectionId: id,
        count: 1,
        detail: { connection: name, days, until: until.toISOString(), why: WHY[kind] },
      }))
  })
}

/** The access ended some time ago and nobody renewed it, although nothing speaks against it. */
async function signInsNotRenewed(
  database: Database,
  { limits, now }: { limits: SignInLimits; now: Date },
): Promise<Condition[]> {
  const since = new Date(now.getTime() - limits.notRenewedSeconds * 1000)
  const rows = await database.rows(sql<{ id: string; name: string; since_ms: string; detail: string | null }>`
    select connection.id, connection.name,
      extract(epoch from greatest(access_token_expires_at, refreshed_at)) * 1000 as since_ms,
      (select detail from token_refresh where connection_id = connection.id order by id desc limit 1) as detail
    from connection_token join connection on connection.id = connection_id
    where sealed_refresh_token is not null and refused_at is null
      and access_token_expires_at <= ${since} and refreshed_at <= ${since}`)
  return rows.map(({ id, name, since_ms, detail }) => ({
    code: 'SIGN_IN_NOT_RENEWED',
    severity: AlertSeverity.CRITICAL,
    subject: 'sign-in',
    connectionId: id,
    count: 1,
    detail: { connection: name, since: new Date(Number(since_ms)).toISOString(), detail: detail ?? 'nobody tried' },
  }))
}

/** QuickBooks asked to slow down, for a good part of what it was asked. */
async function throttledOften(
  database: Database,
  { limits, now }: { limits: SignInLimits; now: Date },
): Promise<Condition[]> {
  const since = new Date(now.getTime() - limits.throttledWindowSeconds * 1000)
  const rows = await database.rows(sql<{ id: string; name: string; calls: number; count: number }>`
    select connection.id, connection.name, calls, count
    from connection join (
      select connection_id, count(*)::int as calls, count(*) filter (where status = 429)::int as count
      from delivery where sent_at >= ${since} group by 1) as sent on sent.connection_id = connection.id
    where count >= ${limits.throttlesMin} and count >= calls * ${limits.throttledShare}::float8`)
  return rows.map(({ id, name, calls, count }) => ({
    code: 'THROTTLED_OFTEN',
    severity: AlertSeverity.WARNING,
    subject: 'calls',
    connectionId: id,
    count,
    detail: { connection: name, count, calls },
  }))
}
