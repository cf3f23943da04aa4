import { afterEach, describe, expect, test } from '@jest/globals'
import { poll } from '../../src/sync/poll.ts'
import { retryPostings } from '../../src/sync/retry.ts'
import type { Fields } from './books.ts'
import { openStory, type Story } from './road.ts'

let story: Story
let orders: Fields[]
afterEach(() => story?.end())

/** Orders that QuickBooks has and the CRM has not been told of. */
async function postedOrders(pending: number): Promise<void> {
  story = await openStory({ counts: { pending } })
  orders = await story.books.orders()
  await story.books.giveTo(orders, 'known')
  await poll(story.road)
  await story.post()
  expect(await story.books.states()).toEqual({ POSTED: pending })
}

describe('a CRM that is down when it is to be told', () => {
  test('is told later; until then the order is POSTED and not PROCESSED', async () => {
    await postedOrders(2)
    await story.fault({ system: 'creatio', fault: { kind: 'status', status: 503 } })
    await story.tell()
    await story.pass(31)
    await story.tell()
    expect(await story.books.states()).toEqual({ POSTED: 2 })

    await story.mend()
    await story.tell()
    expect(await story.books.states()).toEqual({ POSTED: 2 })
    await story.pass(31)
    await story.tell()
    expect(await story.books.states()).toEqual({ PROCESSED: 2 })
  })

  test('for an hour, and then refuses once, is told all the same: only refusals count as tries', async () => {
    await postedOrders(1)
    await story.fault({ system: 'creatio', fault: { kind: 'status', status: 503 } })
    for (let minute = 0; minute < 5; minute++) {
      await story.tell()
      await story.pass(31)
    }
    await story.mend()
    await story.fault({ system: 'creatio', method: 'PATCH', times: 1, fault: { kind: 'status', status: 500 } })
    await story.tell()
    expect(await story.books.states()).toEqual({ POSTED: 1 })
    await story.pass(31)
    await story.tell()
    expect(await story.books.states()).toEqual({ PROCESSED: 1 })
  })

  test('whose handler throws after the record was kept is believed by what it reads back', async () => {
    await postedOrders(1)
    await story.settings({ handlerThrowsAfterWrite: 'Order' })
    await story.tell()
    expect(await story.books.states()).toEqual({ PROCESSED: 1 })
  })
})

describe('an order that was deleted in the CRM after it was posted', () => {
  test('is FAILED with WRITE_BACK, its log row says so, and a retry repeats the write-back only', async () => {
    await postedOrders(1)
    const [order] = orders
    if (!order) throw new Error('there is no order')
    await story.books.remove('creatio.Order', order.Id)
    await story.tell()
    expect(await story.books.states()).toEqual({ 'FAILED WRITE_BACK': 1 })
    await story.pass(31)
    await story.tell()
    const [row] = await story.books.logRows(order.Id)
    expect(row).toMatchObject({ status: 'Error' })
    expect(row?.message).toMatch(/^QuickBooks has invoice \d+, but the CRM could not be told/)

    await story.books.put('creatio.Order', order)
    const asked = await story.books.requests('/v3/')
    const posting = await story.books.posting(order.Number)
    expect(await retryPostings(story.road, [posting.id])).toEqual({ retried: [posting.id], refused: [] })
    await story.work()
    expect(await story.books.states()).toEqual({ PROCESSED: 1 })
    expect(await story.books.requests('/v3/')).toBe(asked)
    expect(await story.books.logRows(order.Id)).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: row?.id, status: 'Processed', message: '' })]),
    )
  })
})

describe('a CRM that refuses the write', () => {
  test('three times makes the posting FAILED; Re-Process of its row tells the CRM again, and posts nothing', async () => {
    await postedOrders(1)
    await story.fault({ system: 'creatio', method: 'PATCH', entity: 'Order', fault: { kind: 'status', status: 500 } })
    for (let time = 0; time < 3; time++) {
      expect(await story.books.states()).toEqual({ POSTED: 1 })
      await story.tell()
      await story.pass(901)
    }
    expect(await story.books.states()).toEqual({ 'FAILED WRITE_BACK': 1 })
    await story.tell()
    const [row] = await story.books.logRows(orders[0]?.Id ?? '')
    expect(row).toMatchObject({ status: 'Error' })

    await story.mend()
    await story.books.setStatus(row?.id ?? '', 'Re-Process')
    await story.poll()
    expect(await story.books.states()).toEqual({ PROCESSED: 1 })
    expect(await story.books.requests('requestid')).toBe(1)
  })
})
