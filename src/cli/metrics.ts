import type { App } from '../app.ts'
import type { Config } from '../config.ts'
import { metricTicks } from '../jobs/metrics.ts'
import type { Tick } from '../jobs/tick.ts'
import { collectMetrics } from '../metrics/collect.ts'
import { followAllRules, recountMetrics } from '../metrics/recount.ts'
import type { MetricServices } from '../metrics/services.ts'
import { askForMetricsDaily, pullMetricsNow } from '../sync/metric-schedule.ts'

/** What the API sets going of metrics, what the clock does for them, and what a change of the rules asks for. */
export function metricsOf(
  { road, store }: App,
  { timeZone, metricsBasis: basis }: Config,
): { services: MetricServices; ticks: Tick[]; follow: () => Promise<void> } {
  const { now, ledgerOf } = road
  const books = { database: store.database, timeZone, now, ledgerOf }
  return {
    services: {
      pullLedgerMetrics: (request) => pullMetricsNow(road, { ...request, basis }),
      recountLedgerMetrics: (request) => recountMetrics(books, request),
    },
    ticks: metricTicks({
      collect: () => collectMetrics(books),
      ask: (at) => askForMetricsDaily(road, { ...at, basis }),
    }),
    follow: () => followAllRules(books),
  }
}
