import type { METRIC_REASONS } from './metric-reasons.ts'
import { type Money, money } from './money.ts'
import type { ReasonDetail } from './reason.ts'

/** A report cannot be believed: nothing of it is counted. Whoever reads a report catches it, and says why. */
export class ReportFault extends Error {
  readonly reason: keyof typeof METRIC_REASONS
  readonly detail: ReasonDetail

  constructor(reason: keyof typeof METRIC_REASONS, detail: ReasonDetail) {
    super(reason)
    this.reason = reason
    this.detail = detail
  }
}

/** Before the point; no company books more. */
const DIGITS_MAX = 15

const AMOUNT =
  /^(?<open>\()?(?<before>-)?\$?(?<within>-)?(?<whole>\d+|\d{1,3}(?:,\d{3})+)?(?<cents>\.\d+)?(?<after>-)?(?<close>\))?$/

/**
 * An amount as a report writes it: with or without thousands, negative by a minus at either end or by parentheses. An empty
 * cell is nothing. `where` is for people. Throws ReportFault on anything else, and where cents would be lost.
 */
export function reportAmount(text: string, where: string): Money {
  const bare = text.replace(/\s/g, '')
  if (bare === '') return '0.00'
  const { open, before, within, whole, cents, after, close } = AMOUNT.exec(bare)?.groups ?? {}
  const signs = [open, before, within, after].filter((sign) => sign !== undefined)
  const isAmount = (whole ?? cents) !== undefined && signs.length <= 1 && (open === undefined) === (close === undefined)
  const hasCents = /^(\.\d{1,2}0*)?$/.test(cents ?? '')
  const hasRoom = (whole ?? '').replaceAll(',', '').length <= DIGITS_MAX
  if (!isAmount || !hasCents || !hasRoom)
    throw new ReportFault('REPORT_AMOUNT_UNREADABLE', { told: `"${text.slice(0, 40)}"`, what: where })
  return money(`${signs.length > 0 ? '-' : ''}${(whole ?? '0').replaceAll(',', '')}${cents ?? ''}`)
}
