import { ExchangePurpose } from '../../domain/kinds.ts'
import { type MirrorDraft, MirrorEntity } from '../../domain/mirror.ts'
import type { Answer, LedgerRequest, MirrorReader, Pull, Pulled, StoredExchange } from '../ledger.ts'
import { notUnderstood } from './faults.ts'
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
import { asking, packOne, readPulled, refused } from './pull.ts'
import type { RequestName } from './schema/requests.ts'
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
const LISTED = 'ListID TimeModified EditSequence Name IsActive'
const SOLD = 'SalesOrPurchase SalesAndPurchase SalesDesc SalesPrice IncomeAccountRef COGSAccountRef ItemDesc'
const READ = {
  [MirrorEntity.INVOICE]:
    `${COMMON} DueDate Subtotal SalesTaxTotal BalanceRemaining InvoiceLineRet InvoiceLineGroupRet`.split(' '),
  [MirrorEntity.PAYMENT]: `${COMMON} TotalAmount PaymentMethodRef UnusedPayment AppliedToTxnRet`.split(' '),
  [MirrorEntity.CREDIT_MEMO]: `${COMMON} TotalAmount CreditRemaining LinkedTxn`.split(' '),
  [MirrorEntity.CUSTOMER]:
    `${LISTED} FullName ParentRef CompanyName BillAddress Phone Email SalesTaxCodeRef ItemSalesTaxRef`.split(' '),
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
    const requests = [...questions, ...deletions(entities, since)].map((one) => asking({ ...one, version }))
    return { purpose, operation: `${CHANGES} ${entities.join()}`, request: requests.join('') }
  }
  const { entity } = pull
  if (!isMirrored(entity)) throw new RangeError(`no ${entity} of a company file is mirrored`)
  const questions = questionsFor(entity, (id) => {
    // A kind is counted by its ids alone.
    if (pull.kind === 'COUNT') return { ...everyOne(entity), IncludeRetElement: [id] }
    if (pull.kind === 'IDS') return { [id]: pull.ids, ...recordsOf(entity, 'BY_ID') }
    return recordsOf(entity, pull.changedSince ? localBefore(pull.changedSince) : null)
  })
  const request = questions.map((one) => asking({ ...one, version })).join('')
  return { purpose, operation: `${pull.kind === 'COUNT' ? COUNT : 'query'} ${entity}`, request }
}

const COUNT = 'count'
const CHANGES = 'changes'

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
  const found = readPulled<MirrorDraft | null>({ request, answer, read: draftOf })
  if (!Array.isArray(found)) return found
  const known = found.filter((record) => record !== null)
  if (known.length < found.length) return refused(notUnderstood(`${operation} holds a record that cannot be read`))
  // Among the items are the sales tax items, which are mirrored as what they are.
  const asked = operation.slice(operation.indexOf(' ') + 1).split(',')
  const records = known.filter(({ entity }) => asked.includes(entity))
  const isCount = operation.startsWith(`${COUNT} `)
  const nothing = { cut: false, toldAt: null }
  return isCount
    ? { kind: 'pulled', records: [], count: records.length, ...nothing }
    : { kind: 'pulled', records, count: null, ...nothing }
}
