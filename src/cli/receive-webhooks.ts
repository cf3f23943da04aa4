import { createHash } from 'node:crypto'
import type { WebhookReceiver } from '../http/webhooks.ts'
import { isSigned, readNotices } from '../ledgers/quickbooks-online/webhook.ts'
import type { Database } from '../storage/database.ts'
import { noteRefusal, saveWebhookNotices } from '../storage/webhook-events.ts'

/** Forged requests whose hash is kept in one minute; those beyond cost nothing but their signature. */
const REFUSALS_PER_MINUTE_MAX = 60

/**
 * Takes what QuickBooks tells: a signature that is wrong is refused before anything is read, what is right is stored before it is
 * acknowledged, and nothing is worked on here.
 */
export function webhookReceiver(args: {
  database: Database
  verifierToken: string | null
  now: () => Date
}): WebhookReceiver {
  const { database, verifierToken, now } = args
  let minute = 0
  let refusals = 0
  return async ({ body, signature }) => {
    if (verifierToken === null) return 'not-configured'
    if (!isSigned({ body, signature, verifierToken })) {
      const current = Math.floor(now().getTime() / 60_000)
      if (current !== minute) [minute, refusals] = [current, 0]
      refusals += 1
      if (refusals > REFUSALS_PER_MINUTE_MAX) return 'too-many-forged'
      await noteRefusal(database, { hash: createHash('sha256').update(body).digest('hex'), now: now() })
      return 'forged'
    }
    const notices = readNotices(body.toString('utf8'))
    if (notices === null) return 'unreadable'
    await saveWebhookNotices(database, { notices, now: now() })
    return 'stored'
  }
}
