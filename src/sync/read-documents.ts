import type { CrmAccount, CrmOrder, CrmWare } from '../creatio/creatio.ts'
import { toCustomer } from '../creatio/to-document.ts'
import { toItem } from '../creatio/to-item.ts'
import { appliesCredit, contentHash, type Document, type SalesDocument, takesBackItsOwn } from '../domain/document.ts'
import { PostingKind } from '../domain/kinds.ts'
import type { Posting } from '../domain/posting.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'
import { PostingState } from '../domain/transitions.ts'
import { saveDocuments } from '../storage/posting-documents.ts'
import {
  paymentReadingOf,
  type Read,
  type ReadPayments,
  readAccounts,
  readingOf,
  readOrders,
  readPayments,
  readProducts,
} from './read-orders.ts'
import type { Road } from './road.ts'
import { type Aside, alone, type Step } from './step.ts'

/** Where the content of a posting stands in the CRM; a fixed one is about what was posted before, and says what it said. */
type Origin = 'ORDER' | 'ACCOUNT' | 'PRODUCT' | 'PAYMENT' | 'FIXED'

interface ReadRecords {
  orders: Read<CrmOrder>
  accounts: Read<CrmAccount>
  products: Read<CrmWare>
  paid: ReadPayments
}

/**
 * Reads the records of claimed postings as the CRM has them now, so that nothing stale is ever sent. What went away, or can
 * no longer be posted, is set aside. Throws CreatioError when the CRM cannot be asked.
 */
export async function readDocuments(
  road: Road,
  { claimed, claimToken }: { claimed: Posting[]; claimToken: string },
): Promise<Step<Posting>> {
  const sourceIds = (origin: Origin) =>
    claimed.filter((posting) => originOf(posting) === origin).map((posting) => posting.sourceId)
  const orders = await readOrders(road, sourceIds('ORDER'))
  const accounts = await readAccounts(road, sourceIds('ACCOUNT'))
  const products = await readProducts(road, sourceIds('PRODUCT'))
  const paid = await readPayments(road, sourceIds('PAYMENT'))
  const step: Step<Posting> = { ready: [], aside: [] }
  const changed: Posting[] = []
  for (const posting of claimed) {
    const before = posting.contentHash
    const aside = alone(posting, () => readOne(road, { posting, records: { orders, accounts, products, paid } }))
    if (aside) step.aside.push(aside)
    else step.ready.push(posting)
    if (posting.contentHash === before) continue
    changed.push(posting)
    // What was sent before was refused, or proven absent: other content under its key would be another record's answer.
    if (posting.sentAt !== null) posting.generation += 1
  }
  await saveDocuments(road.database, { postings: changed, claimToken, now: road.now() })
  return step
}

function originOf({ kind, correctionId, document }: Posting): Origin {
  switch (kind) {
    case PostingKind.INVOICE:
      return 'ORDER'
    case PostingKind.CREDIT_MEMO:
    case PostingKind.REFUND:
      return correctionId !== null && takesBackItsOwn(document) ? 'FIXED' : 'ORDER'
    case PostingKind.CUSTOMER:
      return 'ACCOUNT'
    case PostingKind.ITEM:
      return 'PRODUCT'
    case PostingKind.PAYMENT:
      return appliesCredit(document) ? 'FIXED' : 'PAYMENT'
    case PostingKind.VOID:
      return 'FIXED'
  }
}

function readOne(road: Road, { posting, records }: { posting: Posting; records: ReadRecords }): Aside | null {
  switch (originOf(posting)) {
    case 'ORDER':
      return readSale(road, { posting, orders: records.orders })
    case 'ACCOUNT':
      return readCustomer(posting, records.accounts)
    case 'PRODUCT':
      return readItem(posting, records.products)
    case 'PAYMENT':
      return readPayment(road, { posting, read: records.paid })
    case 'FIXED':
      return null
  }
}

