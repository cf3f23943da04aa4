import type { App } from '../app.ts'
import { collectPostedInvoices } from '../commission/collect.ts'
import { type CommissionServices, commissionServices } from '../commission/services.ts'
import type { Config } from '../config.ts'
import { commissionTick } from '../jobs/commission.ts'
import type { Tick } from '../jobs/jobs.ts'

/** What the API may change of commission, and what the clock does for it. */
export function commissionOf(app: App, { timeZone }: Config): { services: CommissionServices; ticks: Tick[] } {
  const books = { database: app.store.database, timeZone, now: app.road.now }
  return { services: commissionServices(books), ticks: [commissionTick(() => collectPostedInvoices(books))] }
}
