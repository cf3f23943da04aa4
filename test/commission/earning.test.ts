import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { collectEarners } from '../../src/commission/earners.ts'
import { RateMode } from '../../src/domain/commission-plan.ts'
import { PaymentPart, PaymentRecordKind, PaymentRecordState } from '../../src/domain/payment-application.ts'
import { listSplits } from '../../src/storage/commission-plan.ts'
import { tieOut } from '../../src/storage/commission-tie-out.ts'
import { type OpenBooks, openBooks } from './books.ts'
import { payment } from './company.ts'

let books: OpenBooks
beforeEach(async () => {
  books = await openBooks()
})
afterEach(() => books.fresh.close())

const SALE = { invoiceId: '145', orderNumber: 'ORD-1', date: '2026-02-10' }
const MARCH = { month: '2026-03' }
const solo = [{ rep: 'Ann', sharePercent: '100' }]

describe('what a payment earns', () => {
  test('is half of the commission when half of the invoice is paid: 20,000, commission 4,000, paid 10,000 → 2,000', async () => {
    await books.sell({ ...SALE, lines: [['Throw', '20000.00']] })
    await books.split([{ rep: 'Ann', sharePercent: '100', amount: '4000' }], { orderNumber: 'ORD-1' })
    await books.collect(payment({ recordId: '1', pays: [['145', '10000.00']] }))
    expect(await books.amounts(MARCH)).toEqual({ Ann: '2000.00' })
  })

  test('leaves out tax and shipping, and the last payment lands exact', async () => {
    await books.sell({ ...SALE, lines: [['Throw', '100.00']], tax: '8.25', shipping: '5.00' })
    await books.split(solo)
    await books.rate({ percent: '3.3333' })
    const thirds: [string, string][] = [
      ['1', '37.75'],
      ['2', '37.75'],
      ['3', '37.75'],
    ]
    await books.collect(...thirds.map(([recordId, amount]) => payment({ recordId, pays: [['145', amount]] })))
    const lines = await books.lines(MARCH)
    expect(lines.map(({ amount }) => amount)).toEqual(['1.11', '1.11', '1.11'])
    expect(lines.map(({ base }) => base)).toEqual(['33.33', '33.34', '33.33'])
    expect(
      await tieOut(books.database, { connectionId: books.connectionId, from: '2026-03-01', to: '2026-03-31' }),
    ).toEqual([
      {
        currency: 'USD',
        received: '113.25',
        commissionable: '100.00',
        excluded: '13.25',
        unapplied: '0.00',
        difference: '0.00',
        reasons: [{ reason: 'TAX_AND_SHIPPING', amount: '13.25' }],
      },
    ])
  })

  test('is nothing for discounts, write-offs, credits, overpayments and what is applied to nothing', async () => {
    await books.sell({ ...SALE, lines: [['Throw', '100.00']] })
    await books.split(solo)
    await books.rate({})
    await books.collect(
      {
        ...payment({ recordId: '1', pays: [['145', '40.00']] }),
        total: '60.00',
        parts: [
          { part: PaymentPart.CASH, invoiceId: '145', amount: '40.00' },
          { part: PaymentPart.DISCOUNT, invoiceId: '145', amount: '2.00' },
          { part: PaymentPart.WRITE_OFF, invoiceId: '145', amount: '3.00' },
        ],
      },
      payment({ recordId: '2', kind: PaymentRecordKind.CREDIT_MEMO, pays: [['145', '5.00']] }),
      payment({ recordId: '3', pays: [['145', '90.00']] }),
    )
    expect(await books.amounts(MARCH)).toEqual({ Ann: '10.00' })
    const [tie] = await tieOut(books.database, {
      connectionId: books.connectionId,
      from: '2026-03-01',
      to: '2026-03-31',
    })
    expect(tie).toMatchObject({
      received: '150.00',
      commissionable: '100.00',
      excluded: '30.00',
      unapplied: '20.00',
      difference: '0.00',
    })
  })

  test('is settled to nothing by a full refund, and by a void', async () => {
    await books.sell({ ...SALE, lines: [['Throw', '99.99']], tax: '7.77' })
    await books.split(solo)
    await books.rate({ percent: '7.7777' })
    await books.collect(
      payment({ recordId: '1', pays: [['145', '107.76']] }),
      payment({ recordId: '9', kind: PaymentRecordKind.REFUND, date: '2026-04-02', pays: [['145', '107.76']] }),
    )
    expect([await books.amounts(MARCH), await books.amounts({ month: '2026-04' })]).toEqual([
      { Ann: '7.78' },
      { Ann: '-7.78' },
    ])
    await books.collect(
      payment({ recordId: '9', kind: PaymentRecordKind.REFUND, version: '1', state: PaymentRecordState.VOIDED }),
    )
    await books.collect(payment({ recordId: '1', version: '1', state: PaymentRecordState.VOIDED }))
    expect([await books.amounts(MARCH), await books.amounts({ month: '2026-04' })]).toEqual([{}, {}])
  })

  test('is shared to the cent, an override comes on top, and whoever earns without a share goes to the house', async () => {
    await books.sell(
      { ...SALE, lines: [['Throw', '0.05']] },
      { ...SALE, invoiceId: '146', orderNumber: 'ORD-2', lines: [['Throw', '10.00']] },
    )
    await books.split(
      [
        { rep: 'Ann', sharePercent: '33.3333' },
        { rep: 'Bob', sharePercent: '33.3333' },
        { rep: 'Cy', sharePercent: '33.3334' },
        { rep: 'Boss', sharePercent: '100', overrides: true },
      ],
      { orderNumber: 'ORD-1' },
    )
    await books.rate({ percent: '100' })
    await books.collect(
      payment({
        recordId: '1',
        pays: [
          ['145', '0.05'],
          ['146', '10.00'],
        ],
      }),
    )
    expect(await books.amounts(MARCH)).toEqual({ Ann: '0.02', Bob: '0.01', Boss: '0.05', Cy: '0.02', house: '10.00' })
  })

  test('follows the narrowest rate in force on the day of the invoice: product, then customer, then rep, then all', async () => {
    await books.sell({
      ...SALE,
      customer: 'c1',
      lines: [
        ['A', '100.00'],
        ['B', '100.00'],
      ],
    })
    await books.sell({
      ...SALE,
      invoiceId: '146',
      orderNumber: 'ORD-2',
      customer: 'c2',
      date: '2026-01-31',
      lines: [['B', '100.00']],
    })
    await books.split(solo)
    await books.rate({ percent: '1' })
    await books.rate({ percent: '2', rep: 'Ann', effectiveFrom: '2026-02-01' })
    await books.rate({ percent: '3', customerId: 'c1' })
    await books.rate({ percent: '4', itemId: 'A' })
    await books.rate({ percent: '5', itemId: 'A', rep: 'Ann', effectiveFrom: '2026-02-11' })
    await books.collect(
      payment({
        recordId: '1',
        pays: [
          ['145', '200.00'],
          ['146', '100.00'],
        ],
      }),
    )
    const lines = await books.lines(MARCH)
    expect(lines.map(({ rule, amount }) => `${rule}: ${amount}`).sort()).toEqual([
      '1 % (all): 1.00',
      '3 % (customer c1): 3.00',
      '4 % (item A): 4.00',
    ])
  })

  test.each([
    [RateMode.MARGINAL, '55.00'],
    [RateMode.RETROACTIVE, '80.00'],
  ])(
    'by %s tiers is that of the month, in whatever order its payments came, and a refund takes back its part',
    async (mode, all) => {
      await books.sell({ ...SALE, lines: [['A', '1000.00']] })
      await books.split(solo)
      await books.rate({
        mode,
        tiers: [
          { from: '500', percent: '8' },
          { from: '0', percent: '3' },
        ],
      })
      await books.collect(payment({ recordId: '2', date: '2026-03-20', pays: [['145', '600.00']] }))
      await books.collect(payment({ recordId: '1', date: '2026-03-02', pays: [['145', '400.00']] }))
      expect(await books.amounts(MARCH)).toEqual({ Ann: all })
      await books.collect(
        payment({ recordId: '3', kind: PaymentRecordKind.REFUND, date: '2026-05-02', pays: [['145', '1000.00']] }),
      )
      expect([await books.amounts(MARCH), await books.amounts({ month: '2026-05' })]).toEqual([
        { Ann: all },
        { Ann: `-${all}` },
      ])
    },
  )

  test('is payable when the holdback is over; what goes back is not held back', async () => {
    await books.sell({ ...SALE, lines: [['A', '1000.00']] })
    await books.split(solo)
    await books.rate({ holdbackDays: 45 })
    await books.collect(
      payment({ recordId: '1', pays: [['145', '1000.00']] }),
      payment({ recordId: '2', kind: PaymentRecordKind.REFUND, date: '2026-03-09', pays: [['145', '100.00']] }),
    )
    expect([await books.amounts(MARCH), await books.amounts({ month: '2026-04' })]).toEqual([
      { Ann: '-10.00' },
      { Ann: '100.00' },
    ])
  })

  test('is at the rates of the order’s own earners, as the CRM gives them, and follows them when they change', async () => {
    await books.sell({ ...SALE, lines: [['A', '1000.00']] })
    await books.collect(payment({ recordId: '1', pays: [['145', '500.00']] }))
    const earners = async (...all: [string, string][]) => {
      const { changed } = await collectEarners(books, {
        connectionId: books.connectionId,
        author: 'the CRM',
        overrides: false,
        orders: [{ orderNumber: 'ORD-1', earners: all.map(([rep, ratePercent]) => ({ rep, ratePercent })) }],
      })
      return changed
    }
    expect(await earners(['Ann', '3'], ['Bob', '2'])).toEqual(['ORD-1'])
    expect(await books.amounts(MARCH)).toEqual({ Ann: '15.00', Bob: '10.00' })
    expect(await earners(['Ann', '3'], ['Bob', '2'])).toEqual([])
    expect(await earners(['Ann', '4'])).toEqual(['ORD-1'])
    expect(await books.amounts(MARCH)).toEqual({ Ann: '20.00' })
  })

  test('is no more at earners whom the CRM has removed: of some, the others have what is left; of all, it is as if there had been none', async () => {
    await books.sell({ ...SALE, lines: [['A', '1000.00']] })
    await books.collect(payment({ recordId: '1', pays: [['145', '500.00']] }))
    await books.rate({})
    await books.split([{ rep: 'Cleo', sharePercent: '100' }], { customerId: 'customer-1' })
    const { connectionId } = books
    const earners = async (...reps: string[]) => {
      const orders = [{ orderNumber: 'ORD-1', earners: reps.map((rep) => ({ rep, ratePercent: null })) }]
      return (await collectEarners(books, { connectionId, author: 'the CRM', overrides: false, orders })).changed
    }
    const history = async () =>
      (await listSplits(books.fresh.database, { connectionId, orderNumber: 'ORD-1', history: true })).map(
        ({ version, shares, supersededAt }) =>
          `${version} ${shares.map(({ rep }) => rep).join()} ${supersededAt ? 'closed' : 'in force'}`,
      )
    await earners('Ann', 'Bob')
    expect(await books.amounts(MARCH)).toEqual({ Ann: '25.00', Bob: '25.00' })
    expect(await earners('Ann')).toEqual(['ORD-1'])
    expect(await books.amounts(MARCH)).toEqual({ Ann: '50.00' })
    expect(await earners()).toEqual(['ORD-1'])
    expect(await books.amounts(MARCH)).toEqual({ Cleo: '50.00' })
    expect(await earners()).toEqual([])
    expect(await history()).toEqual(['2 Ann closed', '1 Ann,Bob closed'])
    expect(await earners('Bob')).toEqual(['ORD-1'])
    expect(await books.amounts(MARCH)).toEqual({ Bob: '50.00' })
    expect(await history()).toEqual(['3 Bob in force', '2 Ann closed', '1 Ann,Bob closed'])
  })

  test('stays at the earners whom a person has given the order, though the CRM has none', async () => {
    await books.sell({ ...SALE, lines: [['A', '1000.00']] })
    await books.collect(payment({ recordId: '1', pays: [['145', '500.00']] }))
    await books.rate({})
    await books.split(solo, { orderNumber: 'ORD-1' })
    for (const overrides of [false, true]) {
      const orders = [{ orderNumber: 'ORD-1', earners: [] }]
      const request = { connectionId: books.connectionId, author: 'the CRM', overrides, orders }
      expect((await collectEarners(books, request)).changed).toEqual([])
    }
    expect(await books.amounts(MARCH)).toEqual({ Ann: '50.00' })
  })

  test('is not at the CRM’s earners where a person has given the order others, or where theirs cannot be believed', async () => {
    await books.sell({ ...SALE, lines: [['A', '1000.00']] })
    await books.collect(payment({ recordId: '1', pays: [['145', '500.00']] }))
    await books.rate({})
    const common = { connectionId: books.connectionId, author: 'the CRM', overrides: false }
    const wild = { orderNumber: 'ORD-1', earners: [{ rep: 'Bob', ratePercent: '-5' }] }
    expect(await collectEarners(books, { ...common, orders: [wild] })).toEqual({
      changed: [],
      refused: [{ orderNumber: 'ORD-1', reason: expect.stringContaining('between 0 and 100') }],
    })
    await books.split(solo, { orderNumber: 'ORD-1' })
    const bob = { orderNumber: 'ORD-1', earners: [{ rep: 'Bob', ratePercent: '5' }] }
    expect((await collectEarners(books, { ...common, orders: [bob] })).changed).toEqual([])
    expect(await books.amounts(MARCH)).toEqual({ Ann: '50.00' })
    expect((await collectEarners(books, { ...common, orders: [bob], overrides: true })).changed).toEqual(['ORD-1'])
    expect(await books.amounts(MARCH)).toEqual({ Bob: '25.00' })
  })

  test('of an invoice that is posted, or matched, only after its payment is the same', async () => {
    await books.split(solo)
    await books.rate({})
    await books.collect(payment({ recordId: '1', pays: [['145', '100.00']] }))
    expect(await books.amounts(MARCH)).toEqual({})
    await books.sell({ ...SALE, lines: [['A', '100.00']] })
    await books.collect()
    expect(await books.amounts(MARCH)).toEqual({ Ann: '10.00' })
  })
})

