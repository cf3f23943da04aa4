import { describe, expect, test } from '@jest/globals'
import type { InvoiceDocument } from '../../src/domain/document.ts'
import { CorrectionMethod } from '../../src/domain/kinds.ts'
import { differencesOf, planCorrection } from '../../src/sync/correction-plan.ts'
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
    limits: { documentNumberLengthMax },
  })
}

describe('a correction by credit memo', () => {
  test('takes back what was posted, applies it to that very invoice, and bills what the order says now', () => {
    const { takesBack, applies, invoice, problems } = plan()
    const target = { kind: 'INVOICE', sourceId: before.sourceId, number: '61000', quickBooksId: '145' }
    expect(takesBack).toMatchObject({ kind: 'CREDIT_MEMO', number: '61000-C', total: before.total, corrects: target })
    expect(Object.keys(takesBack)).not.toContain('dueDate')
    expect(applies).toMatchObject({
      amount: '0.00',
      applications: [{ invoice: target, amount: before.total, credit: { kind: 'CREDIT_MEMO', number: '61000-C' } }],
    })
    expect(invoice).toMatchObject({ number: '61000-2', total: '1.00' })
    expect(problems).toEqual([])
  })

  test('bills nothing when nothing of the order is left', () => {
    expect(plan({ now: null })).toMatchObject({ invoice: null, problems: [] })
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
    expect(made.invoice?.number).toBe('INV-150001B')
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
    expect(plan(given).invoice?.number).toBe('61000-3')
    expect(plan(given).takesBack.number).toBe('61000-2-C')
  })

  test('that the CRM itself gave anew is used as it is', () => {
    const made = plan({ now: { ...after, number: '70001' } })
    expect(made).toMatchObject({ invoice: { number: '70001' }, numberSuffix: null })
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
