import type { App } from '../app.ts'
import type { Books } from '../commission/books.ts'
import { collectMirrored } from '../commission/collect.ts'
import { collectEarners } from '../commission/earners.ts'
import { type CommissionServices, commissionServices } from '../commission/services.ts'
import type { Config } from '../config.ts'
import { commissionTicks } from '../jobs/commission.ts'
import type { Tick } from '../jobs/tick.ts'
import { askForPaymentsDaily } from '../sync/mirror-schedule.ts'
import { readCommissionRowsDaily } from '../sync/read-commission-rows.ts'
import { type EarnersOfOrder, readEarners } from '../sync/read-earners.ts'
import { tellDownloads } from '../sync/tell-downloads.ts'
import { tellStandings } from '../sync/tell-standings.ts'

/** What the API may change of commission, and what the clock does for it. */
export function commissionOf(app: App, { timeZone }: Config): { services: CommissionServices; ticks: Tick[] } {
  const { now, ledgerOf } = app.road
  const books = { database: app.store.database, timeZone, now, ledgerOf }
  const ticks = commissionTicks({
    async collect() {
      await collectMirrored(books)
      await tellStandings(app.road)
      await readEarners(app.road, { take: (read) => takeEarners(books, read) })
      await tellDownloads(app.road)
    },
    pull: (at) => askForPaymentsDaily(app.road, at),
    readRows: (at) => readCommissionRowsDaily(app.road, at),
  })
  return { services: commissionServices(books), ticks }
}

/** Takes over who earns on orders, as the CRM has it; what a person has set here stays. */
async function takeEarners(
  books: Books,
  read: { connectionId: string; orders: EarnersOfOrder[] },
): Promise<Map<string, string>> {
  const { refused } = await collectEarners(books, { ...read, author: 'the CRM', overrides: false })
  return new Map(refused.map(({ orderNumber, reason }) => [orderNumber, reason]))
}
