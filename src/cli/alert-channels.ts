import type { Config } from '../config.ts'
import type { announce } from '../sync/announce.ts'
import { mailChannel } from '../sync/announce-mail.ts'
import { webhookChannel } from '../sync/announce-webhook.ts'

/** The ways in which people are told of alerts here; none is a way too. */
export function alertChannels(
  { alerts }: Config,
  { now }: { now: () => Date },
): Parameters<typeof announce>[1]['channels'] {
  const { email, webhook } = alerts
  return {
    ...(email ? { EMAIL: mailChannel(email) } : {}),
    ...(webhook ? { WEBHOOK: webhookChannel({ ...webhook, now }) } : {}),
  }
}
