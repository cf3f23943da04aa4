import { describe, expect, test } from '@jest/globals'
import type { CrmOrder, CrmPayment } from '../../src/creatio/creatio.ts'
import { parseProfile } from '../../src/creatio/profile.ts'
import { toPayment } from '../../src/creatio/to-payment.ts'
import { crmOrder } from './crm-order.ts'

const at = { profile: parseProfile(), timeZone: 'America/New_York' }

const payment: CrmPayment = {
  id: '3f2a9c1b-0000-4000-8000-000000000001',
  orderId: '11111111-1111-4111-8111-111111111111',
  amount: '12.50',
  date: '2026-02-01T05:00:00Z',
  reference: 'CHQ-7',
  method: 'Check',
  modifiedOn: '2026-02-01T10:00:00Z',
  unreadable: [],
}

const read = (given: Partial<CrmPayment> = {}, order: Partial<CrmOrder> | null = {}) =>
  toPayment({ ...payment, ...given }, { ...at, order: order && crmOrder(order) })

describe('a payment of the CRM', () => {
  test("pays the invoice of its order, on the day of the business's calendar", () => {
    expect(read()).toEqual({
      kind: 'document',
      document: expect.objectContaining({
        kind: 'PAYMENT',
        sourceId: payment.id,
        orderNumber: 'ORD-1',
        number: 'CHQ-7',
        date: '2026-02-01',
        currency: 'USD',
        amount: '12.50',
        method: 'Check',
        applications: [{ invoice: { kind: 'INVOICE', sourceId: crmOrder().id, number: '62046' }, amount: '12.50' }],
      }),
    })
  })

  test('without a reference is numbered by its own id, so that it can be found again', () => {
    expect(read({ reference: null })).toMatchObject({ document: { number: 'P-3f2a9c1b0000' } })
  })

  test('without a date is a plan, and no payment', () => {
    expect(read({ date: null })).toMatchObject({ kind: 'not-eligible', reason: 'PAYMENT_GONE' })
  })

  test.each<[string, Partial<CrmPayment>, Partial<CrmOrder> | null, RegExp]>([
    ['no order', {}, null, /its order does not exist/],
    ['an order that is a credit memo', {}, { transactionTypeId: 'c26d3478-7ac1-49e9-97f9-1c0809552f1f' }, /is no sale/],
    ['no account', {}, { account: null }, /customer of its order is missing/],
    ['no amount', { amount: null }, {}, /the amount is missing/],
    ['part of a cent', { amount: '1.005' }, {}, /has a part of a cent/],
    ['nothing', { amount: '0' }, {}, /is nothing that came in/],
    ['money that went out', { amount: '-3' }, {}, /is nothing that came in/],
    [
      'an amount that nobody can read',
      { amount: null, unreadable: [{ what: 'the amount', given: 'ten' }] },
      {},
      /"ten"/,
    ],
  ])('with %s is for a person, and all that is wrong is named', (_, given, order, problem) => {
    const reading = read(given, order)
    expect(reading).toMatchObject({ kind: 'invalid', reason: 'PAYMENT_INVALID' })
    expect(reading.kind === 'invalid' && reading.detail.problems).toMatch(problem)
  })
})
