import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { behindDrop, funnel } from '../../src/commission/funnel.ts'
import { missingCommission } from '../../src/commission/missing.ts'
import { commissionReport } from '../../src/commission/report.ts'
import { MissingReason } from '../../src/domain/commission-case.ts'
import { type Funnel, FunnelList, FunnelStep } from '../../src/domain/funnel.ts'
import { PaymentRecordKind } from '../../src/domain/payment-application.ts'
import { postingPage } from '../../src/storage/posting-pages.ts'
import { connectionRow, idAt, insertRows, postingRow } from '../storage/rows.ts'
import { type OpenBooks, openBooks } from './books.ts'
import { money, payment } from './company.ts'

let books: OpenBooks
const days = { from: '2026-03-01', to: '2026-03-31' }
const cents = (amount: string) => BigInt(amount.replace('.', ''))
const added = (amounts: string[]) => money(amounts.reduce((total, amount) => total + cents(amount), 0n))

/** 25 orders of March, each stuck at another place, two of other months, and one that a correction replaced. */
beforeAll(async () => {
  books = await openBooks()
  const { connectionId, database } = books
  await database.run(sql`update connection set is_default = true`)
  const sale = (invoiceId: string, net: string, more: object = {}) => ({
    ...{ invoiceId, orderNumber: `ORD-${invoiceId}`, date: '2026-03-10', lines: [['A', net]] as [string, string][] },
    ...more,
  })
  await books.sell(
    ...['paid', 'partly', 'unpaid', 'credited', 'part-credit', 'overpaid', 'house', 'no-rate', 'void', 'deleted'].map(
      (id) => sale(id, '100.00'),
    ),
    sale('taxed', '100.00', { tax: '8.25', shipping: '5.00' }),
    sale('two', '60.00'),
    sale('foreign', '100.00', { currency: 'CAD' }),
    sale('april', '40.00', { date: '2026-04-01' }),
  )
  const failed = { connection_id: connectionId, state: 'FAILED', created_at: '2026-03-12T12:00:00Z' }
  const stuck = (row: object) => postingRow({ ...failed, source_id: idAt('2026-03-12T12:00:00Z'), ...row })
  await insertRows(database, 'posting', [
    stuck({ order_number: 'ORD-a', reason_code: 'ITEM_NOT_FOUND', total: '70.00' }),
    stuck({ order_number: 'ORD-b', reason_code: 'ITEM_NOT_FOUND', total: '30.00' }),
    stuck({ order_number: 'ORD-c', state: 'PENDING', total: '20.00' }),
    stuck({ order_number: 'ORD-d', state: 'SKIPPED', reason_code: 'ORDER_CANCELLED' }),
    stuck({ order_number: 'ORD-e', state: 'UNKNOWN', total: '9.99', document: { date: '2026-03-31' } }),
    stuck({ order_number: 'ORD-f', total: '5.00', document: { date: '2026-04-02' } }),
  ])
  await insertRows(database, 'unlogged_order', [
    {
      ...{
        id: idAt('2026-03-01T00:00:00Z'),
        source_id: idAt('2026-03-01T00:00:00Z'),
        order_number: 'ORD-u',
        date: '2026-03-05',
      },
      ...{
        total: '11.00',
        currency: 'USD',
        reason_code: 'ORDER_NOT_LOGGED',
        reason_detail: {},
        found_at: '2026-03-06T00:00:00Z',
      },
      seen_at: '2026-03-06T00:00:00Z',
    },
  ])
  await database.run(sql`
    update posting set total = (document ->> 'total')::numeric, currency = document ->> 'currency' where document ? 'total'`)
  // The invoice of one order was taken back, and its second one speaks for it.
  await database.run(sql`
    insert into posting select (jsonb_populate_record(p, jsonb_build_object('id', ${idAt('2026-03-11T00:00:00Z')}::text, 'generation', 2,
      'quick_books_id', 'two-2', 'document_number', 'Ntwo-2'))).* from posting p where quick_books_id = 'two'`)
  const copy = (quick_books_id: string, row: object) => ({
    ...{
      id: idAt('2026-03-11T00:00:00Z'),
      connection_id: connectionId,
      entity: 'INVOICE',
      quick_books_id,
      active: true,
      collected: true,
    },
    ...{ total: '100.00', raw: {}, seen_at: '2026-03-11T00:00:00Z', updated_at: '2026-03-11T00:00:00Z', ...row },
  })
  await insertRows(database, 'mirror_record', [
    copy('void', { total: '0.00' }),
    copy('deleted', { deleted_at: '2026-03-12T00:00:00Z' }),
    copy('paid', {}),
  ])
  await books.rate({ rep: 'Ann' })
  const solo = (rep: string) => [{ rep, sharePercent: '100' }]
  for (const id of ['paid', 'partly', 'overpaid', 'taxed', 'part-credit', 'two-2'])
    await books.split(solo('Ann'), { orderNumber: id === 'two-2' ? 'ORD-two' : `ORD-${id}` })
  await books.split(solo('Nobody'), { orderNumber: 'ORD-no-rate' })
  const credit = { kind: PaymentRecordKind.CREDIT_MEMO }
  await books.collect(
    payment({
      recordId: '1',
      pays: [
        ['paid', '100.00'],
        ['partly', '40.00'],
        ['taxed', '113.25'],
        ['house', '100.00'],
      ],
    }),
    payment({
      recordId: '2',
      pays: [
        ['overpaid', '130.00'],
        ['no-rate', '100.00'],
        ['two-2', '60.00'],
        ['april', '40.00'],
      ],
    }),
    payment({ recordId: '3', pays: [['part-credit', '70.00']] }),
    payment({
      ...credit,
      recordId: '4',
      pays: [
        ['credited', '100.00'],
        ['part-credit', '30.00'],
      ],
    }),
  )
})
afterAll(() => books.fresh.close())

