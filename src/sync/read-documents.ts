import type { CrmAccount, CrmOrder } from '../creatio/creatio.ts'
import { toCustomer } from '../creatio/to-document.ts'
import { type CustomerDocument, contentHash, type InvoiceDocument } from '../domain/document.ts'
import { PostingKind } from '../domain/kinds.ts'
import type { Posting } from '../domain/posting.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'
import { PostingState } from '../domain/transitions.ts'
import { saveDocuments } from '../storage/postings.ts'
import { type Read, readAccounts, readingOf, readOrders } from './read-orders.ts'
import type { Road } from './road.ts'
import { type Aside, alone, type Step } from './step.ts'

/**
 * Reads the orders and accounts of claimed postings as the CRM has them now, so that nothing stale is ever sent. What
 * went away, or can no longer be posted, is set aside. Throws CreatioError when the CRM cannot be asked.
 */
export async function readDocuments(
  road: Road,
  { claimed, claimToken }: { claimed: Posting[]; claimToken: string },
): Promise<Step<Posting>> {
  const sourceIds = (kind: PostingKind) =>
    claimed.filter((posting) => posting.kind === kind).map((posting) => posting.sourceId)
  const orders = await readOrders(road, sourceIds(PostingKind.INVOICE))
  const accounts = await readAccounts(road, sourceIds(PostingKind.CUSTOMER))
  const step: Step<Posting> = { ready: [], aside: [] }
  const changed: Posting[] = []
  for (const posting of claimed) {
    const before = posting.contentHash
    const aside = alone(posting, () =>
      posting.kind === PostingKind.INVOICE ? readInvoice(road, { posting, orders }) : readCustomer(posting, accounts),
    )
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

function readInvoice(road: Road, { posting, orders }: { posting: Posting; orders: Read<CrmOrder> }): Aside | null {
  const { sourceId: id, orderNumber } = posting
  const reading = readingOf(road, { orders, id, orderNumber })
  if (reading === null) return aside(posting, { to: PostingState.SKIPPED, code: 'ORDER_NOT_FOUND', detail: {} })
  if (reading.kind === 'document') {
    setInvoice(posting, reading.document)
    return null
  }
  const to = reading.kind === 'not-eligible' ? PostingState.SKIPPED : PostingState.FAILED
  return aside(posting, { to, code: reading.reason, detail: reading.detail })
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
  setCustomer(posting, customer)
  return null
}

function aside(
  { id }: Posting,
  { to, code, detail }: { to: PostingState; code: ReasonCode; detail: ReasonDetail },
): Aside {
  return { id, to, reason: { code, detail } }
}

function setInvoice(posting: Posting, document: InvoiceDocument): void {
  posting.document = document
  posting.contentHash = contentHash(document)
  posting.documentNumber = document.number
  posting.total = document.total
  posting.currency = document.currency
  posting.orderNumber = document.orderNumber
}

function setCustomer(posting: Posting, document: CustomerDocument): void {
  posting.document = document
  posting.contentHash = contentHash(document)
  posting.documentNumber = document.name
}
