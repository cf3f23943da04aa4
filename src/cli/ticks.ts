import type { Logger } from 'pino'
import type { App } from '../app.ts'
import type { Config } from '../config.ts'
import { announceTick } from '../jobs/announce.ts'
import { bulkTick } from '../jobs/bulk.ts'
import { differenceTick } from '../jobs/difference.ts'
import { documentTicks } from '../jobs/documents.ts'
import { itemsTick } from '../jobs/items.ts'
import { mirrorTicks } from '../jobs/mirror.ts'
import { pollTick } from '../jobs/poll.ts'
import { pruneTick } from '../jobs/prune.ts'
import { reconcileTick } from '../jobs/reconcile.ts'
import type { Tick } from '../jobs/tick.ts'
import { tokensTick } from '../jobs/tokens.ts'
import { watchTick } from '../jobs/watch.ts'
import { workTick } from '../jobs/work.ts'
import { announce } from '../sync/announce.ts'
import type { BulkRunner } from '../sync/bulk-runner.ts'
import { takeCustomersDaily } from '../sync/customers.ts'
import { findUnloggedIfDue } from '../sync/difference.ts'
import { pullItemsDaily } from '../sync/items.ts'
import { keepTokens } from '../sync/keep-tokens.ts'
import { askAllDaily, askAllForChanges, readUncapturedWeekly } from '../sync/mirror-schedule.ts'
import { findMissedPaymentsDaily, takePayments } from '../sync/payments.ts'
import { pruneDaily } from '../sync/prune.ts'
import { reconcileNightly } from '../sync/reconcile.ts'
import { watch } from '../sync/watch.ts'
import { alertChannels } from './alert-channels.ts'
import { commissionOf } from './commission.ts'
import { metricsOf } from './metrics.ts'

/** Everything that happens by the clock, in the order in which the API lists it. */
export function ticksOf(app: App, { config, log, bulk }: { config: Config; log: Logger; bulk: BulkRunner }): Tick[] {
  return [
    pollTick({ everySeconds: config.pollIntervalSeconds, poll: app.poll }),
    workTick({ wake: app.worker.wake, log }),
    bulkTick(bulk),
    watchTick({ watch: () => watch(app.road) }),
    announceTick({ announce: () => announce(app.road, { channels: alertChannels(config, app.road) }) }),
    tokensTick({ keepTokens: () => keepTokens({ ...app.road, intuit: app.tending.intuit }) }),
    ...documentTicks({
      payments: () => takePayments(app.road),
      missedPayments: (at) => findMissedPaymentsDaily(app.road, at),
      customers: (at) => takeCustomersDaily(app.road, at),
    }),
    itemsTick({ pull: (at) => pullItemsDaily(app.road, at) }),
    differenceTick((args) => findUnloggedIfDue(app.road, args)),
    ...commissionOf(app, config).ticks,
    ...mirrorTicks({
      changes: () => askAllForChanges(app.road),
      daily: (at) => askAllDaily(app.road, at),
      weekly: (at) => readUncapturedWeekly(app.road, at),
    }),
    ...metricsOf(app, config).ticks,
    reconcileTick((at) => reconcileNightly(app.road, at)),
    pruneTick((at) => pruneDaily(app.road, { ...at, keep: config.keep })),
  ]
}
