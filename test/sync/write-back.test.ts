import { afterEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { parseProfile } from '../../src/creatio/profile.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import { claimWriteBacks, keepWriteBacks } from '../../src/storage/write-backs.ts'
import { retryPostings } from '../../src/sync/retry.ts'
import { tell, work } from '../../src/sync/work.ts'
import { crmIsOut } from './crm-is-out.ts'
import { openStage, type Stage, tick } from './stage.ts'

const { statuses, actions } = parseProfile().orderLog

let stage: Stage
afterEach(() => stage.close())

async function states(): Promise<Record<string, number>> {
  const rows = await stage.fresh.database.rows(sql<{ state: string; count: number }>`
    select state, count(*)::int as count from posting where kind = 'INVOICE' group by 1`)
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}

/** All orders are in QuickBooks, and the CRM does not know yet. */
async function posted(orders: number): Promise<void> {
  stage = await openStage({ pending: orders })
  await stage.poll()
  for (let round = 0; round < 5; round += 1) await work(stage.road)
  expect(await states()).toEqual({ POSTED: orders })
}

/** Rows that the CRM wrote of itself: one for each change of an order. */
function echoes() {
  return stage.rows({ BGActionId: actions.UPDATE })
}

describe('a CRM that is down for ten minutes', () => {
  test('loses nothing, costs one line in the log, stands in the status, and knows within a minute of its return', async () => {
    stage = await openStage({ pending: 20 })
    await crmIsOut(stage, { orders: 20, seconds: 600 })
  })

  test('a refusal right after it does not count the outage as attempts', async () => {
    await posted(1)
    await stage.fault({ fault: { kind: 'cut' } })
    for (let round = 0; round < 10; round += 1) {
      await tell(stage.road)
      await stage.clock.advance({ seconds: 20 })
    }
    await stage.mend()
    await stage.fault({ entity: 'Order', operation: 'update', times: 1, fault: { kind: 'odata-error' } })
    await stage.untilRest()
    expect(await states()).toEqual({ PROCESSED: 1 })
  })
})

test('a CRM that loses our session on every third call is told everything, once', async () => {
  stage = await openStage({ pending: 40 })
  await stage.fault({ operation: 'batch', everyNth: 3, fault: { kind: 'session-death' } })
  await stage.fault({ path: '$filter=(BGStatus/Id', everyNth: 3, fault: { kind: 'session-death' } })
  await stage.untilRest()
  expect(await states()).toEqual({ PROCESSED: 40 })
  expect((await stage.rows()).every(({ BGStatusId }) => BGStatusId === statuses.PROCESSED)).toBe(true)
})

test('a CRM that answers 204 and keeps nothing: FAILED(WRITE_BACK), its row says so, and only the write-back is retried', async () => {
  await posted(1)
  const [order] = await stage.orders()
  await stage.fault({ entity: 'Order', operation: 'update', fault: { kind: 'status', status: 204, body: '' } })
  await stage.untilRest()
  const failed = await stage.posting(order!.Id)
  expect(failed).toMatchObject({ state: PostingState.FAILED, reasonCode: 'WRITE_BACK', writeBackAt: null })
  const [row] = await stage.rows()
  expect(row).toMatchObject({ BGStatusId: statuses.ERROR })
  expect(row!.BGErrorMessage).toContain('but the CRM could not be told')
  await stage.mend()
  await retryPostings(stage.road, [failed.id])
  await stage.untilRest()
  expect(await states()).toEqual({ PROCESSED: 1 })
  expect(await stage.order(order!.Id)).toMatchObject({ BGQuickBooksId: failed.quickBooksId })
  expect(await stage.invoices()).toHaveLength(1)
})

describe('one bad record among a hundred', () => {
  test.each([
    ['refuses', { kind: 'odata-error' }],
    ['breaks the whole batch for', { kind: 'cut' }],
  ])('that the CRM %s does not hold up the others', async (_how, fault) => {
    await posted(100)
    const bad = (await stage.orders())[37]!
    await stage.fault({ method: 'PATCH', path: `Order(${bad.Id})`, fault })
    await tell(stage.road)
    expect(await states()).toEqual({ PROCESSED: 99, POSTED: 1 })
    for (let round = 0; round < 6; round += 1) {
      await tell(stage.road)
      await stage.clock.advance({ seconds: 61 })
    }
    expect(await stage.posting(bad.Id)).toMatchObject({ state: PostingState.FAILED, reasonCode: 'WRITE_BACK' })
    expect(await states()).toEqual({ PROCESSED: 99, FAILED: 1 })
  })

  test('a log row that is refused fails its posting’s write-back alone', async () => {
    await posted(30)
    const [row] = await stage.rows()
    const rule = { method: 'PATCH', path: `BGQuickBooksIntegrationLogDetail(${row!.Id})` }
    await stage.fault({ ...rule, fault: { kind: 'odata-error', body: 'Field is locked' } })
    for (let round = 0; round < 6; round += 1) {
      await tell(stage.road)
      await stage.clock.advance({ seconds: 61 })
    }
    expect(await states()).toEqual({ PROCESSED: 29, FAILED: 1 })
  })
})

test('what a refused posting has to say is never dropped, and it is not posted again meanwhile', async () => {
  stage = await openStage({ discounted: 1 })
  const [row] = await stage.rows()
  await stage.fault({ method: 'PATCH', path: row!.Id, fault: { kind: 'odata-error' } })
  for (let round = 0; round < 30; round += 1) {
    await tick(stage)
    await stage.clock.advance({ seconds: 60 })
  }
  const [order] = await stage.orders()
  const failed = await stage.posting(order!.Id)
  expect(failed).toMatchObject({ state: PostingState.FAILED, reasonCode: 'ACCOUNT_NOT_FOUND' })
  expect(failed.writeBackAt).not.toBeNull()
  expect(failed.revision).toBeLessThan(5)
  await stage.mend()
  await stage.clock.advance({ seconds: 900 })
  await tell(stage.road)
  expect((await stage.rows())[0]).toMatchObject({ BGStatusId: statuses.ERROR })
})

test('an order that was deleted before it was told: FAILED(WRITE_BACK), and its row says so', async () => {
  await posted(1)
  const [order] = await stage.orders()
  await stage.remove('creatio.Order', order!.Id)
  await stage.untilRest()
  expect(await stage.posting(order!.Id)).toMatchObject({ state: PostingState.FAILED, reasonCode: 'WRITE_BACK' })
  expect((await stage.rows())[0]!.BGErrorMessage).toContain('no longer exists in the CRM')
})

describe('two processes', () => {
  test('that tell at once never tell twice', async () => {
    await posted(60)
    const other = await stage.another('two')
    await Promise.all([tell(stage.road), tell(other), tell(stage.road), tell(other)])
    expect(await states()).toEqual({ PROCESSED: 60 })
    const told = await echoes()
    expect(told).toHaveLength(60)
    expect(new Set(told.map(({ BGRecordId }) => BGRecordId)).size).toBe(60)
  })

  test('a claim that outlasted its lease is the other’s: the first writes nothing more for it', async () => {
    await posted(3)
    const { database } = stage.fresh
    const now = stage.clock.now()
    const first = await claimWriteBacks(database, { limit: 10, leaseSeconds: 60, now })
    const late = new Date(now.getTime() + 61_000)
    const second = await claimWriteBacks(database, { limit: 2, leaseSeconds: 60, now: late })
    const kept = await keepWriteBacks(database, { postings: first, leaseSeconds: 60, now: late })
    const ids = (postings: { id: string }[]) => postings.map(({ id }) => id).toSorted()
    expect(second).toHaveLength(2)
    expect(ids([...second, ...kept])).toEqual(ids(first))
  })
})
