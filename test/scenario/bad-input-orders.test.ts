import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type RunningSandbox, startSandbox } from '../sandbox/spawn.ts'
import { type Fields, PlayedCrm, pendingOrders } from './played-crm.ts'
import { type Served, serve, until } from './serve.ts'

interface Posted {
  orderNumber: string
  state: string
  total: string | null
  reason: { code: string; sentence: string; remedy: string } | null
}

const LINES = 2_000
const PUTS_AT_ONCE = 50
/** Quotes of both kinds, an apostrophe, letters beyond ASCII, and two characters that need four bytes. */
const STRANGE_NAME = `O'Brien's "Größe" & Söhne 🦊🧾`
const places = [
  'plain',
  'long',
  'named',
  'named again',
  'fine price',
  'returned',
  'first',
  'second',
  'foreign',
] as const

describe('orders that are not as they should be', () => {
  let sandbox: RunningSandbox
  let served: Served
  let crm: PlayedCrm
  let posted: Map<string, Posted>
  const orders = {} as Record<(typeof places)[number], Fields>

  beforeAll(async () => {
    sandbox = await startSandbox({ world: 'incident', counts: pendingOrders(places.length) })
    crm = new PlayedCrm(sandbox)
    const found = await crm.orders()
    for (const [index, place] of places.entries()) orders[place] = found[index] as Fields
    await spoil()
    served = await serve({ sandbox })
    await until(async () => (await postings()).filter(({ state }) => rests(state)).length === places.length, {
      what: 'every order has come to rest',
    })
    await until(async () => (await Promise.all(found.map((order) => crm.logRow(order)))).every(told), {
      what: 'the CRM knows of every order',
    })
    posted = new Map((await postings()).map((posting) => [posting.orderNumber, posting]))
  }, 180_000)
  afterAll(async () => {
    await served?.end()
    await sandbox?.stop()
  })

  async function spoil(): Promise<void> {
    const { long, named, foreign, first, second } = orders
    await crm.makeOneLine(long, { price: '1.5', quantity: '2' })
    const [pattern] = await crm.lines(long)
    const puts = Array.from(
      { length: LINES - 1 },
      (_, index) => () =>
        crm.put('creatio.OrderProduct', { ...(pattern as Fields), Id: randomUUID(), Position: index + 2 }),
    )
    while (puts.length > 0) await Promise.all(puts.splice(0, PUTS_AT_ONCE).map((put) => put()))
    const [account] = (await crm.records('creatio.Account')).filter(({ Id }) => Id === named.AccountId)
    const stranger = { ...(account as Fields), Id: randomUUID(), Name: STRANGE_NAME, BGQBName: STRANGE_NAME }
    await crm.put('creatio.Account', stranger)
    for (const order of [named, orders['named again']]) {
      await crm.change('creatio.Order', order, { AccountId: stranger.Id })
    }
    await crm.makeOneLine(orders['fine price'], { price: '1.234565', quantity: '1000' })
    await crm.makeOneLine(orders.returned, { price: '10', quantity: '-3' })
    await crm.makeOneLine(first, { price: '10', quantity: '1' })
    await crm.makeOneLine(second, { price: '20', quantity: '1' })
    await crm.change('creatio.Order', second, { BGNumberInvoice: first.BGNumberInvoice })
    const euro = (await crm.records('creatio.Currency')).find(({ ShortName }) => ShortName === 'EUR')
    await crm.change('creatio.Order', foreign, { CurrencyId: euro?.Id })
  }

  async function postings(): Promise<Posted[]> {
    const { postings: page } = await served.ask<{ postings: { nodes: Posted[] } }>(`{
      postings(filter: { kinds: [INVOICE] }) { nodes { orderNumber state total reason { code sentence remedy } } }
    }`)
    return page.nodes
  }

  const postingOf = (place: (typeof places)[number]) => {
    const found = posted.get(String(orders[place].Number))
    if (!found) throw new Error(`no posting of the ${place} order`)
    return found
  }

  test('a plain order beside them is posted', async () => {
    expect(postingOf('plain')).toMatchObject({ state: 'PROCESSED', reason: null })
    expect(await crm.logRow(orders.plain)).toEqual({ status: 'Processed', message: '' })
  })

  test('an order with 2,000 lines is posted whole, to the penny', async () => {
    expect(postingOf('long')).toMatchObject({ state: 'PROCESSED', total: '6000.00', reason: null })
    const invoice = await crm.invoiceOf(orders.long)
    const lines = ((invoice?.Line ?? []) as { DetailType: string }[]).filter(
      ({ DetailType }) => DetailType !== 'SubTotalLineDetail',
    )
    expect(lines).toHaveLength(LINES)
    expect(Number(invoice?.TotalAmt)).toBe(6000)
  })

  test('a new customer with quotes, an apostrophe and emoji in its name is made once, and both its orders are posted', async () => {
    expect(postingOf('named')).toMatchObject({ state: 'PROCESSED' })
    expect(postingOf('named again')).toMatchObject({ state: 'PROCESSED' })
    const customers = (await crm.records('qbo.Customer')).filter(({ DisplayName }) => DisplayName === STRANGE_NAME)
    expect(customers).toHaveLength(1)
    for (const order of [orders.named, orders['named again']]) {
      expect((await crm.invoiceOf(order))?.CustomerRef).toMatchObject({ value: customers[0]?.Id })
    }
  })

  test('a price with six decimals is posted as it is, and its amount is rounded half up', async () => {
    // 1.234565 × 1000 = 1234.565, half a cent.
    expect(postingOf('fine price')).toMatchObject({ state: 'PROCESSED', total: '1234.57' })
    const invoice = await crm.invoiceOf(orders['fine price'])
    expect(invoice?.TotalAmt).toBe('1234.57')
    expect(JSON.stringify(invoice)).toContain('1.234565')
  })

  test('a negative quantity fails with a sentence that names the line, in the API and in the CRM', async () => {
    const { state, reason } = postingOf('returned')
    expect({ state, code: reason?.code }).toEqual({ state: 'FAILED', code: 'DOCUMENT_INVALID' })
    expect(reason?.sentence).toContain('line 1 has the negative quantity -3')
    expect(await crm.invoiceOf(orders.returned)).toBeUndefined()
    const { status, message } = await crm.logRow(orders.returned)
    expect(status).toBe('Error')
    expect(message).toContain('line 1 has the negative quantity -3')
  })

  test('of two orders with one invoice number one is posted, and the other says so; neither takes the other’s invoice', async () => {
    const both = [postingOf('first'), postingOf('second')]
    const won = both.find(({ state }) => state === 'PROCESSED')
    const lost = both.find(({ state }) => state !== 'PROCESSED')
    expect(won).toBeDefined()
    expect(['FAILED', 'MISMATCHED']).toContain(lost?.state)
    expect(lost?.reason?.sentence).toContain(String(orders.first.BGNumberInvoice))
    expect(lost?.reason?.remedy).not.toBe('')
    const invoices = (await crm.invoices()).filter(({ DocNumber }) => DocNumber === orders.first.BGNumberInvoice)
    expect(invoices).toHaveLength(1)
    expect(Number(invoices[0]?.TotalAmt)).toBe(Number(won?.total))
    expect(await crm.logRow(lost === both[0] ? orders.first : orders.second)).toMatchObject({ status: 'Error' })
  })

  test('an order in a foreign currency fails and names both currencies', async () => {
    const { state, reason } = postingOf('foreign')
    expect({ state, code: reason?.code }).toEqual({ state: 'FAILED', code: 'CURRENCY_UNSUPPORTED' })
    expect(reason?.sentence).toMatch(/EUR.*USD/)
    expect(await crm.invoiceOf(orders.foreign)).toBeUndefined()
    expect(await crm.logRow(orders.foreign)).toEqual({ status: 'Error', message: expect.stringContaining('EUR') })
  })
})

function rests(state: string): boolean {
  return ['PROCESSED', 'FAILED', 'MISMATCHED', 'SKIPPED'].includes(state)
}

function told({ status }: { status: string }): boolean {
  return status === 'Processed' || status === 'Error'
}
