import { afterEach, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Alert } from '../../src/domain/alert.ts'
import { listAlerts } from '../../src/storage/alerts.ts'
import { backlogs } from '../../src/storage/status.ts'
import { watch } from '../../src/sync/watch.ts'
import { work } from '../../src/sync/work.ts'
import { audit } from '../simulation/auditor.ts'
import { openStage, type Stage } from './stage.ts'

const ORDERS = 8
/** No shorter than the pauses that a process makes between looks at its work, and far shorter than those between probes. */
const STEP_SECONDS = 30
let stage: Stage
afterEach(() => stage?.close())

/** A company that has spoken to QuickBooks before, and has orders to post when QuickBooks falls silent. */
async function openSilent(fault: Record<string, unknown>): Promise<void> {
  stage = await openStage({ pending: 2, withoutLogRow: ORDERS })
  await stage.untilRest()
  const waiting = (await stage.orders()).filter(({ BGHasQuickBooksLog }) => BGHasQuickBooksLog === false)
  for (const order of waiting) await stage.logRow({ BGName: order.Number, BGRecordId: order.Id })
  await stage.fault({ system: 'quickbooks-online', fault })
}

async function silentRequests(): Promise<string[]> {
  const log = await stage.sandbox.fetchControl<{ status: number | null; receivedAt: string }[]>(
    '/log?system=quickbooks-online',
  )
  return log.filter(({ status }) => status === null || status >= 500).map(({ receivedAt }) => receivedAt)
}

const openAlerts = (): Promise<Alert[]> => listAlerts(stage.fresh.database, { open: true })

/** Works for so long, and looks at the conditions after each step, as the running system does. */
async function pass(seconds: number): Promise<void> {
  const end = stage.clock.now().getTime() + seconds * 1000
  while (stage.clock.now().getTime() < end) {
    await work(stage.road)
    await watch(stage.road)
    await stage.clock.advance({ seconds: STEP_SECONDS })
  }
}

test.each([
  ['an HTTP 503', { when: 'before', kind: 'status', status: 503 }],
  ['a cut connection', { when: 'before', kind: 'cut' }],
])(
  'after repeated silence (%s) the backlog waits as one, one cheap read asks again, and the all-clear frees it',
  async (_name, fault) => {
    await openSilent(fault)
    await stage.poll()
    await pass(300)
    const [parked] = await stage.fresh.database.rows(sql<{ count: number; whole: boolean }>`
      select count(*)::int as count, bool_and(waiting_for = 'QUICKBOOKS' and not_before is not null and attempts = 0) as whole
      from posting where state = 'PENDING' and reason_code = 'QUICKBOOKS_SILENT'`)
    expect(parked).toEqual({ count: ORDERS, whole: true })
    expect(await openAlerts()).toMatchObject([{ code: 'QUICKBOOKS_SILENT', count: ORDERS }])
    const { total } = await backlogs(stage.fresh.database, { now: stage.clock.now() })
    expect(total.etaSeconds).toBeGreaterThan(0)

    const before = (await silentRequests()).length
    await pass(900)
    // Probes are at most five minutes apart, and nothing else goes.
    expect((await silentRequests()).length - before).toBeGreaterThanOrEqual(2)
    expect((await silentRequests()).length - before).toBeLessThanOrEqual(8)
    expect(await openAlerts()).toHaveLength(1)

    await stage.mend()
    await pass(400)
    await stage.untilRest()
    await watch(stage.road)
    expect(await openAlerts()).toEqual([])
    const raised = (await listAlerts(stage.fresh.database, { open: false })).filter(
      ({ code }) => code === 'QUICKBOOKS_SILENT',
    )
    expect(raised).toHaveLength(1)
    const { wrong, atRest } = await audit({ sandbox: stage.sandbox, url: stage.fresh.url })
    expect(wrong).toEqual([])
    expect(atRest['INVOICE PROCESSED']).toBe(ORDERS + 2)
  },
  60_000,
)
