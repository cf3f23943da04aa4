import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Decimal } from 'decimal.js'
import { sql } from 'kysely'
import type { Author } from '../../src/domain/access.ts'
import { LogStatus } from '../../src/domain/log-row.ts'
import { ResetCause, type ResetPlan, type ResetPlanRow } from '../../src/domain/reset-plan.ts'
import { findBulkOperation } from '../../src/storage/bulk-operations.ts'
import { InvalidRequest } from '../../src/storage/pages.ts'
import { findResetPlan, resetCounts, resetRowPage } from '../../src/storage/reset-plans.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { applyReset, planReset, type ResetRequest } from '../../src/sync/reset.ts'
import { openStory, type Story } from './road.ts'

const counts = {
  falselyProcessed: 12,
  processed: 3,
  pending: 4,
  adoptable: 2,
  mismatched: 1,
  cancelled: 2,
  empty: 2,
  severalRows: 2,
  deleteRows: 3,
  factoryRows: 2,
  withoutLogRow: 3,
}
const author: Author = { name: 'ada', keyId: null, connectionIds: null }

let story: Story

beforeAll(async () => {
  story = await openStory({ counts })
  await falselyProcess()
  await story.poll()
})
afterAll(() => story?.end())

/** Orders that the system before marked as Processed: some that QuickBooks has, some of several rows. */
async function falselyProcess(): Promise<void> {
  const { rows } = await story.road.crm.logRows({ statuses: [LogStatus.PENDING], after: null, limit: 100 })
  const perOrder = Map.groupBy(rows, ({ recordId }) => recordId)
  const numbers = new Set((await story.books.invoices()).map(({ DocNumber }) => DocNumber))
  const numberOf = new Map((await story.books.orders()).map(({ Id, BGNumberInvoice }) => [Id, String(BGNumberInvoice)]))
  const chosen = rows.filter(
    ({ recordId, type }) =>
      type === 'FACTORY_ORDER' ||
      (perOrder.get(recordId)?.length ?? 0) > 1 ||
      numbers.has(numberOf.get(recordId ?? '') ?? ''),
  )
  await story.road.crm.writeLogRows(chosen.map(({ id }) => ({ id, status: LogStatus.PROCESSED, message: '' })))
}

const plan = async (request: ResetRequest = {}): Promise<ResetPlan> => {
  const begun = await planReset(story.database, { request, author, now: story.road.now() })
  await story.work()
  return (await findResetPlan(story.database, begun.id)) as ResetPlan
}
const rowsOf = async ({ id }: ResetPlan): Promise<ResetPlanRow[]> =>
  (await resetRowPage(story.database, { planId: id, action: null, request: { first: 200, after: null } })).nodes
const tally = (rows: ResetPlanRow[]) => {
  const counted: Record<string, number> = {}
  for (const { cause, action, reasonCode } of rows) {
    const key = `${cause} ${action} ${reasonCode}`
    counted[key] = (counted[key] ?? 0) + 1
  }
  return counted
}
const apply = ({ id, hash }: ResetPlan, planHash = hash ?? '') =>
  applyReset(story.database, { planId: id, planHash, author, now: story.road.now() })
/** The sandbox makes a table when it is first asked for: what was deleted is asked for with the changes. */
const filledTables = async () => Object.entries(await story.books.counts()).filter(([, count]) => count > 0)
/** A worker that dies after so many batches. */
const worker = (batches = Number.POSITIVE_INFINITY) => {
  const stopping = new AbortController()
  let left = 2 * batches
  const wake = () => {
    left -= 1
    if (left <= 0) stopping.abort()
  }
  return runBulkOperations({ ...story.road, wake, signal: stopping.signal }, { batchRowsMax: 3 })
}

