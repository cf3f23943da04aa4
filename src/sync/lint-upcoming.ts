import { CreatioError, type LogCursor } from '../creatio/creatio.ts'
import type { Connection } from '../domain/connection.ts'
import { isSale, type SalesDocument } from '../domain/document.ts'
import { LogStatus } from '../domain/log-row.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import { postingPage } from '../storage/posting-pages.ts'
import { readingOf } from './read-orders.ts'
import type { Road } from './road.ts'
import { readRows } from './take-page.ts'

const ROWS_MAX = 2_000
const PAGE_ROWS_MAX = 500
const POSTINGS_MAX = 200

/** What is to be posted next, before anything of it is sent. */
export interface Upcoming {
  documents: SalesDocument[]
  /** Orders that have no customer. */
  withoutCustomer: string[]
  /** Why the order log could not be read; null when it was. */
  trouble: string | null
}

/**
 * Looks ahead: at the postings that wait, and at the orders that wait in the order log (2,000 rows of it at most) and are
 * not read yet. Changes nothing.
 */
export async function lookAhead(road: Road, connection: Connection): Promise<Upcoming> {
  const { database } = road
  const selection = { connectionId: connection.id, states: [PostingState.PENDING] }
  const { nodes } = await postingPage(database, { selection, request: { first: POSTINGS_MAX, after: null } })
  const upcoming: Upcoming = { documents: nodes.flatMap(saleOf), withoutCustomer: [], trouble: null }
  // Every order goes to the default connection.
  if (!connection.isDefault) return upcoming
  try {
    await readAhead(road, upcoming)
  } catch (error) {
    if (!(error instanceof CreatioError)) throw error
    upcoming.trouble = error.message
  }
  return upcoming
}

function saleOf({ document }: Posting): SalesDocument[] {
  return isSale(document) ? [document] : []
}

async function readAhead(road: Road, upcoming: Upcoming): Promise<void> {
  const seen = new Set(upcoming.documents.map(({ sourceId }) => sourceId))
  const statuses = [LogStatus.PENDING, LogStatus.RE_PROCESS]
  let after: LogCursor | null = null
  for (let read = 0; read < ROWS_MAX; read += PAGE_ROWS_MAX) {
    const page = await road.crm.logRows({ statuses, after, limit: PAGE_ROWS_MAX })
    const { fresh, orders } = await readRows(road, page.rows)
    for (const { recordId: id, type, action } of fresh) {
      if (id === null || type !== 'CUSTOMER_ORDER' || action === 'DELETE' || seen.has(id)) continue
      seen.add(id)
      const reading = readingOf(road, { orders, id, orderNumber: null })
      if (reading?.kind === 'document') upcoming.documents.push(reading.document)
      if (reading?.kind === 'invalid' && reading.reason === 'CUSTOMER_NOT_FOUND')
        upcoming.withoutCustomer.push(String(reading.detail.orderNumber))
    }
    after = page.next
    if (after === null || page.rows.length === 0) return
  }
}
