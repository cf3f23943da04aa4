import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { LedgerKind } from '../../src/domain/kinds.ts'
import { retryPostings } from '../../src/sync/retry.ts'
import type { Fields } from './books.ts'
import { openStory, type Story } from './road.ts'

/** The two kinds of QuickBooks, and how each calls the terms of an invoice. */
const KINDS = [
  {
    kind: LedgerKind.QUICKBOOKS_ONLINE,
    terms: 'qbo.Term',
    invoices: 'qbo.Invoice',
    number: 'DocNumber',
    borne: ({ SalesTermRef }: Fields & { SalesTermRef?: { value: string } }) => SalesTermRef?.value,
    goes: ({ books }: Story, id: string) => books.change('qbo.Term', id, { Active: false }),
  },
  {
    kind: LedgerKind.QUICKBOOKS_DESKTOP,
    terms: 'quickbooksDesktop.terms',
    invoices: 'quickbooksDesktop.invoices',
    number: 'RefNumber',
    borne: ({ TermsRef }: Fields & { TermsRef?: { ListID: string } }) => TermsRef?.ListID,
    /** Two terms that are merged leave the id of one. */
    goes: ({ books }: Story, id: string) => books.remove('quickbooksDesktop.terms', id),
  },
]

describe.each(KINDS)('the terms of an order, on $kind', ({ kind, terms, invoices, number, borne, goes }) => {
  let story: Story
  let orders: Fields[]

  beforeAll(async () => {
    story = await openStory({ kind, counts: { pending: 3 }, profile: { order: { terms: 'BGTerms' } } })
    orders = await story.books.orders()
    await story.books.giveTo(orders, 'known')
    const [pattern] = await story.books.records('creatio.BGSalesGroup')
    for (const [index, Name] of ['Net 15', 'Net 77'].entries()) {
      const Id = crypto.randomUUID()
      await story.books.put('creatio.BGTerms', { ...pattern, Id, Name })
      await story.books.change('creatio.Order', orders[index]?.Id ?? '', { BGTermsId: Id })
    }
    await story.poll()
  }, 60_000)
  afterAll(() => story?.end())

  const termsOf = async (order: Fields | undefined) => {
    const found = (await story.books.records(invoices)).filter((one) => one[number] === order?.BGNumberInvoice)
    expect(found).toHaveLength(1)
    return found.map((one) => borne(one) ?? null)[0]
  }
  const idOf = async (name: string) => {
    const found = (await story.books.records(terms)).find(({ Name }) => Name === name)
    return found?.ListID ?? found?.Id
  }

  test('are those of that name in QuickBooks', async () => {
    expect(await idOf('Net 15')).toBeDefined()
    expect(await termsOf(orders[0])).toBe(await idOf('Net 15'))
    expect(await termsOf(orders[2])).not.toBe(await idOf('Net 15'))
  })

  test('are named when QuickBooks lacks them, before anything is sent, and go once they are there', async () => {
    const failed = await story.books.posting(orders[1]?.Number)
    expect(failed).toMatchObject({ state: 'FAILED', reasonCode: 'TERMS_NOT_FOUND', reasonDetail: { terms: 'Net 77' } })
    expect((await story.books.records(invoices)).map((one) => one[number])).not.toContain(orders[1]?.BGNumberInvoice)
    const [pattern] = (await story.books.records(terms)).filter(({ Name }) => Name === 'Net 15')
    await story.books.put(terms, { ...pattern, Id: '77-77', ListID: '77-77', Name: 'Net 77' } as Fields)
    await retryPostings(story.road, [failed.id])
    await story.work()
    expect(await termsOf(orders[1])).toBe('77-77')
    expect(await story.books.states()).toEqual({ PROCESSED: 3 })
  })

  test('that are gone after they were used are named too, and nothing is posted without them', async () => {
    const [used] = (await story.books.records(terms)).filter(({ Name }) => Name === 'Net 15')
    await goes(story, used?.Id ?? '')
    const [order] = orders
    const first = (await story.books.records('creatio.Order')).find(({ Id }) => Id === order?.Id)
    await story.books.orderAgain(first as Fields, { number: 'ORD-99001' })
    await story.poll()
    await story.work()
    expect(await story.books.posting('ORD-99001')).toMatchObject({
      ...{ state: 'FAILED', reasonCode: 'TERMS_NOT_FOUND', reasonDetail: { terms: 'Net 15' } },
    })
    expect((await story.books.records(invoices)).map((one) => one[number])).not.toContain('99001')
  })
})
