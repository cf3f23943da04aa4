import { type ClaimedNotice, claimNotices, noteAlerts, noticeFailed, noticeSent } from '../storage/alert-notices.ts'
import { later, type Road } from './road.ts'

const NOTICES_AT_ONCE_MAX = 20
/** Longer than a channel may take to answer for all that is claimed at once. */
const LEASE_SECONDS = 900
/** Waits between tries; the last one stays. Given up after a day: by then the alert is best seen in the API. */
const RETRY_SECONDS = [30, 60, 120, 300, 900, 3_600]
const GIVE_UP_SECONDS = 86_400

/** What a channel is to say. The same message keeps its id however often it is tried. */
export interface Message {
  id: string
  event: 'RAISED' | 'CLEARED'
  code: string
  severity: string
  connection: { id: string; name: string } | null
  sentence: string
  remedy: string
  count: number
  raisedAt: Date
  clearedAt: Date | null
}

/** One way to reach people. Throws when the message was not taken; the error holds no secret. */
export type Channel = (message: Message) => Promise<void>

/** Tells people of what began and of what is over: once by each channel, by whichever process comes first. */
export async function announce(
  { database, now, log }: Pick<Road, 'database' | 'now' | 'log'>,
  { channels }: { channels: Partial<Record<'EMAIL' | 'WEBHOOK', Channel>> },
): Promise<void> {
  const names = (['EMAIL', 'WEBHOOK'] as const).filter((name) => channels[name])
  if (names.length === 0) return
  await noteAlerts(database, { channels: names, now: now() })
  const notices = await claimNotices(database, {
    channels: names,
    limit: NOTICES_AT_ONCE_MAX,
    leaseSeconds: LEASE_SECONDS,
    now: now(),
  })
  for (const notice of notices) {
    try {
      await channels[notice.channel]?.(messageOf(notice))
      await noticeSent(database, { notice, now: now() })
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      const again = nextTry(notice, now())
      await noticeFailed(database, { notice, error: words, again, now: now() })
      log.warn(
        { channel: notice.channel, alert: notice.alert.code, again, error: words },
        'nobody could be told of an alert',
      )
    }
  }
}

function nextTry({ attempts, createdAt }: ClaimedNotice, now: Date): Date | null {
  if (now >= later(createdAt, GIVE_UP_SECONDS)) return null
  return later(now, RETRY_SECONDS[Math.min(attempts, RETRY_SECONDS.length) - 1] ?? 0)
}

function messageOf({ id, event, alert, connectionName }: ClaimedNotice): Message {
  const { code, severity, connectionId, sentence, remedy, count, raisedAt, clearedAt } = alert
  const connection = connectionId === null ? null : { id: connectionId, name: connectionName ?? connectionId }
  return { id, event, code, severity, connection, sentence, remedy, count, raisedAt, clearedAt }
}
