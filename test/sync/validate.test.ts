import { describe, expect, test } from '@jest/globals'
import type { CustomerDocument, DocumentLine, InvoiceDocument } from '../../src/domain/document.ts'
import { PostingKind } from '../../src/domain/kinds.ts'
import type { Problem } from '../../src/domain/problem.ts'
import { reasonOf } from '../../src/domain/reason.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import { refusalOf, validate, withOtherProblems } from '../../src/sync/validate.ts'
import { aCustomer } from '../contract/documents.ts'
import { aConnection, aMapped, aPosting, limits, mappedInvoice } from './samples.ts'

/** Without the sample's discount, which stands at the document alone and which its lines do not bear out. */
const document = { ...mappedInvoice.document, discount: '0.00', total: '1339.80' }
const [line] = document.lines as [DocumentLine]

function check(given: Partial<InvoiceDocument>, currency = 'USD') {
  const changed = { ...document, ...given }
  const one = { posting: aPosting({ document: changed }), mapped: { ...mappedInvoice, document: changed } }
  const step = validate([one], { connection: aConnection({ currency }), limits })
  const [aside] = step.aside
  const list = (aside?.reason?.detail.problemList ?? []) as Problem[]
  return { ready: step.ready.length, aside, problems: String(aside?.reason?.detail.problems ?? ''), list }
}

function checkCustomer(given: Partial<CustomerDocument>) {
  const mapped = { ...aCustomer('Alder'), document: { ...aCustomer('Alder').document, ...given } }
  const posting = aPosting({ kind: PostingKind.CUSTOMER, document: mapped.document, orderNumber: null })
  const step = validate([{ posting, mapped }], { connection: aConnection({ currency: 'EUR' }), limits })
  return String(step.aside[0]?.reason?.detail.problems ?? 'none')
}

const withLine = (given: Partial<DocumentLine>) => ({ lines: [{ ...line, ...given }, ...document.lines.slice(1)] })
const zero = { quantity: '0', amount: '0.00' }
const bell = String.fromCharCode(7)

