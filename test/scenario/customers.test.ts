import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { retryPostings } from '../../src/sync/retry.ts'
import type { Fields } from './books.ts'
import { openStory, type Story } from './road.ts'

let story: Story
let orders: Fields[]

describe('five orders of a customer that QuickBooks does not have', () => {
  beforeAll(async () => {
    story = await openStory({ counts: { pending: 5 } })
    orders = await story.books.orders()
  })
  afterAll(() => story?.end())

  test('make the customer once, and five invoices for it', async () => {
    const account = await story.books.giveTo(orders, 'new')
    await story.poll()
    const customers = (await story.books.records('qbo.Customer')).filter(
      ({ DisplayName }) => DisplayName === account.BGQBName,
    )
    expect(customers).toHaveLength(1)
    expect(await story.books.states()).toEqual({ PROCESSED: 5 })
    const ours = (await story.books.invoices()).filter(({ CustomerRef }) => CustomerRef.value === customers[0]?.Id)
    expect(ours).toHaveLength(5)
    const [customer] = (await story.books.postings()).filter(({ kind }) => kind === 'CUSTOMER')
    expect(customer).toMatchObject({ state: 'PROCESSED', quickBooksId: customers[0]?.Id })
    const [told] = (await story.books.records('creatio.Account')).filter(({ Id }) => Id === account.Id)
    expect(told?.BGQuickBooksId).toBe(customers[0]?.Id)
  })
})

describe('a customer whose name is taken', () => {
  beforeAll(async () => {
    story = await openStory({ counts: { pending: 3 } })
    orders = await story.books.orders()
    await story.books.giveTo(orders, 'new')
    await story.fault({
      system: 'quickbooks-online',
      entity: 'Customer',
      operation: 'create',
      fault: { kind: 'fault', code: '6240' },
    })
    await story.poll()
  })
  afterAll(() => story?.end())

  test('fails its orders, which say why', async () => {
    expect(await story.books.states()).toEqual({ 'FAILED CUSTOMER_FAILED': 3 })
    const [row] = await story.books.logRows(orders[0]?.Id ?? '')
    expect(row?.status).toBe('Error')
    expect(row?.message).toMatch(/^Customer ".+" could not be created in QuickBooks, so order ORD-\d+ waits\./)
  })

  test('takes its orders along when its own posting is retried', async () => {
    await story.mend()
    const [customer] = (await story.books.postings()).filter(({ kind }) => kind === 'CUSTOMER')
    expect(await retryPostings(story.road, [customer?.id ?? ''])).toMatchObject({ refused: [] })
    await story.work()
    expect(await story.books.states()).toEqual({ PROCESSED: 3 })
  })
})

describe('a customer whose name was refused and corrected in the CRM', () => {
  beforeAll(async () => {
    story = await openStory({ counts: { pending: 2 } })
    orders = await story.books.orders()
    const { Id } = await story.books.giveTo(orders, 'new')
    await story.books.change('creatio.Account', Id, { BGQBName: 'Birch: Outdoor' })
    await story.poll()
    await story.books.change('creatio.Account', Id, { BGQBName: 'Birch Outdoor' })
  })
  afterAll(() => story?.end())

  test('goes under the corrected name when its own posting alone is retried, and its reason spoke of a customer', async () => {
    const [customer] = (await story.books.postings()).filter(({ kind }) => kind === 'CUSTOMER')
    expect(customer?.reason?.sentence).toMatch(/^Customer "Birch: Outdoor" cannot be created in QuickBooks as it is: /)
    expect(`${customer?.reason?.sentence} ${customer?.reason?.remedy}`).not.toMatch(/invoice|unknown/i)
    await retryPostings(story.road, [customer?.id ?? ''])
    await story.work()
    expect(await story.books.states()).toEqual({ PROCESSED: 2 })
    const names = (await story.books.records('qbo.Customer')).map(({ DisplayName }) => DisplayName)
    expect(names).toContain('Birch Outdoor')
  })
})

describe('a customer whose name QuickBooks would refuse', () => {
  let account: Fields

  beforeAll(async () => {
    story = await openStory({ counts: { pending: 2 } })
    orders = await story.books.orders()
    account = await story.books.giveTo(orders, 'new')
    await story.books.change('creatio.Account', account.Id, { BGQBName: 'Alder: Outdoor' })
    await story.poll()
  })
  afterAll(() => story?.end())

  test('fails its orders before QuickBooks is asked to create it', async () => {
    expect(await story.books.states()).toEqual({ 'FAILED CUSTOMER_FAILED': 2 })
    expect(await story.books.requests('requestid')).toBe(0)
  })

  test('is created under its corrected name when an order is set to Re-Process', async () => {
    await story.books.change('creatio.Account', account.Id, { BGQBName: 'Alder Outdoor' })
    const [row] = await story.books.logRows(orders[0]?.Id ?? '')
    await story.books.setStatus(row?.id ?? '', 'Re-Process')
    await story.poll()
    expect(await story.books.states()).toEqual({ PROCESSED: 2 })
  })
})

describe('a customer that we made and QuickBooks lost', () => {
  beforeAll(async () => {
    story = await openStory({ counts: { pending: 2 } })
    orders = await story.books.orders()
  })
  afterAll(() => story?.end())

  test('is never made twice: the next order fails, and goes once a person brought the customer back', async () => {
    const account = await story.books.giveTo(orders, 'new')
    const [row] = await story.books.logRows(orders[1]?.Id ?? '')
    await story.books.setStatus(row?.id ?? '', 'Error')
    await story.poll()
    expect(await story.books.states()).toEqual({ PROCESSED: 1 })
    const ours = async () =>
      (await story.books.records('qbo.Customer')).filter(({ DisplayName }) => DisplayName === account.BGQBName)
    const [made] = await ours()
    await story.books.remove('qbo.Customer', made?.Id ?? '')

    await story.books.setStatus(row?.id ?? '', 'Re-Process')
    await story.poll()
    await story.work()
    const failed = await story.books.posting(orders[1]?.Number)
    expect(failed.state).toBe('FAILED')
    await retryPostings(story.road, [failed.id])
    await story.work()
    expect(await story.books.states()).toEqual({ PROCESSED: 1, 'FAILED CUSTOMER_VANISHED': 1 })
    expect(await ours()).toEqual([])
    expect(await story.books.invoices()).toHaveLength(1)

    await story.books.put('qbo.Customer', made as Fields)
    await retryPostings(story.road, [failed.id])
    await story.work()
    expect(await story.books.states()).toEqual({ PROCESSED: 2 })
    expect(await ours()).toHaveLength(1)
  })
})
