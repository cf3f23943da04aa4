import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Role } from '../../src/domain/kinds.ts'
import { finishDifference, resolveUnloggedOrders, saveUnloggedOrders } from '../../src/storage/differences.ts'
import { idAt } from '../storage/rows.ts'
import { UnloggedOrdersDocument, UnloggedStatusDocument } from './generated/client.ts'
import { NOW, type ServedApi, serveApi } from './served-api.ts'

let api: ServedApi
const orders = [
  { orderNumber: 'ORD-1', total: '10.50', currency: 'USD' },
  { orderNumber: 'ORD-2', total: '20.25', currency: 'USD' },
  { orderNumber: 'ORD-3', total: '7.00', currency: 'CAD' },
  { orderNumber: 'ORD-4', total: '99.00', currency: 'USD' },
].map((order) => ({
  ...order,
  sourceId: idAt(NOW),
  date: '2026-02-27',
  reason: { code: 'ORDER_NOT_LOGGED' as const, detail: { orderNumber: order.orderNumber } },
}))

beforeAll(async () => {
  api = await serveApi()
  await saveUnloggedOrders(api.database, { orders, now: NOW })
  await resolveUnloggedOrders(api.database, { sourceIds: [orders[3]!.sourceId], now: NOW })
  await finishDifference(api.database, { day: '2026-03-01', now: NOW })
})
afterAll(() => api.close())

const figures = {
  count: 3,
  checkedAt: '2026-03-01T13:00:00.000Z',
  totals: [
    { currency: 'USD', count: 2, total: '30.75' },
    { currency: 'CAD', count: 1, total: '7.00' },
  ],
}

test('the list pages through the orders without a log row, explains each, and sums up all of them', async () => {
  const first = await api.ask(UnloggedOrdersDocument, { first: 2 }, Role.VIEWER)
  expect(first.errors).toEqual([])
  const page = first.data?.unloggedOrders
  expect(page).toMatchObject({ totalCount: 3, hasNextPage: true, figures })
  expect(page?.nodes[0]?.reason).toMatchObject({
    code: 'ORDER_NOT_LOGGED',
    sentence: expect.stringContaining('has no row in the order log'),
  })
  const rest = await api.ask(UnloggedOrdersDocument, { first: 2, after: page?.endCursor ?? null }, Role.VIEWER)
  const numbers = [...(page?.nodes ?? []), ...(rest.data?.unloggedOrders.nodes ?? [])].map(
    ({ orderNumber }) => orderNumber,
  )
  expect(numbers.toSorted()).toEqual(['ORD-1', 'ORD-2', 'ORD-3'])
  expect(rest.data?.unloggedOrders.hasNextPage).toBe(false)
})

test('the status has the same figures, and nobody reads them without a key', async () => {
  const { data } = await api.ask(UnloggedStatusDocument, {}, Role.VIEWER)
  expect(data?.status.unloggedOrders).toEqual(figures)
  const { errors } = await api.ask(UnloggedOrdersDocument, { first: 1 }, null)
  expect(errors[0]?.extensions?.code).toBe('UNAUTHENTICATED')
})