const shown = async () => funnel(books.database, { connectionId: books.connectionId, ...days })
const stage = ({ stages }: Funnel, step: FunnelStep) => {
  const found = stages.find((one) => one.step === step)
  if (!found) throw new Error(`there is no ${step}`)
  return found
}
const inShort = ({ count, amount }: { count: number; amount: string }) => `${count} ${amount}`

test('each step says how many came so far, with their dollars, and each drop why', async () => {
  const found = await shown()
  expect(Object.fromEntries(found.stages.map((one) => [one.step, inShort(one)]))).toEqual({
    ORDERS: '19 1314.24',
    POSTED: '13 1173.25',
    INVOICED: '11 973.25',
    PAID: '8 713.25',
    EARNING: '6 470.00',
  })
  expect(
    Object.fromEntries(
      found.stages.flatMap(({ step, drops }) => drops.map((one) => [`${step} ${one.reason}`, inShort(one)])),
    ),
  ).toEqual({
    'ORDERS FAILED ITEM_NOT_FOUND': '2 100.00',
    'ORDERS PENDING': '1 20.00',
    'ORDERS NO_LOG_ROW ORDER_NOT_LOGGED': '1 11.00',
    'ORDERS UNKNOWN': '1 9.99',
    'ORDERS SKIPPED ORDER_CANCELLED': '1 0.00',
    'POSTED VOIDED': '1 100.00',
    'POSTED DELETED': '1 100.00',
    'INVOICED CREDITED': '1 130.00',
    'INVOICED UNPAID': '1 100.00',
    'INVOICED PARTLY_PAID': '1 60.00',
    'INVOICED OVERPAID': '0 -30.00',
    'PAID NO_EARNER': '1 100.00',
    'PAID NO_RATE': '1 100.00',
    'PAID TAX_AND_SHIPPING': '0 43.25',
    'PAID NOTHING_PAID': '1 0.00',
  })
})

