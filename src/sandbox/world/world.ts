// The worlds that the sandbox can begin with, as plain data made from a seed: what the CRM holds and what QuickBooks holds.
// `incident.ts` is the world after the incident (falsely processed, stuck, timed out, pending, misconfigured orders);
// `empty.ts` is the same company without any order, for tests that add their own. Money is decimal text everywhere.
import { keepBooks } from './bookkeeping.ts'
import { makeCompany } from './company.ts'
import { desktopOf } from './desktop.ts'
import { incident } from './incident.ts'
import { type IncidentCounts, incidentCounts } from './incident-counts.ts'
import type { World, WorldHalves } from './seed.ts'

/** The instant just after the incident: the default `now` of a world, so that a seed alone determines every byte of it. */
const incidentNow = '2026-01-21T12:00:00Z'

/**
 * The world after the incident. `orders` scales the groups of orders in proportion (default: 1,197 orders), `counts` sets
 * single groups, `now` is what "recent" and "some hours ago" are counted from, and `since` is when the old orders begin.
 */
export function incidentWorld({ seed, orders, counts, now = incidentNow, since }: WorldOptions): World {
  const halves = incident({ seed, now, since, counts: { ...incidentCounts({ orders }), ...counts } })
  keepBooks({ books: halves.quickBooksOnline, now })
  return withDesktop(halves)
}

/** Lookups, company, chart of accounts (with a "Discount" account), 5 items and 5 customers known on both sides; no orders. */
export function emptyWorld({ seed }: { seed: number }): World {
  return withDesktop(
    makeCompany({ seed, customers: 5, customersInQuickBooks: 5, items: 5, withDiscountAccount: true }).world,
  )
}

/** The Desktop half follows from the Online half without any chance, so that it changes nothing of the rest. */
const withDesktop = (halves: WorldHalves): World => ({
  ...halves,
  quickBooksDesktop: desktopOf(halves.quickBooksOnline),
})

export interface WorldOptions {
  seed: number
  orders?: number | undefined
  counts?: Partial<IncidentCounts> | undefined
  now?: string | undefined
  since?: string | undefined
}
