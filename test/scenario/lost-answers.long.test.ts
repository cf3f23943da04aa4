import { afterEach, describe, expect, test } from '@jest/globals'
import { openStory, type Story } from './road.ts'

let story: Story
afterEach(() => story?.end())

/** Creates carry a request id; look-ups do not. */
const creates = { system: 'quickbooks-online', method: 'POST', path: 'requestid' }
const lookUps = { system: 'quickbooks-online', method: 'POST', path: '/query?minorversion' }

async function threeOrders({ answerTimeoutSeconds = 10 } = {}): Promise<void> {
  story = await openStory({ counts: { pending: 3 }, answerTimeoutSeconds })
  await story.books.giveTo(await story.books.orders(), 'known')
}

async function numbersInQuickBooks(): Promise<number> {
  const numbers = new Set((await story.books.orders()).map(({ BGNumberInvoice }) => BGNumberInvoice))
  return (await story.books.invoices()).filter(({ DocNumber }) => numbers.has(DocNumber)).length
}

describe('an answer that was lost after QuickBooks had saved the batch', () => {
  test.each([
    ['a server error', { kind: 'status', status: 500 }],
    ['a cut connection', { kind: 'cut' }],
    ['a timeout', { kind: 'timeout', seconds: 5 }],
    ['half an answer', { kind: 'body', body: '{"BatchItemResponse":[{"Invoice":{"Id":"12","Doc' }],
  ])('by %s leaves the postings UNKNOWN; they are found, and there is no second invoice', async (_name, fault) => {
    await threeOrders({ answerTimeoutSeconds: 1 })
    await story.fault({ ...creates, times: 1, fault: { when: 'after', ...fault } })
    await story.poll()
    const states = Object.keys(await story.books.states())
    expect(states).toHaveLength(1)
    expect(states[0]).toMatch(/^UNKNOWN ANSWER_(LOST|NOT_UNDERSTOOD)$/)
    expect(await numbersInQuickBooks()).toBe(3)

    await story.work()
    expect(await story.books.states()).toEqual({ PROCESSED: 3 })
    expect(await numbersInQuickBooks()).toBe(3)
    expect(await story.books.requests('requestid')).toBe(1)
    expect((await story.books.invoicePostings()).some(({ adopted }) => adopted)).toBe(false)
  })

  test('shows as Processing in the CRM for as long as the look-up is not answered either', async () => {
    await threeOrders()
    await story.fault({ ...creates, times: 1, fault: { when: 'after', kind: 'cut' } })
    await story.poll()
    await story.fault({ ...lookUps, fault: { kind: 'status', status: 503 } })
    await story.work()
    const [order] = await story.books.orders()
    const [row] = await story.books.logRows(order?.Id ?? '')
    expect(row).toMatchObject({ status: 'Processing' })
    expect(row?.message).toMatch(/^The answer of QuickBooks was lost/)

    await story.mend()
    await story.pass(31)
    await story.work()
    expect(await story.books.states()).toEqual({ PROCESSED: 3 })
  })
})

describe('an answer that was lost and nothing saved', () => {
  test('is believed only after 120 seconds and two looks; then the batch is sent again, once', async () => {
    await threeOrders()
    await story.fault({ ...creates, times: 1, fault: { kind: 'cut' } })
    await story.poll()
    await story.work()
    expect(await story.books.states()).toEqual({ 'UNKNOWN ANSWER_LOST': 3 })

    await story.pass(60)
    await story.work()
    expect(await story.books.states()).toEqual({ 'UNKNOWN ANSWER_LOST': 3 })

    await story.pass(70)
    await story.work()
    expect(await story.books.states()).toEqual({ 'UNKNOWN ANSWER_LOST': 3 })
    expect(await story.books.requests('requestid')).toBe(1)

    await story.pass(16)
    await story.work()
    expect(await story.books.states()).toEqual({ PROCESSED: 3 })
    expect(await story.books.requests('requestid')).toBe(2)
    expect(await numbersInQuickBooks()).toBe(3)
  })

  test('and saved after all between the looks is found, not sent again', async () => {
    await threeOrders()
    await story.fault({ ...creates, times: 1, fault: { kind: 'cut' } })
    await story.poll()
    await story.work()
    await story.pass(121)
    await story.work()
    // What was still on its way inside QuickBooks arrives: the same batch, as it was sent.
    await story.books.replayCreates(story)
    await story.pass(16)
    await story.work()
    expect(await story.books.states()).toEqual({ PROCESSED: 3 })
    expect(await numbersInQuickBooks()).toBe(3)
  })
})

describe('an answer of a new customer that was lost', () => {
  test('makes its orders wait, and the customer is created once', async () => {
    story = await openStory({ counts: { pending: 2 } })
    const account = await story.books.giveTo(await story.books.orders(), 'new')
    await story.fault({ ...creates, times: 1, fault: { kind: 'cut', when: 'after' } })
    await story.poll()
    expect(await story.books.states()).toEqual({ PENDING: 2 })
    const [row] = await story.books.logRows((await story.books.orders())[0]?.Id ?? '')
    expect(row?.status).toBe('Pending')

    await story.work()
    expect(await story.books.states()).toEqual({ PROCESSED: 2 })
    const made = (await story.books.records('qbo.Customer')).filter(
      ({ DisplayName }) => DisplayName === account.BGQBName,
    )
    expect(made).toHaveLength(1)
  })
})

describe('an answer in which one item of the batch is not understood', () => {
  test('settles the others at once, and looks that one up', async () => {
    await threeOrders()
    await story.fault({
      system: 'quickbooks-online',
      method: 'ITEM',
      entity: 'Invoice',
      onNth: 2,
      fault: { kind: 'fault', code: '9999', when: 'after' },
    })
    await story.poll()
    expect(await story.books.states()).toEqual({ PROCESSED: 2, 'UNKNOWN ANSWER_NOT_UNDERSTOOD': 1 })
    await story.work()
    expect(await story.books.states()).toEqual({ PROCESSED: 3 })
    expect(await numbersInQuickBooks()).toBe(3)
  })
})
