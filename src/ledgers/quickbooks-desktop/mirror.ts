import { ExchangePurpose } from '../../domain/kinds.ts'
import { type MirrorDraft, MirrorEntity } from '../../domain/mirror.ts'
import type { MirrorPage } from '../../domain/mirror-page.ts'
import type { Answer, LedgerRequest, MirrorReader, Pull, Pulled, StoredExchange } from '../ledger.ts'
import { notUnderstood } from './faults.ts'
import { askForPage, isForgotten, limited, nextPage, pageRowsMax } from './mirror-pages.ts'
import {
  CAPTURED,
  type DesktopEntity,
  draftOf,
  isMirrored,
  itemOf,
  KINDS,
  recordOf,
  SOURCES,
  taxesOf,
  taxOfCustomer,
} from './mirror-records.ts'
import { settlementOf } from './payments.ts'
import { asking, foundIn, packOne, readResponses, refused } from './pull.ts'
import type { RequestName } from './schema/requests.ts'
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
const LISTED = 'ListID TimeModified EditSequence Name IsActive'
const SOLD = 'SalesOrPurchase SalesAndPurchase SalesDesc SalesPrice IncomeAccountRef COGSAccountRef ItemDesc'
const READ = {
  [MirrorEntity.INVOICE]:
    `${COMMON} DueDate Subtotal SalesTaxTotal BalanceRemaining InvoiceLineRet InvoiceLineGroupRet`.split(' '),
  [MirrorEntity.PAYMENT]: `${COMMON} TotalAmount PaymentMethodRef UnusedPayment AppliedToTxnRet`.split(' '),
  [MirrorEntity.CREDIT_MEMO]: `${COMMON} TotalAmount CreditRemaining LinkedTxn`.split(' '),
  [MirrorEntity.CUSTOMER]:
    `${LISTED} FullName ParentRef CompanyName BillAddress Phone Email SalesTaxCodeRef ItemSalesTaxRef`.split(' '),
  [MirrorEntity.ACCOUNT]: `${LISTED} FullName ParentRef AccountType`.split(' '),
  [MirrorEntity.ITEM]: `${LISTED} FullName ParentRef BarCodeValue ManufacturerPartNumber ${SOLD}`.split(' '),
  [MirrorEntity.TAX_CODE]: `${LISTED} IsTaxable Desc`.split(' '),
  [MirrorEntity.TAX_RATE]: `${LISTED} ItemDesc TaxRate ItemSalesTaxRef`.split(' '),
} as const satisfies Record<DesktopEntity, readonly string[]>

/** Reads documents and lists of a company file for the mirror, in a conversation, once its postings are through. */
export function openMirror(args: { version: () => number; reading: () => Reading }): MirrorReader {
  const { version, reading } = args
  return {
    kinds: KINDS,
    captured: CAPTURED,
    lookBackSeconds,
    pageRowsMax,
    byCursor: true,
    idsMax,
    encode: (pull) => encode(pull, version()),
    pack: (exchange) => packOne(exchange, version()),
    decode,
    recordOf: (draft) => recordOf(draft, reading()),
    itemOf,
    taxesOf,
    taxOfCustomer: (raw) => taxOfCustomer(raw, reading()),
    settlementOf,
  }
}

function encode(pull: Pull, version: number): LedgerRequest {
  const purpose = ExchangePurpose.PULL
  if (pull.kind === 'CHANGES') {
    const since = localBefore(pull.changedSince)
    const entities = pull.entities.filter(isMirrored)
    const questions = entities.flatMap((entity) => questionsFor(entity, () => recordsOf(entity, since)))
    const listings = questions.map(({ name, values }) => {
      const atMost = limited({ name, version, rowsMax: changesRowsMax })
      return asking({ name, values: { ...atMost, ...values }, version })
    })
    const deleted = deletions(entities, since).map((one) => asking({ ...one, version }))
    return { purpose, operation: `${CHANGES} ${entities.join()}`, request: [...listings, ...deleted].join('') }
  }
  const { entity } = pull
  if (!isMirrored(entity)) throw new RangeError(`no ${entity} of a company file is mirrored`)
  if (pull.kind === 'PAGE') return { purpose, ...pageOf(entity, { page: pull, version }) }
  const questions = questionsFor(entity, (id) =>
    // A kind is counted by its ids alone.
    pull.kind === 'COUNT'
      ? { ...everyOne(entity), IncludeRetElement: [id] }
      : { [id]: pull.ids, ...recordsOf(entity, 'BY_ID') },
  )
  const request = questions.map((one) => asking({ ...one, version })).join('')
  return { purpose, operation: `${pull.kind === 'COUNT' ? COUNT : QUERY} ${entity}`, request }
}