describe('an invoice', () => {
  test('that is in order goes on', () => {
    expect(check({})).toMatchObject({ ready: 1, aside: undefined })
  })

  const wrong: [Partial<InvoiceDocument>, RegExp, string, string | null][] = [
    [{ number: '' }, /it has no invoice number/, 'invoice number', null],
    [
      { number: '1'.repeat(22) },
      /the invoice number has 22 characters, 21 are allowed/,
      'invoice number',
      '1'.repeat(22),
    ],
    [{ number: '61\t000' }, /the invoice number has a tab or a line break/, 'invoice number', '61\t000'],
    [
      { purchaseOrderNumber: 'P'.repeat(1001) },
      /purchase order number has 1001 characters/,
      'purchase order number',
      `${'P'.repeat(200)}…`,
    ],
    [
      { orderNumber: `ORD-1${bell}` },
      /the order number has the control character U\+0007/,
      'order number',
      `ORD-1${bell}`,
    ],
    [
      { date: '2026-02-30', dueDate: '2026-03-30' },
      /"2026-02-30" is no day of the calendar/,
      'invoice date',
      '2026-02-30',
    ],
    [{ dueDate: '2026-13-01' }, /the due date "2026-13-01" is no day/, 'due date', '2026-13-01'],
    [{ shipDate: 'soon' }, /the ship date "soon" is no day/, 'ship date', 'soon'],
    [
      { dueDate: '2026-11-01' },
      /the due date 2026-11-01 is before the invoice date 2026-11-02/,
      'due date',
      '2026-11-01',
    ],
    [{ lines: [] }, /it has no lines/, 'lines', null],
    [
      { lines: document.lines.map((each) => ({ ...each, ...zero, taxable: true })), tax: '0.00', total: '25.00' },
      /^the quantities of all its lines are zero$/,
      'lines',
      '0',
    ],
    [
      withLine({ description: 'x'.repeat(4001) }),
      /description of line 1 has 4001 characters/,
      'description of line 1',
      `${'x'.repeat(200)}…`,
    ],
    [
      withLine({ description: `oak${bell}` }),
      /description of line 1 has the control character/,
      'description of line 1',
      `oak${bell}`,
    ],
    [withLine({ quantity: '-1' }), /line 1 has the negative quantity -1/, 'line 1, quantity', '-1'],
    [withLine({ unitPrice: '-1' }), /line 1 has the negative price -1/, 'line 1, price', '-1'],
    [withLine({ amount: '1234.49' }), /line 1: 3 × 411.5 is not 1234.49/, 'line 1, amount', '1234.49'],
    [withLine({ discountAmount: '1.00' }), /line 1: 0 % of 1234.50 is not 1.00/, 'line 1, discount', '1.00'],
    [{ discount: '0.01' }, /the discounts add up to 0.00, not 0.01/, 'discount', '0.01'],
    [{ total: '0.01' }, /it adds up to 1339.80, not 0.01/, 'total', '0.01'],
    [
      { statedTotal: '1339.79' },
      /the CRM says that the order comes to 1339.79, and its lines, shipping and tax come to 1339.80/,
      'amount of the order',
      '1339.79',
    ],
    [{ tax: '-0.01', total: '1259.54' }, /its sales tax -0.01 is negative/, 'sales tax', '-0.01'],
    [{ tax: '1234.51', total: '2494.06' }, /1234.51 is more than the 1234.50 that is taxed/, 'sales tax', '1234.51'],
    [withLine({ taxable: false }), /a sales tax of 80.25, and no line of it is taxable/, 'sales tax', '80.25'],
    [
      { customer: { ...document.customer, email: 'nobody' } },
      /"nobody" is no e-mail address/,
      'e-mail address of the customer',
      'nobody',
    ],
  ]
  const byField = wrong.map(([given, words, field, value]) => ({ given, words, field, value }))
  test.each(byField)(
    'whose $field is wrong says so, with its field, its value and a remedy: $words',
    ({ given, words, field, value }) => {
      const { ready, aside, list } = check(given)
      const found = list.find((each) => each.field === field && words.test(each.problem))
      expect(found).toEqual({
        field,
        value,
        problem: expect.stringMatching(words),
        remedy: expect.stringMatching(/\w.*\.$/),
      })
      expect(ready).toBe(0)
      expect(aside).toMatchObject({ to: 'FAILED', reason: { code: 'DOCUMENT_INVALID' } })
    },
  )

  test('names every problem at once, in its sentence and as a list', () => {
    const { problems, list, aside } = check({ number: '', dueDate: '2000-01-01', lines: [], total: '-1.00' })
    expect(list.map(({ field }) => field)).toEqual([
      'invoice number',
      'due date',
      'lines',
      'total',
      'total',
      'sales tax',
    ])
    expect(problems.split('; ')).toEqual(list.map(({ problem }) => problem))
    const { sentence } = reasonOf(aside!.reason!.code, aside!.reason!.detail)
    for (const { problem } of list) expect(sentence).toContain(problem)
  })

  test('with a price of five decimals and a quantity of three is in order, to the penny', () => {
    const fine = { unitPrice: '1.23455', quantity: '1.001', amount: '1.24' }
    const tax = '0.00'
    expect(check({ ...withLine(fine), tax, total: '26.29' }).ready).toBe(1)
    expect(check({ ...withLine({ ...fine, amount: '1.23' }), tax, total: '26.28' }).ready).toBe(0)
  })

  test('that is due on its own day is in order', () => {
    expect(check({ dueDate: document.date }).ready).toBe(1)
  })

  test('whose customer or items are linked to nothing names them', () => {
    const one = { ...aMapped(), mapped: { ...mappedInvoice, document, customerId: '', itemIds: ['21', ''] } }
    const { aside } = validate([one], { connection: aConnection(), limits })
    const list = (aside[0]?.reason?.detail.problemList ?? []) as Problem[]
    expect(list.map(({ field }) => field)).toEqual(['customer', 'line 2, item'])
  })

  test('is told what only its kind of QuickBooks would not take, with the rest', () => {
    const own: Problem = { field: 'x', value: null, problem: 'it is not liked', remedy: 'Like it.' }
    const one = { ...aMapped(), mapped: { ...mappedInvoice, document: { ...document, number: '' } } }
    const { aside } = validate([one], { connection: aConnection(), limits, problems: () => [own] })
    expect(aside[0]?.reason?.detail.problems).toBe('it has no invoice number; it is not liked')
  })

  test('whose total is below zero is refused', () => {
    expect(check({ lines: [], shipping: '-5.00', tax: '0.00', total: '-5.00' }).problems).toMatch(
      /its total -5.00 is negative/,
    )
  })

  test('in another currency than the company keeps its books in is refused, naming both', () => {
    expect(check({}, 'EUR').aside).toMatchObject({
      to: 'FAILED',
      reason: { code: 'CURRENCY_UNSUPPORTED', detail: { currency: 'USD', companyCurrency: 'EUR' } },
    })
  })

  test('in another currency that has other faults is told all of them', () => {
    const { aside, list } = check({ number: '' }, 'EUR')
    expect(aside?.reason?.code).toBe('DOCUMENT_INVALID')
    expect(list.map(({ field }) => field)).toEqual(['currency', 'invoice number'])
  })

  test('does not hold up the others', () => {
    const bad = { ...aMapped(), mapped: { ...mappedInvoice, document: { ...document, number: '' } } }
    const good = { ...aMapped(), mapped: { ...mappedInvoice, document } }
    const step = validate([bad, good], { connection: aConnection(), limits })
    expect([step.ready, step.aside.map(({ id }) => id)]).toEqual([[good], [bad.posting.id]])
  })
})

