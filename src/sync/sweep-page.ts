import type { Connection } from '../domain/connection.ts'
import { MirrorEntity } from '../domain/mirror.ts'
import { type Money, ZERO } from '../domain/money.ts'
import type { Reconciliation, ReconciliationProgress } from '../domain/reconciliation.ts'
import type { MirrorReader } from '../ledgers/ledger.ts'
import type { DiscrepancyDraft } from '../storage/discrepancies.ts'
import type { MirroredInvoice } from '../storage/three-sides.ts'
import type { TheirInvoice } from './reconcile-classify.ts'
import type { BulkRoad } from './road.ts'

/** What one page of a sweep found. */
export interface SweepPage {
  drafts: DiscrepancyDraft[]
  /** What was looked at: what is open of it and was not found has ended. */
  subjects: string[]
  /** Invoices that orders without a posting account for. */
  matchedIds: string[]
  visited: number
  orders: number
  ordersTotal: Money
  next: ReconciliationProgress['after']
}

export interface Sweeping {
  reconciliation: Reconciliation
  connection: Connection
  after: ReconciliationProgress['after']
  /** The mirror has all that QuickBooks had by then; what was posted later may not be in it yet. */
  readAt: Date
}

/** One of the ways in which the three sides are held against each other, page by page. Reads only. */
export interface Sweep<Read extends Pick<SweepPage, 'next'>> {
  /** What one page is judged by. */
  read(road: BulkRoad, sweeping: Sweeping): Promise<Read>
  judge(road: BulkRoad, sweeping: Sweeping, read: Read): Promise<Omit<SweepPage, 'next'>>
}

export const NOTHING_SWEPT: Omit<SweepPage, 'next'> = {
  drafts: [],
  subjects: [],
  matchedIds: [],
  visited: 0,
  orders: 0,
  ordersTotal: ZERO,
}

/** An invoice of the mirror in canonical words. */
export function theirInvoice(one: MirroredInvoice, reader: MirrorReader | undefined): TheirInvoice {
  const { quickBooksId, deleted, raw } = one
  const record = deleted ? null : (reader?.recordOf({ entity: MirrorEntity.INVOICE, raw }) ?? null)
  return { quickBooksId, deleted, record }
}
