/** Waits that only tests and a slow network have a reason to change. */
export interface Waits {
  /** How long a process holds the right to speak to a company when it gives no sign of life. */
  laneLeaseSeconds: number
  /** How long an answer of QuickBooks is waited for. */
  answerTimeoutSeconds: number
  /** How long QuickBooks itself may work on a request whose answer was lost. */
  settleSeconds: number
}

/** Where people are told of alerts; what is null is not used. */
export interface AlertConfig {
  email: { smtpUrl: string; from: string; to: string } | null
  webhook: { url: string; secret: string } | null
}

interface WaitSettings {
  QUICKBOOKS_ANSWER_TIMEOUT_SECONDS: number
  QUICKBOOKS_SETTLE_SECONDS: number
  LANE_LEASE_SECONDS: number
}

export function waitsOf({ values, problems }: { values: WaitSettings; problems: string[] }): Waits {
  const answerTimeoutSeconds = values.QUICKBOOKS_ANSWER_TIMEOUT_SECONDS
  const laneLeaseSeconds = values.LANE_LEASE_SECONDS
  // The lease is prolonged each sixth of its length and must still outlast an answer that is asked for just before.
  const shortest = answerTimeoutSeconds * 1.5 + 7
  if (laneLeaseSeconds < shortest) {
    problems.push(
      `LANE_LEASE_SECONDS must be at least ${shortest}: one and a half times QUICKBOOKS_ANSWER_TIMEOUT_SECONDS, and 7.`,
    )
  }
  return { laneLeaseSeconds, answerTimeoutSeconds, settleSeconds: values.QUICKBOOKS_SETTLE_SECONDS }
}

interface AlertSettings {
  SMTP_URL?: string | undefined
  ALERT_EMAIL_TO?: string | undefined
  ALERT_EMAIL_FROM?: string | undefined
  ALERT_WEBHOOK_URL?: string | undefined
  ALERT_WEBHOOK_SECRET?: string | undefined
}

export function alertsOf(values: AlertSettings): AlertConfig {
  const { SMTP_URL: smtpUrl, ALERT_EMAIL_TO: to, ALERT_EMAIL_FROM: from = 'countersign@localhost' } = values
  const { ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: secret } = values
  return { email: smtpUrl && to ? { smtpUrl, from, to } : null, webhook: url && secret ? { url, secret } : null }
}
