import type { ReasonDetail } from '../../domain/reason.ts'
import type { Outcome } from '../ledger.ts'
import type { Verb } from './to-request.ts'

/** What was asked, as far as the meaning of a status depends on it. */
export interface Asked {
  /** True when the question could have written something. */
  writes: boolean
  /** What it could have done. */
  verb?: Verb
  /** The parts of the question that a reason may name. */
  about: { documentNumber: string | null; customerName: string | null; date: string | null }
}

/** What QuickBooks said to one request. */
export interface Status {
  code: string
  message: string
}

/** How long a question waits that nobody answered. */
const askAgainSeconds = 30

/** How long a record stays alone that somebody has open. */
const inUseSeconds = 30

type Meaning = (status: Status, asked: Asked) => Outcome | 'fine'

/** The status table: what each code that we know means. A code that is not here is unknown. */
export const STATUS_TABLE: Readonly<Record<string, Meaning>> = {
  '0': fine,
  // Nothing matched a question. A write that matched nothing is no write that we know.
  '1': (status, asked) => (asked.writes ? notUnderstood(words(status)) : 'fine'),
  '500': (status, asked) => (asked.writes ? notUnderstood(words(status)) : 'fine'),
  // Warnings: a field was ignored, notes were not saved, a link could not be made. The record was saved all the same.
  '530': fine,
  '550': fine,
  '570': fine,
  ...rejections('3000 3010 3020 3030 3040 3050 3060 3070 3080 3085 3090 3110 3130 3150 3151 3250 3290'),
  // What something is applied to is not voided.
  '3210': (status, { verb }) => ({
    kind: 'rejected',
    reason: verb === 'void' || verb === 'delete' ? 'VOID_REFUSED' : 'QUICKBOOKS_REJECTED',
    detail: stated(status),
  }),
  // What was named is no longer there: it may be known under another id by now.
  '3120': stale,
  '3140': stale,
  '3100': taken,
  '3170': whenInUse,
  '3175': whenInUse,
  '3176': whenInUse,
  '3180': whenInUse,
  '3171': (status, { about }) => ({
    kind: 'rejected',
    reason: 'PERIOD_CLOSED',
    detail: { ...stated(status), date: about.date },
  }),
  // Somebody changed it since it was read: it is read again, and the same change sent again.
  '3200': (status) => ({
    kind: 'deferred',
    reason: 'STALE_REVISION',
    detail: stated(status),
    afterSeconds: 0,
    scope: 'posting',
  }),
  '3231': (status) => ({
    kind: 'deferred',
    reason: 'NOT_TRIED',
    detail: stated(status),
    afterSeconds: 0,
    scope: 'delivery',
  }),
  '3260': denied,
  '3261': denied,
}

/** What a status means; `fine` when the records beside it count. Pure. */
export function meaningOf(status: Status, asked: Asked): Outcome | 'fine' {
  const meaning = Object.hasOwn(STATUS_TABLE, status.code) ? STATUS_TABLE[status.code] : undefined
  return meaning ? meaning(status, asked) : notUnderstood(words(status))
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

/** It was never handed out, so it may simply be sent again: when the Web Connector calls next. */
export function notSent(detail: string): Outcome {
  return {
    kind: 'deferred',
    reason: 'QUICKBOOKS_UNREACHABLE',
    detail: { detail },
    afterSeconds: 1,
    scope: 'connection',
  }
}

function fine(): 'fine' {
  return 'fine'
}

function rejections(codes: string): Record<string, Meaning> {
  return Object.fromEntries(codes.split(' ').map((code) => [code, rejected]))
}

function rejected(status: Status): Outcome {
  return { kind: 'rejected', reason: 'QUICKBOOKS_REJECTED', detail: stated(status) }
}

/**
 * Names are one list of customers, vendors and employees; a new customer may be the one that has the name already, one that
 * is renamed is not. A document has no name: what is taken is its GUID, so it is there.
 */
function taken(status: Status, { verb, about: { documentNumber, customerName } }: Asked): Outcome {
  if (verb === 'update') return { kind: 'rejected', reason: 'NAME_TAKEN', detail: { ...stated(status), customerName } }
  return documentNumber === null
    ? { kind: 'taken', reason: 'NAME_TAKEN', detail: { ...stated(status), customerName } }
    : { kind: 'taken', reason: 'QUICKBOOKS_REJECTED', detail: { ...stated(status), documentNumber } }
}

function stale(status: Status): Outcome {
  return { kind: 'rejected', reason: 'QUICKBOOKS_REJECTED', detail: stated(status), staleReference: true }
}

/** These codes stand for many things; only their words tell whether waiting helps. */
function whenInUse(status: Status): Outcome {
  if (!/\block|\bin use\b|\bbeing (used|edited|modified)|another (user|application)|\bbusy\b/i.test(status.message)) {
    return rejected(status)
  }
  return {
    kind: 'deferred',
    reason: 'RECORD_IN_USE',
    detail: stated(status),
    afterSeconds: inUseSeconds,
    scope: 'record',
  }
}

function denied(status: Status): Outcome {
  return { kind: 'stopped', reason: 'DESKTOP_ACCESS_DENIED', detail: stated(status) }
}

function stated({ code, message }: Status): ReasonDetail {
  return { code, message, detail: message, field: fieldNamedIn(message) }
}

/** Errors name their field only in their sentence: `… in the field "TxnDate"`, `Missing element: "Name"`. */
function fieldNamedIn(message: string): string | null {
  return /\b(?:field|element)s?:?\s+["“]?([A-Za-z]\w*)["”]?/i.exec(message)?.[1] ?? null
}

function words({ code, message }: Status): string {
  return [`status ${code || 'none'}`, message].filter(Boolean).join(': ')
}
