import type { CommissionAdjustment, CommissionDispute, DisputeState } from '../domain/commission-case.ts'
import type { CommissionPeriod } from '../domain/commission-entry.ts'
import type { CommissionRate, CommissionSplit } from '../domain/commission-plan.ts'
import { InvalidRequest } from '../storage/pages.ts'
import type { Books } from './books.ts'
import { type AdjustmentInput, adjust, dispute, noteDispute } from './cases.ts'
import { recomputeCommission } from './collect.ts'
import { collectEarners, type OrderEarners } from './earners.ts'
import { lockMonth } from './periods.ts'
import { type RateInput, setRate } from './rates.ts'
import { type SplitInput, setSplit } from './splits.ts'

interface ByAuthor {
  author: string
}

/** What changes something in this room, by the names that the API gives it. Each throws InvalidRequest. */
export interface CommissionServices {
  setCommissionRate(request: RateInput & ByAuthor & { replacesId: string | null }): Promise<CommissionRate>
  setCommissionSplit(request: SplitInput & ByAuthor & { replacesId: string | null }): Promise<CommissionSplit>
  adjustCommission(request: AdjustmentInput & ByAuthor): Promise<CommissionAdjustment>
  /** Takes over the earners of orders, as the CRM has them. Gives the numbers of the orders that changed. */
  importCommissionEarners(request: { connectionId: string; orders: OrderEarners[] } & ByAuthor): Promise<string[]>
  /** Derives everything of a company again. Gives the number of entries. */
  recomputeCommission(request: { connectionId: string }): Promise<number>
  lockCommissionPeriod(request: { connectionId: string; month: string } & ByAuthor): Promise<CommissionPeriod>
  openCommissionDispute(
    request: { connectionId: string; rep: string; orderNumber: string; text: string } & ByAuthor,
  ): Promise<CommissionDispute>
  /** Null when there is no such dispute. */
  noteCommissionDispute(
    request: { id: string; text: string; state: DisputeState } & ByAuthor,
  ): Promise<CommissionDispute | null>
}

export function commissionServices(books: Books): CommissionServices {
  return {
    setCommissionRate: (request) => setRate(books, request),
    setCommissionSplit: (request) => setSplit(books, request),
    adjustCommission: (request) => adjust(books, request),
    async importCommissionEarners(request) {
      const { changed, refused } = await collectEarners(books, { ...request, overrides: true })
      const [first] = refused
      if (first)
        throw new InvalidRequest(
          `${first.orderNumber}: ${first.reason} Of the others ${changed.length} were taken over.`,
        )
      return changed
    },
    recomputeCommission: (request) => recomputeCommission(books, request),
    lockCommissionPeriod: (request) => lockMonth(books, request),
    openCommissionDispute: (request) => dispute(books, request),
    noteCommissionDispute: (request) => noteDispute(books, request),
  }
}
