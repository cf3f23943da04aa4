import { describe, expect, test } from '@jest/globals'
import type { CreditMemoDocument, InvoiceDocument, PaymentDocument } from '../../src/domain/document.ts'
import { CorrectionMethod } from '../../src/domain/kinds.ts'
import { differencesOf } from '../../src/sync/correction-differences.ts'
import { planCorrection, writesOf } from '../../src/sync/correction-plan.ts'
import { mappedInvoice } from './samples.ts'

const before = mappedInvoice.document as InvoiceDocument
const after: InvoiceDocument = { ...before, shipping: '9.00', total: '1.00' }

interface Given {
  method?: CorrectionMethod
  documentNumberLengthMax?: number
  number?: string
  now?: InvoiceDocument | null
  numberSuffix?: string | null
  generation?: number
}

function plan(given: Given = {}) {
  const { method = CorrectionMethod.CREDIT_MEMO, documentNumberLengthMax = 21, number = before.number } = given
  const { now = { ...after, number }, numberSuffix = null, generation = 1 } = given
  const was = { ...before, number }
  return planCorrection({
    correction: { before: was, after: now, sourceId: was.sourceId, orderNumber: was.orderNumber },
    posting: { quickBooksId: '145', numberSuffix, generation },
    method,
    ledger: { limits: { documentNumberLengthMax }, unapplies: true },
  })
}

describe('a correction by credit memo', () => {
  test('takes back what was posted, applies it to that very invoice, and bills what the order says now', () => {
    const { takesBack, applies, replacement, problems } = plan()
    const target = { kind: 'INVOICE', sourceId: before.sourceId, number: '61000', quickBooksId: '145' }
    expect(takesBack).toMatchObject({ kind: 'CREDIT_MEMO', number: '61000-C', total: before.total, corrects: target })
    expect(Object.keys(takesBack)).not.toContain('dueDate')
    expect(applies).toMatchObject({
      amount: '0.00',
      applications: [{ invoice: target, amount: before.total, credit: { kind: 'CREDIT_MEMO', number: '61000-C' } }],
    })
    expect(replacement).toMatchObject({ number: '61000-2', total: '1.00' })
    expect(problems).toEqual([])
  })

  test('bills nothing when nothing of the order is left', () => {
    expect(plan({ now: null })).toMatchObject({ replacement: null, problems: [] })
  })
})

describe('a correction by void', () => {
  test('voids that very invoice, and applies nothing', () => {
    const { takesBack, applies } = plan({ method: CorrectionMethod.VOID })
    expect(takesBack).toMatchObject({ kind: 'VOID', number: '61000', target: { quickBooksId: '145' } })
    expect(applies).toBeNull()
  })
})

describe('the number of a new invoice', () => {
  test('is one letter longer where there is no room for more', () => {
    const made = plan({ number: 'INV-150001', documentNumberLengthMax: 11 })
    expect(made.takesBack.number).toBe('INV-150001C')
    expect(made.replacement?.number).toBe('INV-150001B')
    expect(made.problems).toEqual([])
  })

  test('for which there is no room is a problem, named with the number, the limit and what helps', () => {
    const number = 'INV-1500012'
    const { problems } = plan({ number, documentNumberLengthMax: 11 })
    expect(problems).toHaveLength(2)
    expect(problems[0]).toMatch(/credit memo, INV-1500012C, .* 11 characters .* or void the invoice instead$/)
    expect(plan({ number, documentNumberLengthMax: 11, method: CorrectionMethod.VOID }).problems).toHaveLength(1)
  })

  test('counts on from the suffix of the one before, which is not carried along', () => {
    const given = { number: '61000-2', numberSuffix: '-2', generation: 2 }
    expect(plan(given).replacement?.number).toBe('61000-3')
    expect(plan(given).takesBack.number).toBe('61000-2-C')
  })

  test('that the CRM itself gave anew is used as it is', () => {
    const made = plan({ now: { ...after, number: '70001' } })
    expect(made).toMatchObject({ replacement: { number: '70001' }, numberSuffix: null })
  })
})