/** A listing goes page by page, but for kinds of several lists, which are short. */
function pageOf(entity: DesktopEntity, { page, version }: { page: MirrorPage; version: number }) {
  const since = page.changedSince ? localBefore(page.changedSince) : null
  const [question, ...others] = questionsFor(entity, () => recordsOf(entity, since))
  if (!question || others.length > 0) {
    const all = [...(question ? [question] : []), ...others]
    return { operation: `${QUERY} ${entity}`, request: all.map((one) => asking({ ...one, version })).join('') }
  }
  const { request, left } = askForPage({ ...question, version, page })
  return { operation: `${PAGE} ${entity}${left}`, request }
}

const COUNT = 'count'
const CHANGES = 'changes'
const PAGE = 'page'
const QUERY = 'query'

interface Question {
  name: RequestName
  values: Values
}

function questionsFor(entity: DesktopEntity, valuesFor: (id: string) => Values): Question[] {
  const { queries, isListed } = SOURCES[entity]
  return queries.map((name) => ({ name, values: valuesFor(isListed ? 'ListID' : 'TxnID') }))
}

/** Lists hide what is inactive unless they are asked for it. */
function everyOne(entity: DesktopEntity): Values {
  return SOURCES[entity].isListed ? { ActiveStatus: 'All' } : {}
}

/** What is to be told of records; of a list its lines are no part, and by ids it tells of inactive ones too. */
function recordsOf(entity: DesktopEntity, since: string | 'BY_ID' | null): Values {
  const IncludeRetElement = READ[entity]
  const { isListed } = SOURCES[entity]
  if (isListed && since === 'BY_ID') return { IncludeRetElement }
  const FromModifiedDate = since === null || since === 'BY_ID' ? undefined : since
  if (isListed) return { ...everyOne(entity), FromModifiedDate, IncludeRetElement }
  const linked = entity === MirrorEntity.CREDIT_MEMO ? { IncludeLinkedTxns: 'true' } : { IncludeLineItems: 'true' }
  const changed = FromModifiedDate === undefined ? {} : { ModifiedDateRangeFilter: { FromModifiedDate } }
  return { ...changed, ...linked, IncludeRetElement }
}

/** What was deleted is told by lists and by documents apart. */
function deletions(entities: DesktopEntity[], since: string): Question[] {
  const kinds = (isListed: boolean) =>
    entities.flatMap((entity) => (SOURCES[entity].isListed === isListed ? SOURCES[entity].deleted : []))
  const DeletedDateRangeFilter = { FromDeletedDate: since }
  const [ofLists, ofDocuments] = [kinds(true), kinds(false)]
  return [
    ...(ofDocuments.length > 0
      ? [{ name: 'TxnDeletedQuery' as const, values: { TxnDelType: ofDocuments, DeletedDateRangeFilter } }]
      : []),
    ...(ofLists.length > 0
      ? [{ name: 'ListDeletedQuery' as const, values: { ListDelType: ofLists, DeletedDateRangeFilter } }]
      : []),
  ]
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
  // Among the items are the sales tax items, which are mirrored as what they are.
  const [, act, entities = ''] = /^(\S+) ([\w,]+)/.exec(operation) ?? []
  const asked = entities.split(',')
  const records: MirrorDraft[] = []
  let cut = false
  for (const response of responses) {
    const found = foundIn(response)
    if (!Array.isArray(found)) return found
    for (const record of found) {
      if (!record) return refused(notUnderstood(`${operation} holds a record that cannot be read`))
      if (asked.includes(record.entity)) records.push(record)
    }
    // What was deleted is told without a limit.
    if (!response.name.includes('Deleted') && found.length >= changesRowsMax) cut = true
  }
  if (act === COUNT) return { kind: 'pulled', ...nothing, count: records.length }
  if (act === CHANGES) return { kind: 'pulled', ...nothing, records, cut }
  if (act !== PAGE || !page) return { kind: 'pulled', ...nothing, records }
  const next = nextPage({ operation, page })
  return next === null
    ? refused(notUnderstood('more is left, and none of it comes'))
    : { kind: 'pulled', ...nothing, records, next }
}
