import { createHmac } from 'node:crypto'
import type { Channel } from './announce.ts'

const ANSWER_TIMEOUT_SECONDS = 10

/**
 * Tells a program of alerts: JSON by POST, signed so that it can tell us from others. `countersign-signature` is
 * `t=<seconds>,v1=<hex>`, the HMAC-SHA256 of `<seconds>.<body>` under the shared secret; `countersign-id` is the same for
 * each try of one message. Any answer from 200 to 299 takes it.
 */
export function webhookChannel({ url, secret, now }: { url: string; secret: string; now: () => Date }): Channel {
  return async (message) => {
    const body = JSON.stringify({
      ...message,
      event: message.event === 'RAISED' ? 'alert.raised' : 'alert.cleared',
    })
    const seconds = Math.floor(now().getTime() / 1000)
    const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'countersign-id': message.id,
        'countersign-signature': `t=${seconds},v1=${signature}`,
      },
      body,
      // A redirect would carry the message to where nobody meant it to go.
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_SECONDS * 1000),
    }).catch((error: unknown) => {
      // The address may hold a secret of its own, so only the kind of trouble is told.
      throw new Error(`the webhook cannot be reached: ${troubleOf(error)}`)
    })
    await response.body?.cancel()
    if (!response.ok) throw new Error(`the webhook answered ${response.status}`)
  }
}

function troubleOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } }
  return cause?.code ?? name ?? 'no answer'
}
