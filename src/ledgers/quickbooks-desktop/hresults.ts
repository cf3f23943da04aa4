import type { ReasonCode } from '../../domain/reason.ts'
import type { Outcome } from '../ledger.ts'
import { type Asked, silence } from './faults.ts'

/** How long QuickBooks is left alone when something at the office is in the way. */
const officeSeconds = 30

/** The answer in place of qbXML: QuickBooks, or what stands before it, refused the whole set. */
interface Refusal {
  /** In lower case: `0x80040400`. */
  hresult: string
  message: string
}

/** QuickBooks could not parse the set; nothing of it was tried. */
const parseErrorHresult = '0x80040400'

/** The table of those that say that nothing was tried. Whoever is not here may have come in the midst of the work. */
export const HRESULT_TABLE: Readonly<Record<string, { kind: 'deferred' | 'stopped'; reason: ReasonCode }>> = {
  '0x80040401': { kind: 'stopped', reason: 'DESKTOP_ACCESS_DENIED' },
  '0x80040408': { kind: 'deferred', reason: 'DESKTOP_CLOSED' },
  '0x8004040a': { kind: 'deferred', reason: 'DESKTOP_OTHER_FILE' },
  '0x8004040d': { kind: 'deferred', reason: 'QUICKBOOKS_UNREACHABLE' },
  '0x80040410': { kind: 'deferred', reason: 'DESKTOP_OTHER_MODE' },
  '0x80040414': { kind: 'deferred', reason: 'DESKTOP_DIALOG_OPEN' },
  '0x80040416': { kind: 'deferred', reason: 'DESKTOP_CLOSED' },
  '0x8004041a': { kind: 'stopped', reason: 'DESKTOP_ACCESS_DENIED' },
  '0x80040420': { kind: 'stopped', reason: 'DESKTOP_ACCESS_DENIED' },
  '0x80040422': { kind: 'deferred', reason: 'DESKTOP_OTHER_MODE' },
}

/** True when one request of a set that was refused may be the cause: QuickBooks could not read the set, or broke down over it. */
export function blamesTheSet(hresult: string): boolean {
  return !Object.hasOwn(HRESULT_TABLE, hresult)
}

/** An hresult as the mailbox keeps it: `0x80040400: message`. Null when the text is none. */
export function refusalOf(body: string): Refusal | null {
  const match = /^(0x[0-9a-f]{8})(?::\s*([\s\S]*))?$/i.exec(body.trim())
  return match ? { hresult: match[1]!.toLowerCase(), message: match[2] ?? '' } : null
}

/** What a refusal of the whole set means to one exchange of it. Pure. */
export function outcomeOfRefusal({
  refusal: { hresult, message },
  asked,
  alone,
}: {
  refusal: Refusal
  asked: Asked
  alone: boolean
}): Outcome {
  const words = `${message || 'QuickBooks refused it'} (${hresult})`
  if (hresult === parseErrorHresult) {
    const detail = { message: message || 'it does not parse', code: hresult, detail: words }
    return alone
      ? { kind: 'rejected', reason: 'QBXML_REFUSED', detail }
      : { kind: 'deferred', reason: 'NOT_TRIED', detail, afterSeconds: 0, scope: 'delivery' }
  }
  const meaning = Object.hasOwn(HRESULT_TABLE, hresult) ? HRESULT_TABLE[hresult] : undefined
  if (!meaning) {
    const lost = silence({ asked, detail: words })
    // Of many nobody knows which one it was. Alone it bears the code, and what bears one is not tried for ever.
    return lost.kind === 'unknown' && alone ? { ...lost, detail: { ...lost.detail, code: hresult } } : lost
  }
  const { kind, reason } = meaning
  const detail = { code: hresult, detail: words, message: words }
  return kind === 'stopped'
    ? { kind, reason, detail }
    : { kind, reason, detail, afterSeconds: officeSeconds, scope: 'connection' }
}
