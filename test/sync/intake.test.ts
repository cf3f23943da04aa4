import { afterEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { openCreatio } from '../../src/creatio/creatio.ts'
import { parseProfile } from '../../src/creatio/profile.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import { poll } from '../../src/sync/poll.ts'
import type { Road } from '../../src/sync/road.ts'
import { tell } from '../../src/sync/work.ts'
import { openStage, type Stage, tick } from './stage.ts'

const { types, actions, statuses } = parseProfile().orderLog
const STRANGE = '11111111-2222-4333-8444-555555555555'
const MINUTE_AGO_SECONDS = 60

let stage: Stage
afterEach(() => stage.close())

function limited(road: Road, limits: Partial<Road['limits']>): Road {
  return { ...road, limits: { ...road.limits, ...limits } }
}

function ago(seconds: number): string {
  return new Date(stage.clock.now().getTime() - seconds * 1000).toISOString()
}

describe('rows and orders', () => {
  test('many rows of one order ask for one posting, make one invoice, and are all answered', async () => {
    stage = await openStage({ severalRows: 6 })
    await stage.untilRest()
    const [first] = await stage.orders()
    expect((await stage.posting(first!.Id)).state).toBe(PostingState.PROCESSED)
    expect(await stage.invoices()).toHaveLength(6)
    const rows = await stage.rows()
    expect(rows.length).toBeGreaterThan(12)
    expect(rows.filter(({ BGStatusId }) => BGStatusId !== statuses.PROCESSED)).toEqual([])
  })

  test('rows of one instant are each read, whatever the size of a page', async () => {
    stage = await openStage({ pending: 1 })
    const at = ago(3600)
    const ids = []
    for (let row = 0; row < 23; row += 1) ids.push(await stage.logRow({ CreatedOn: at, BGTypeId: types.FACTORY_ORDER }))
    await poll(limited(stage.road, { intakePageRowsMax: 4 }))
    for (const id of ids) expect((await stage.seen(id))?.reasonCode).toBe('TYPE_NOT_OURS')
  })

  test('a Commission row asks for payments, is explained and left alone', async () => {
    stage = await openStage({ commissionRows: 1 })
    await poll(stage.road)
    const asked = await stage.road.database.rows(
      sql<{ entity: string }>`select entity from sync_cursor where changes_due_at is not null order by 1`,
    )
    expect(asked.map(({ entity }) => entity)).toEqual(['CREDIT_MEMO', 'PAYMENT', 'REFUND_RECEIPT'])
    await tell(stage.road)
    const [row] = await stage.rows()
    expect(row!.BGStatusId).toBe(statuses.PENDING)
    expect(await stage.seen(row!.Id)).toMatchObject({ reasonCode: 'COMMISSION_ROW', wantedStatus: null })
  })

  test('a Delete is answered after what its order’s other rows asked for, and joins no posting', async () => {
    stage = await openStage({ pending: 1 })
    const [order] = await stage.orders()
    const id = await stage.logRow({ BGRecordId: order!.Id, BGActionId: actions.DELETE })
    await stage.poll()
    expect(await stage.seen(id)).toBeUndefined()
    await stage.untilRest()
    expect((await stage.posting(order!.Id)).state).toBe(PostingState.PROCESSED)
    expect(await stage.seen(id)).toMatchObject({ reasonCode: 'DELETED_AFTER_POSTING', status: 'ERROR' })
  })

  test('a Processing row whose times cannot be read, or were not maintained, is taken over; a young one is not', async () => {
    stage = await openStage({ pending: 3 })
    const orders = await stage.orders()
    for (const { Id } of await stage.rows()) await stage.remove('creatio.BGQuickBooksIntegrationLogDetail', Id)
    const empty = '0001-01-01T00:00:00Z'
    const row = (at: number, values: object) =>
      stage.logRow({ BGRecordId: orders[at]!.Id, BGStatusId: statuses.PROCESSING, ...values })
    const [unread, old, young] = [
      await row(0, { CreatedOn: empty, ModifiedOn: empty }),
      await row(1, { CreatedOn: ago(7200), ModifiedOn: empty }),
      await row(2, { CreatedOn: ago(7200), ModifiedOn: ago(MINUTE_AGO_SECONDS) }),
    ]
    await stage.poll()
    expect((await stage.seen(unread))?.postingId).toBe((await stage.posting(orders[0]!.Id)).id)
    expect((await stage.seen(old))?.postingId).toBe((await stage.posting(orders[1]!.Id)).id)
    expect(await stage.seen(young)).toBeUndefined()
  })
})

describe('lookup values that the profile does not know', () => {
  test('are recorded as they are; only a row that is ours and asks for what nobody understands is told Error', async () => {
    stage = await openStage({ pending: 1 })
    await stage.sandbox.fetchControl('/settings', { method: 'PATCH', body: { checkReferences: false } })
    const [order] = await stage.orders()
    const strangeStatus = await stage.logRow({ BGRecordId: order!.Id, BGStatusId: STRANGE })
    const strangeType = await stage.logRow({ BGRecordId: order!.Id, BGTypeId: STRANGE })
    const strangeAction = await stage.logRow({ BGRecordId: order!.Id, BGActionId: STRANGE })
    const emptyAction = await stage.logRow({
      BGRecordId: order!.Id,
      BGActionId: '00000000-0000-0000-0000-000000000000',
    })
    await stage.untilRest()
    expect(await stage.seen(strangeStatus)).toMatchObject({
      status: null,
      reasonCode: 'STATUS_UNKNOWN',
      reasonDetail: { value: STRANGE },
    })
    expect(await stage.seen(strangeType)).toMatchObject({
      reasonCode: 'TYPE_UNKNOWN',
      reasonDetail: { value: STRANGE },
    })
    const rows = new Map((await stage.rows()).map((row) => [row.Id, row]))
    expect(rows.get(strangeStatus)).toMatchObject({ BGStatusId: STRANGE, BGErrorMessage: '' })
    expect(rows.get(strangeType)).toMatchObject({ BGStatusId: statuses.PENDING, BGErrorMessage: '' })
    expect(rows.get(strangeAction)).toMatchObject({ BGStatusId: statuses.ERROR })
    expect(rows.get(strangeAction)!.BGErrorMessage).toContain(`does not know (${STRANGE})`)
    expect(rows.get(emptyAction)!.BGErrorMessage).toContain('does not know (empty)')
  })

  test('a type that the profile has learnt since is taken up by itself', async () => {
    stage = await openStage({ pending: 1 })
    const [order] = await stage.orders()
    const [row] = await stage.rows()
    await stage.changeRow(row!.Id, { BGTypeId: STRANGE })
    await stage.poll()
    expect((await stage.seen(row!.Id))?.reasonCode).toBe('TYPE_UNKNOWN')
    const learnt = structuredClone(stage.road.crm.profile)
    learnt.orderLog.types.CUSTOMER_ORDER = STRANGE
    // The rows are read with the profile of the site; a fresh one stands for a restart with the corrected file.
    const crm = openCreatio({
      siteUrl: stage.sandbox.creatio,
      signIn: { kind: 'forms', userName: 'Supervisor', password: 'sandbox-password' },
      profile: learnt,
      timeZone: 'UTC',
    })
    await poll({ ...stage.road, crm })
    await poll({ ...stage.road, crm })
    expect((await stage.seen(row!.Id))?.postingId).toBe((await stage.posting(order!.Id)).id)
  })
})

describe('a backlog', () => {
  test('a new order, and one set to Re-Process, do not wait behind the sweep of many pending rows', async () => {
    stage = await openStage({ pending: 400, timedOutAbsent: 1 })
    const slow = limited(stage.road, { intakePageRowsMax: 20, intakeRowsMax: 60 })
    await poll(slow)
    const [pattern] = await stage.orders()
    const [again] = await stage.rows({ BGStatusId: statuses.ERROR })
    await stage.changeRow(again!.Id, { BGStatusId: statuses.RE_PROCESS })
    const fresh = await stage.logRow({ BGRecordId: pattern!.Id, BGTypeId: types.FACTORY_ORDER })
    await poll(slow)
    expect((await stage.seen(fresh))?.reasonCode).toBe('TYPE_NOT_OURS')
    expect((await stage.seen(again!.Id))?.postingId).not.toBeNull()
    const [swept] = await stage.fresh.database.rows(sql<{ count: number }>`select count(*)::int as count from log_row`)
    expect(swept?.count).toBeLessThan(200)
  })

  test('is read in bounded steps to its end, each row once, and then begun anew', async () => {
    stage = await openStage({ pending: 150 })
    const slow = limited(stage.road, { intakePageRowsMax: 20, intakeRowsMax: 60 })
    let accepted = 0
    for (let step = 0; step < 4; step += 1) {
      const run = await poll(slow)
      expect(run.read).toBeLessThanOrEqual(80)
      accepted += run.accepted
    }
    expect(accepted).toBe(150)
    const again = await poll(slow)
    expect(again).toMatchObject({ accepted: 0, skipped: 0 })
    await tick(stage)
  })
})
