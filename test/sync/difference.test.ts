import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { parseProfile } from '../../src/creatio/profile.ts'
import { UnloggedOrder } from '../../src/domain/unlogged-order.ts'
import { lastDifferenceAt, unloggedOrderPage, unloggedTotals } from '../../src/storage/differences.ts'
import { compareOrders, findUnloggedIfDue, findUnloggedOrders } from '../../src/sync/difference.ts'
import { syncOrder } from '../../src/sync/order.ts'
import { type CrmRecord, openStage, type Stage } from './stage.ts'

const { types, statuses } = parseProfile().orderLog
const ORDER_STATUS_DRAFT = '7c1b2a90-4d5e-4f60-8a71-92b3c4d5e601'
const ORDER_STATUS_CANCELED = '7c1b2a90-4d5e-4f60-8a71-92b3c4d5e605'

let stage: Stage
afterEach(() => stage.close())

async function open(): Promise<UnloggedOrder[]> {
  return stage.fresh.database.entities(
    UnloggedOrder,
    sql`select * from unlogged_order where resolved_at is null order by order_number`,
  )
}

/** An order without any log row, made like one of the world's. */
async function unlogged(pattern: CrmRecord, values: Record<string, unknown>): Promise<string> {
  const Id = randomUUID()
  await stage.sandbox.fetchControl(`/records/creatio.Order/${Id}`, {
    method: 'PUT',
    body: { ...pattern, Id, BGQuickBooksId: '', BGHasQuickBooksLog: false, ...values },
  })
  const lines = await stage.sandbox.fetchControl<CrmRecord[]>(`/records/creatio.OrderProduct?OrderId=${pattern.Id}`)
  for (const line of lines) {
    const id = randomUUID()
    const body = { ...line, Id: id, OrderId: Id }
    await stage.sandbox.fetchControl(`/records/creatio.OrderProduct/${id}`, { method: 'PUT', body })
  }
  return Id
}