function readSale(road: Road, { posting, orders }: { posting: Posting; orders: Read<CrmOrder> }): Aside | null {
  const { sourceId: id, orderNumber } = posting
  const reading = readingOf(road, { orders, id, orderNumber })
  if (reading === null) return aside(posting, { to: PostingState.SKIPPED, code: 'ORDER_NOT_FOUND', detail: {} })
  if (reading.kind !== 'document') {
    const to = reading.kind === 'not-eligible' ? PostingState.SKIPPED : PostingState.FAILED
    return aside(posting, { to, code: reading.reason, detail: reading.detail })
  }
  const { document } = reading
  if (document.kind !== posting.kind) {
    const detail = { orderNumber, transactionType: document.kind.toLowerCase().replace('_', ' ') }
    return aside(posting, { to: PostingState.SKIPPED, code: 'TRANSACTION_TYPE_CHANGED', detail })
  }
  setDocument(posting, numbered(document, posting))
  return null
}

/**
 * The document under the number of its posting: that of an invoice that was taken back is not free again, and what was adopted
 * has the number that it bears in QuickBooks.
 */
export function numbered<D extends SalesDocument>(
  document: D,
  { numberSuffix, adopts }: Pick<Posting, 'numberSuffix' | 'adopts'>,
): D {
  if (adopts) return { ...document, number: adopts.number }
  return numberSuffix ? { ...document, number: `${document.number}${numberSuffix}` } : document
}

/** The e-mail and phone that came from an order's contact are kept where the account still has none of its own. */
function readCustomer(posting: Posting, accounts: Read<CrmAccount>): Aside | null {
  const account = accounts.found.get(posting.sourceId)
  const refusal = accounts.refused.get(posting.sourceId)
  const before = posting.document?.kind === 'CUSTOMER' ? posting.document : null
  const failed = (code: ReasonCode, detail: ReasonDetail) =>
    aside(posting, { to: PostingState.FAILED, code, detail: { customerName: posting.documentNumber, ...detail } })
  if (refusal) return failed('CUSTOMER_UNREADABLE', { detail: refusal.message })
  if (!account) return failed('CUSTOMER_GONE', {})
  const customer = toCustomer(account, before)
  if (!customer) return failed('CUSTOMER_INVALID', { problems: 'the name of the account is missing' })
  setDocument(posting, customer)
  return null
}

function readItem(posting: Posting, products: Read<CrmWare>): Aside | null {
  const { sourceId, documentNumber: item } = posting
  const refusal = products.refused.get(sourceId)
  if (refusal) {
    const detail = { item, detail: refusal.message }
    return aside(posting, { to: PostingState.FAILED, code: 'ITEM_UNREADABLE', detail })
  }
  const product = products.found.get(sourceId)
  const document = product ? toItem(product) : null
  if (!document) return aside(posting, { to: PostingState.FAILED, code: 'ITEM_GONE', detail: { item } })
  setDocument(posting, document)
  return null
}

function readPayment(road: Road, { posting, read }: { posting: Posting; read: ReadPayments }): Aside | null {
  const { sourceId: id, documentNumber: number } = posting
  const reading = paymentReadingOf(road, { read, id, number })
  if (reading?.kind === 'document') {
    setDocument(posting, reading.document)
    return null
  }
  if (reading === null)
    return aside(posting, { to: PostingState.SKIPPED, code: 'PAYMENT_GONE', detail: { documentNumber: number } })
  const to = reading.kind === 'not-eligible' ? PostingState.SKIPPED : PostingState.FAILED
  return aside(posting, { to, code: reading.reason, detail: reading.detail })
}

function aside(
  { id }: Posting,
  { to, code, detail }: { to: PostingState; code: ReasonCode; detail: ReasonDetail },
): Aside {
  return { id, to, reason: { code, detail } }
}

function setDocument(posting: Posting, document: Document): void {
  Object.assign(posting, { document, contentHash: contentHash(document), ...headOf(document) })
}

/** What a posting says of its document, for lists. */
export function headOf(document: Document): Pick<Posting, 'orderNumber' | 'documentNumber' | 'total' | 'currency'> {
  if (document.kind === 'CUSTOMER' || document.kind === 'ITEM')
    return { orderNumber: null, documentNumber: document.name, total: null, currency: null }
  const { orderNumber, number: documentNumber } = document
  if (document.kind === 'VOID') return { orderNumber, documentNumber, total: null, currency: null }
  const total = document.kind === 'PAYMENT' ? document.amount : document.total
  return { orderNumber, documentNumber, total, currency: document.currency }
}
