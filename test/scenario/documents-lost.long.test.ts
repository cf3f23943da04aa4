import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { CorrectionMethod, LedgerKind } from '../../src/domain/kinds.ts'
import { correctionPage } from '../../src/storage/corrections.ts'
import { applyCorrection } from '../../src/sync/corrections.ts'
import { takeCustomers } from '../../src/sync/customers.ts'
import type { Fields } from './books.ts'
import { DocumentStory } from './document-story.ts'

/** Each write, as either QuickBooks calls it. */
const WRITES = {
  [LedgerKind.QUICKBOOKS_ONLINE]: {
    creditMemo: { entity: 'CreditMemo', operation: 'create' },
    payment: { entity: 'Payment', operation: 'create' },
    refund: { entity: 'RefundReceipt', operation: 'create' },
    invoice: { entity: 'Invoice', operation: 'create' },
    void: { entity: 'Invoice', operation: 'void' },
    customer: { entity: 'Customer', operation: 'update' },
  },
  [LedgerKind.QUICKBOOKS_DESKTOP]: {
    creditMemo: { operation: 'CreditMemoAdd' },
    payment: { operation: 'ReceivePaymentAdd' },
    refund: { operation: 'CreditMemoAdd' },
    invoice: { operation: 'InvoiceAdd' },
    void: { operation: 'TxnVoid' },
    customer: { operation: 'CustomerMod' },
  },
}

const CASES = Object.values(LedgerKind).flatMap((kind) =>
  [
    { kind, when: 'after', saved: 'it was saved' },
    { kind, when: 'before', saved: 'it was not saved' },
  ].map((one) => ({ ...one, name: `${one.kind}, and ${one.saved}` })),
)

describe.each(CASES)('the answer to each write is lost: $name', ({ kind, when }) => {
  let here: DocumentStory
  let sales: Fields[]

  beforeAll(async () => {
    here = await DocumentStory.open(kind, { orders: 6 })
    sales = await here.sales()
    await here.poll()
  }, 60_000)
  afterAll(() => here?.story.end())

  const sale = (index: number): Fields => {
    const order = sales[index]
    if (!order) throw new Error(`there is no order ${index}`)
    return order
  }

  async function lose(write: keyof (typeof WRITES)[LedgerKind]): Promise<void> {
    const isOnline = kind === LedgerKind.QUICKBOOKS_ONLINE
    const system = isOnline ? 'quickbooks-online' : 'quickbooks-desktop'
    const fault = { kind: isOnline ? 'cut' : 'crash', when }
    await here.story.fault({ system, ...WRITES[kind][write], times: 1, fault })
  }

  /** Lets all the time pass that proof of absence takes, and more. */
  async function endure(): Promise<void> {
    for (let rounds = 0; rounds < 9; rounds += 1) {
      await here.story.work()
      await here.story.pass(63)
    }
    await here.settle()
    const rules = await here.story.sandbox.fetchControl<{ fired: number }[]>('/faults')
    expect(rules.map(({ fired }) => fired)).toEqual(rules.map(() => 1))
    await here.story.mend()
  }

  test('a credit memo, and what applies it, are there once', async () => {
    const order = sale(0)
    const credit = await here.credit(order)
    await lose('creditMemo')
    await lose('payment')
    await here.story.poll()
    await endure()
    expect(await here.states(credit)).toEqual(['CREDIT_MEMO PROCESSED', 'PAYMENT PROCESSED'])
    expect(await here.inQuickBooks('creditMemos', credit.BGNumberInvoice)).toHaveLength(1)
    expect(await here.owed(order.BGNumberInvoice)).toBe(0)
    expect(await here.left(credit.BGNumberInvoice)).toBe(0)
  })

  test('a refund is there once', async () => {
    const refund = await here.credit(sale(1), { refunded: true })
    await lose('refund')
    await here.story.poll()
    await endure()
    expect(await here.states(refund)).toEqual(['REFUND PROCESSED'])
    expect(await here.inQuickBooks('refunds', refund.BGNumberInvoice)).toHaveLength(1)
  })

  test('two instalments of one amount and one day are there once each', async () => {
    const order = sale(2)
    const before = await here.owed(order.BGNumberInvoice)
    const first = await here.pay(order, { amount: '2.00', day: '2026-11-20' })
    const second = await here.pay(order, { amount: '2.00', day: '2026-11-20' })
    await here.books.change('creatio.SupplyPaymentElement', second.Id, { BGReference: first.BGReference })
    await lose('payment')
    await here.takePayments()
    await endure()
    expect(await here.states(first)).toEqual(['PAYMENT PROCESSED'])
    expect(await here.states(second)).toEqual(['PAYMENT PROCESSED'])
    expect(await here.paymentsNumbered(first.BGReference)).toHaveLength(2)
    expect(await here.owed(order.BGNumberInvoice)).toBeCloseTo(before - 4, 2)
  })

  test('a void is done, and the new invoice is there once', async () => {
    const order = sale(3)
    await here.edit(order, { BGShippingCharge: '81.00' })
    await here.poll()
    const { nodes } = await correctionPage(here.story.database, {
      selection: { orderNumber: String(order.Number) },
      request: { first: 1, after: null },
    })
    await lose('void')
    await lose('invoice')
    await applyCorrection(here.story.road, {
      id: nodes[0]?.id ?? '',
      method: CorrectionMethod.VOID,
      author: 'a person',
    })
    await endure()
    expect(await here.states(order)).toEqual(['INVOICE PROCESSED', 'VOID PROCESSED', 'INVOICE PROCESSED'])
    expect(await here.isVoided(order.BGNumberInvoice)).toBe(true)
    expect(await here.inQuickBooks('invoices', `${order.BGNumberInvoice}-2`)).toHaveLength(1)
  })

  test('a customer is updated, and no other one is made', async () => {
    const { road } = here.story
    await takeCustomers(road)
    const account = (await here.books.records('creatio.Account')).find(({ Id }) => Id === sale(4).AccountId)
    if (!account) throw new Error('there is no account')
    const customers = async () => (await here.books.counts())[here.customersTable] ?? 0
    const before = await customers()
    const ModifiedOn = new Date(road.now().getTime() + 1000).toISOString()
    await here.books.change('creatio.Account', account.Id, { Phone: '555-0142', ModifiedOn })
    await lose('customer')
    await takeCustomers(road)
    await endure()
    expect(await here.states(account)).toEqual(['CUSTOMER PROCESSED'])
    expect(JSON.stringify(await here.customer(account))).toMatch(/555-0142/)
    expect(await customers()).toBe(before)
  })
})
