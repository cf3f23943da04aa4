import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { adjust } from '../../src/commission/cases.ts'
import { recomputeCommission } from '../../src/commission/collect.ts'
import { collectEarners } from '../../src/commission/earners.ts'
import { lockMonth } from '../../src/commission/periods.ts'
import { balanceOf } from '../../src/commission/statement.ts'
import { previewRate, previewSplit } from '../../src/commission/what-if.ts'
import { AdjustmentKind } from '../../src/domain/commission-case.ts'
import { RateMode } from '../../src/domain/commission-plan.ts'
import { PaymentRecordState } from '../../src/domain/payment-application.ts'
import { fingerprintNow } from '../../src/storage/commission-periods.ts'
import { listRates } from '../../src/storage/commission-plan.ts'
import { type OpenBooks, openBooks } from './books.ts'
import { payment } from './company.ts'

let books: OpenBooks
beforeEach(async () => {
  books = await openBooks()
  await books.split([{ rep: 'Ann', sharePercent: '100' }])
  await books.rate({})
  await books.sell({ invoiceId: '145', orderNumber: 'ORD-1', date: '2026-02-10', lines: [['A', '1000.00']] })
})
afterEach(() => books.fresh.close())

const lock = (month: string) => lockMonth(books, { connectionId: books.connectionId, month, author: 'an admin' })
const adjustment = (args: Partial<Parameters<typeof adjust>[1]>) =>
  adjust(books, {
    connectionId: books.connectionId,
    rep: 'Ann',
    kind: AdjustmentKind.BONUS,
    amount: '25.00',
    effectiveOn: '2026-03-31',
    orderNumber: null,
    note: 'the fair',
    approver: 'Boss',
    author: 'an admin',
    ...args,
  })

