import type { ReasonDetail } from '../../domain/reason.ts'
import type { Outcome } from '../ledger.ts'
import type { Fault } from './read-faults.ts'
import type { Verb } from './to-request.ts'

/** What was asked, as far as the meaning of a fault depends on it. */
export interface Asked {
  /** True when the question could have written something. */
  writes: boolean
  /** What it could have done. */
  verb?: Verb
  /** The parts of the question that a reason may name. */
  about: { documentNumber: string | null; customerName: string | null; date: string | null }
}

/** After a throttled answer Intuit wants a minute of silence. */
export const throttleSeconds = 60

/** How long a question that writes nothing waits before it is asked again. */
const askAgainSeconds = 30

type Meaning = (fault: Fault, asked: Asked) => Outcome

/** The fault table: what each code that we know means. A code that is not here is unknown. */
export const FAULT_TABLE: Readonly<Record<string, Meaning>> = {
  '100': (fault) => ({ kind: 'stopped', reason: 'WRONG_COMPANY', detail: stated(fault) }),
  '120': (fault) => ({ kind: 'stopped', reason: 'RECONNECT', detail: stated(fault) }),
  '3100': (fault) => ({ kind: 'stopped', reason: 'RECONNECT', detail: stated(fault) }),
  // The fault quotes the token, so its words are not repeated.
  '3200': () => ({ kind: 'deferred', reason: 'TOKEN_EXPIRED', detail: {}, afterSeconds: 0, scope: 'connection' }),
  '3001': throttled,
  '500': rejected,
  '600': unsettled,
  // What is to be deleted and is gone already, somebody deleted; or we did, and did not hear of it.
  '610': (fault, asked) => (asked.verb === 'delete' ? { kind: 'done' } : stale(fault)),
  '620': rejected,
  '2010': rejected,
  '2020': rejected,
  '2030': rejected,
  '2050': rejected,
  '2170': rejected,
  '2180': rejected,
  '2500': stale,
  '4000': rejected,
  '4001': rejected,
  // Somebody changed it since it was read: it is read again, and the same change sent again.
  '5010': (fault) => ({
    kind: 'deferred',
    reason: 'STALE_REVISION',
    detail: stated(fault),
    afterSeconds: 0,
    scope: 'posting',
  }),
  // Sometimes the record was saved although this was said.
  '6000': (fault, asked) => (takesBack(asked) && linked(fault) ? voidRefused(fault) : unsettled(fault, asked)),
  '6070': rejected,
  '6100': rejected,
  '6140': (fault, { about }) => ({ kind: 'taken', reason: 'NUMBER_TAKEN', detail: { ...about, ...takenBy(fault) } }),
  '6190': (fault) => ({ kind: 'stopped', reason: 'SUBSCRIPTION_LAPSED', detail: stated(fault) }),
  '6200': closed,
  '6210': closed,
  // A new customer may be the one that has the name already; one that is renamed is not.
  '6240': (fault, { about, verb }) => ({
    kind: verb === 'update' ? 'rejected' : 'taken',
    reason: 'NAME_TAKEN',
    detail: { ...stated(fault), customerName: about.customerName },
  }),
  '6540': (fault, asked) => (takesBack(asked) ? voidRefused(fault) : rejected(fault)),
}

/**
 * What an answer that carries no record means, by its HTTP status and the codes of its faults. Pure.
 * A server error may come after the record was saved, so it proves nothing about a write; a look-up may be asked again.
 * Of several faults the most cautious meaning counts.
 */
export function outcomeOfFaults({ status, faults, asked }: { status: number; faults: Fault[]; asked: Asked }): Outcome {
  if (status >= 500 || status === 408) return silence({ asked, detail: `HTTP ${status}${quoted(faults)}` })
  if (status === 429) return throttled()
  if (faults.length === 0) return notUnderstood(`HTTP ${status}, neither a record nor a known error`)
  const outcomes = faults.map((fault) => {
    const meaning = Object.hasOwn(FAULT_TABLE, fault.code) ? FAULT_TABLE[fault.code] : undefined
    return meaning ? meaning(fault, asked) : notUnderstood(words(fault))
  })
  return outcomes.toSorted((a, b) => caution(b) - caution(a))[0]!
}

