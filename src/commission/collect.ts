import type { Connection } from '../domain/connection.ts'
import { MirrorEntity } from '../domain/mirror.ts'
import { type PaymentEvent, PaymentPart, refundedOf } from '../domain/payment-application.ts'
import type { Ledger } from '../ledgers/ledger.ts'
import { recomputeEntries } from '../storage/commission-entries.ts'
import { addPostedInvoices, correctedInvoices } from '../storage/commission-invoices.ts'
import { listConnections } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { refreshOverdue, refreshStandings } from '../storage/invoice-standings.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { addPaymentEvents, lockCommission, type RefusedEvent } from '../storage/payment-applications.ts'
import { takeUncollected } from '../storage/uncollected.ts'
import type { Books } from './books.ts'
import { dayIn } from './months.ts'

const EVENTS_MAX = 20_000

export interface Collected {
  /** Rows that the ledger grew by. */
  rows: number
  /** Invoices whose commission was derived again. */
  invoices: number
  /** Kept, listed as FAULTY_RECORD, and without effect. */
  refused: RefusedEvent[]
}

/** What is to be taken in, and invoices that QuickBooks changed by themselves, of which no commission depends. */
interface Brought {
  events: PaymentEvent[]
  changedInvoiceIds?: string[]
}

/**
 * Takes in versions of payments, credit memos and refunds, up to 20,000 at a time, in any order and as often as they come, and
 * derives anew what they change. All or nothing: `bring` reads them in the transaction that books them.
 */
export async function collectPayments(
  { database, timeZone, now }: Books,
  { connectionId, bring }: { connectionId: string; bring: (transaction: Database) => Promise<Brought> },
): Promise<Collected> {
  return database.transaction(async (transaction) => {
    await lockCommission(transaction, { connectionId })
    const { events, changedInvoiceIds = [] } = await bring(transaction)
    if (events.length > EVENTS_MAX)
      throw new InvalidRequest(`${events.length} events at once: bring up to ${EVENTS_MAX}.`)
    const posted = await addPostedInvoices(transaction, { connectionId, now: now() })
    const { rows, invoiceIds, refused } = await addPaymentEvents(transaction, { connectionId, events, now: now() })
    const changed = [...new Set([...posted, ...invoiceIds])]
    await recomputeEntries(transaction, { connectionId, invoiceIds: changed })
    const today = dayIn({ now: now(), timeZone })
    await refreshStandings(transaction, {
      connectionId,
      invoiceIds: [...changed, ...changedInvoiceIds],
      today,
      now: now(),
    })
    return { rows, invoices: changed.length, refused }
  })
}

/** Where payments come from: the mirror of each company, read by the ledger that speaks its dialect. */
export interface MirroredBooks extends Books {
  ledgerOf(connection: Connection): Pick<Ledger, 'mirror'>
}

/**
 * Brings the ledger of every company up to its mirror: payments, credit memos and refunds that changed, and invoices that
 * were posted since, whose payments may have come before. What was taken from the mirror is marked in the transaction that
 * books it, so that a process may end anywhere.
 */
export async function collectMirrored(books: MirroredBooks): Promise<Collected> {
  const all: Collected = { rows: 0, invoices: 0, refused: [] }
  for (const connection of await listConnections(books.database)) {
    const { id: connectionId, currency } = connection
    const reader = books.ledgerOf(connection).mirror
    let taken: number
    do {
      taken = 0
      const collected = await collectPayments(books, {
        connectionId,
        async bring(transaction) {
          if (!reader) return { events: [] }
          const records = await takeUncollected(transaction, { connectionId, limit: EVENTS_MAX })
          taken = records.length
          const invoices = records.filter(({ entity }) => entity === MirrorEntity.INVOICE)
          return {
            events: await withRefunded(transaction, {
              connectionId,
              events: records.flatMap((record) => reader.settlementOf({ ...record, currency }) ?? []),
            }),
            changedInvoiceIds: invoices.map(({ quickBooksId }) => quickBooksId),
          }
        },
      })
      all.rows += collected.rows
      all.invoices += collected.invoices
      all.refused.push(...collected.refused)
    } while (taken === EVENTS_MAX)
    const today = dayIn({ now: books.now(), timeZone: books.timeZone })
    await refreshOverdue(books.database, { connectionId, today, now: books.now() })
  }
  return all
}

/** QuickBooks rarely says for which invoice money went back; of what we posted ourselves the order says it. */
async function withRefunded(
  transaction: Database,
  { connectionId, events }: { connectionId: string; events: PaymentEvent[] },
): Promise<PaymentEvent[]> {
  const isOpen = ({ parts }: PaymentEvent) =>
    parts.some(({ part, invoiceId }) => part === PaymentPart.REFUND && invoiceId === null)
  const recordIds = events.filter(isOpen).map(({ recordId }) => recordId)
  const corrected = await correctedInvoices(transaction, { connectionId, recordIds })
  return events.map((event) => {
    const invoiceId = isOpen(event) ? corrected.get(event.recordId) : undefined
    return invoiceId === undefined ? event : refundedOf(event, invoiceId)
  })
}

/** Derives everything of a company again, from the ledger. Gives the number of entries. */
export async function recomputeCommission(
  { database }: Books,
  { connectionId }: { connectionId: string },
): Promise<number> {
  return database.transaction(async (transaction) => {
    await lockCommission(transaction, { connectionId })
    return recomputeEntries(transaction, { connectionId, invoiceIds: null })
  })
}
