import { afterEach, expect, test } from '@jest/globals'
import { parseProfile } from '../../src/creatio/profile.ts'
import { toDocument } from '../../src/creatio/to-document.ts'
import { type BatchPart, batchReply, type Reply, type ScriptedSite, type Seen, scriptedSite } from './scripted-site.ts'

let site: ScriptedSite
const start = async (script: (request: Seen) => Reply | undefined) => {
  site = await scriptedSite(script)
  return site
}
afterEach(() => site.close())

const ORDER = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa'
const ZERO = '00000000-0000-0000-0000-000000000000'
const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`

function orderRecord(over: Record<string, unknown> = {}) {
  return {
    Id: ORDER.toUpperCase(),
    Number: 'ORD-1',
    ModifiedOn: '2026-01-02T00:00:00.1234567Z',
    Date: '2026-01-01T05:00:00Z',
    BGQuickBooksId: '',
    BGNumberInvoice: '62046',
    BGInvoiceDate: '0001-01-01T00:00:00Z',
    BGInvoiceDueDate: '0001-01-01T00:00:00Z',
    BGShipDate: '0001-01-01T00:00:00Z',
    BGShippingCharge: '12.50n_____',
    BGTaxCheckbox: true,
    BGTaxAmount: 8.25,
    BGPONumber: '',
    BGTransactionTypeId: ZERO,
    Account: {
      Id: idOf(1),
      Name: 'Juniper',
      BGQBName: '',
      Phone: '',
      City: { Id: idOf(2), Name: 'Troy' },
      Region: null,
      Country: { Id: ZERO, Name: '' },
    },
    Contact: { Id: ZERO },
    Currency: { Id: idOf(3), ShortName: 'USD' },
    Status: { Id: idOf(4), Name: 'Confirmed' },
    ...over,
  }
}

function lineRecord(index: number, over: Record<string, unknown> = {}) {
  return {
    Id: idOf(100 + index),
    OrderId: ORDER,
    Name: `Part ${index}`,
    BGItemPrice: '19.99n_____',
    Price: 1,
    BGItemQuantity: 3,
    Quantity: '9.000',
    BGItemDiscount: null,
    DiscountPercent: '12.5',
    BGTaxable: true,
    Product: { Id: idOf(7), Code: 'PART' },
    ...over,
  }
}

const isBatch = ({ path }: Seen) => path.endsWith('$batch')
const isLines = ({ url }: BatchPart) => url.startsWith('OrderProduct?')
const counted = (value: unknown[], count = value.length) => ({ status: 200, body: { value, '@odata.count': count } })

test('an order is read with everything its invoice needs, through every quirk of the CRM', async () => {
  const { open } = await start((request) =>
    isBatch(request)
      ? batchReply(request, (part) => counted(isLines(part) ? [lineRecord(1)] : [orderRecord()]))
      : undefined,
  )
  const creatio = open()
  const order = (await creatio.orders([ORDER])).get(ORDER)!
  expect(order).toMatchObject({
    id: ORDER,
    number: 'ORD-1',
    modifiedOn: '2026-01-02T00:00:00.1234567Z',
    quickBooksId: null,
    transactionTypeId: null,
    invoiceDate: null,
    currency: 'USD',
    shipping: '12.5',
    taxed: true,
    tax: '8.25',
    contact: null,
    account: { id: idOf(1), name: 'Juniper', quickBooksName: null, city: 'Troy', country: null },
    lines: [{ price: '19.99', quantity: '3', discountPercent: '12.5', product: { code: 'PART' } }],
    unreadable: [],
  })
  expect(toDocument(order, creatio)).toMatchObject({
    kind: 'document',
    document: { date: '2026-01-01', total: '73.22' },
  })
})

test('only the columns of the allow-list are asked for: the table holds card numbers', async () => {
  const { open, seen } = await start((request) =>
    isBatch(request) ? batchReply(request, () => counted([])) : undefined,
  )
  await open().orders([ORDER])
  const asked = seen
    .filter(isBatch)
    .map(({ body }) => decodeURIComponent(body))
    .join()
  expect(asked).toContain('Order?$select=Id,Number,ModifiedOn,Date,BGQuickBooksId')
  expect(asked).not.toMatch(/card|bank|\*|expand=[^&]*expand=[^&]*expand=/i)
})

test('five hundred orders take three batches of parts with short addresses; a missing one is absent', async () => {
  const ids = Array.from({ length: 500 }, (_, index) => idOf(index))
  const { open, seen } = await start((request) =>
    isBatch(request)
      ? batchReply(request, (part) => {
          expect(part.url.length).toBeLessThan(2_000)
          const asked = [...part.url.matchAll(/Id%20eq%20([0-9a-f-]{36})/g)].map(([, id]) => id!)
          if (isLines(part)) return counted(asked.map((id, index) => lineRecord(index, { Id: id, OrderId: id })))
          return counted(asked.filter((id) => id !== ids[42]).map((Id) => orderRecord({ Id })))
        })
      : undefined,
  )
  const orders = await open().orders(ids)
  expect(orders.size).toBe(499)
  expect(orders.has(ids[42]!)).toBe(false)
  expect([...orders.values()].every(({ lines }) => lines.length === 1)).toBe(true)
  expect(seen.filter(isBatch)).toHaveLength(3)
})

test('lines that a server holds back without a next link are fetched, because the count says so', async () => {
  const all = Array.from({ length: 25 }, (_, index) => lineRecord(index))
  const { open } = await start((request) => {
    if (isBatch(request))
      return batchReply(request, (part) => (isLines(part) ? counted(all.slice(0, 10), 25) : counted([orderRecord()])))
    if (!request.path.endsWith('OrderProduct')) return undefined
    const skip = Number(request.query.get('$skip'))
    return { json: { value: all.slice(skip, skip + 10), '@odata.count': 25 } }
  })
  const order = (await open().orders([ORDER])).get(ORDER)!
  expect(order.lines.map(({ name }) => name)).toEqual(all.map(({ Name }) => Name))
})

test('an order whose lines cannot all be had is not read at all', async () => {
  const { open } = await start((request) => {
    if (isBatch(request))
      return batchReply(request, (part) => (isLines(part) ? counted([lineRecord(1)], 2) : counted([orderRecord()])))
    return request.path.endsWith('OrderProduct') ? { json: { value: [], '@odata.count': 2 } } : undefined
  })
  await expect(open().orders([ORDER])).rejects.toThrow('counts 2 rows and gave 1')
})

test('a batch that stops in the middle, or fails in one part, is not taken for missing orders', async () => {
  for (const failure of [null, { status: 500, body: { Message: 'Oops', ExceptionMessage: 'Deadlock' } }]) {
    await start((request) =>
      isBatch(request)
        ? batchReply(request, (part) => (isLines(part) ? failure : counted([orderRecord()])))
        : undefined,
    )
    await expect(site.open().orders([ORDER])).rejects.toThrow(failure ? 'Deadlock' : 'no answer for OrderProduct')
    await site.close()
  }
  await start(() => undefined)
})

test('a value that nobody can read is told to a person, and makes no invoice', async () => {
  const { open } = await start((request) =>
    isBatch(request)
      ? batchReply(request, (part) =>
          counted(isLines(part) ? [lineRecord(1, { BGItemPrice: '19,99' })] : [orderRecord({ BGTaxAmount: 'n/a' })]),
        )
      : undefined,
  )
  const creatio = open()
  const order = (await creatio.orders([ORDER])).get(ORDER)!
  expect(toDocument(order, creatio)).toMatchObject({
    reason: 'DOCUMENT_INVALID',
    detail: { problems: 'the tax amount cannot be read ("n/a"); the price of line 1 cannot be read ("19,99").' },
  })
})

test('an unreadable quantity is never taken for the standard column, nor for an order of zeros', async () => {
  const line = lineRecord(1, { BGItemQuantity: 'three', Quantity: 0 })
  const { open } = await start((request) =>
    isBatch(request) ? batchReply(request, (part) => counted(isLines(part) ? [line] : [orderRecord()])) : undefined,
  )
  const creatio = open()
  const order = (await creatio.orders([ORDER])).get(ORDER)!
  expect(toDocument(order, creatio)).toMatchObject({
    reason: 'DOCUMENT_INVALID',
    detail: { problems: 'the quantity of line 1 cannot be read ("three").' },
  })
})

test('a column of 0 counts, unless the profile says that 0 means missing', async () => {
  const { open } = await start((request) =>
    isBatch(request)
      ? batchReply(request, (part) => counted(isLines(part) ? [lineRecord(1, { BGItemQuantity: 0 })] : [orderRecord()]))
      : undefined,
  )
  expect((await open().orders([ORDER])).get(ORDER)?.lines[0]?.quantity).toBe('0')
  const profile = parseProfile({ orderLine: { zeroMeansMissing: true } })
  expect((await open({ profile }).orders([ORDER])).get(ORDER)?.lines[0]?.quantity).toBe('9')
})

test('an order is found by its number, whatever characters the number has', async () => {
  const { open, seen } = await start(({ path }) =>
    path.endsWith('/Order') ? { json: { value: [{ Id: ORDER }] } } : undefined,
  )
  expect(await open().orderIdByNumber("O'RD-1 & 2+3#")).toBe(ORDER)
  expect(seen.at(-1)?.query.get('$filter')).toBe("Number eq 'O''RD-1 & 2+3#'")
})

test('a number that two orders bear is not guessed at, and an unknown one is null', async () => {
  let found = [{ Id: ORDER }, { Id: idOf(1) }]
  const { open } = await start(({ path }) => (path.endsWith('/Order') ? { json: { value: found } } : undefined))
  await expect(open().orderIdByNumber('ORD-1')).rejects.toThrow('more than one order')
  found = []
  expect(await open().orderIdByNumber('ORD-1')).toBeNull()
})