describe('a locked period', () => {
  test('never changes: a late void shows in the next, with its origin', async () => {
    await books.collect(
      payment({ recordId: '1', pays: [['145', '400.00']] }),
      payment({ recordId: '2', date: '2026-04-03', pays: [['145', '100.00']] }),
    )
    await adjustment({})
    const period = await lock('2026-03')
    const shown = await books.lines({ month: '2026-03' })
    expect(await books.amounts({ month: '2026-03' })).toEqual({ Ann: '65.00' })
    await books.collect(payment({ recordId: '1', version: '1', state: PaymentRecordState.VOIDED }))
    expect(await books.lines({ month: '2026-03' })).toEqual(shown)
    expect(await books.amounts({ month: '2026-04' })).toEqual({ Ann: '-30.00' })
    expect((await books.lines({ month: '2026-04' })).find(({ kind }) => kind === 'LATE')).toMatchObject({
      recordId: '1',
      payableOn: '2026-04-01',
      originOn: '2026-03-05',
      orderNumber: 'ORD-1',
      amount: '-40.00',
    })
    expect(await fingerprintNow(books.database, { periodId: period.id })).toBe(period.fingerprint)
    await recomputeCommission(books, { connectionId: books.connectionId })
    expect(await books.amounts({ from: '2026-03-01', to: '2026-04-30' })).toEqual({ Ann: '35.00' })
    await lock('2026-04')
    expect(await books.amounts({ month: '2026-05' })).toEqual({})
    expect(await books.amounts({ month: '2026-04' })).toEqual({ Ann: '-30.00' })
  })

  test('cannot be changed in the database either, nor the ledger of payments', async () => {
    await books.collect(payment({ recordId: '1', pays: [['145', '400.00']] }))
    await adjustment({})
    await lock('2026-03')
    for (const table of [
      'commission_period',
      'commission_locked_entry',
      'payment_application',
      'payment_event',
      'commission_adjustment',
    ]) {
      await expect(
        books.database.run(sql`update ${sql.table(table)} set connection_id = connection_id`),
      ).rejects.toThrow(/never changes|only ever added/)
      await expect(books.database.run(sql`delete from ${sql.table(table)}`)).rejects.toThrow(
        /never changes|only ever added/,
      )
    }
  })

  test('is locked once, in its order, and only when it is over where the business is', async () => {
    await books.collect(
      payment({ recordId: '1', pays: [['145', '400.00']] }),
      payment({ recordId: '2', date: '2026-05-03', pays: [['145', '100.00']] }),
    )
    await expect(lock('2026-05')).rejects.toThrow('2026-03 is open and has commission: lock it first.')
    await lock('2026-03')
    await expect(lock('2026-03')).rejects.toThrow(/2026-03 was locked already, at .* by an admin/)
    await expect(lock('2026-02')).rejects.toThrow(/lies before 2026-03/)
    books.at('2026-06-01T03:30:00Z')
    await expect(lock('2026-05')).rejects.toThrow(
      '2026-05 is not over: it ends with 2026-05-31, and today is 2026-05-31 (America/New_York).',
    )
    books.at('2026-06-01T04:30:00Z')
    expect(await lock('2026-05')).toMatchObject({ month: '2026-05', entries: 1, amount: '10.00' })
    await expect(lock('2026-13')).rejects.toThrow('"2026-13" is no month')
  })

  test('takes no adjustment, and an adjustment needs an approver other than the rep, a note and an amount', async () => {
    await books.collect(payment({ recordId: '1', pays: [['145', '400.00']] }))
    await lock('2026-03')
    await expect(adjustment({})).rejects.toThrow('2026-03-31 is locked: date the adjustment 2026-04-01 or later')
    await expect(adjustment({ approver: 'ANN', effectiveOn: '2026-04-01' })).rejects.toThrow('cannot approve')
    await expect(adjustment({ approver: 'Ann', effectiveOn: '2026-04-01' })).rejects.toThrow(
      'Ann cannot approve his own adjustment.',
    )
    await expect(adjustment({ note: ' ' })).rejects.toThrow('A note is needed')
    await expect(adjustment({ amount: '1.005' })).rejects.toThrow('no amount in whole cents')
    await expect(adjustment({ amount: '0' })).rejects.toThrow('changes nothing')
  })

  test('carries a negative sum forward instead of collecting it', async () => {
    await adjustment({ amount: '-70.00', kind: AdjustmentKind.RECOVERY })
    await lock('2026-03')
    await books.collect(payment({ recordId: '1', date: '2026-04-03', pays: [['145', '1000.00']] }))
    const balance = (month: string) =>
      balanceOf(books.database, { connectionId: books.connectionId, month, rep: 'Ann' })
    expect(await balance('2026-03')).toEqual({
      rep: 'Ann',
      opening: '0.00',
      earned: '-70.00',
      payable: '0.00',
      closing: '-70.00',
    })
    expect(await balance('2026-04')).toEqual({
      rep: 'Ann',
      opening: '-70.00',
      earned: '100.00',
      payable: '30.00',
      closing: '0.00',
    })
  })

  test('shows what a later change of its earners or rates comes to in the next, with its origin', async () => {
    await books.collect(payment({ recordId: '1', pays: [['145', '400.00']] }))
    await lock('2026-03')
    await collectEarners(books, {
      connectionId: books.connectionId,
      orders: [{ orderNumber: 'ORD-1', earners: [{ rep: 'Bob', ratePercent: '5' }] }],
      author: 'the CRM',
      overrides: false,
    })
    expect(await books.amounts({ month: '2026-03' })).toEqual({ Ann: '40.00' })
    expect(await books.amounts({ month: '2026-04' })).toEqual({ Ann: '-40.00', Bob: '20.00' })
  })

  test('stays as it was when its earners are removed in the CRM: the next one takes from them, and gives to whom it falls', async () => {
    const asTheCrmHas = (...earners: { rep: string; ratePercent: string | null }[]) =>
      collectEarners(books, {
        ...{ connectionId: books.connectionId, author: 'the CRM', overrides: false },
        orders: [{ orderNumber: 'ORD-1', earners }],
      })
    await asTheCrmHas({ rep: 'Bob', ratePercent: '5' })
    await books.collect(payment({ recordId: '1', pays: [['145', '400.00']] }))
    await lock('2026-03')
    const shown = await books.amounts({ month: '2026-03' })
    expect(shown).toEqual({ Bob: '20.00' })
    await asTheCrmHas()
    expect(await books.amounts({ month: '2026-03' })).toEqual(shown)
    expect(await books.amounts({ month: '2026-04' })).toEqual({ Bob: '-20.00', Ann: '40.00' })
  })
})

describe('a report as of another time', () => {
  test('shows what was known then, and what had happened until then', async () => {
    books.at('2026-03-10T00:00:00Z')
    await books.collect(payment({ recordId: '1', pays: [['145', '400.00']] }))
    books.at('2026-03-20T00:00:00Z')
    await books.collect(
      payment({ recordId: '1', version: '1', pays: [['145', '300.00']] }),
      payment({ recordId: '2', date: '2026-03-19', pays: [['145', '100.00']] }),
    )
    const month = '2026-03'
    expect(await books.amounts({ month })).toEqual({ Ann: '40.00' })
    // The rate and the split were saved in June: in March nobody knew of them.
    expect(await books.amounts({ month, asOf: new Date('2026-03-15T00:00:00Z') })).toEqual({ house: '0.00' })
    expect(await books.amounts({ month, effectiveUntil: '2026-03-18' })).toEqual({ Ann: '30.00' })
    await books.fresh.database.run(sql`update commission_rate set recorded_at = '2026-01-01'`)
    await books.fresh.database.run(sql`update commission_split set recorded_at = '2026-01-01'`)
    expect(await books.amounts({ month, asOf: new Date('2026-03-15T00:00:00Z') })).toEqual({ Ann: '40.00' })
    expect((await books.lines({ month, asOf: new Date('2026-03-15T00:00:00Z') })).map(({ amount }) => amount)).toEqual([
      '40.00',
    ])
    expect(
      await books.amounts({ month, asOf: new Date('2026-03-25T00:00:00Z'), effectiveUntil: '2026-03-18' }),
    ).toEqual({ Ann: '30.00' })
    expect(await books.amounts({ month, asOf: new Date('2026-03-09T00:00:00Z') })).toEqual({})
  })
})

