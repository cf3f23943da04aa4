import type { ReasonCode, ReasonDetail } from './reason.ts'

/** What the company says of itself. */
export interface CompanyCheck {
  companyName: string
  currency: string
  /** False when QuickBooks gives its own numbers instead of ours. */
  customTransactionNumbers: boolean
  /** Who computes sales tax; null when it could not be asked. */
  salesTax: 'OFF' | 'BY_RATE' | 'AUTOMATED' | null
  /** The day up to which the books are closed, `yyyy-mm-dd`; null when they are open, missing when it is told elsewhere. */
  closingDate?: string | null
  /** How far QuickBooks' clock is ahead of ours, in whole seconds; null when it did not tell the time. */
  clockSkewSeconds: number | null
  /** Set when nothing may be written: the wrong company, a dead sign-in… */
  stop: { reason: ReasonCode; detail: ReasonDetail } | null
}