test('the steps and what is lost between them tie out, in number and to the cent', async () => {
  const found = await shown()
  const pairs = Object.values(FunnelStep).map((step) => stage(found, step))
  for (const [index, { step, count, amount, drops }] of pairs.slice(0, -1).entries()) {
    const next = pairs[index + 1]
    expect({ step, amount }).toEqual({ step, amount: added([next?.amount ?? '', ...drops.map((drop) => drop.amount)]) })
    // What was paid in part goes on with what was paid.
    const partly =
      step === FunnelStep.PAID
        ? (stage(found, FunnelStep.INVOICED).drops.find((one) => one.reason === 'PARTLY_PAID')?.count ?? 0)
        : 0
    const lost = drops.reduce((sum, drop) => sum + drop.count, 0)
    expect({ step, count: count + partly }).toEqual({ step, count: (next?.count ?? 0) + lost })
  }
})

test('the commission of the funnel is what the report shows of the same orders', async () => {
  const request = { connectionId: books.connectionId, from: '2026-01-01', to: '2026-12-31' }
  const { rows } = await commissionReport(books.database, { request, by: 'ORDER' })
  const ofMarch = rows.filter(({ key }) => key !== 'ORD-april')
  const { commission } = await shown()
  expect(commission).toBe(added(ofMarch.map(({ amount }) => amount)))
  expect(commission).toBe('47.00')
})

test('what stands behind each drop is listed, and the lists that it names agree', async () => {
  const { connectionId, database } = books
  const request = { connectionId, ...days }
  const { stages } = await shown()
  for (const { step, reason, count, amount, filter } of stages.flatMap(({ drops }) => drops)) {
    const rows = await behindDrop(database, { request, step, reason, first: 200, after: 0 })
    expect({ reason, amount: added(rows.map((row) => row.amount)) }).toEqual({ reason, amount })
    expect(rows.length).toBeGreaterThanOrEqual(Math.max(1, count))
    if (filter?.list === FunnelList.POSTINGS) {
      const { states, reasonCode } = filter
      const selection = { connectionId, states, reasonCode, datedFrom: days.from, datedTo: days.to }
      const { nodes } = await postingPage(database, { selection, request: { first: 50, after: null } })
      expect({ reason, ids: nodes.map(({ id }) => id).sort() }).toEqual({
        reason,
        ids: rows.map((row) => row.postingId).sort(),
      })
    }
    if (filter?.missingReasons) {
      const missing = await missingCommission(database, {
        request: { ...request, ...(step === FunnelStep.PAID ? { from: '2026-01-01', to: '2026-12-31' } : {}) },
        ...{ reasons: filter.missingReasons, first: 200, after: 0 },
      })
      const orders = missing.rows.map(({ orderNumber }) => orderNumber)
      for (const row of rows)
        expect({ reason, orders }).toEqual({ reason, orders: expect.arrayContaining([row.orderNumber]) })
    }
  }
})

test('days that are none, a connection that is none and too many rows are refused', async () => {
  const { connectionId, database } = books
  await expect(funnel(database, { connectionId, from: '2026-02-30', to: '2026-03-01' })).rejects.toThrow('no day')
  await expect(funnel(database, { connectionId, from: '2026-04-01', to: '2026-03-01' })).rejects.toThrow('comes first')
  await expect(funnel(database, { connectionId: idAt(new Date()), ...days })).rejects.toThrow('no connection')
  const asked = { request: { connectionId, ...days }, step: FunnelStep.ORDERS, reason: 'PENDING', after: 0 }
  await expect(behindDrop(database, { ...asked, first: 201 })).rejects.toThrow('1 to 200 rows')
})

test('an order that no log row asks for is missing in the default connection, and in no other', async () => {
  const other = connectionRow()
  await insertRows(books.fresh.database, 'connection', [other])
  const ordersMissingIn = async (connectionId: string) => {
    const asked = {
      request: { connectionId, ...days },
      reasons: [MissingReason.ORDER_NOT_POSTED],
      first: 200,
      after: 0,
    }
    return (await missingCommission(books.database, asked)).rows.map(({ orderNumber }) => orderNumber)
  }
  expect(await ordersMissingIn(books.connectionId)).toContain('ORD-u')
  expect(await ordersMissingIn(other.id)).toEqual([])
})