describe('a number of 12 characters', () => {
  test.each([
    [11, 0],
    [21, 1],
  ])('where %i are allowed goes on %i times', (documentNumberLengthMax, times) => {
    const changed = { ...document, number: '123456789012' }
    const one = { ...aMapped(), mapped: { ...mappedInvoice, document: changed } }
    const step = validate([one], { connection: aConnection(), limits: { ...limits, documentNumberLengthMax } })
    expect(step.ready).toHaveLength(times)
    if (times === 0)
      expect(step.aside[0]?.reason?.detail.problems).toBe('the invoice number has 12 characters, 11 are allowed')
  })
})

describe('an order whose item QuickBooks does not have', () => {
  const rules = { connection: aConnection(), limits }
  const reason = { code: 'ITEM_NOT_FOUND' as const, detail: { items: '"LAMP"' } }
  const setAside = (given: Partial<InvoiceDocument>) => {
    const posting = aPosting({ document: { ...document, ...given } })
    const aside = [{ id: posting.id, to: PostingState.FAILED, reason }]
    return withOtherProblems({ ready: [], aside }, { postings: [posting], rules }).aside[0]?.reason
  }
  const item = {
    field: 'reference',
    value: null,
    problem: 'QuickBooks has no active item named "LAMP"',
    remedy: expect.stringContaining('Create the item'),
  }

  test('keeps its reason where nothing else is wrong with it', () => {
    expect(setAside({})).toEqual({ ...reason, detail: { ...reason.detail, problemList: [item] } })
  })

  test('is told the rest as well, so that a person corrects it once', () => {
    const told = setAside({ number: '', dueDate: '2000-01-01' })
    expect(told?.code).toBe('DOCUMENT_INVALID')
    expect(told?.detail.problems).toBe(
      'QuickBooks has no active item named "LAMP"; it has no invoice number; the due date 2000-01-01 is before the invoice date 2026-11-02',
    )
    expect(told?.detail).toHaveProperty('problemList.0', item)
  })

  test('is left alone while it only waits', () => {
    const posting = aPosting({ document: { ...document, number: '' } })
    const aside = [{ id: posting.id, to: PostingState.PENDING, reason: null }]
    expect(withOtherProblems({ ready: [], aside }, { postings: [posting], rules }).aside).toEqual(aside)
  })
})

