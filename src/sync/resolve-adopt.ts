import { toDocument } from '../creatio/to-document.ts'
import type { Connection } from '../domain/connection.ts'
import type { Discrepancy } from '../domain/discrepancy.ts'
import { PostingKind, Verification } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import { listConnections } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { resolveUnloggedOrders } from '../storage/differences.ts'
import { openDiscrepanciesOf } from '../storage/discrepancies.ts'
import { beginGeneration, isOwned } from '../storage/generations.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { acceptPostings, changePostings, findPostings, type PostingDraft } from '../storage/postings.ts'
import { mirroredInvoices } from '../storage/three-sides.ts'
import { draftOf } from './eligibility.ts'
import { linksOf, mappedInvoice } from './evidence.ts'
import { invoiceFindings } from './invoice-findings.ts'
import type { Effect, ResolvingRoad } from './resolve.ts'
import { theirInvoice } from './sweep-page.ts'

/**
 * Links the invoice that QuickBooks has, after it was held against the order once more. A difference is accepted only if it
 * is just what the open discrepancies show. Where the invoice is linked already, the CRM is told its id again.
 */
export async function adopt(road: ResolvingRoad, discrepancy: Discrepancy): Promise<Effect> {
  const { quickBooksId, connectionId, sourceId } = discrepancy
  if (!quickBooksId || !sourceId) throw new InvalidRequest('There is no invoice in QuickBooks to adopt for an order.')
  const [posting] = await findPostings(road.database, { kind: PostingKind.INVOICE, sourceIds: [sourceId] })
  if (posting && posting.connectionId !== connectionId)
    throw new InvalidRequest('The order belongs to another connection.')
  const isLinked = posting?.state === PostingState.PROCESSED
  if (isLinked && discrepancy.subject.startsWith('order:')) return tellCrm(road, posting)
  const connection = (await listConnections(road.database)).find(({ id }) => id === connectionId)
  if (!connection) throw new InvalidRequest('There is no such connection.')
  const record = await recordOf(road, { connection, quickBooksId })
  const draft = posting ? null : await draftFor(road, { connectionId, sourceId })
  const document = posting?.document ?? draft?.document ?? null
  const links = await linksOf(road.database, {
    connectionId,
    postings: [{ document, mapping: posting?.mapping ?? null }],
  })
  const mapped = mappedInvoice({ document, choices: posting?.mapping ?? null, record, links })
  if (!mapped) throw new InvalidRequest('The order cannot be invoiced as it is: put it right in the CRM first.')
  const findings = invoiceFindings(mapped, record)
  if (findings.length > 0) await mustBeShown(road, { discrepancy, findings })
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
    await resolveUnloggedOrders(transaction, { sourceIds: [sourceId], now })
  }
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

/** What is accepted is just what was looked at. */
async function mustBeShown(
  road: ResolvingRoad,
  args: { discrepancy: Discrepancy; findings: ReturnType<typeof invoiceFindings> },
): Promise<void> {
  const { discrepancy, findings } = args
  const shown = await openDiscrepanciesOf(road.database, discrepancy)
  const isShown = findings.every(({ kind, lines }) =>
    shown.some((one) => one.kind === kind && JSON.stringify(inOrder(one.lines)) === JSON.stringify(inOrder(lines))),
  )
  if (!isShown)
    throw new InvalidRequest('The invoice differs otherwise than is shown: reconcile again, and look again.')
}

function inOrder(lines: Discrepancy['lines']) {
  return lines.map(({ field, line, ours, theirs, cents }) => [field, line, ours, theirs, cents])
}

async function tellCrm(road: ResolvingRoad, posting: Posting): Promise<Effect> {
  const { sourceId, quickBooksId } = posting
  if (!quickBooksId) throw new InvalidRequest('The posting has no QuickBooks id.')
  const written = await road.crm.writeQuickBooksIds([{ kind: 'ORDER', sourceId, quickBooksId }])
  const result = written.get(sourceId)
  if (result?.kind !== 'confirmed') throw new InvalidRequest('The CRM did not take the id: try again.')
  return () => Promise.resolve()
}
