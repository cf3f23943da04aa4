import { ExchangePurpose } from '../../domain/kinds.ts'
import { type MirrorDraft, MirrorEntity } from '../../domain/mirror.ts'
import type { Answer, LedgerRequest, MirrorReader, Pull, Pulled, StoredExchange } from '../ledger.ts'
import { notUnderstood } from './faults.ts'
import { type DesktopEntity, draftOf, isMirrored, KINDS, recordOf, SOURCES } from './mirror-records.ts'
import { settlementOf } from './payments.ts'
import { asking, packOne, readPulled, refused } from './pull.ts'
import type { Reading } from './txn-records.ts'
import type { Values } from './values.ts'

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

function localBefore(time: Date): string {
  return new Date(time.getTime() - clockDoubtSeconds * 1000).toISOString().slice(0, 19)
}

function decode({ operation, request }: StoredExchange, answer: Answer): Pulled {
  const found = readPulled<MirrorDraft | null>({ request, answer, read: draftOf })
  if (!Array.isArray(found)) return found
  const records = found.filter((record) => record !== null)
  if (records.length < found.length) return refused(notUnderstood(`${operation} holds a record that cannot be read`))
  const isCount = operation.startsWith(`${COUNT} `)
  const nothing = { cut: false, toldAt: null }
  return isCount
    ? { kind: 'pulled', records: [], count: records.length, ...nothing }
    : { kind: 'pulled', records, count: null, ...nothing }
}
