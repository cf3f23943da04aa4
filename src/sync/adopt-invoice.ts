import { toDocument } from '../creatio/to-document.ts'
import type { Adoption } from '../domain/adoption.ts'
import type { Connection } from '../domain/connection.ts'
import type { InvoiceDocument } from '../domain/document.ts'
import { PostingKind, Verification } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import { saveAdopted } from '../storage/adoptions.ts'
import { listConnections } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { resolveUnloggedOrders } from '../storage/differences.ts'
import { beginGeneration, isOwned } from '../storage/generations.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { acceptPostings, changePostings, findPostings, type PostingDraft } from '../storage/postings.ts'
import { mirroredInvoices } from '../storage/three-sides.ts'
import { draftOf } from './eligibility.ts'
import { linksOf, mappedInvoice } from './evidence.ts'
import { type Finding, invoiceFindings } from './invoice-findings.ts'
import { assertMayTell } from './may-write.ts'
import type { ResolvingRoad } from './resolve.ts'
import { theirInvoice } from './sweep-page.ts'

/** What a person wants to link, and what he says of it. */
interface Wanted {
  connectionId: string
  sourceId: string
  quickBooksId: string
  author: string
  note: string
  /** Throws InvalidRequest unless just these differences were shown to him. */
  mustBeShown: (found: { record: LedgerRecord; findings: Finding[] }) => Promise<void> | void
}

/**
 * Links the invoice that QuickBooks has to an order, after it was held against the order once more; it may bear another number
 * than ours, which the posting then bears too. The effect does it, and gives the posting. Throws InvalidRequest, CreatioError.
 */
export async function adoptInvoice(
  road: ResolvingRoad,
  wanted: Wanted,
): Promise<(transaction: Database) => Promise<string>> {
  const { connectionId, sourceId, quickBooksId } = wanted
  const [posting] = await findPostings(road.database, { kind: PostingKind.INVOICE, sourceIds: [sourceId] })
  if (posting && posting.connectionId !== connectionId)
    throw new InvalidRequest('The order belongs to another connection.')
  const connection = (await listConnections(road.database)).find(({ id }) => id === connectionId)
  if (!connection) throw new InvalidRequest('There is no such connection.')
  assertMayTell(connection)
  const record = await recordOf(road, { connection, quickBooksId })
  const draft = posting ? null : await draftFor(road, { connectionId, sourceId })
  const given = posting?.document ?? draft?.document ?? null
  if (given?.kind !== 'INVOICE')
    throw new InvalidRequest('The order cannot be invoiced as it is: put it right in the CRM first.')
  const { document, adopts } = renumbered(given, record)
  const choices = posting?.mapping ?? null
  const links = await linksOf(road.database, { connectionId, postings: [{ document, mapping: choices }] })
  const mapped = mappedInvoice({ document, choices, record, links })
  const findings = mapped ? invoiceFindings(mapped, record) : []
  await wanted.mustBeShown({ record, findings })
  const verification = findings.length === 0 ? Verification.EQUAL : Verification.ACCEPTED
  return async (transaction) => {
    const now = road.now()
    const id = await postingToLink(transaction, { posting: posting ?? null, draft, now })
    if (await isOwned(transaction, { connectionId, quickBooksId, exceptId: id }))
      throw new InvalidRequest('Another posting became this invoice already.')
    const link = { postingId: id, kind: LinkKind.INVOICE, sourceId, quickBooksId, name: record.sale?.number ?? '' }
    const moved = await changePostings(transaction, {
      changes: [{ id, to: PostingState.POSTED, posted: { quickBooksId, adopted: true, verification } }],
      linked: { connectionId, links: [link] },
      now,
    })
    if (!moved.has(id)) throw new InvalidRequest('The posting is under way: look at it again when it has come to rest.')
    const accepted = verification === Verification.ACCEPTED ? { author: wanted.author, note: wanted.note } : null
    await saveAdopted(transaction, { id, document, adopts, accepted })
    await resolveUnloggedOrders(transaction, { sourceIds: [sourceId], now })
    return id
  }
}

/** The document under the number that the record bears, where that is another one. */
function renumbered(
  document: InvoiceDocument,
  { quickBooksId, sale }: LedgerRecord,
): { document: InvoiceDocument; adopts: Adoption | null } {
  const number = sale?.number ?? document.number
  return number === document.number
    ? { document, adopts: null }
    : { document: { ...document, number }, adopts: { quickBooksId, number } }
}

/** The posting that is to be linked: at rest without an invoice; after one that is done, or where there is none, a new one. */
async function postingToLink(
  transaction: Database,
  { posting, draft, now }: { posting: Posting | null; draft: PostingDraft | null; now: Date },
): Promise<string> {
  const underWay = new InvalidRequest('The posting is under way: look at it again when it has come to rest.')
  if (posting && posting.state !== PostingState.PROCESSED) {
    if (posting.quickBooksId) throw new InvalidRequest('The posting is linked already: retry it, and the CRM is told.')
    return posting.id
  }
  const id = posting
    ? await beginGeneration(transaction, { posting, state: PostingState.FAILED, now })
    : draft && (await acceptPostings(transaction, { drafts: [draft], now })).get(draft.sourceId)
  if (!id) throw underWay
  return id
}

/** The order as a posting that waits for a person: nothing of it may go to QuickBooks by itself. */
async function draftFor(
  road: ResolvingRoad,
  { connectionId, sourceId }: { connectionId: string; sourceId: string },
): Promise<PostingDraft> {
  const order = (await road.crm.orders([sourceId])).get(sourceId)
  if (!order) throw new InvalidRequest('The CRM no longer has the order.')
  const reading = toDocument(order, { profile: road.crm.profile, timeZone: road.crm.timeZone })
  const draft = draftOf({ connectionId, sourceId, orderNumber: order.number, reading })
  if (draft.state !== PostingState.PENDING) return draft
  const detail = { documentNumber: draft.documentNumber, differences: 'it is being adopted' }
  return { ...draft, state: PostingState.FAILED, reason: { code: 'INVOICE_DIFFERS', detail } }
}

async function recordOf(
  road: ResolvingRoad,
  { connection, quickBooksId }: { connection: Connection; quickBooksId: string },
): Promise<LedgerRecord> {
  const reader = road.ledgerOf(connection).mirror
  const asked = { connectionId: connection.id, ids: [quickBooksId], numbers: [] }
  const found = (await mirroredInvoices(road.database, asked)).byId.get(quickBooksId)
  const record = found ? theirInvoice(found, reader).record : null
  if (!record?.sale || record.sale.voided)
    throw new InvalidRequest(`QuickBooks has no invoice ${quickBooksId} that could be adopted: it is gone or void.`)
  return record
}
