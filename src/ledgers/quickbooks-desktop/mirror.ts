import { ExchangePurpose } from '../../domain/kinds.ts'
import { type MirrorDraft, MirrorEntity } from '../../domain/mirror.ts'
import type { Answer, LedgerRequest, MirrorReader, Pull, Pulled, StoredExchange } from '../ledger.ts'
import { notUnderstood } from './faults.ts'
import { askForPage, isForgotten, limited, nextPage, pageRowsMax } from './mirror-pages.ts'
import { type DesktopEntity, draftOf, isMirrored, KINDS, recordOf, SOURCES } from './mirror-records.ts'
import { settlementOf } from './payments.ts'
import { asking, foundIn, packOne, readResponses, refused } from './pull.ts'
import type { Reading } from './txn-records.ts'
import type { Values } from './values.ts'

/** QuickBooks forgets after 90 days what was deleted. */
const lookBackSeconds = 90 * 86_400
/** The clock of a company file is local, says no offset, and jumps twice a year: the question reaches back beyond any of it. */
const clockDoubtSeconds = 26 * 3_600
/** More changes than these, of one kind, are read page by page. */
const changesRowsMax = 2_500
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
    byCursor: true,
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
    const requests = asked.map((entity) => {
      const { query: name } = SOURCES[entity]
      const atMost = limited({ name, version, rowsMax: changesRowsMax })
      return asking({ name, values: { ...atMost, ...recordsOf(entity, { since }) }, version })
    })
    const TxnDelType = asked.map((entity) => SOURCES[entity].deleted)
    const deleted = { TxnDelType, DeletedDateRangeFilter: { FromDeletedDate: since } }
    requests.push(asking({ name: 'TxnDeletedQuery', values: deleted, version }))
    return { purpose, operation: `${CHANGES} ${TxnDelType.join(',')}`, request: requests.join('') }
  }
  const { entity } = pull
  if (!isMirrored(entity)) throw new RangeError(`no ${entity} of a company file is mirrored`)
  const { query: name } = SOURCES[entity]
  // A kind is counted by its ids alone.
  if (pull.kind === 'COUNT') {
    const request = asking({ name, values: { IncludeRetElement: ['TxnID'] }, version })
    return { purpose, operation: `${COUNT} ${name}`, request }
  }
  if (pull.kind === 'IDS') {
    const values = { TxnID: pull.ids, ...recordsOf(entity, { since: null }) }
    return { purpose, operation: `query ${name}`, request: asking({ name, values, version }) }
  }
  const since = pull.changedSince ? localBefore(pull.changedSince) : null
  const { request, left } = askForPage({ name, values: recordsOf(entity, { since }), version, page: pull })
  return { purpose, operation: `${PAGE} ${name}${left}`, request }
}

const COUNT = 'count'
const CHANGES = 'changes'
const PAGE = 'page of'

function recordsOf(entity: DesktopEntity, { since }: { since: string | null }): Values {
  const linked = entity === MirrorEntity.CREDIT_MEMO ? { IncludeLinkedTxns: 'true' } : { IncludeLineItems: 'true' }
  const changed = since === null ? {} : { ModifiedDateRangeFilter: { FromModifiedDate: since } }
  return { ...changed, ...linked, IncludeRetElement: READ[entity] }
}

function localBefore(time: Date): string {
  return new Date(time.getTime() - clockDoubtSeconds * 1000).toISOString().slice(0, 19)
}

function decode({ operation, request }: StoredExchange, answer: Answer): Pulled {
  const responses = readResponses<MirrorDraft | null>({ request, answer, read: draftOf })
  if (!Array.isArray(responses)) return responses
  const nothing = { records: [], cut: false, count: null, toldAt: null }
  const [page] = responses
  if (isForgotten({ request, page })) return { kind: 'pulled', ...nothing, next: 'FORGOTTEN' }
  const records: MirrorDraft[] = []
  let cut = false
  for (const response of responses) {
    const found = foundIn(response)
    if (!Array.isArray(found)) return found
    for (const record of found) {
      if (!record) return refused(notUnderstood(`${operation} holds a record that cannot be read`))
      records.push(record)
    }
    // What was deleted is told without a limit.
    if (!response.name.startsWith('TxnDeleted') && found.length >= changesRowsMax) cut = true
  }
  const isAbout = (what: string) => operation.startsWith(`${what} `)
  if (isAbout(COUNT)) return { kind: 'pulled', ...nothing, count: records.length }
  if (isAbout(CHANGES)) return { kind: 'pulled', ...nothing, records, cut }
  if (!isAbout(PAGE) || !page) return { kind: 'pulled', ...nothing, records }
  const next = nextPage({ operation, page })
  return next === null
    ? refused(notUnderstood('more is left, and none of it comes'))
    : { kind: 'pulled', ...nothing, records, next }
}