describe('a reset', () => {
  let ready: ResetPlan
  let rows: ResetPlanRow[]

  test('is planned without a change to the CRM, to QuickBooks or to a posting', async () => {
    const before = [await story.books.orders(), await filledTables(), await story.books.states()]
    ready = await plan()
    rows = await rowsOf(ready)
    expect([await story.books.orders(), await filledTables(), await story.books.states()]).toEqual(before)
    expect(ready).toMatchObject({ state: 'READY', author: 'ada' })
  })

  test('says of each row what is to become of it, and why', () => {
    expect(tally(rows)).toEqual({
      'FALSE_PROCESSED CREATE NOT_IN_QUICKBOOKS': counts.falselyProcessed + counts.severalRows,
      'FALSE_PROCESSED ADOPT FOUND_EQUAL': counts.adoptable,
      'FALSE_PROCESSED REFUSE INVOICE_DIFFERS': counts.mismatched,
      'FALSE_PROCESSED SKIP ROW_SUPERSEDED': rows.filter(({ reasonCode }) => reasonCode === 'ROW_SUPERSEDED').length,
      'FALSE_PROCESSED SKIP NOTHING_TO_DELETE': counts.deleteRows,
      'FALSE_PROCESSED SKIP TYPE_NOT_OURS': counts.factoryRows,
      'ERROR SKIP ORDER_CANCELLED': counts.cancelled,
      'ERROR SKIP ORDER_EMPTY': counts.empty,
      'NO_LOG_ROW CREATE NOT_IN_QUICKBOOKS': counts.withoutLogRow,
    })
    expect(tally(rows)['FALSE_PROCESSED SKIP ROW_SUPERSEDED']).toBeGreaterThanOrEqual(counts.severalRows)
    for (const { reason } of rows) expect(reason?.sentence).not.toContain('unknown')
  })

  test('counts what it would do in money, as the rows do', async () => {
    const counted = await resetCounts(story.database, ready.id)
    const created = counted.find(({ action }) => action === 'CREATE')
    const total = rows
      .filter(({ action }) => action === 'CREATE')
      .reduce((sum, row) => sum.plus(row.total ?? 0), new Decimal(0))
    expect(created).toMatchObject({ currency: 'USD', total: total.toFixed(2) })
  })

  test('is not applied under another hash than the one that was looked at', async () => {
    await expect(apply(ready, 'a'.repeat(64))).rejects.toThrow(InvalidRequest)
    expect(await findResetPlan(story.database, ready.id)).toMatchObject({ state: 'READY', operationId: null })
  })

  test('leaves alone a row whose world has changed since, goes on after a worker that died, and does nothing twice', async () => {
    const [changed] = rows.filter(({ action, cause }) => action === 'CREATE' && cause === 'FALSE_PROCESSED')
    const { crm } = story.road
    await crm.writeLogRows([{ id: changed?.logRowId ?? '', status: LogStatus.ERROR, message: 'looked at by hand' }])
    const invoices = (await story.books.invoices()).length
    const operation = await apply(ready)
    await expect(apply(ready)).rejects.toThrow(`bulkOperation ${operation.id}`)
    await worker(1)
    expect(await findBulkOperation(story.database, operation.id)).toMatchObject({ state: 'RUNNING', done: 3 })
    await worker()
    await story.work()
    await story.poll()
    await worker()
    const acting = rows.filter(({ action }) => action === 'CREATE' || action === 'ADOPT').length
    expect(await findBulkOperation(story.database, operation.id)).toMatchObject({
      state: 'DONE',
      total: acting,
      done: acting,
      setGoing: acting - 1,
      refused: 1,
      succeeded: acting - 1,
    })
    const created = rows.filter(({ action }) => action === 'CREATE').length - 1
    const after = await story.books.invoices()
    expect(after.length - invoices).toBe(created)
    expect(new Set(after.map(({ DocNumber }) => DocNumber)).size).toBe(after.length)
    const left = (await rowsOf(ready)).filter(({ result }) => result === 'CHANGED')
    expect(left.map(({ id }) => id)).toEqual([changed?.id])
    expect(await findResetPlan(story.database, ready.id)).toMatchObject({ state: 'DONE' })
  })

  test('leaves every order that it set going PROCESSED, with its log row, its flag and its id in the CRM', async () => {
    const orders = new Map((await story.books.orders()).map((order) => [order.Id, order]))
    const applied = (await rowsOf(ready)).filter(({ result }) => result === 'APPLIED')
    for (const { sourceId, logRowId, id } of applied) {
      const order = orders.get(sourceId ?? '')
      expect(order).toMatchObject({ BGHasQuickBooksLog: true, BGQuickBooksId: expect.stringMatching(/^\d+$/) })
      const row = (await story.books.logRows(sourceId ?? '')).find((one) => one.id === (logRowId ?? id))
      expect(row).toMatchObject({ status: 'Processed', message: '' })
    }
  })

  test('leaves an audit entry for each row, with its author', async () => {
    const entries = await story.database.rows(
      sql<{ author: string; subject: string }>`select author, subject from audit_entry where action = 'applyReset'`,
    )
    expect(entries).toHaveLength(rows.filter(({ action }) => action === 'CREATE' || action === 'ADOPT').length)
    expect(entries.every(({ author, subject }) => author === 'ada' && subject.includes(ready.id))).toBe(true)
  })

  test('tells the CRM again of an invoice whose id somebody took from its order', async () => {
    const [proven] = (await story.books.invoicePostings()).filter(({ state }) => state === 'PROCESSED')
    const sourceId = proven?.sourceId ?? ''
    await story.road.crm.writeQuickBooksIds([{ kind: 'ORDER', sourceId, quickBooksId: '' }])
    const again = await plan({ causes: [ResetCause.FALSE_PROCESSED], orderNumbers: [proven?.orderNumber ?? ''] })
    expect(tally((await rowsOf(again)).filter(({ action }) => action === 'UPDATE'))).toEqual({
      'FALSE_PROCESSED UPDATE CRM_NOT_TOLD': 1,
    })
    await apply(again)
    await worker()
    const order = (await story.books.orders()).find(({ Id }) => Id === sourceId)
    expect(order?.BGQuickBooksId).toBe(proven?.quickBooksId)
  })

  test('is begun once by two who ask at the same time', async () => {
    const empty = await plan({ causes: [ResetCause.STUCK] })
    const asked = await Promise.allSettled([apply(empty), apply(empty)])
    expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('of a connection that a key is not scoped to is not there for it', async () => {
    const stranger = { ...author, connectionIds: ['019b76da-a800-760d-a9a5-78b80a634838'] }
    const asked = { request: {}, author: stranger, now: story.road.now() }
    await expect(planReset(story.database, asked)).rejects.toThrow('There is no such connection')
    const applied = applyReset(story.database, {
      planId: ready.id,
      planHash: ready.hash ?? '',
      author: stranger,
      now: story.road.now(),
    })
    await expect(applied).rejects.toThrow(`There is no reset plan ${ready.id}`)
  })

  test.each([
    [{ from: '2026-02-30' }, '"2026-02-30" is not a day'],
    [{ from: '2026-03-02', to: '2026-03-01' }, 'is after "to"'],
    [{ reasonCodes: ['NO_SUCH'] }, 'There is no reason "NO_SUCH"'],
    [{ orderNumbers: Array.from({ length: 1_001 }, (_, index) => `ORD-${index}`) }, 'name at most 1000'],
  ])('asked for with nonsense says what is wrong with it', async (request, words) => {
    await expect(planReset(story.database, { request, author, now: story.road.now() })).rejects.toThrow(words)
  })
})