describe('a plan that is only supposed', () => {
  test('is held against real history, and changes nothing', async () => {
    await books.collect(payment({ recordId: '1', pays: [['145', '400.00']] }))
    await lock('2026-03')
    const input = {
      connectionId: books.connectionId,
      rep: null,
      itemId: null,
      customerId: null,
      mode: RateMode.MARGINAL,
      percent: null,
      tiers: [
        { from: '0', percent: '20' },
        { from: '100', percent: '30' },
      ],
      holdbackDays: 0,
      effectiveFrom: '2026-02-01',
      effectiveUntil: null,
      note: '',
    }
    expect(await previewRate(books.database, { input, from: '2026-03-01', to: '2026-03-31' })).toEqual([
      { rep: 'Ann', base: '400.00', amount: '40.00', assumedAmount: '110.00', difference: '70.00' },
    ])
    expect(
      await previewRate(books.database, {
        input: { ...input, effectiveFrom: '2026-03-01' },
        from: '2026-03-01',
        to: '2026-03-31',
      }),
    ).toMatchObject([{ difference: '0.00' }])
    expect(await books.amounts({ month: '2026-03' })).toEqual({ Ann: '40.00' })
    expect(await books.amounts({ month: '2026-04' })).toEqual({})
  })

  test('ends when it would: what is in force after it stays, and a rate for a day is held against the sales of that day', async () => {
    const march = { from: '2026-03-01', to: '2026-03-31' }
    await books.sell({ invoiceId: '146', orderNumber: 'ORD-2', date: '2026-02-20', lines: [['A', '100.00']] })
    const both: [string, string][] = [
      ['145', '400.00'],
      ['146', '100.00'],
    ]
    await books.collect(payment({ recordId: '1', pays: both }))
    const scope = { connectionId: books.connectionId, rep: null, itemId: null, customerId: null, note: '' }
    const flat = { mode: RateMode.FLAT, percent: '20', tiers: null, holdbackDays: 0 }
    const preview = async (effectiveFrom: string, effectiveUntil: string | null) => {
      const input = { ...scope, ...flat, effectiveFrom, effectiveUntil }
      return (await previewRate(books.database, { input, ...march })).map(({ assumedAmount }) => assumedAmount)
    }
    expect(await preview('2026-02-01', null)).toEqual(['100.00'])
    expect(await preview('2026-02-01', '2026-02-15')).toEqual(['80.00'])
    expect(await preview('2026-02-20', '2026-02-20')).toEqual(['60.00'])
    const [first] = await listRates(books.database, { connectionId: books.connectionId, history: false })
    await books.rate({ percent: '30', effectiveFrom: '2026-02-16', replacesId: first?.id ?? '' })
    expect(await preview('2026-02-01', '2026-02-15')).toEqual(['110.00'])
  })

  test('may be a split: who would have earned what, of an order, a customer or all', async () => {
    await books.collect(payment({ recordId: '1', pays: [['145', '400.00']] }))
    await lock('2026-03')
    const { connectionId } = books
    const march = { from: '2026-03-01', to: '2026-03-31' }
    const shares = [
      { rep: 'Ann', sharePercent: '75' },
      { rep: 'Bob', sharePercent: '25' },
    ]
    const days = { effectiveFrom: '2026-01-01', effectiveUntil: null, note: '' }
    const expected = [
      { rep: 'Ann', base: '300.00', amount: '40.00', assumedAmount: '30.00', difference: '-10.00' },
      { rep: 'Bob', base: '100.00', amount: '0.00', assumedAmount: '10.00', difference: '10.00' },
    ]
    for (const whose of [{}, { orderNumber: 'ORD-1' }, { customerId: 'customer-1' }]) {
      const input = { connectionId, orderNumber: null, customerId: null, ...whose, shares, ...days }
      expect(await previewSplit(books.database, { input, ...march })).toEqual(expected)
    }
    const other = { connectionId, orderNumber: 'ORD-2', customerId: null, shares, ...days }
    expect(await previewSplit(books.database, { input: other, ...march })).toMatchObject([{ difference: '0.00' }])
    const wrong = { ...other, shares: [...shares, { rep: 'Cy', sharePercent: '1' }] }
    await expect(previewSplit(books.database, { input: wrong, ...march })).rejects.toThrow('The shares add up to 101 %')
    expect(await books.amounts({ month: '2026-03' })).toEqual({ Ann: '40.00' })
    expect(await books.amounts({ month: '2026-04' })).toEqual({})
  })
})