const invoice = { kind: 'INVOICE' as const, sourceId: '99999999-9999-4999-8999-999999999999', number: '60000' }
const { dueDate: _due, shipDate: _ship, terms: _terms, ...content } = before
const memo: CreditMemoDocument = { ...content, kind: 'CREDIT_MEMO', number: 'CR7', corrects: invoice }
const money: PaymentDocument = {
  ...{
    kind: 'PAYMENT',
    sourceId: '88888888-8888-4888-8888-888888888888',
    orderNumber: before.orderNumber,
    number: 'CHQ-1',
  },
  ...{ customer: before.customer, date: '2026-11-10', currency: 'USD', amount: '2.00', method: 'Check' },
  applications: [{ invoice, amount: '2.00' }],
}
const application = {
  quickBooksId: '900',
  document: { ...money, sourceId: memo.sourceId, number: 'CR7', amount: '0.00' },
}

function planOf(
  was: CreditMemoDocument | PaymentDocument,
  now: typeof was | null,
  how: { unapplies?: boolean; method?: CorrectionMethod } = {},
) {
  const { unapplies = true, method = CorrectionMethod.VOID } = how
  return planCorrection({
    correction: { before: was, after: now, sourceId: was.sourceId, orderNumber: was.orderNumber },
    posting: { quickBooksId: '145', numberSuffix: null, generation: 1 },
    method,
    ledger: { limits: { documentNumberLengthMax: 21 }, unapplies },
    application: was.kind === 'CREDIT_MEMO' ? application : null,
  })
}

describe('a correction of a credit memo', () => {
  test('takes it off its invoice, takes it back, posts it anew under a number of its own, and applies that', () => {
    const writes = writesOf(planOf(memo, { ...memo, total: '1.00' }))
    expect(writes.map((one) => [one.kind, 'number' in one && one.number])).toEqual([
      ['VOID', 'CR7'],
      ['VOID', 'CR7'],
      ['CREDIT_MEMO', 'CR7-2'],
      ['PAYMENT', 'CR7-2'],
    ])
    expect(writes.slice(0, 2)).toMatchObject([
      { target: { kind: 'PAYMENT', quickBooksId: '900' } },
      { target: { kind: 'CREDIT_MEMO', quickBooksId: '145' } },
    ])
  })

  test('says what a person must do where no program takes a credit off an invoice', () => {
    const { unapplies, warnings, problems } = planOf(memo, null, { unapplies: false })
    expect([unapplies, problems]).toEqual([null, []])
    expect(warnings).toEqual([
      expect.stringMatching(/^credit memo CR7 is applied to invoice 60000, .* take the credit off/),
    ])
  })

  test('cannot go by another credit memo', () => {
    expect(planOf(memo, null, { method: CorrectionMethod.CREDIT_MEMO }).problems).toHaveLength(1)
  })
})

describe('a correction of a payment', () => {
  test('takes it back and posts what the CRM says now, under the same reference', () => {
    const { replacement, numberSuffix, ...rest } = planOf(money, { ...money, amount: '1.00' })
    expect(rest).toMatchObject({
      takesBack: { kind: 'VOID', target: { kind: 'PAYMENT', number: 'CHQ-1' } },
      problems: [],
    })
    expect([replacement?.number, numberSuffix]).toEqual(['CHQ-1', null])
  })

  test('names what differs, and not how much of it could be applied', () => {
    expect(differencesOf(money, { ...money, applications: [] })).toEqual([])
    expect(differencesOf(money, { ...money, amount: '1.00', method: 'Cash' })).toEqual([
      'amount 2.00 became 1.00',
      'method Check became Cash',
    ])
  })
})

describe('what differs', () => {
  test('is said in words, what was posted first', () => {
    const [line, ...rest] = before.lines
    if (!line) throw new Error('the sample has no line')
    const now = { ...after, lines: [{ ...line, quantity: '7' }, ...rest] }
    expect(differencesOf(before, now)).toEqual([
      `shipping ${before.shipping} became 9.00`,
      `total ${before.total} became 1.00`,
      `quantity of line 1 ${line.quantity} became 7`,
    ])
  })

  test('is nothing when only the address of the customer changed: that is no matter of the invoice', () => {
    const customer = { ...before.customer, phone: '555-0142', email: 'new@example.com', name: 'Renamed' }
    expect(differencesOf(before, { ...before, customer })).toEqual([])
  })

  test('names another customer, and lines that came or went', () => {
    const customer = { ...before.customer, sourceId: '77777777-7777-4777-8777-777777777777', name: 'Other' }
    const differences = differencesOf(before, { ...before, customer, lines: before.lines.slice(1) })
    expect(differences).toEqual([
      `customer "${before.customer.name}" became "Other"`,
      `number of lines ${before.lines.length} became ${before.lines.length - 1}`,
    ])
  })
})