/** An answer that never came, or says nothing about what was done. */
export function silence({ asked, detail }: { asked: Asked; detail: string }): Outcome {
  return asked.writes
    ? { kind: 'unknown', reason: 'ANSWER_LOST', detail: { detail } }
    : {
        kind: 'deferred',
        reason: 'QUICKBOOKS_UNREACHABLE',
        detail: { detail },
        afterSeconds: askAgainSeconds,
        scope: 'posting',
      }
}

export function notUnderstood(detail: string): Outcome {
  return { kind: 'unknown', reason: 'ANSWER_NOT_UNDERSTOOD', detail: { detail } }
}

/** The request never left, so it may simply be sent again. */
export function notSent(detail: string): Outcome {
  return {
    kind: 'deferred',
    reason: 'QUICKBOOKS_UNREACHABLE',
    detail: { detail },
    afterSeconds: askAgainSeconds,
    scope: 'connection',
  }
}

function throttled(): Outcome {
  return { kind: 'deferred', reason: 'THROTTLED', detail: {}, afterSeconds: throttleSeconds, scope: 'connection' }
}

/** It no longer has something that was named. */
function stale(fault: Fault): Outcome {
  return { kind: 'rejected', reason: 'QUICKBOOKS_REJECTED', detail: stated(fault), staleReference: true }
}

function rejected(fault: Fault): Outcome {
  return { kind: 'rejected', reason: 'QUICKBOOKS_REJECTED', detail: stated(fault) }
}

function closed(fault: Fault, { about }: Asked): Outcome {
  return { kind: 'rejected', reason: 'PERIOD_CLOSED', detail: { ...stated(fault), date: about.date } }
}

/**
 * QuickBooks knows of the write, or may: only a look-up tells. Its own words are kept, so that proven absence makes them a
 * rejection and not one more try. A look-up has nothing to settle and is not understood.
 */
function unsettled(fault: Fault, asked: Asked): Outcome {
  return asked.writes
    ? { kind: 'unknown', reason: 'QUICKBOOKS_REJECTED', detail: stated(fault) }
    : notUnderstood(words(fault))
}

/** What has payments or deposits on it keeps its amounts: QuickBooks says so, and voids nothing. */
function linked({ message, detail }: Fault): boolean {
  return /\b(payment|deposit|linked|applied)/i.test(`${message} ${detail}`)
}

function takesBack({ verb }: Asked): boolean {
  return verb === 'void' || verb === 'delete'
}

function voidRefused(fault: Fault): Outcome {
  return { kind: 'rejected', reason: 'VOID_REFUSED', detail: stated(fault) }
}

/** `DocNumber=… is assigned to TxnType=Invoice with TxnId=…` */
function takenBy({ code, message, detail }: Fault): ReasonDetail {
  return {
    code,
    message,
    detail,
    transactionType: /TxnType=(\w+)/.exec(detail)?.[1] ?? null,
    quickBooksId: /TxnId=(\w+)/.exec(detail)?.[1] ?? null,
  }
}

function stated({ code, message, detail, field }: Fault): ReasonDetail {
  return { code, message: field ? `${message}: ${field}` : message, detail: detail || message, field }
}

function words({ code, message, detail }: Fault): string {
  return [`code ${code || 'none'}`, message, detail].filter(Boolean).join(': ')
}

function quoted(faults: Fault[]): string {
  return faults.map((fault) => `, ${words(fault)}`).join('')
}

const CAUTION = [
  'posted',
  'found',
  'done',
  'absent',
  'rejected',
  'taken',
  'deferred',
  'stopped',
  'unknown',
] as const satisfies Outcome['kind'][]

function caution({ kind }: Outcome): number {
  return CAUTION.indexOf(kind)
}
