import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { adjust } from '../../src/commission/cases.ts'
import { missingCommission } from '../../src/commission/missing.ts'
import { AdjustmentKind, MissingReason } from '../../src/domain/commission-case.ts'
import { RateMode } from '../../src/domain/commission-plan.ts'
import { PaymentPart, PaymentRecordKind, PaymentRecordState } from '../../src/domain/payment-application.ts'
import { earnersDue, noteEarnersRead } from '../../src/storage/commission-earners.ts'
import { insertRows, postingRow } from '../storage/rows.ts'
import { type OpenBooks, openBooks } from './books.ts'
import { payment } from './company.ts'

let books: OpenBooks
beforeAll(async () => {
  books = await openBooks()
})
afterAll(() => books.fresh.close())

const share = (rep: string, sharePercent: string) => ({ rep, sharePercent })

describe('a plan is refused', () => {
  test.each([
    ['of 101 %', [share('Ann', '60'), share('Bob', '41')], 'The shares add up to 101 %, not to 100 %'],
    ['of 99.9999 %', [share('Ann', '99.9999')], 'add up to 99.9999 %'],
    ['of less than nothing', [share('Ann', '110'), share('Bob', '-10')], 'the share of Ann is 110 %'],
    ['of a rep twice', [share('Ann', '50'), share('Ann', '50')], 'Ann has two shares'],
    ['of nobody', [share(' ', '100')], '"rep" is needed'],
    ['of no shares', [], '1 to 50 shares'],
    [
      'with a rate and an amount',
      [{ ...share('Ann', '100'), ratePercent: '5', amount: '5' }],
      'both a rate and an amount',
    ],
  ])('whose split is %s', async (_, shares, message) => {
    await expect(books.split(shares)).rejects.toThrow(message)
  })

  test.each([
    ['of −5 %', { percent: '-5' }, 'the rate is -5 %: it lies between 0 and 100 %.'],
    ['of 101 %', { percent: '101' }, 'between 0 and 100 %'],
    ['that is no number', { percent: 'five' }, 'no percentage'],
    ['of five places', { percent: '1.00001' }, 'four places are the most'],
    ['from no day', { effectiveFrom: '2026-02-30' }, 'no day'],
    ['that ends before it begins', { effectiveUntil: '2025-12-31' }, 'before "effectiveFrom"'],
    ['for a product and a customer', { itemId: 'A', customerId: 'c' }, 'not for both'],
    ['held back for two years', { holdbackDays: 730 }, '0 to 366'],
    [
      'whose tiers begin above nothing',
      { mode: RateMode.MARGINAL, percent: null, tiers: [{ from: '5', percent: '1' }] },
      'begins at 0.00',
    ],
    ['with tiers and a percentage', { tiers: [{ from: '0', percent: '1' }], percent: '1' }, 'no "tiers"'],
  ])('whose rate is %s', async (_, input, message) => {
    await expect(books.rate(input)).rejects.toThrow(message)
  })

  test('whose days overlap those of another version of the same scope, unless it takes its place', async () => {
    const first = await books.rate({ rep: 'Zoe' })
    await expect(books.rate({ rep: 'Zoe', effectiveFrom: '2026-04-01' })).rejects.toThrow(
      `From 2026-04-01 on it would overlap ${first.id}, in force from 2026-01-01 until further notice`,
    )
    await books.rate({ rep: 'Yan' })
    const second = await books.rate({ rep: 'Zoe', effectiveFrom: '2026-04-01', percent: '6', replacesId: first.id })
    expect(second).toMatchObject({ version: 3, effectiveUntil: null })
    await expect(books.rate({ rep: 'Zoe', effectiveFrom: '2026-03-31', effectiveUntil: '2026-03-31' })).rejects.toThrow(
      '2026-03-31',
    )
    await expect(books.rate({ rep: 'Zoe', effectiveFrom: '2027-01-01', replacesId: first.id })).rejects.toThrow(
      'nothing that is in force',
    )
  })
})

