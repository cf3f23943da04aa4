import { ReconciliationSweep } from '../domain/reconciliation.ts'
import { oneAhead } from './one-ahead.ts'
import { ordersSweep } from './reconcile-orders.ts'
import { postingsSweep } from './reconcile-postings.ts'
import { invoicesSweep, paymentsSweep } from './reconcile-theirs.ts'
import type { BulkRoad } from './road.ts'
import type { Sweep, Sweeping, SweepPage } from './sweep-page.ts'

/** Pages of one step: so often an operation is looked at anew. */
const STEP_PAGES_MAX = 16

/** The next pages of one sweep: while a page is judged, the one after it is read. Reads only. Throws CreatioError. */
export function sweepPages(
  road: BulkRoad,
  { sweep, ...sweeping }: Sweeping & { sweep: ReconciliationSweep },
): AsyncGenerator<SweepPage> {
  switch (sweep) {
    case ReconciliationSweep.POSTINGS:
      return pagesOf(postingsSweep, { road, sweeping })
    case ReconciliationSweep.ORDERS:
      return pagesOf(ordersSweep, { road, sweeping })
    case ReconciliationSweep.INVOICES:
      return pagesOf(invoicesSweep, { road, sweeping })
    case ReconciliationSweep.PAYMENTS:
      return pagesOf(paymentsSweep, { road, sweeping })
  }
}

interface Run {
  road: BulkRoad
  sweeping: Sweeping
}

type Next = Pick<SweepPage, 'next'>

async function* pagesOf<R extends Next>(sweep: Sweep<R>, { road, sweeping }: Run): AsyncGenerator<SweepPage> {
  for await (const page of oneAhead(readPages(sweep, { road, sweeping }))) {
    yield { ...(await sweep.judge(road, sweeping, page)), next: page.next }
  }
}

async function* readPages<R extends Next>({ read }: Sweep<R>, { road, sweeping }: Run): AsyncGenerator<R> {
  let { after } = sweeping
  for (let pages = 0; pages < STEP_PAGES_MAX; pages += 1) {
    const page = await read(road, { ...sweeping, after })
    yield page
    if (page.next === null) return
    after = page.next
  }
}
