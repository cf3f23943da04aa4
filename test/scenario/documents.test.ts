import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { LedgerKind } from '../../src/domain/kinds.ts'
import { correctionPage } from '../../src/storage/corrections.ts'
import { applyCorrection } from '../../src/sync/corrections.ts'
import type { Fields } from './books.ts'
import { DocumentStory } from './document-story.ts'

let here: DocumentStory
let order: Fields

beforeAll(async () => {
  here = await DocumentStory.open(LedgerKind.QUICKBOOKS_ONLINE, { orders: 1 })
  const [only] = await here.sales()
  if (!only) throw new Error('there is no order')
  order = only
})
afterAll(() => here?.story.end())

/** The whole of it, beside both kinds of QuickBooks and with every answer lost, is in the long suites `documents`. */
test('an order is billed, paid in part, changed, and credited for what is still owed; its books and its log row say so', async () => {
  await here.poll()
  const owed = await here.owed(order.BGNumberInvoice)
  const payment = await here.pay(order, { amount: '1.25', day: '2026-11-20' })
  await here.takePayments()
  expect(await here.states(payment)).toEqual(['PAYMENT PROCESSED'])
  expect(await here.owed(order.BGNumberInvoice)).toBeCloseTo(owed - 1.25, 2)

  const row = await here.edit(order, { BGShippingCharge: '77.00' })
  await here.poll()
  const { nodes } = await correctionPage(here.story.database, { selection: {}, request: { first: 1, after: null } })
  expect(nodes[0]).toMatchObject({ state: 'PROPOSED', cause: 'EDITED', method: 'CREDIT_MEMO' })
  await applyCorrection(here.story.road, { id: nodes[0]?.id ?? '', author: 'a person' })
  await here.settle()
  expect((await here.states(order)).toSorted()).toEqual([
    'CREDIT_MEMO PROCESSED',
    'INVOICE PROCESSED',
    'INVOICE PROCESSED',
    'PAYMENT PROCESSED',
  ])
  expect(await here.owed(order.BGNumberInvoice)).toBe(0)
  expect(await here.left(`${order.BGNumberInvoice}-C`)).toBeCloseTo(1.25, 2)
  expect(await here.inQuickBooks('invoices', `${order.BGNumberInvoice}-2`)).toHaveLength(1)
  expect(await here.logRow(order, row)).toMatchObject({ status: 'Processed', message: '' })
})
