import type { CrmOrder } from '../creatio/creatio.ts'
import { toDocument } from '../creatio/to-document.ts'
import { contentHash, type Document } from '../domain/document.ts'
import { PostingKind } from '../domain/kinds.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import { type Change, saveDocuments } from '../storage/postings.ts'
import type { Road } from './road.ts'
import type { Step } from './step.ts'

/**
 * Reads the orders of claimed postings as the CRM has them now, so that nothing stale is ever sent. An order that went
 * away or can no longer be invoiced is set aside. A customer's posting carries the document it was made with.
 */
export async function readDocuments(
  road: Road,
  { claimed, claimToken }: { claimed: Posting[]; claimToken: string },
): Promise<Step<Posting>> {
  const invoices = claimed.filter((posting) => posting.kind === PostingKind.INVOICE)
  const orders = await road.crm.orders(invoices.map((posting) => posting.sourceId))
  const step: Step<Posting> = { ready: claimed.filter((posting) => posting.kind !== PostingKind.INVOICE), aside: [] }
  const changed: Posting[] = []
  for (const posting of invoices) {
    const before = posting.contentHash
    const order = orders.get(posting.sourceId)
    const aside = order ? readOne(road, posting, order) : gone(posting)
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

function readOne(road: Road, posting: Posting, order: CrmOrder): Change | null {
  const reading = toDocument(order, { profile: road.crm.profile, timeZone: road.crm.timeZone })
  if (reading.kind === 'document') {
    setDocument(posting, reading.document)
    return null
  }
  const to = reading.kind === 'not-eligible' ? PostingState.SKIPPED : PostingState.FAILED
  return { id: posting.id, to, reason: { code: reading.reason, detail: reading.detail } }
}

function gone(posting: Posting): Change {
  return { id: posting.id, to: PostingState.SKIPPED, reason: { code: 'ORDER_NOT_FOUND', detail: {} } }
}

function setDocument(posting: Posting, document: Extract<Document, { kind: 'INVOICE' }>): void {
  posting.document = document
  posting.contentHash = contentHash(document)
  posting.documentNumber = document.number
  posting.total = document.total
  posting.currency = document.currency
  posting.orderNumber = document.orderNumber
}
