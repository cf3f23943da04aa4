import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { CorrectionApproval, CorrectionMethod, LedgerKind } from '../../src/domain/kinds.ts'
import { correctionPage } from '../../src/storage/corrections.ts'
import { InvalidRequest } from '../../src/storage/pages.ts'
import { applyCorrection, dismissCorrection, setCorrectionPolicy } from '../../src/sync/corrections.ts'
import { takeCustomers } from '../../src/sync/customers.ts'
import { findMissedPayments, takePayments } from '../../src/sync/payments.ts'
import type { Fields } from './books.ts'
import { DocumentStory } from './document-story.ts'

describe.each(Object.values(LedgerKind))('every kind of document on its whole road, beside %s', (kind) => {
  let here: DocumentStory
  let sales: Fields[]

  beforeAll(async () => {
    here = await DocumentStory.open(kind, { orders: 7 })
    sales = await here.sales()
  })
  afterAll(() => here?.story.end())

  const sale = (index: number): Fields => {
    const order = sales[index]
    if (!order) throw new Error(`there is no order ${index}`)
    return order
  }

  async function correctionOf(order: Fields) {
    const page = await correctionPage(here.story.database, {
      selection: { orderNumber: String(order.Number) },
      request: { first: 10, after: null },
    })
    const [correction] = page.nodes
    if (!correction) throw new Error(`order ${order.Number} has no correction`)
    return correction
  }

  const apply = async (order: Fields, method: CorrectionMethod) =>
    applyCorrection(here.story.road, { id: (await correctionOf(order)).id, method, author: 'a person' })

  test('a credit memo waits for its invoice, is linked to it and applied to what is owed', async () => {
    const order = sale(0)
    const credit = await here.credit(order)
    await here.poll()
    expect(await here.states(order)).toEqual(['INVOICE PROCESSED'])
    expect(await here.states(credit)).toEqual(['CREDIT_MEMO PROCESSED', 'PAYMENT PROCESSED'])
    const [memo] = await here.postings(credit, 'CREDIT_MEMO')
    expect(await here.order(credit.Number)).toMatchObject({ BGQuickBooksId: memo?.quickBooksId })
    expect(await here.inQuickBooks('creditMemos', 'CR1')).toHaveLength(1)
    expect(await here.owed(order.BGNumberInvoice)).toBe(0)
    expect(await here.left('CR1')).toBe(0)
    const [row] = await here.books.logRows(credit.Id)
    expect(row).toMatchObject({ status: 'Processed', message: '' })
  })

  test('a refund gives the money back without touching the invoice', async () => {
    const refund = await here.credit(sale(1), { refunded: true })
    await here.poll()
    expect(await here.states(refund)).toEqual(['REFUND PROCESSED'])
    expect(await here.inQuickBooks('refunds', refund.BGNumberInvoice)).toHaveLength(1)
    expect(await here.owed(sale(1).BGNumberInvoice)).toBeGreaterThan(0)
  })

  test('money that came is pushed and applied, once; a plan is not', async () => {
    const order = sale(2)
    const before = await here.owed(order.BGNumberInvoice)
    const plan = await here.pay(order, { amount: '1.00', day: null })
    const payment = await here.pay(order, { amount: '1.25', day: '2026-11-20' })
    expect(await here.takePayments()).toEqual({ read: 1, accepted: 1, corrected: 0 })
    expect(await here.states(payment)).toEqual(['PAYMENT PROCESSED'])
    expect(await here.states(plan)).toEqual([])
    expect(await here.paymentsNumbered(payment.BGReference)).toHaveLength(1)
    expect(await here.owed(order.BGNumberInvoice)).toBeCloseTo(before - 1.25, 2)
    const [told] = (await here.books.records('creatio.SupplyPaymentElement')).filter(({ Id }) => Id === payment.Id)
    const [posting] = await here.postings(payment)
    expect(told).toMatchObject({ BGQuickBooksId: posting?.quickBooksId })
    expect((await here.takePayments()).accepted).toBe(0)

    // Written behind the CRM's back: no change shows it, and the nightly difference does.
    const hidden = await here.pay(order, { amount: '0.50', day: '2026-11-19' })
    await here.books.change('creatio.SupplyPaymentElement', hidden.Id, { ModifiedOn: '2026-01-01T00:00:00Z' })
    expect((await here.takePayments()).accepted).toBe(0)
    expect((await findMissedPayments(here.story.road)).accepted).toBe(1)
    await here.settle()
    expect(await here.states(hidden)).toEqual(['PAYMENT PROCESSED'])
    expect(await here.owed(order.BGNumberInvoice)).toBeCloseTo(before - 1.75, 2)
  })

  test('what began to wait at the moment when the other one was settled is let go all the same', async () => {
    const order = sale(3)
    const payment = await here.pay(order, { amount: '0.25', day: '2026-11-18' })
    await takePayments(here.story.road)
    await here.story.database.run(sql`
      update posting set waiting_for = 'DOCUMENT', blocked_by_id =
        (select invoice.id from posting invoice where invoice.source_id = ${order.Id} and invoice.kind = 'INVOICE')
      where source_id = ${payment.Id}`)
    await here.settle()
    expect(await here.states(payment)).toEqual(['PAYMENT PROCESSED'])
  })

  test('a paid invoice cannot be voided: it is said with the amount, and nothing is sent; a credit memo can', async () => {
    const order = sale(2)
    const row = await here.edit(order, { BGShippingCharge: '77.00' })
    await here.poll()
    expect(await correctionOf(order)).toMatchObject({ state: 'PROPOSED', cause: 'EDITED', method: 'CREDIT_MEMO' })
    expect(await here.logRow(order, row)).toMatchObject({ status: 'Error' })

    await apply(order, CorrectionMethod.VOID)
    await here.settle()
    expect(await here.states(order)).toEqual([
      'INVOICE PROCESSED',
      'VOID FAILED INVOICE_PAID',
      'INVOICE FAILED DOCUMENT_FAILED',
    ])
    const [refused] = await here.postings(order, 'VOID')
    expect(refused?.reasonDetail).toMatchObject({ applied: '1.75' })
    expect(await here.isVoided(order.BGNumberInvoice)).toBe(false)

    await apply(order, CorrectionMethod.CREDIT_MEMO)
    await here.settle()
    expect(await here.states(order)).toEqual([
      'INVOICE PROCESSED',
      'VOID CANCELLED CORRECTION_SUPERSEDED',
      'INVOICE PROCESSED',
      'CREDIT_MEMO PROCESSED',
      'PAYMENT PROCESSED',
    ])
    expect(await here.owed(order.BGNumberInvoice)).toBe(0)
    expect(await here.left(`${order.BGNumberInvoice}-C`)).toBeCloseTo(1.75, 2)
    expect(await here.inQuickBooks('invoices', `${order.BGNumberInvoice}-2`)).toHaveLength(1)
    expect(await here.logRow(order, row)).toMatchObject({ status: 'Processed', message: '' })
    const [, newer] = await here.postings(order, 'INVOICE')
    expect(await here.order(order.Number)).toMatchObject({ BGQuickBooksId: newer?.quickBooksId })
    await expect(apply(order, CorrectionMethod.VOID)).rejects.toThrow(InvalidRequest)
  })

  test('an invoice whose order changed is voided and posted again under a number of its own', async () => {
    const order = sale(5)
    const row = await here.edit(order, { BGShippingCharge: '78.00' })
    await here.poll()
    await apply(order, CorrectionMethod.VOID)
    await here.settle()
    expect(await here.states(order)).toEqual(['INVOICE PROCESSED', 'VOID PROCESSED', 'INVOICE PROCESSED'])
    expect(await here.isVoided(order.BGNumberInvoice)).toBe(true)
    expect(await here.inQuickBooks('invoices', `${order.BGNumberInvoice}-2`)).toHaveLength(1)
    expect(await here.logRow(order, row)).toMatchObject({ status: 'Processed' })

    const echo = await here.books.addLogRow(order)
    await here.poll()
    expect(await here.logRow(order, echo)).toMatchObject({ status: 'Processed', message: '' })
  })

  test('an order that was cancelled has its invoice taken back, and another when it comes back to life', async () => {
    const order = sale(4)
    const canceled = '7c1b2a90-4d5e-4f60-8a71-92b3c4d5e605'
    const row = await here.edit(order, { StatusId: canceled })
    await here.poll()
    expect(await correctionOf(order)).toMatchObject({ cause: 'CANCELLED', after: null })
    await apply(order, CorrectionMethod.VOID)
    await here.settle()
    expect(await here.states(order)).toEqual(['INVOICE PROCESSED', 'VOID PROCESSED', 'INVOICE SKIPPED ORDER_CANCELLED'])
    expect(await here.logRow(order, row)).toMatchObject({ status: 'Processed' })

    await here.edit(order, { StatusId: order.StatusId })
    await here.poll()
    expect(await here.states(order)).toEqual(['INVOICE PROCESSED', 'VOID PROCESSED', 'INVOICE PROCESSED'])
    expect(await here.inQuickBooks('invoices', `${order.BGNumberInvoice}-2`)).toHaveLength(1)
  })

  test('a correction that is dismissed leaves the invoice, and is proposed again only for another change', async () => {
    const order = sale(3)
    const row = await here.edit(order, { BGShippingCharge: '79.00' })
    await here.poll()
    const { id } = await correctionOf(order)
    await dismissCorrection(here.story.road, { id, note: 'agreed by telephone', author: 'a person' })
    await here.settle()
    expect((await here.logRow(order, row))?.message).toMatch(/the invoice stays: agreed by telephone/)
    await here.books.addLogRow(order)
    await here.poll()
    expect(await correctionOf(order)).toMatchObject({ id, state: 'DISMISSED' })
    await here.edit(order, { BGShippingCharge: '80.00' })
    await here.poll()
    expect(await correctionOf(order)).toMatchObject({ state: 'PROPOSED' })
    expect(await here.states(order)).toEqual(['INVOICE PROCESSED'])
  })

  test('where nobody is to be asked, a correction goes by itself, and the row that asked for it is answered', async () => {
    const order = sale(6)
    const policy = { connectionId: here.story.connection.id, method: CorrectionMethod.VOID }
    await setCorrectionPolicy(here.story.road, { ...policy, approval: CorrectionApproval.AUTOMATIC })
    const row = await here.edit(order, { BGShippingCharge: '82.00' })
    await here.poll()
    await setCorrectionPolicy(here.story.road, { ...policy, approval: CorrectionApproval.ASK })
    expect(await here.states(order)).toEqual(['INVOICE PROCESSED', 'VOID PROCESSED', 'INVOICE PROCESSED'])
    expect(await here.logRow(order, row)).toMatchObject({ status: 'Processed', message: '' })
    expect(await correctionOf(order)).toMatchObject({ state: 'APPLIED', author: null })
  })

  test('a customer that changed is updated, and made inactive when the CRM says so; another account is not touched', async () => {
    const { road } = here.story
    await takeCustomers(road)
    const accounts = await here.books.records('creatio.Account')
    const account = accounts.find(({ Id }) => Id === sale(6).AccountId)
    const stranger = accounts.find(({ Id }) => sales.every(({ AccountId }) => AccountId !== Id))
    if (!account || !stranger) throw new Error('there are too few accounts')
    const touch = async (id: string, fields: Record<string, unknown>) =>
      here.books.change('creatio.Account', id, { ...fields, ModifiedOn: new Date(Date.now() + 1000).toISOString() })
    await touch(account.Id, { Phone: '555-0142', Email: 'new@example.com' })
    await touch(stranger.Id, { Phone: '555-0199' })
    expect(await takeCustomers(road)).toEqual({ read: 2, accepted: 1 })
    await here.settle()
    expect(await here.states(account)).toEqual(['CUSTOMER PROCESSED'])
    expect(JSON.stringify(await here.customer(account))).toMatch(/555-0142/)
    expect(await here.states(stranger)).toEqual([])

    await touch(account.Id, { BGInactive: true })
    expect((await takeCustomers(road)).accepted).toBe(1)
    await here.settle()
    expect(await here.states(account)).toEqual(['CUSTOMER PROCESSED', 'CUSTOMER PROCESSED'])
    const customer = await here.customer(account)
    expect(String(customer?.Active ?? customer?.IsActive)).toBe('false')
    expect((await takeCustomers(road)).accepted).toBe(0)
  })
})
