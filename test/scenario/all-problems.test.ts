import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openStory, type Story } from './road.ts'

let story: Story
beforeAll(async () => {
  story = await openStory({ counts: { discounted: 1 }, profile: { order: { terms: 'BGTerms' } } })
})
afterAll(() => story?.end())

test('an order of which QuickBooks lacks an item, an account and terms, and that is due too early, is told all of it at once', async () => {
  const { books } = story
  const [order] = await books.orders()
  const [line] = (await books.records('creatio.OrderProduct')).filter(({ OrderId }) => OrderId === order?.Id)
  await books.change('creatio.Product', String(line?.ProductId), { Code: 'NO-ITEM' })
  const [pattern] = await books.records('creatio.BGSalesGroup')
  const terms = crypto.randomUUID()
  await books.put('creatio.BGTerms', { ...pattern, Id: terms, Name: 'Net 77' })
  await books.change('creatio.Order', order?.Id ?? '', { BGTermsId: terms, BGInvoiceDueDate: '2020-01-01T12:00:00Z' })
  await story.poll()
  const { state, reasonCode, reason, problems } = await books.posting(order?.Number)
  expect([state, reasonCode]).toEqual(['FAILED', 'DOCUMENT_INVALID'])
  expect(problems.map(({ field }) => field)).toEqual(['reference', 'reference', 'reference', 'due date'])
  for (const words of [
    'no active item named "NO-ITEM"',
    'named "Discount"',
    'named "Net 77"',
    'the due date 2020-01-01 is before',
  ])
    expect(reason?.sentence).toContain(words)
  expect(await books.invoices()).toEqual([])
})
