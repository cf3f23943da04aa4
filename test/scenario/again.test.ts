import { afterEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { NoSuchOrder, syncOrder } from '../../src/sync/order.ts'
import { poll } from '../../src/sync/poll.ts'
import { retryPostings } from '../../src/sync/retry.ts'
import { openStory, type Story } from './road.ts'

let story: Story
afterEach(() => story?.end())

async function begin(counts: Record<string, number>) {
  story = await openStory({ counts })
  const orders = await story.books.orders()
  const [order] = orders
  if (!order) throw new Error('there is no order')
  return { order, orders }
}

describe('an order that was changed after it was posted', () => {
  test('is not rewritten: its new row says CHANGED_AFTER_POSTING, and QuickBooks is not touched', async () => {
    const { order } = await begin({ pending: 1 })
    await story.poll()
    const [invoice] = await story.books.invoices()
    await story.books.change('creatio.Order', order.Id, { BGShippingCharge: '77.00' })
    const row = await story.books.addLogRow(order)
    await story.poll()
    const said = (await story.books.logRows(order.Id)).find(({ id }) => id === row)
    expect(said?.status).toBe('Error')
    expect(said?.message).toMatch(/^Order ORD-\d+ was changed after invoice \d+ was posted\./)
    expect(await story.books.invoices()).toEqual([invoice])
    expect(await story.books.states()).toEqual({ PROCESSED: 1 })
  })

  test('and changed back is an echo', async () => {
    const { order } = await begin({ pending: 1 })
    await story.poll()
    await story.books.change('creatio.Order', order.Id, { BGShippingCharge: '77.00' })
    const row = await story.books.addLogRow(order)
    await story.poll()
    await story.books.change('creatio.Order', order.Id, { BGShippingCharge: order.BGShippingCharge })
    await story.books.setStatus(row, 'Re-Process')
    await story.poll()
    const said = (await story.books.logRows(order.Id)).find(({ id }) => id === row)
    expect(said).toMatchObject({ status: 'Processed', message: '' })
  })

  test('and deleted leaves the invoice and says so', async () => {
    const { order } = await begin({ pending: 1 })
    await story.poll()
    const row = await story.books.addLogRow(order, { action: 'Delete' })
    await story.books.remove('creatio.Order', order.Id)
    await story.poll()
    const said = (await story.books.logRows(order.Id)).find(({ id }) => id === row)
    expect(said).toMatchObject({ status: 'Error' })
    expect(said?.message).toMatch(/is in QuickBooks\. Apply the correction that is proposed/)
    expect(await story.books.invoices()).toHaveLength(1)
  })
})

describe('several log rows', () => {
  test('of one order lead to one invoice, and all of them say Processed', async () => {
    const { orders } = await begin({ severalRows: 2 })
    await story.poll()
    await story.poll()
    expect(await story.books.invoices()).toHaveLength(2)
    for (const { Id } of orders) {
      const rows = await story.books.logRows(Id)
      expect(rows.length).toBeGreaterThanOrEqual(3)
      for (const row of rows) expect(row).toMatchObject({ status: 'Processed', message: '' })
    }
  })

  test('that come while the order waits bring its posting up to date', async () => {
    const { order } = await begin({ pending: 1 })
    await poll(story.road)
    await story.books.change('creatio.Order', order.Id, { BGPONumber: 'PO-4711' })
    await story.books.addLogRow(order)
    await story.poll()
    await story.poll()
    expect(await story.books.invoices()).toHaveLength(1)
    expect(JSON.stringify(await story.books.invoices())).toContain('PO-4711')
    for (const row of await story.books.logRows(order.Id)) expect(row.status).toBe('Processed')
  })

  test('the last of which is a Delete leave nothing in QuickBooks, and the Delete says Processed', async () => {
    const { order } = await begin({ pending: 1 })
    await poll(story.road)
    const row = await story.books.addLogRow(order, { action: 'Delete' })
    await story.books.remove('creatio.Order', order.Id)
    await story.poll()
    await story.poll()
    expect(await story.books.invoices()).toHaveLength(0)
    expect(await story.books.states()).toEqual({ 'SKIPPED ORDER_NOT_FOUND': 1 })
    const said = (await story.books.logRows(order.Id)).find(({ id }) => id === row)
    expect(said).toMatchObject({ status: 'Processed', message: '' })
  })
})

describe('Re-Process', () => {
  test('of a FAILED row posts the order after its cause was mended', async () => {
    const { order } = await begin({ discounted: 1 })
    await story.poll()
    expect(await story.books.states()).toEqual({ 'FAILED ACCOUNT_NOT_FOUND': 1 })
    const [pattern] = (await story.books.records('qbo.Account')).filter(({ AccountType }) => AccountType === 'Income')
    if (!pattern) throw new Error('there is no account to copy')
    await story.books.put('qbo.Account', { ...pattern, Id: '990', Name: 'Discount', FullyQualifiedName: 'Discount' })
    const [row] = await story.books.logRows(order.Id)
    await story.books.setStatus(row?.id ?? '', 'Re-Process')
    await story.poll()
    expect(await story.books.states()).toEqual({ PROCESSED: 1 })
    const rows = await story.books.logRows(order.Id)
    expect(rows.find(({ id }) => id === row?.id)).toMatchObject({ status: 'Processed', message: '' })
  })

  test('of a FAILED row whose cause stands fails again, with the same words', async () => {
    const { order } = await begin({ discounted: 1 })
    await story.poll()
    const [before] = await story.books.logRows(order.Id)
    await story.books.setStatus(before?.id ?? '', 'Re-Process')
    await story.poll()
    expect(await story.books.logRows(order.Id)).toEqual([before])
  })

  test('of an order that became empty skips it, and of one that got its lines back posts it', async () => {
    const { order } = await begin({ pending: 1, empty: 1 })
    await story.books.change('creatio.Order', order.Id, { BGTransactionTypeId: '99999999-9999-4999-8999-999999999999' })
    await story.poll()
    const one = await story.books.posting(order.Number)
    const says = one.state === 'SKIPPED' ? 'SKIPPED' : 'FAILED'
    const [row] = await story.books.logRows(order.Id)
    await story.books.change('creatio.Order', order.Id, { StatusId: '7c1b2a90-4d5e-4f60-8a71-92b3c4d5e605' })
    await story.books.setStatus(row?.id ?? '', 'Re-Process')
    await story.poll()
    expect([says, (await story.books.posting(order.Number)).state]).toEqual([says, 'SKIPPED'])
    await story.books.change('creatio.Order', order.Id, { StatusId: order.StatusId })
    await story.books.setStatus(row?.id ?? '', 'Re-Process')
    await story.poll()
    expect((await story.books.posting(order.Number)).state).toBe(says)
  })
})

describe('an account that was replaced in QuickBooks by another of its name', () => {
  test('is refused once, asked for afresh by itself, and the order is posted once', async () => {
    const { orders } = await begin({ discounted: 2 })
    const [pattern] = (await story.books.records('qbo.Account')).filter(({ AccountType }) => AccountType === 'Income')
    if (!pattern) throw new Error('there is no account to copy')
    const discount = { ...pattern, Name: 'Discount', FullyQualifiedName: 'Discount' }
    const [row] = await story.books.logRows(orders[1]?.Id ?? '')
    await story.books.setStatus(row?.id ?? '', 'Error')
    await story.books.put('qbo.Account', { ...discount, Id: '990' })
    await story.poll()
    expect(await story.books.states()).toEqual({ PROCESSED: 1 })

    await story.books.remove('qbo.Account', '990')
    await story.books.put('qbo.Account', { ...discount, Id: '991' })
    await story.books.setStatus(row?.id ?? '', 'Re-Process')
    await story.poll()
    await story.work()
    expect(await story.books.states()).toEqual({ PROCESSED: 2 })
    const { id } = await story.books.posting(orders[1]?.Number)
    const sent = await story.database.rows<{ outcome: string }>(
      sql`select outcome from exchange where posting_id = ${id} and purpose = 'POST' order by id`,
    )
    expect(sent.map(({ outcome }) => outcome)).toEqual(['rejected', 'posted'])
    expect(await story.books.invoices()).toHaveLength(2)
  })
})

describe('a MISMATCHED order', () => {
  test('is adopted by a retry after the invoice in QuickBooks was made equal', async () => {
    const { order } = await begin({ mismatched: 1 })
    await story.poll()
    expect(await story.books.states()).toEqual({ 'MISMATCHED INVOICE_DIFFERS': 1 })
    const [theirs] = await story.books.invoices()
    await story.books.remove('qbo.Invoice', theirs?.Id ?? '')
    const posting = await story.books.posting(order.Number)
    await retryPostings(story.road, [posting.id])
    await story.work()
    expect(await story.books.states()).toEqual({ PROCESSED: 1 })
  })
})

describe('Processing rows that nobody owns', () => {
  test('are taken over: posted when QuickBooks lacks them, adopted when it has them', async () => {
    await begin({ stuckAbsent: 2, stuckInQuickBooks: 2 })
    await story.poll()
    expect(await story.books.states()).toEqual({ PROCESSED: 4 })
    expect((await story.books.invoicePostings()).filter(({ adopted }) => adopted)).toHaveLength(2)
    expect(await story.books.invoices()).toHaveLength(4)
  })
})

describe('syncOrder', () => {
  test('posts an order that has no log row', async () => {
    const { order } = await begin({ withoutLogRow: 1 })
    await story.poll()
    expect(await story.books.states()).toEqual({})
    const posting = await syncOrder(story.road, String(order.Number))
    expect(posting).toMatchObject({ state: 'PENDING', orderNumber: order.Number })
    await story.work()
    expect(await story.books.posting(order.Number)).toMatchObject({ id: posting.id, state: 'PROCESSED' })
  })

  test('gives one that is done as it is', async () => {
    const { order } = await begin({ pending: 1 })
    await story.poll()
    const before = await story.books.posting(order.Number)
    expect(await syncOrder(story.road, String(order.Number))).toEqual(before)
  })

  test('of a number that the CRM does not know says NoSuchOrder', async () => {
    await begin({ pending: 1 })
    await expect(syncOrder(story.road, 'ORD-none')).rejects.toThrow(NoSuchOrder)
  })
})
