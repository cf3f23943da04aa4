import { describe, expect, test } from '@jest/globals'
import type { LedgerRecord } from '../../src/ledgers/ledger.ts'
import { assignCandidates } from '../../src/sync/assign-candidates.ts'
import { ADOPTED_FROM, likeness, likenessAtMost, SHOWN_FROM } from '../../src/sync/likeness.ts'
import { judged, perMille } from './judged-invoices.ts'
import { type LabelledOrder, labelledWorld } from './labelled-invoices.ts'

describe('on labelled sets of 1,200 orders each', () => {
  test.each([1, 2, 3])('nothing is adopted that is not the order’s, and most of what is, is (seed %i)', (seed) => {
    const result = judged(labelledWorld({ seed, orders: 1_200 }))
    expect(result.adoptedWrongly).toEqual([])
    expect(result.orders).toBeGreaterThanOrEqual(1_200)
    expect(perMille(result.adopted, result.known)).toBeGreaterThanOrEqual(700)
    expect(perMille(result.adopted + result.shownRightly, result.known)).toBeGreaterThanOrEqual(975)
  })
})

test('nothing is left unread that could be like an order: no invoice scores more than its customer, total and day allow', () => {
  const { orders, records } = labelledWorld({ seed: 4, orders: 60 })
  const over = orders.flatMap((order) =>
    records.flatMap((record) => {
      const { customerId = null, total = '0.00', date = '' } = record.sale ?? {}
      return likeness(order, record).score > likenessAtMost(order, { customerId, total, date })
        ? [record.quickBooksId]
        : []
    }),
  )
  expect(records.length).toBeGreaterThan(30)
  expect(over).toEqual([])
})

describe('an invoice without our number', () => {
  const [order] = labelledWorld({ seed: 1, orders: 1 }).orders as [LabelledOrder]
  const { document } = order
  const record: LedgerRecord = {
    ...{ entity: 'INVOICE', quickBooksId: '7', name: null, active: true, revision: '0' },
    createdAt: order.workedOnAt[0] ?? '',
    sale: {
      ...{ number: 'S-7', date: document.date, dueDate: null, customerId: order.customerId },
      ...{ total: document.total, tax: '0.00', discount: '0.00', shipping: '0.00', balance: null },
      ...{ voided: false, note: null, termsId: null },
      lines: document.lines.map(({ quantity, unitPrice, amount }, index) => ({
        ...{ itemId: order.itemIds[index] ?? null, quantity, unitPrice, amount, taxable: false },
      })),
    },
  } as LedgerRecord
  const scoreWith = (sale: Partial<NonNullable<LedgerRecord['sale']>>, more: Partial<LedgerRecord> = {}) =>
    likeness(order, { ...record, ...more, sale: { ...record.sale, ...sale } as NonNullable<LedgerRecord['sale']> })

  test('that is equal in everything is as like as can be, and says why', () => {
    const { score, evidence } = scoreWith({})
    expect(score).toBe(100)
    expect(evidence).toHaveLength(5)
  })

  test.each([
    ['created at a time that nobody knows', () => likeness({ ...order, workedOnAt: [] }, record)],
    [
      'created two days later',
      () =>
        scoreWith({}, { createdAt: new Date(Date.parse(order.workedOnAt[0] ?? '') + 2 * 86_400_000).toISOString() }),
    ],
    ['of another day', () => scoreWith({ date: '2024-12-30' })],
  ])('%s is shown to a person, and not adopted', (_, judge) => {
    const { score } = judge()
    expect(score).toBeGreaterThanOrEqual(SHOWN_FROM)
    expect(score).toBeLessThan(ADOPTED_FROM)
  })

  test('of another customer is never adopted, however equal', () => {
    expect(scoreWith({ customerId: 'another' }).score).toBeLessThanOrEqual(SHOWN_FROM)
  })

  test('that is void, or stamped with another order, is like nothing', () => {
    expect(scoreWith({ voided: true }).score).toBe(0)
    expect(scoreWith({ note: 'Order ORD-999' }).score).toBe(0)
  })
})

describe('one invoice is given to at most one order', () => {
  const pair = (rowId: string, quickBooksId: string, score: number, isEqual = true) => ({
    ...{ rowId, quickBooksId, score, scoreMax: score, isEqual },
  })

  test('two orders that are equally like it are both for a person', () => {
    const assigned = assignCandidates([pair('a', '1', 100), pair('b', '1', 100)])
    expect([assigned.get('a'), assigned.get('b')]).toEqual([
      { kind: 'refuse', why: 'likely' },
      { kind: 'refuse', why: 'likely' },
    ])
  })

  test('two invoices that are nearly equally like an order are for a person', () => {
    const assigned = assignCandidates([pair('a', '1', 100), pair('a', '2', 98)])
    expect(assigned.get('a')).toEqual({ kind: 'refuse', why: 'several' })
  })

  test('twins each get their own when the times tell them apart', () => {
    const pairs = [pair('a', '1', 100), pair('a', '2', 92), pair('b', '2', 100), pair('b', '1', 92)]
    const assigned = assignCandidates(pairs)
    expect(assigned.get('a')).toEqual({ kind: 'adopt', quickBooksId: '1' })
    expect(assigned.get('b')).toEqual({ kind: 'adopt', quickBooksId: '2' })
  })

  test('an order whose times are not known might be the right one all the same', () => {
    const assigned = assignCandidates([pair('a', '1', 100), { ...pair('b', '1', 92), scoreMax: 100 }])
    expect(assigned.get('a')).toEqual({ kind: 'refuse', why: 'likely' })
  })

  test('what differs is never adopted, and what is hardly like anything is nothing', () => {
    const assigned = assignCandidates([pair('a', '1', 100, false), pair('b', '2', SHOWN_FROM - 1)])
    expect(assigned.get('a')).toEqual({ kind: 'refuse', why: 'likely' })
    expect(assigned.has('b')).toBe(false)
  })
})
