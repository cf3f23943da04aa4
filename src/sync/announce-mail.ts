import type { Channel, Message } from './announce.ts'

const ANSWER_TIMEOUT_SECONDS = 20

/** Tells people of alerts by e-mail. Each try of one message has the same Message-ID, so that a mailbox can tell it came twice. */
export function mailChannel({ smtpUrl, from, to }: { smtpUrl: string; from: string; to: string }): Channel {
  const timeout = ANSWER_TIMEOUT_SECONDS * 1000
  const options = { connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout }
  return async (message) => {
    // Loaded with the first mail: most alerts of a healthy house are none.
    const { createTransport } = await import('nodemailer')
    const transport = createTransport({ url: smtpUrl, ...options, disableFileAccess: true, disableUrlAccess: true })
    try {
      await transport.sendMail({
        from,
        to,
        subject: subjectOf(message),
        text: textOf(message),
        messageId: `<${message.id}@countersign>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      })
    } catch (error) {
      // What a mail server says may quote the sign-in; its code and number say enough.
      const { code, responseCode } = error as { code?: string; responseCode?: number }
      throw new Error(`the mail could not be sent: ${[code, responseCode].filter(Boolean).join(' ') || 'no answer'}`)
    } finally {
      transport.close()
    }
  }
}

function subjectOf({ event, severity, code, connection }: Message): string {
  const where = connection ? ` (${connection.name})` : ''
  return oneLine(event === 'RAISED' ? `Countersign: ${severity} ${code}${where}` : `Countersign: over: ${code}${where}`)
}

function textOf({ event, sentence, remedy, raisedAt, clearedAt }: Message): string {
  const since = `since ${raisedAt.toISOString()}`
  if (event === 'RAISED') return `${sentence}\n\n${remedy}\n\n(${since})\n`
  return `This is over: ${sentence}\n\n(${since}, until ${clearedAt?.toISOString() ?? 'now'})\n`
}

/** A name from QuickBooks must not begin another header. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