test('each cent of a statement is traced to payment, invoice, order and rule in one query', async () => {
  await books.sell({
    ...SALE,
    lines: [
      ['A', '70.00'],
      ['B', '30.00'],
    ],
    tax: '9.00',
  })
  await books.split(
    [
      { rep: 'Ann', sharePercent: '60' },
      { rep: 'Bob', sharePercent: '40' },
    ],
    { customerId: 'customer-1' },
  )
  const rate = await books.rate({ percent: '9.99' })
  await books.rate({ percent: '1.5', itemId: 'B' })
  await books.collect(
    payment({ recordId: '77', pays: [['145', '54.50']] }),
    payment({ recordId: '78', pays: [['145', '54.50']] }),
  )
  const lines = await books.lines({ ...MARCH, rep: 'Ann' })
  expect(lines.filter(({ ruleId }) => ruleId === rate.id)).toMatchObject([
    {
      recordKind: 'PAYMENT',
      recordId: '77',
      invoiceId: '145',
      documentNumber: 'N145',
      orderNumber: 'ORD-1',
      rule: '9.99 % (all)',
    },
    { recordId: '78', customerName: 'Customer customer-1', base: '21.00', amount: '2.10' },
  ])
  const cents = lines.reduce((all, { amount }) => all + BigInt(amount.replace('.', '')), 0n)
  expect({ Ann: (Number(cents) / 100).toFixed(2) }).toEqual(await books.amounts({ ...MARCH, rep: 'Ann' }))
  for (const line of lines) expect(Object.values({ ...line, originOn: '' })).not.toContain(null)
})
