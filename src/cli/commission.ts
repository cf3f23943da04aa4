import type { App } from '../app.ts'
import { collectMirrored } from '../commission/collect.ts'
import { type CommissionServices, commissionServices } from '../commission/services.ts'
import type { Config } from '../config.ts'
import { commissionTicks } from '../jobs/commission.ts'
import type { Tick } from '../jobs/jobs.ts'
import { askForPaymentsDaily } from '../sync/mirror-schedule.ts'
import { tellStandings } from '../sync/tell-standings.ts'

/** What the API may change of commission, and what the clock does for it. */
export function commissionOf(app: App, { timeZone }: Config): { services: CommissionServices; ticks: Tick[] } {
  const { now, ledgerOf } = app.road
  const books = { database: app.store.database, timeZone, now, ledgerOf }
  const ticks = commissionTicks({
    async collect() {
      await collectMirrored(books)
      await tellStandings(app.road)
    },
    pull: (at) => askForPaymentsDaily(app.road, at),
  })
  return { services: commissionServices(books), ticks }
}