describe('what is no invoice', () => {
  const rules = { connection: aConnection(), limits }
  const problemsOf = (refusal: ReturnType<typeof refusalOf>) =>
    ((refusal?.detail.problemList ?? []) as Problem[]).map(({ problem }) => problem)

  test('such as a credit memo is checked as an invoice is', () => {
    const { dueDate: _, shipDate: __, ...content } = document
    const credit = { ...content, kind: 'CREDIT_MEMO' as const, corrects: null }
    expect(refusalOf(credit, { rules })).toBeNull()
    const refusal = refusalOf({ ...credit, number: '', lines: [] }, { rules })
    expect(refusal?.code).toBe('RECORD_INVALID')
    expect(problemsOf(refusal)).toEqual(expect.arrayContaining(['it has no credit memo number', 'it has no lines']))
    expect(reasonOf('RECORD_INVALID', refusal!.detail).sentence).toMatch(/^Credit memo .* of order ORD-61000 cannot be/)
  })

  const invoice = { kind: 'INVOICE' as const, sourceId: 's', number: '61000' }
  const payment = {
    kind: 'PAYMENT' as const,
    sourceId: 'p',
    orderNumber: 'ORD-1',
    number: 'CHK-1',
    customer: document.customer,
    date: '2026-11-02',
    currency: 'USD',
    amount: '100.00',
    applications: [{ invoice, amount: '60.00' }],
  }

  test('such as a payment is checked by its parts', () => {
    expect(refusalOf(payment, { rules })).toBeNull()
    const part = (amount: string) => ({ applications: [{ invoice, amount }] })
    expect(problemsOf(refusalOf({ ...payment, ...part('100.01') }, { rules }))).toEqual([
      'its parts come to 100.01, more than the 100.00 that was paid',
    ])
    expect(problemsOf(refusalOf({ ...payment, ...part('0.00') }, { rules }))).toEqual([
      'the part 0.00 for invoice 61000 is not above zero',
    ])
    expect(problemsOf(refusalOf({ ...payment, amount: '-1.00', applications: [] }, { rules }))).toEqual([
      'its amount -1.00 is negative',
    ])
    expect(problemsOf(refusalOf({ ...payment, number: 'C'.repeat(22), date: '2026-02-30' }, { rules }))).toHaveLength(2)
  })

  test('such as a payment of nothing must apply a credit memo', () => {
    const nothing = { ...payment, amount: '0.00', applications: [] }
    expect(problemsOf(refusalOf(nothing, { rules }))).toEqual([
      'it pays nothing: its amount is zero and it applies no credit memo',
    ])
    const credit = { kind: 'CREDIT_MEMO' as const, sourceId: 'c', number: 'CM-1' }
    const applying = { ...nothing, applications: [{ invoice, amount: '60.00', credit }] }
    expect(refusalOf(applying, { rules })).toBeNull()
  })

  test('such as a payment whose invoice is linked to nothing says which', () => {
    const mapped = {
      kind: 'PAYMENT' as const,
      document: payment,
      customerId: '11',
      applications: [{ invoiceId: '', amount: '60.00' }],
    }
    expect(problemsOf(refusalOf(payment, { rules, mapped }))).toEqual([
      'invoice 61000 is linked to nothing in QuickBooks',
    ])
  })

  test('such as a void must have a target', () => {
    const of = (number: string) => ({
      kind: 'VOID' as const,
      sourceId: 's',
      orderNumber: 'O',
      number,
      target: { ...invoice, number },
    })
    expect(refusalOf(of('61000'), { rules })).toBeNull()
    expect(problemsOf(refusalOf(of(''), { rules }))).toEqual(['it names nothing that could be voided'])
    const mapped = { kind: 'VOID' as const, document: of('61000'), targetId: '', revision: '0' }
    expect(problemsOf(refusalOf(of('61000'), { rules, mapped }))).toEqual([
      'its target is linked to nothing in QuickBooks',
    ])
  })
})

describe('a customer', () => {
  test('of any currency is in order', () => {
    expect(checkCustomer({})).toBe('none')
  })

  test.each<[Partial<CustomerDocument>, RegExp]>([
    [{ name: '  ' }, /no name/],
    [{ name: 'a:b' }, /a colon, a tab or a line break/],
    [{ name: 'a\tb' }, /a colon, a tab or a line break/],
    [{ name: 'a\nb' }, /a colon, a tab or a line break/],
    [{ name: 'a'.repeat(501) }, /501 characters, 500 are allowed/],
    [{ name: `a${bell}` }, /customer name has the control character U\+0007/],
    [{ email: 'nobody' }, /"nobody" is no e-mail address/],
    [{ email: 'a@b c.example' }, /is no e-mail address/],
    [{ phone: '5'.repeat(31) }, /the phone number has 31 characters, 30 are allowed/],
    [{ billing: { lines: [], postalCode: '9770', country: 'United States' } }, /"9770" is none of United States/],
    [{ billing: { lines: [], postalCode: '97701', country: 'Canada' } }, /"97701" is none of Canada/],
    [{ billing: { lines: [`1 Mill${bell}`] } }, /street line 1 has the control character/],
  ])('of case %# says what QuickBooks would refuse', (given, problem) => {
    expect(checkCustomer(given)).toMatch(problem)
  })

  test.each([
    ['97701', 'United States'],
    ['97701-1234', 'US'],
    ['K1A 0B1', 'Canada'],
    ['SW1A 1AA', 'United Kingdom'],
    ['whatever', undefined],
  ])('at postal code %s of %s is in order', (postalCode, country) => {
    expect(checkCustomer({ billing: { lines: [], postalCode, ...(country ? { country } : {}) } })).toBe('none')
  })
})
