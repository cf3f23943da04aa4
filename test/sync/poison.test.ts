import { afterEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { CreatioError, type CrmOrder } from '../../src/creatio/creatio.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import type { Ledger } from '../../src/ledgers/ledger.ts'
import { poll } from '../../src/sync/poll.ts'
import type { Road } from '../../src/sync/road.ts'
import { work } from '../../src/sync/work.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage

afterEach(() => stage?.close())

/** A road whose CRM fails at every question that one order is in. */
function withRefused(road: Road, id: () => string): { road: Road; calls: () => number } {
  let calls = 0
  const orders = async (ids: string[]) => {
    calls += 1
    if (ids.includes(id()))
      throw new CreatioError({ kind: 'refused', detail: 'Order: An error has occurred.', status: 500 })
    return road.crm.orders(ids)
  }
  return { road: { ...road, crm: { ...road.crm, orders } }, calls: () => calls }
}

describe('an order at which the CRM fails', () => {
  test('is set aside alone at intake, the others of its page go on, and it is taken up when it can be read', async () => {
    stage = await openStage({ pending: 12 })
    const [bad, ...good] = await stage.orders()
    const { road, calls } = withRefused(stage.road, () => bad!.Id)
    expect((await poll(road)).error).toBeNull()
    for (const { Id } of good) expect(await stage.posting(Id)).toMatchObject({ state: PostingState.PENDING })
    const failed = await stage.posting(bad!.Id)
    expect(failed).toMatchObject({ state: PostingState.FAILED, reasonCode: 'ORDER_UNREADABLE', documentNumber: null })
    expect(failed.reason?.sentence).toContain('An error has occurred')
    expect(calls()).toBeLessThan(16)
    await stage.untilRest()
    const [row] = await stage.rows({ BGRecordId: bad!.Id })
    expect(row?.BGErrorMessage).toContain('set the row to Re-Process')
  })

  test('when it was in order at intake is set aside before it is sent, and the others of its claim are posted', async () => {
    stage = await openStage({ pending: 6 })
    const [bad, ...good] = await stage.orders()
    await stage.poll()
    const { road } = withRefused(stage.road, () => bad!.Id)
    await work(road)
    for (const { Id } of good) expect(await stage.posting(Id)).toMatchObject({ state: PostingState.POSTED })
    expect(await stage.posting(bad!.Id)).toMatchObject({ state: PostingState.FAILED, reasonCode: 'ORDER_UNREADABLE' })
  })

  test('does not hide that the CRM refuses whatever it is asked: then nothing fails', async () => {
    stage = await openStage({ pending: 3 })
    const refuse = async (): Promise<Map<string, CrmOrder>> => {
      throw new CreatioError({ kind: 'refused', detail: 'Order: no such column', status: 400 })
    }
    await stage.poll()
    await work({ ...stage.road, crm: { ...stage.road.crm, orders: refuse } })
    for (const { Id } of await stage.orders())
      expect(await stage.posting(Id)).toMatchObject({ state: PostingState.PENDING, waitingFor: 'CRM' })
    expect((await poll({ ...stage.road, crm: { ...stage.road.crm, orders: refuse } })).error).toBeNull()
  })
})

describe('a posting that meets an error of our own', () => {
  const broken = (ledger: Ledger, number: string): Ledger => ({
    ...ledger,
    encode: (what) => {
      if (what.kind === 'INVOICE' && what.document.number === number) throw new TypeError('x is not a function')
      return ledger.encode(what)
    },
  })

  test('while it is encoded is set aside alone, with the error in its reason and its id in the log', async () => {
    stage = await openStage({ pending: 5 })
    await stage.poll()
    const [bad, ...good] = await stage.orders()
    const { documentNumber, id } = await stage.posting(bad!.Id)
    const ledger = broken(stage.road.ledgerOf(stage.connection), documentNumber ?? '')
    await work({ ...stage.road, ledgerOf: () => ledger })
    for (const { Id } of good) expect(await stage.posting(Id)).toMatchObject({ state: PostingState.POSTED })
    const failed = await stage.posting(bad!.Id)
    expect(failed).toMatchObject({ id, state: PostingState.FAILED, reasonCode: 'INTERNAL_ERROR' })
    expect(failed.reason?.sentence).toContain('x is not a function')
    expect(stage.logged.join()).toContain('set aside for an error of our own: TypeError: x is not a function')
  })

  test('while its order is understood does not keep the other rows of its page from being taken in', async () => {
    stage = await openStage({ pending: 5 })
    const [bad, ...good] = await stage.orders()
    const orders = async (ids: string[]) => {
      const found = await stage.road.crm.orders(ids)
      const order = found.get(bad!.Id)
      if (order) order.lines = null as unknown as CrmOrder['lines']
      return found
    }
    expect((await poll({ ...stage.road, crm: { ...stage.road.crm, orders } })).error).toBeNull()
    for (const { Id } of good) expect(await stage.posting(Id)).toMatchObject({ state: PostingState.PENDING })
    expect(await stage.posting(bad!.Id)).toMatchObject({ state: PostingState.FAILED, reasonCode: 'INTERNAL_ERROR' })
  })
})

test('a text that was cut within an emoji does not stop the page it is on', async () => {
  stage = await openStage({ pending: 2 })
  const [bad, good] = await stage.orders()
  const orders = async (ids: string[]) => {
    const found = await stage.road.crm.orders(ids)
    for (const line of found.get(bad!.Id)?.lines ?? []) line.name = 'Tent \ud83c'
    return found
  }
  expect((await poll({ ...stage.road, crm: { ...stage.road.crm, orders } })).error).toBeNull()
  for (const { Id } of [bad!, good!]) expect(await stage.posting(Id)).toMatchObject({ state: PostingState.PENDING })
})

test('what an administrator changes in a connection counts from the next round on, whatever QuickBooks was asked before', async () => {
  stage = await openStage({ pending: 1, discounted: 1 })
  const [first] = await stage.orders()
  await stage.poll()
  await work(stage.road)
  expect(await stage.posting(first!.Id)).toMatchObject({ state: PostingState.POSTED })
  await stage.fresh.database.run(sql`update connection set discount_account_name = 'No such account'`)
  await stage.fresh.database.run(sql`delete from link where kind = 'ACCOUNT'`)
  await stage.fresh.database.run(sql`update posting set state = 'PENDING', quick_books_id = null, sent_at = null`)
  await work(stage.road)
  const discounted = (await stage.orders()).map(({ Id }) => stage.posting(Id))
  const codes = (await Promise.all(discounted)).map(({ reasonCode }) => reasonCode)
  expect(codes).toContain('ACCOUNT_NOT_FOUND')
})
