import type { Discrepancy } from '../domain/discrepancy.ts'
import { DiscrepancyKind } from '../domain/discrepancy.ts'
import { PostingKind } from '../domain/kinds.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import { findConnection } from '../storage/connections.ts'
import { openDiscrepanciesOf } from '../storage/discrepancies.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { findPostings } from '../storage/postings.ts'
import { adoptInvoice } from './adopt-invoice.ts'
import type { Finding } from './invoice-findings.ts'
import { assertMayTell } from './may-write.ts'
import type { Effect, ResolvingRoad } from './resolve.ts'

/**
 * Links the invoice that QuickBooks has, after it was held against the order once more. A difference is accepted only if it
 * is just what the open discrepancies show. Where the invoice is linked already, the CRM is told its id again.
 */
export async function adopt(
  road: ResolvingRoad,
  { discrepancy, author, note }: { discrepancy: Discrepancy; author: string; note: string },
): Promise<Effect> {
  const { quickBooksId, connectionId, sourceId } = discrepancy
  if (!quickBooksId || !sourceId) throw new InvalidRequest('There is no invoice in QuickBooks to adopt for an order.')
  const [posting] = await findPostings(road.database, { kind: PostingKind.INVOICE, sourceIds: [sourceId] })
  const isLinked = posting?.state === PostingState.PROCESSED && posting.connectionId === connectionId
  if (isLinked && discrepancy.subject.startsWith('order:')) return tellCrm(road, posting)
  const effect = await adoptInvoice(road, {
    ...{ connectionId, sourceId, quickBooksId, author, note },
    mustBeShown: ({ findings }) => mustBeShown(road, { discrepancy, findings }),
  })
  return async (transaction) => {
    await effect(transaction)
  }
}

/** What is accepted is just what was looked at. */
async function mustBeShown(
  road: ResolvingRoad,
  args: { discrepancy: Discrepancy; findings: Finding[] },
): Promise<void> {
  const { discrepancy, findings } = args
  const shown = await openDiscrepanciesOf(road.database, discrepancy)
  const proposed = shown.filter(({ id, kind }) => id === discrepancy.id && WITH_CANDIDATE.includes(kind))
  const proposedLines = new Set(proposed.flatMap(({ lines }) => inOrder(lines).map((line) => JSON.stringify(line))))
  const isShown = findings.every(
    ({ kind, lines }) =>
      shown.some((one) => one.kind === kind && JSON.stringify(inOrder(one.lines)) === JSON.stringify(inOrder(lines))) ||
      inOrder(lines).every((line) => proposedLines.has(JSON.stringify(line))),
  )
  if (!isShown)
    throw new InvalidRequest('The invoice differs otherwise than is shown: reconcile again, and look again.')
}

/** They show the likeliest invoice without our number, line by line. */
const WITH_CANDIDATE: DiscrepancyKind[] = [DiscrepancyKind.MISSING_IN_QUICKBOOKS, DiscrepancyKind.FALSE_PROCESSED]

function inOrder(lines: Discrepancy['lines']) {
  return lines.map(({ field, line, ours, theirs, cents }) => [field, line, ours, theirs, cents])
}

async function tellCrm(road: ResolvingRoad, posting: Posting): Promise<Effect> {
  const { connectionId, sourceId, quickBooksId } = posting
  if (!quickBooksId) throw new InvalidRequest('The posting has no QuickBooks id.')
  const connection = await findConnection(road.database, { id: connectionId })
  if (connection) assertMayTell(connection)
  const written = await road.crm.writeQuickBooksIds([{ kind: 'ORDER', sourceId, quickBooksId }])
  const result = written.get(sourceId)
  if (result?.kind !== 'confirmed') throw new InvalidRequest('The CRM did not take the id: try again.')
  return () => Promise.resolve()
}
