import type { Books } from '../../src/commission/books.ts'
import { collectPayments } from '../../src/commission/collect.ts'
import { type RateInput, setRate } from '../../src/commission/rates.ts'
import { commissionReport, type ReportRequest, reportLines } from '../../src/commission/report.ts'
import { type ShareInput, setSplit } from '../../src/commission/splits.ts'
import { RateMode } from '../../src/domain/commission-plan.ts'
import type { PaymentEvent } from '../../src/domain/payment-application.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { company, type Sale, sell } from './company.ts'

/** A company on a database of its own, whose clock stands where the test puts it. */
export interface OpenBooks extends Books {
  fresh: FreshDatabase
  connectionId: string
  at(time: string): void
  sell(...sales: Sale[]): Promise<void>
  collect(...events: PaymentEvent[]): ReturnType<typeof collectPayments>
  rate(input: Partial<RateInput> & { replacesId?: string }): ReturnType<typeof setRate>
  split(
    shares: ShareInput[],
    scope?: { orderNumber?: string; customerId?: string; replacesId?: string },
  ): ReturnType<typeof setSplit>
  /** Rep → amount of a month. */
  amounts(request: ReportRequest): Promise<Record<string, string>>
  lines(request: ReportRequest): ReturnType<typeof reportLines>
}

export async function openBooks(): Promise<OpenBooks> {
  const fresh = await freshDatabase()
  const { database } = fresh
  let time = new Date('2026-06-10T12:00:00Z')
  const books: Books = { database, timeZone: 'America/New_York', now: () => time }
  const connectionId = await company(database)
  return {
    ...books,
    fresh,
    connectionId,
    at(text) {
      time = new Date(text)
    },
    sell: (...sales) => sell(database, { connectionId, sales }),
    collect: (...events) => collectPayments(books, { connectionId, bring: async () => ({ events }) }),
    rate: ({ replacesId = '', ...input }) =>
      setRate(books, {
        connectionId,
        rep: null,
        itemId: null,
        customerId: null,
        mode: RateMode.FLAT,
        percent: input.tiers ? null : '10',
        tiers: null,
        holdbackDays: 0,
        effectiveFrom: '2026-01-01',
        effectiveUntil: null,
        note: '',
        ...input,
        replacesId: replacesId || null,
        author: 'an admin',
      }),
    split: (shares, scope = {}) =>
      setSplit(books, {
        connectionId,
        orderNumber: scope.orderNumber ?? null,
        customerId: scope.customerId ?? null,
        shares,
        effectiveFrom: '2026-01-01',
        effectiveUntil: null,
        note: '',
        replacesId: scope.replacesId ?? null,
        author: 'an admin',
      }),
    async amounts(request) {
      const { rows } = await commissionReport(database, { request: { connectionId, ...request }, by: 'REP' })
      return Object.fromEntries(rows.map(({ key, amount }) => [key ?? 'house', amount]))
    },
    async lines(request) {
      const { selection } = await commissionReport(database, { request: { connectionId, ...request }, by: 'REP' })
      return reportLines(database, { selection, first: 1000, after: 0 })
    },
  }
}