describe('what cannot be commission is listed with its reason, and never dropped in silence', () => {
  test('an invoice never posted, another currency, no earner, no rate, a strange record, an amount without a payment', async () => {
    const { connectionId, database } = books
    const sale = { date: '2026-03-01', lines: [['A', '50.00']] as [string, string][] }
    await books.sell(
      { ...sale, invoiceId: '1', orderNumber: 'ORD-house' },
      { ...sale, invoiceId: '2', orderNumber: 'ORD-no-rate' },
      { ...sale, invoiceId: '3', orderNumber: 'ORD-unpaid' },
      { ...sale, invoiceId: '4', orderNumber: 'ORD-foreign' },
    )
    await insertRows(database, 'posting', [
      postingRow({
        connection_id: connectionId,
        order_number: 'ORD-stuck',
        state: 'FAILED',
        reason_code: 'ITEM_NOT_FOUND',
        total: '99.00',
      }),
    ])
    await books.split([share('Nobody', '100')], { orderNumber: 'ORD-no-rate' })
    const { refused } = await books.collect(
      payment({
        recordId: '10',
        pays: [
          ['1', '50.00'],
          ['2', '50.00'],
          ['never-posted', '7.00'],
        ],
      }),
      payment({ recordId: '11', currency: 'CAD', pays: [['4', '50.00']] }),
      payment({ recordId: '12', pays: [['1', '50.00']], total: '49.99' }),
      payment({ recordId: '13', date: 'yesterday' }),
      {
        ...payment({ recordId: '14', pays: [['1', '5.00']] }),
        parts: [{ part: PaymentPart.REFUND, invoiceId: '1', amount: '5.00' }],
      },
      { ...payment({ recordId: '15' }), total: '-5.00' },
      payment({ recordId: '16', version: 'x' }),
      payment({ recordId: '17', currency: 'dollars' }),
      payment({ recordId: ' ' }),
    )
    expect(refused.map(({ recordId, reason }) => `${recordId}: ${reason}`)).toEqual([
      '12: Its parts add up to 50.00, more than its total of 49.99.',
      '13: Its date "yesterday" is no day.',
      '14: A PAYMENT has no part REFUND.',
      '15: "-5.00" is not an amount in whole cents, zero or more.',
      '16: Its version "x" is not a number.',
      '17: Its currency "dollars" is no code of ISO 4217.',
      ' : It has no QuickBooks id.',
    ])
    await adjust(books, {
      connectionId,
      rep: 'Ann',
      kind: AdjustmentKind.CORRECTION,
      amount: '3.00',
      effectiveOn: '2026-03-09',
      orderNumber: 'ORD-unpaid',
      note: 'promised',
      approver: 'Boss',
      author: 'an admin',
    })
    const request = { connectionId, month: '2026-03' }
    const { counts } = await missingCommission(database, { request, reasons: null, first: 50, after: 0 })
    expect(Object.fromEntries(counts.map(({ reason, count, amount }) => [reason, `${count}: ${amount}`]))).toEqual({
      ORDER_NOT_POSTED: '1: 99.00',
      POSTED_UNPAID: '1: 50.00',
      PARTLY_PAID: '0: 0.00',
      PAID_UNMATCHED: '1: 7.00',
      FOREIGN_CURRENCY: '1: 50.00',
      NO_EARNER: '1: 50.00',
      NO_RATE: '1: 50.00',
      WITHOUT_PAYMENT: '1: 3.00',
      FAULTY_RECORD: '6: 54.99',
    })
    // Once the CRM was asked, the house's cash says why nobody earns it.
    const due = await earnersDue(database, { readBefore: books.now(), limit: 100 })
    const read = due.map((one) => ({ ...one, trouble: 'the rate of Bob is -5 %' }))
    await noteEarnersRead(database, { read, lastDay: '2020-01-01', now: books.now() })
    expect(await earnersDue(database, { readBefore: books.now(), limit: 100 })).toEqual([])
    const nobody = { request, reasons: [MissingReason.NO_EARNER], first: 50, after: 0 }
    expect((await missingCommission(database, nobody)).rows).toMatchObject([{ detail: 'the rate of Bob is -5 %' }])
    const reasons = [MissingReason.ORDER_NOT_POSTED, MissingReason.PAID_UNMATCHED, MissingReason.WITHOUT_PAYMENT]
    expect((await missingCommission(database, { request, reasons, first: 50, after: 0 })).rows).toMatchObject([
      { reason: 'ORDER_NOT_POSTED', orderNumber: 'ORD-stuck', detail: 'failed ITEM_NOT_FOUND' },
      {
        reason: 'PAID_UNMATCHED',
        invoiceId: 'never-posted',
        recordId: '10',
        detail: 'applied to an invoice that was not posted from here',
      },
      {
        reason: 'WITHOUT_PAYMENT',
        orderNumber: 'ORD-unpaid',
        rep: 'Ann',
        detail: 'correction, approved by Boss: promised',
      },
    ])
  })

  test('a deleted record stays deleted, though an older version of it comes later, and needs nothing but its id', async () => {
    const pays: [string, string][] = [['1', '5.00']]
    const gone = {
      date: '',
      total: '',
      currency: '',
      state: PaymentRecordState.DELETED,
      kind: PaymentRecordKind.REFUND,
    }
    await books.collect({ ...payment({ recordId: '30' }), ...gone })
    const late = await books.collect(payment({ recordId: '30', kind: PaymentRecordKind.REFUND, version: '7', pays }))
    expect(late).toMatchObject({ rows: 0, refused: [] })
  })
})
