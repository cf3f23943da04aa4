import { createHash } from 'node:crypto'
import { ExchangePurpose } from '../../domain/kinds.ts'
import { type MirrorDraft, MirrorEntity } from '../../domain/mirror.ts'
import type { Answer, Envelope, LedgerRequest, MirrorReader, Outcome, Pull, Pulled, StoredExchange } from '../ledger.ts'
import { meaningOf, notSent, notUnderstood, silence } from './faults.ts'
import { outcomeOfRefusal, refusalOf } from './hresults.ts'
import { messageSet } from './message-set.ts'
import { type DesktopEntity, draftOf, isMirrored, KINDS, recordOf, SOURCES } from './mirror-records.ts'
import { settlementOf } from './payments.ts'
import { answerBytesMax, type Response, readAnswer } from './read-xml.ts'
import type { RequestName } from './schema/requests.ts'
import type { Reading } from './txn-records.ts'
import type { Values } from './values.ts'
import { attributesOf, writeRequest } from './write-xml.ts'

/** QuickBooks forgets after 90 days what was deleted. */
const lookBackSeconds = 90 * 86_400
/** The clock of a company file is local, says no offset, and jumps twice a year: the question reaches back beyond any of it. */
const clockDoubtSeconds = 26 * 3_600
/** Everything comes in one answer, for a listing page by page ends with its conversation; the length of an answer is the limit. */
const pageRowsMax = 1_000_000
const idsMax = 100

/** What is read of a record; all else would only make answers long. */
const COMMON = 'TxnID TimeModified EditSequence CustomerRef TxnDate RefNumber CurrencyRef Memo'
const READ = {
  [MirrorEntity.INVOICE]:
    `${COMMON} DueDate Subtotal SalesTaxTotal BalanceRemaining InvoiceLineRet InvoiceLineGroupRet`.split(' '),
  [MirrorEntity.PAYMENT]: `${COMMON} TotalAmount PaymentMethodRef UnusedPayment AppliedToTxnRet`.split(' '),
  [MirrorEntity.CREDIT_MEMO]: `${COMMON} TotalAmount CreditRemaining LinkedTxn`.split(' '),
} as const satisfies Record<DesktopEntity, readonly string[]>

/** Reads invoices, payments and credit memos of a company file for the mirror, in a conversation, once its postings are through. */
export function openMirror(args: { version: () => number; reading: () => Reading }): MirrorReader {
  const { version, reading } = args
  return {
    kinds: KINDS,
    captured: KINDS,
    lookBackSeconds,
    pageRowsMax,
    idsMax,
    encode: (pull) => encode(pull, version()),
    pack: (exchange) => packOne(exchange, version()),
    decode,
    recordOf: (draft) => recordOf(draft, reading()),
    settlementOf,
  }
}

function encode(pull: Pull, version: number): LedgerRequest {
  const purpose = ExchangePurpose.PULL
  if (pull.kind === 'CHANGES') {
    const since = localBefore(pull.changedSince)
    const asked = pull.entities.filter(isMirrored)
    const requests = asked.map((entity) =>
      asking({ name: SOURCES[entity].query, values: recordsOf(entity, { since }), version }),
    )
    const TxnDelType = asked.map((entity) => SOURCES[entity].deleted)
    const deleted = { TxnDelType, DeletedDateRangeFilter: { FromDeletedDate: since } }
    requests.push(asking({ name: 'TxnDeletedQuery', values: deleted, version }))
    return { purpose, operation: `changes ${TxnDelType.join(',')}`, request: requests.join('') }
  }
  const { entity } = pull
  if (!isMirrored(entity)) throw new RangeError(`no ${entity} of a company file is mirrored`)
  const { query: name } = SOURCES[entity]
  // A kind is counted by its ids alone.
  if (pull.kind === 'COUNT') {
    const request = asking({ name, values: { IncludeRetElement: ['TxnID'] }, version })
    return { purpose, operation: `${COUNT} ${name}`, request }
  }
  const since = pull.kind === 'PAGE' && pull.changedSince ? localBefore(pull.changedSince) : null
  const wanted = pull.kind === 'IDS' ? { TxnID: pull.ids } : {}
  const request = asking({ name, values: { ...wanted, ...recordsOf(entity, { since }) }, version })
  return { purpose, operation: `query ${name}`, request }
}