describe('the difference', () => {
  test('finds exactly the 25 orders of the incident that no log row asks for, with their total, and posts none', async () => {
    stage = await openStage({
      ...{ falselyProcessed: 60, processed: 20, stuckAbsent: 6, timedOutAbsent: 4, pending: 30, cancelled: 6 },
      ...{
        empty: 5,
        zeroQuantity: 4,
        severalRows: 4,
        deleteRows: 5,
        factoryRows: 4,
        commissionRows: 1,
        withoutLogRow: 25,
      },
    })
    const expected = (await stage.orders()).filter(({ BGHasQuickBooksLog }) => BGHasQuickBooksLog === false)
    const said: string[] = []
    await compareOrders(stage.road, { say: (line) => said.push(line) })
    const found = await open()
    expect(found.map(({ orderNumber }) => orderNumber)).toEqual(expected.map((order) => order.Number).toSorted())
    expect(found.every(({ reasonCode }) => reasonCode === 'ORDER_NOT_LOGGED')).toBe(true)
    expect(found.map(({ total }) => total)).toEqual(
      expected.toSorted((a, b) => (String(a.Number) < String(b.Number) ? -1 : 1)).map(({ Amount }) => Amount),
    )
    const [total] = await unloggedTotals(stage.fresh.database)
    expect(total).toMatchObject({ currency: 'USD', count: 25 })
    expect(said.join('\n')).toContain(`25   have none and could be invoiced: ${total!.total} USD`)
    expect(await stage.fresh.database.rows(sql`select from posting`)).toEqual([])
    expect(await lastDifferenceAt(stage.fresh.database)).not.toBeNull()
    const page = await unloggedOrderPage(stage.fresh.database, { request: { first: 10, after: null } })
    expect(page.nodes).toHaveLength(10)
    expect(page.hasNextPage).toBe(true)
  })

  test('believes the log, not the flag, and leaves out what needs no invoice', async () => {
    stage = await openStage({ processed: 2 })
    const [pattern, other] = (await stage.orders()) as [CrmRecord, CrmRecord]
    await stage.change(pattern.Id, { BGHasQuickBooksLog: false })
    const wanted = await unlogged(pattern, { Number: 'FLAG-LIES', BGHasQuickBooksLog: true })
    const ofAnotherType = await unlogged(pattern, { Number: 'OTHER-TYPE' })
    await stage.logRow({ BGRecordId: ofAnotherType, BGTypeId: types.FACTORY_ORDER, BGStatusId: statuses.PROCESSED })
    const broken = await unlogged(pattern, { Number: 'NO-ACCOUNT', AccountId: '00000000-0000-0000-0000-000000000000' })
    await unlogged(pattern, { Number: 'CANCELED', StatusId: ORDER_STATUS_CANCELED })
    await unlogged(pattern, { Number: 'DRAFT', StatusId: ORDER_STATUS_DRAFT })
    await unlogged(pattern, { Number: 'POSTED', BGQuickBooksId: '77' })
    await unlogged(pattern, { Number: 'YOUNG', CreatedOn: stage.clock.now().toISOString() })
    await unlogged(pattern, { Number: 'ANCIENT', CreatedOn: '2019-01-01T00:00:00Z' })
    await unlogged(other, { Number: 'EMPTY', Id: undefined }).then((id) =>
      stage.sandbox
        .fetchControl<CrmRecord[]>(`/records/creatio.OrderProduct?OrderId=${id}`)
        .then((lines) => Promise.all(lines.map((line) => stage.remove('creatio.OrderProduct', line.Id)))),
    )
    const count = await findUnloggedOrders(stage.road)
    const found = await open()
    expect(found.map(({ sourceId }) => sourceId).toSorted()).toEqual([wanted, ofAnotherType, broken].toSorted())
    expect(found.find(({ sourceId }) => sourceId === broken)?.reason.code).toBe('CUSTOMER_NOT_FOUND')
    expect(count).toMatchObject({ logged: 2, notEligible: 3, posted: 1, unlogged: 3 })
    expect(count.orders).toBe(2 + 3 + 1 + 3)
  })

  test('looks back to the day of the profile, and without one to the oldest log row', async () => {
    stage = await openStage({ processed: 1 })
    const [pattern] = (await stage.orders()) as [CrmRecord]
    const id = await unlogged(pattern, { Number: 'ANCIENT', CreatedOn: '2019-01-01T00:00:00Z' })
    expect((await findUnloggedOrders(stage.road)).unlogged).toBe(0)
    const profile = parseProfile({ difference: { ordersSince: '2018-06-01' } })
    const count = await findUnloggedOrders({ ...stage.road, crm: { ...stage.road.crm, profile } })
    expect(count).toMatchObject({ since: '2018-06-01T00:00:00Z', unlogged: 1 })
    expect((await open())[0]?.sourceId).toBe(id)
  })

  test('an order that was put on the road, or got its row, is resolved at once; found again it begins anew', async () => {
    stage = await openStage({ withoutLogRow: 3 })
    const orders = await stage.orders()
    await stage.logRow({ BGRecordId: randomUUID(), CreatedOn: '2020-01-01T00:00:00Z', BGTypeId: types.FACTORY_ORDER })
    await findUnloggedOrders(stage.road)
    expect(await open()).toHaveLength(3)
    await syncOrder(stage.road, String(orders[0]!.Number))
    expect(await open()).toHaveLength(2)
    await stage.logRow({ BGRecordId: orders[1]!.Id })
    await stage.poll()
    expect(await open()).toHaveLength(1)
    await stage.change(orders[2]!.Id, { StatusId: ORDER_STATUS_CANCELED })
    const count = await findUnloggedOrders(stage.road)
    expect(count).toMatchObject({ logged: 2, unlogged: 0, resolved: 1 })
    await stage.change(orders[2]!.Id, { StatusId: orders[2]!.StatusId })
    await findUnloggedOrders(stage.road)
    expect(await open()).toHaveLength(1)
    await stage.untilRest()
    expect(await stage.invoices()).toHaveLength(2)
  })

  test('runs once a day, from 03:00 on in the business’s time zone, in one process', async () => {
    stage = await openStage({ withoutLogRow: 1 })
    await stage.logRow({ CreatedOn: '2020-01-01T00:00:00Z', BGTypeId: types.FACTORY_ORDER, BGRecordId: randomUUID() })
    const at = (instant: string) => ({
      ...stage.road,
      crm: { ...stage.road.crm, timeZone: 'America/New_York' },
      now: () => new Date(instant),
    })
    const due = (instant: string) => findUnloggedIfDue(at(instant), { hour: 3 })
    const day = stage.clock.now().getTime() + 2 * 86_400_000
    const date = new Date(day).toISOString().slice(0, 10)
    const next = new Date(day + 86_400_000).toISOString().slice(0, 10)
    // 07:30 UTC is 02:30 or 03:30 in New York, as the season has it: 06:30 and 08:30 are before and after for sure.
    expect(await due(`${date}T06:30:00Z`)).toBeNull()
    const both = await Promise.all([due(`${date}T08:30:00Z`), due(`${date}T08:30:00Z`)])
    expect(both.filter((count) => count !== null)).toHaveLength(1)
    expect(await due(`${date}T23:00:00Z`)).toBeNull()
    expect(await due(`${next}T06:30:00Z`)).toBeNull()
    expect(await due(`${next}T08:30:00Z`)).not.toBeNull()
  })
})
