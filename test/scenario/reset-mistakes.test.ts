// What the published reset (UPDATE … SET Pending WHERE Processed AND no QuickBooks id) queued again by mistake: each such row is
// left alone, with its reason, on both QuickBooks.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Author } from '../../src/domain/access.ts'
import { LedgerKind } from '../../src/domain/kinds.ts'
import { LogStatus } from '../../src/domain/log-row.ts'
import type { ResetPlan, ResetPlanRow } from '../../src/domain/reset-plan.ts'
import { findResetPlan, resetRowPage } from '../../src/storage/reset-plans.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { applyReset, planReset } from '../../src/sync/reset.ts'
import { bookedDesktop, bookedOnline } from './booked.ts'
import { openStory, type Story } from './road.ts'

const author: Author = { name: 'ada', keyId: null, connectionIds: null }
const counts = {
  falselyProcessed: 2,
  cancelled: 2,
  empty: 2,
  zeroQuantity: 1,
  severalRows: 2,
  deleteRows: 5,
  factoryRows: 2,
  inventoryRows: 1,
}
/** Of the Delete rows three are of orders that are gone, and two of orders that are cancelled. */
const SKIPPED = {
  NOTHING_TO_DELETE: counts.deleteRows,
  TYPE_NOT_OURS: counts.factoryRows + counts.inventoryRows,
  ORDER_CANCELLED: counts.cancelled,
  ORDER_EMPTY: counts.empty,
  ORDER_ALL_ZERO: counts.zeroQuantity,
}

describe.each([LedgerKind.QUICKBOOKS_ONLINE, LedgerKind.QUICKBOOKS_DESKTOP])('a reset of %s', (kind) => {
  let story: Story
  let plan: ResetPlan
  let rows: ResetPlanRow[]
  const booked = () => (kind === LedgerKind.QUICKBOOKS_DESKTOP ? bookedDesktop : bookedOnline)(story.books)

  beforeAll(async () => {
    story = await openStory({ kind, counts })
    const { rows: waiting } = await story.road.crm.logRows({ statuses: [LogStatus.PENDING], after: null, limit: 100 })
    await story.road.crm.writeLogRows(waiting.map(({ id }) => ({ id, status: LogStatus.PROCESSED, message: '' })))
    const begun = await planReset(story.database, { request: {}, author, now: story.road.now() })
    await story.work()
    plan = (await findResetPlan(story.database, begun.id)) as ResetPlan
    const page = await resetRowPage(story.database, {
      ...{ planId: plan.id, action: null },
      request: { first: 100, after: null },
    })
    rows = page.nodes
  })
  afterAll(() => story?.end())

  test.each(Object.entries(SKIPPED))('leaves alone what is %s', (reasonCode, count) => {
    const alike = rows.filter((row) => row.reasonCode === reasonCode)
    expect(alike.map(({ cause, action }) => `${cause} ${action}`)).toEqual(
      Array.from({ length: count }, () => 'FALSE_PROCESSED SKIP'),
    )
    for (const { reason } of alike) expect(reason?.sentence).not.toMatch(/unknown|undefined|null/)
  })

  test('takes one of several rows of an order, and leaves the others alone', () => {
    const perOrder = Map.groupBy(
      rows.filter(({ action, reasonCode }) => action === 'CREATE' || reasonCode === 'ROW_SUPERSEDED'),
      ({ sourceId }) => sourceId,
    )
    const several = [...perOrder.values()].filter(({ length }) => length > 1)
    expect(several).toHaveLength(counts.severalRows)
    for (const ofOrder of several) {
      const acting = ofOrder.filter(({ action }) => action === 'CREATE')
      expect(acting).toHaveLength(1)
      const newest = ofOrder.toSorted((one, other) => other.createdOn.localeCompare(one.createdOn))[0]
      expect(acting[0]?.id).toBe(newest?.id)
    }
  })

  test('posts nothing else when it is applied, and the rows that it skips stay as they are', async () => {
    const before = (await booked()).length
    const skipped = rows.filter(({ action }) => action === 'SKIP').flatMap(({ logRowId }) => logRowId ?? [])
    const { id: planId, hash } = plan
    await applyReset(story.database, { planId, planHash: hash ?? '', author, now: story.road.now() })
    await runBulkOperations(story.road)
    await story.work()
    expect((await booked()).length - before).toBe(counts.falselyProcessed + counts.severalRows)
    const log = new Map(
      (await story.books.records('creatio.BGQuickBooksIntegrationLogDetail')).map((row) => [row.Id, row]),
    )
    const statuses = new Set(skipped.map((id) => log.get(id)?.BGStatusId))
    expect([...statuses]).toEqual([story.road.crm.profile.orderLog.statuses.PROCESSED])
  })
})
