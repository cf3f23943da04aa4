import { sql } from 'kysely'
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid'
import { Alert } from '../domain/alert.ts'
import type { NoticeChannel, NoticeEvent } from '../domain/alert-notice.ts'
import type { Database } from './database.ts'

/** A message that is to be sent now, by us alone. */
export interface ClaimedNotice {
  id: string
  event: `${NoticeEvent}`
  channel: `${NoticeChannel}`
  /** How often it was tried, this time included. */
  attempts: number
  createdAt: Date
  claimToken: string
  alert: Alert
  connectionName: string | null
}

/**
 * Writes down what people are to be told: of each open alert once by each channel, and that it is over, if they were
 * told of it. What was over before anyone was told is called off.
 */
export async function noteAlerts(
  database: Database,
  { channels, now }: { channels: `${NoticeChannel}`[]; now: Date },
): Promise<void> {
  for (const channel of channels) {
    const raised = await database.rows(sql<{ id: string }>`
      select id from alert where cleared_at is null and not exists (
        select from alert_notice where alert_id = alert.id and event = 'RAISED' and channel = ${channel})`)
    const cleared = await database.rows(sql<{ id: string }>`
      select alert.id from alert join alert_notice as told on told.alert_id = alert.id and told.event = 'RAISED'
      where alert.cleared_at is not null and told.channel = ${channel} and told.sent_at is not null and not exists (
        select from alert_notice where alert_id = alert.id and event = 'CLEARED' and channel = ${channel})`)
    const wanted = [
      ...raised.map(({ id }) => ({ id, event: 'RAISED' })),
      ...cleared.map(({ id }) => ({ id, event: 'CLEARED' })),
    ]
    for (const { id, event } of wanted) {
      await database.run(sql`
        insert into alert_notice (id, alert_id, event, channel, created_at, not_before)
        values (${uuidv7()}, ${id}, ${event}, ${channel}, ${now}, ${now}) on conflict do nothing`)
    }
  }
  await database.run(sql`
    update alert_notice set given_up_at = ${now}, last_error = 'It was over before anyone was told.'
    where event = 'RAISED' and sent_at is null and given_up_at is null and (lease_until is null or lease_until < ${now})
      and exists (select from alert where id = alert_notice.alert_id and cleared_at is not null)`)
}

/** Takes messages that are due; nobody else is given them until the lease has run out. */
export async function claimNotices(
  database: Database,
  args: { channels: `${NoticeChannel}`[]; limit: number; leaseSeconds: number; now: Date },
): Promise<ClaimedNotice[]> {
  const { channels, limit, leaseSeconds, now } = args
  const claimToken = uuidv4()
  return database.transaction(async (transaction) => {
    const taken = await transaction.rows(sql<NoticeRow>`
      update alert_notice set claim_token = ${claimToken}, attempts = attempts + 1,
          lease_until = ${now}::timestamptz + make_interval(secs => ${leaseSeconds})
      where id = any(array(
        select id from alert_notice
        where sent_at is null and given_up_at is null and not_before <= ${now} and channel = any(${channels}::text[])
          and (lease_until is null or lease_until < ${now})
        order by id limit ${limit} for update skip locked))
      returning id, alert_id, event, channel, attempts, extract(epoch from created_at) * 1000 as created_ms`)
    const alerts = await transaction.entities(
      Alert,
      sql`select * from alert where id = any(${taken.map(({ alert_id }) => alert_id)}::uuid[])`,
    )
    const names = await transaction.rows(sql<{ id: string; name: string }>`
      select id, name from connection where id = any(${alerts.map(({ connectionId }) => connectionId)}::uuid[])`)
    return taken
      .sort((one, other) => (one.id < other.id ? -1 : 1))
      .flatMap((row) => {
        const alert = alerts.find(({ id }) => id === row.alert_id)
        if (!alert) return []
        const { id, event, channel, attempts } = row
        const connectionName = names.find((one) => one.id === alert.connectionId)?.name ?? null
        const createdAt = new Date(Number(row.created_ms))
        return [{ id, event, channel, attempts, createdAt, claimToken, alert, connectionName }]
      })
  })
}

interface NoticeRow {
  id: string
  alert_id: string
  event: `${NoticeEvent}`
  channel: `${NoticeChannel}`
  attempts: number
  created_ms: string
}

/** Whether it is still ours to say what came of it. */
export async function noticeSent(
  database: Database,
  { notice, now }: { notice: ClaimedNotice; now: Date },
): Promise<boolean> {
  const { id, claimToken } = notice
  const changed = await database.run(sql`
    update alert_notice set sent_at = ${now}, claim_token = null, lease_until = null, last_error = null
    where id = ${id} and claim_token = ${claimToken}`)
  return changed > 0
}

/** It could not be sent: it is tried again from a time on, or given up when that is null. */
export async function noticeFailed(
  database: Database,
  { notice, error, again, now }: { notice: ClaimedNotice; error: string; again: Date | null; now: Date },
): Promise<void> {
  const { id, claimToken } = notice
  await database.run(sql`
    update alert_notice set claim_token = null, lease_until = null, last_error = ${error},
        not_before = coalesce(${again}::timestamptz, not_before), given_up_at = ${again === null ? now : null}::timestamptz
    where id = ${id} and claim_token = ${claimToken}`)
}
