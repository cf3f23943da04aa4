import type { ChangeCursor } from '../creatio/creatio.ts'
import type { KeyCursor } from '../creatio/keyed-page.ts'
import { paymentNumber } from '../creatio/to-payment.ts'
import { dayIn } from '../creatio/values.ts'
import { type Connection, isShadow } from '../domain/connection.ts'
import { contentHash } from '../domain/document.ts'
import { PostingKind } from '../domain/kinds.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import { defaultConnection } from '../storage/connections.ts'
import { acceptPostings, findPostings, type PostingDraft } from '../storage/postings.ts'
import { readCursor, writeCursor } from '../storage/sync-runs.ts'
import { onceADay } from './business-day.ts'
import { correct, findChangedPayments } from './payment-corrections.ts'
import { headOf } from './read-documents.ts'
import { paymentReadingOf, type ReadPayments, readPayments } from './read-orders.ts'
import { later, type Road } from './road.ts'

const CURSOR = 'payments'
const PAGE_ROWS_MAX = 200
/** Pages of one look; the next one goes on from there. */
const PAGES_MAX = 10
/** A record that was written before another may become visible after it. */
const OVERLAP_SECONDS = 60
const ZERO_ID = '00000000-0000-0000-0000-000000000000'

export interface TakenPayments {
  read: number
  accepted: number
  /** Corrections that were proposed, or brought up to date: of payments that changed after they were posted. */
  corrected: number
}

/**
 * Reads the payments that were recorded or changed in the CRM since the last time, and makes a posting of each; where the profile
 * says that they are pushed. Only money that came counts: a plan is no payment. Throws CreatioError.
 */
export async function takePayments(road: Road): Promise<TakenPayments> {
  const taken: TakenPayments = { read: 0, accepted: 0, corrected: 0 }
  const connection = await defaultConnection(road.database)
  if (!connection || isShadow(connection) || !road.crm.profile.payment.pushed) return taken
  const mark = await readCursor(road.database, CURSOR)
  const since = sinceOf(road, mark)
  let after: ChangeCursor | null = { modifiedOn: mark?.modifiedOn ?? since, id: mark?.id ?? ZERO_ID }
  let reached: ChangeCursor = after
  for (let pages = 0; after !== null && pages < PAGES_MAX && !road.signal.aborted; pages += 1) {
    const page = await road.crm.changedPayments({ since, after, limit: PAGE_ROWS_MAX })
    await take(road, { connection, ids: page.changed.map(({ id }) => id), taken })
    reached = page.next ?? reached
    after = page.next
  }
  // At its end a look goes back a little, so that what became visible late is seen.
  const value = { ...(after === null ? overlapping(reached, mark) : reached), since }
  await writeCursor(road.database, { name: CURSOR, value, now: road.now() })
  if (taken.accepted + taken.corrected > 0) road.wake()
  return taken
}

/** The full difference, once a day: payments that no change showed. Null when it is not due, or none are pushed. */
export async function findMissedPaymentsDaily(road: Road, { hour }: { hour: number }): Promise<TakenPayments | null> {
  if (!road.crm.profile.payment.pushed) return null
  return onceADay(road, { name: 'payments-missed', hour, work: () => findMissedPayments(road) })
}

/**
 * Sweeps all payments that are to be pushed, and takes those of which there is no posting; then all that were posted, for the CRM
 * tells of no deletion. Throws CreatioError.
 */
export async function findMissedPayments(road: Road): Promise<TakenPayments> {
  const taken: TakenPayments = { read: 0, accepted: 0, corrected: 0 }
  const connection = await defaultConnection(road.database)
  if (!connection || isShadow(connection) || !road.crm.profile.payment.pushed) return taken
  const since = sinceOf(road, await readCursor(road.database, CURSOR))
  let after: KeyCursor | null = null
  do {
    road.signal.throwIfAborted()
    const page = await road.crm.paymentKeys({ since, after, limit: PAGE_ROWS_MAX })
    const known = await findPostings(road.database, { kind: PostingKind.PAYMENT, sourceIds: page.ids })
    const seen = new Set(known.map(({ sourceId }) => sourceId))
    await take(road, { connection, ids: page.ids.filter((id) => !seen.has(id)), taken })
    after = page.next
  } while (after !== null)
  await findChangedPayments(road, { connection, taken })
  if (taken.accepted + taken.corrected > 0) road.wake()
  return taken
}

/** The day from which on payments are pushed: the profile's, or that of the first look. */
function sinceOf(road: Road, mark: Record<string, string> | null): string {
  const today = dayIn({ instant: road.now().toISOString(), timeZone: road.crm.timeZone })
  return road.crm.profile.payment.since ?? mark?.since ?? `${today}T00:00:00Z`
}

function overlapping(reached: ChangeCursor, mark: Record<string, string> | null): ChangeCursor {
  const at = Date.parse(reached.modifiedOn)
  if (Number.isNaN(at) || mark === null) return reached
  return { modifiedOn: later(new Date(at), -OVERLAP_SECONDS).toISOString(), id: ZERO_ID }
}

async function take(
  road: Road,
  { connection, ids, taken }: { connection: Connection; ids: string[]; taken: TakenPayments },
): Promise<void> {
  taken.read += ids.length
  if (ids.length === 0) return
  const known = await findPostings(road.database, { kind: PostingKind.PAYMENT, sourceIds: ids })
  const last = new Map(known.map((posting) => [posting.sourceId, posting]))
  const read = await readPayments(road, ids)
  const orderIds = ids.flatMap((id) => read.payments.found.get(id)?.orderId ?? [])
  const invoices = await findPostings(road.database, { kind: PostingKind.INVOICE, sourceIds: [...new Set(orderIds)] })
  // Money goes where its invoice is: after a move that may be another company than the one that orders go to now.
  const companyOf = new Map(invoices.map(({ sourceId, connectionId }) => [sourceId, connectionId]))
  const drafts = ids.flatMap((id) => {
    const connectionId = companyOf.get(read.payments.found.get(id)?.orderId ?? '') ?? connection.id
    return draftOf(road, { id, connectionId, read, last: last.get(id) })
  })
  taken.accepted += (await acceptPostings(road.database, { drafts, now: road.now() })).size
  taken.corrected += await correct(road, { connection, read, postings: known })
}

function draftOf(
  road: Road,
  args: { id: string; connectionId: string; read: ReadPayments; last: Posting | undefined },
): PostingDraft[] {
  const { id, connectionId, read, last } = args
  if (last?.state === PostingState.PROCESSED) return []
  const payment = read.payments.found.get(id)
  const reading = paymentReadingOf(road, { read, id, number: last?.documentNumber ?? null })
  if (reading === null) return []
  const common = { connectionId, kind: PostingKind.PAYMENT, sourceId: id }
  if (reading.kind !== 'document') {
    if (last?.reasonCode === reading.reason) return []
    return [
      {
        ...common,
        orderNumber: read.orders.found.get(payment?.orderId ?? '')?.number ?? null,
        documentNumber: payment ? paymentNumber(payment) : null,
        ...{ total: null, currency: null, document: null, contentHash: null },
        state: reading.kind === 'not-eligible' ? PostingState.SKIPPED : PostingState.FAILED,
        reason: { code: reading.reason, detail: reading.detail },
      },
    ]
  }
  const { document } = reading
  const hash = contentHash(document)
  if (last?.contentHash === hash) return []
  if (last?.quickBooksId) {
    // What was posted is not rewritten: see `correctionOf`.
    return []
  }
  return [{ ...common, ...headOf(document), document, contentHash: hash, state: PostingState.PENDING, reason: null }]
}