const COUNT = 'count'

function recordsOf(entity: DesktopEntity, { since }: { since: string | null }): Values {
  const linked = entity === MirrorEntity.CREDIT_MEMO ? { IncludeLinkedTxns: 'true' } : { IncludeLineItems: 'true' }
  const changed = since === null ? {} : { ModifiedDateRangeFilter: { FromModifiedDate: since } }
  return { ...changed, ...linked, IncludeRetElement: READ[entity] }
}

/** A request under an id of its content, by which its answer is found. */
function asking({ name, values, version }: { name: RequestName; values: Values; version: number }): string {
  const request = writeRequest({ name, values, version })
  const requestID = `${name}-${createHash('sha256').update(request).digest('hex').slice(0, 16)}`
  return request.replace(/^<\w+/, (tag) => tag + attributesOf({ requestID }))
}

function localBefore(time: Date): string {
  return new Date(time.getTime() - clockDoubtSeconds * 1000).toISOString().slice(0, 19)
}

function packOne(exchange: StoredExchange, version: number): Envelope {
  const body = messageSet({ requests: [exchange.request], version })
  return { method: 'QBXML', path: 'message-set', contentType: 'application/qbxml', body, exchanges: [exchange] }
}

const ASKED = { writes: false, about: { documentNumber: null, customerName: null, date: null } }

function decode({ operation, request }: StoredExchange, answer: Answer): Pulled {
  if (answer.kind !== 'answered') return pulledOf(unanswered(answer))
  const refusal = answer.status === 500 ? refusalOf(answer.body) : null
  if (refusal) return pulledOf(outcomeOfRefusal({ refusal, asked: ASKED, alone: true }))
  // To ask again would bring as long an answer again.
  if (answer.body.length > answerBytesMax) {
    const detail = `the answer is longer than ${answerBytesMax} bytes`
    return { kind: 'rejected', reason: 'ANSWER_NOT_UNDERSTOOD', detail: { detail } }
  }
  const isCount = operation.startsWith(`${COUNT} `)
  const read = readAnswer<MirrorDraft | null>({ body: answer.body, read: draftOf })
  if (read.kind === 'unreadable') return pulledOf(notUnderstood(`the answer cannot be read: ${read.detail}`))
  const records: MirrorDraft[] = []
  for (const [, requestId] of request.matchAll(/requestID="([^"]+)"/g)) {
    const found = foundIn(read.responses.filter((one) => one.requestId === requestId))
    if (!Array.isArray(found)) return pulledOf(found)
    records.push(...found)
  }
  const nothing = { cut: false, toldAt: null }
  return isCount
    ? { kind: 'pulled', records: [], count: records.length, ...nothing }
    : { kind: 'pulled', records, count: null, ...nothing }
}

function foundIn([response, ...others]: Response<MirrorDraft | null>[]): MirrorDraft[] | Outcome {
  if (!response || others.length > 0)
    return notUnderstood(`the set holds ${others.length + (response ? 1 : 0)} answers`)
  const { statusCode: code, statusMessage: message, name, found } = response
  const meaning = meaningOf({ code, message }, ASKED)
  if (meaning !== 'fine') return meaning
  const records = found.filter((record) => record !== null)
  return records.length < found.length ? notUnderstood(`${name} holds a record that cannot be read`) : records
}

function unanswered(answer: Exclude<Answer, { kind: 'answered' }>): Outcome {
  switch (answer.kind) {
    case 'not-sent':
      return notSent(answer.detail)
    case 'lost':
      return silence({ asked: ASKED, detail: answer.detail })
    case 'refused-sign-in':
      return { kind: 'stopped', reason: answer.reason, detail: { detail: answer.detail } }
  }
}

/** Of all that an outcome may be, a pull knows how it failed. */
function pulledOf(outcome: Outcome): Pulled {
  switch (outcome.kind) {
    case 'rejected':
    case 'deferred':
    case 'stopped':
    case 'unknown':
      return outcome
    default:
      return {
        kind: 'unknown',
        reason: 'ANSWER_NOT_UNDERSTOOD',
        detail: { detail: `nothing for a pull: ${outcome.kind}` },
      }
  }
}
