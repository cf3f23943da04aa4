import { describe, expect, test } from '@jest/globals'
import { type Comparison, differing } from '../../src/domain/comparison.ts'
import type { MappedPayment } from '../../src/domain/document.ts'
import { reasonOf } from '../../src/domain/reason.ts'
import type { LedgerPayment, LedgerRecord } from '../../src/ledgers/ledger.ts'
import { compare, mismatchOf } from '../../src/sync/compare.ts'
import { aCustomer } from '../contract/documents.ts'
import { anEqualRecord, mappedInvoice } from './samples.ts'

const differences = (given: Parameters<typeof anEqualRecord>[0]) => compare(mappedInvoice, anEqualRecord(given))
const { lines } = anEqualRecord().sale
const [first, second] = lines as [(typeof lines)[0], (typeof lines)[0]]

describe('an invoice that QuickBooks returned', () => {
  test('and that says the same has no differences', () => {
    expect(differences({})).toEqual([])
  })

  test.each<[string, Parameters<typeof anEqualRecord>[0], string]>([
    ['number', { number: '61001' }, 'number 61000 against 61001'],
    ['customer', { customerId: '12' }, 'customer 11 against 12'],
    ['date', { date: '2026-11-03' }, 'date 2026-11-02 against 2026-11-03'],
    ['due date', { dueDate: '2026-12-03' }, 'due date 2026-12-02 against 2026-12-03'],
    ['missing due date', { dueDate: null }, 'due date 2026-12-02 against none'],
    ['total by a cent', { total: '1305.21' }, `total ${mappedInvoice.document.total} against 1305.21`],
    ['tax', { tax: '80.24' }, 'tax 80.25 against 80.24'],
    ['discount', { discount: '0.00' }, 'discount 34.55 against 0.00'],
    ['shipping', { shipping: '25.01' }, 'shipping 25.00 against 25.01'],
    ['missing line', { lines: [first] }, 'number of lines 2 against 1'],
    ['item of a line', { lines: [{ ...first, itemId: '99' }, second] }, 'line 1 item 21 against 99'],
    ['line without an item', { lines: [first, { ...second, itemId: null }] }, 'line 2 item 22 against none'],
    ['amount of a line', { lines: [first, { ...second, amount: '0.06' }] }, 'line 2 amount 0.05 against 0.06'],
    ['quantity of a line', { lines: [{ ...first, quantity: '4' }, second] }, 'line 1 quantity 3 against 4'],
    ['line without a quantity', { lines: [{ ...first, quantity: null }, second] }, 'line 1 quantity 3 against none'],
  ])('differs by its %s, and says how', (_name, given, expected) => {
    expect(differences(given)).toEqual([expected])
  })

  test.each([
    ['bears the stamp of another order', 'Order ORD-99999', ['order ORD-77001 against ORD-99999']],
    ['bears another stamp that begins like ours', 'Order ORD-770012', ['order ORD-77001 against ORD-770012']],
    ['bears our stamp', 'Order ORD-77001', []],
    ['bears our stamp and more', 'Order ORD-77001, PO 4711', []],
    ['bears a plain order number', 'ORD-15001', []],
    ['bears what somebody wrote', 'Order by phone', []],
    ['bears nothing', null, []],
  ])('and that %s is judged so', (_, note, differences) => {
    const { document } = mappedInvoice
    const ours = { ...mappedInvoice, document: { ...document, orderNumber: 'ORD-77001' } }
    expect(compare(ours, anEqualRecord({ note }))).toEqual(differences)
  })

  test('names every difference at once', () => {
    expect(differences({ number: '1', customerId: '2', total: '3.00', tax: '4.00' })).toHaveLength(4)
  })

  test('with the same lines in another order is not equal, and says that only', () => {
    expect(differences({ lines: [second, first] })).toEqual(['the lines stand in another order'])
  })

  test('spells a quantity in another way and is equal', () => {
    expect(differences({ lines: [{ ...first, quantity: '3.000' }, second] })).toEqual([])
  })

  test('that was voided is not equal, whatever else it says', () => {
    expect(differences({ voided: true })).toEqual(['it is voided in QuickBooks'])
  })

  test('without an invoice in it is not equal', () => {
    const { sale: _, ...record } = anEqualRecord()
    expect(compare(mappedInvoice, record)).toEqual(['QuickBooks returned no invoice'])
  })

  test('for a document without a due date may have any', () => {
    const { dueDate: _, ...document } = mappedInvoice.document
    expect(compare({ ...mappedInvoice, document }, anEqualRecord({ dueDate: '2027-01-01' }))).toEqual([])
  })
})

describe('a mismatch', () => {
  const posting = { documentNumber: '61000', orderNumber: 'ORD-61000' }
  const mismatch = (given: Parameters<typeof anEqualRecord>[0]) =>
    mismatchOf({ posting, mapped: mappedInvoice, record: anEqualRecord(given) })
  const rows = (given: Parameters<typeof anEqualRecord>[0]) =>
    (mismatch(given)?.detail.comparison ?? []) as Comparison[]

  test('is none where both sides are equal', () => {
    expect(mismatch({})).toBeNull()
  })

  test('shows both sides, field by field and line by line, the equal ones too', () => {
    expect(mismatch({ total: '1305.21' })).toMatchObject({ code: 'INVOICE_DIFFERS', detail: { quickBooksId: '145' } })
    const found = rows({ total: '1305.21', lines: [first, { ...second, amount: '0.06' }] })
    expect(found).toContainEqual({ field: 'customer', line: null, ours: '11', theirs: '11', equal: true })
    expect(found).toContainEqual({ field: 'amount', line: 1, ours: '1234.50', theirs: '1234.50', equal: true })
    expect(differing(found)).toEqual([
      { field: 'total', line: null, ours: mappedInvoice.document.total, theirs: '1305.21', equal: false },
      { field: 'amount', line: 2, ours: '0.05', theirs: '0.06', equal: false },
    ])
  })

  test('with fewer lines on one side shows what stands on the other', () => {
    const found = rows({ lines: [first] })
    expect(found).toContainEqual({ field: 'amount', line: 2, ours: '0.05', theirs: null, equal: false })
    expect(found).toContainEqual({ field: 'number of lines', line: null, ours: '2', theirs: '1', equal: false })
  })

  test('of very many lines keeps only those that differ', () => {
    const [line] = mappedInvoice.document.lines
    const many = Array.from({ length: 400 }, () => line!)
    const document = { ...mappedInvoice.document, lines: many }
    const mapped = { ...mappedInvoice, document, itemIds: many.map(() => '21') }
    const theirs = many.map((_, at) => ({ ...first, amount: at === 7 ? '1.00' : first.amount }))
    const { detail } = mismatchOf({ posting, mapped, record: anEqualRecord({ lines: theirs }) })!
    expect(detail.comparison).toEqual([{ field: 'amount', line: 8, ours: '1234.50', theirs: '1.00', equal: false }])
  })

  test('of an account or a tax code that a mapping chose is one where QuickBooks says what it booked', () => {
    const mapped = { ...mappedInvoice, bookings: [{ accountId: '71', taxCodeId: 'TAX' }, {}] }
    const booked = (given: { accountId?: string; taxCodeId?: string }) =>
      compare(mapped, anEqualRecord({ lines: [{ ...first, ...given }, second] }))
    expect(booked({})).toEqual([])
    expect(booked({ accountId: '71', taxCodeId: 'TAX' })).toEqual([])
    expect(booked({ accountId: '72', taxCodeId: 'NON' })).toEqual([
      'line 1 account 71 against 72',
      'line 1 tax code TAX against NON',
    ])
  })
})

describe('a credit memo that QuickBooks returned', () => {
  const { dueDate: _, shipDate: __, ...content } = mappedInvoice.document
  const mapped = {
    ...mappedInvoice,
    kind: 'CREDIT_MEMO' as const,
    document: { ...content, kind: 'CREDIT_MEMO' as const, corrects: null },
  }
  const posting = { documentNumber: '61000', orderNumber: 'ORD-61000' }

  test('is compared as an invoice is', () => {
    expect(compare(mapped, anEqualRecord())).toEqual([])
    const reason = mismatchOf({ posting, mapped, record: anEqualRecord({ total: '1.00' }) })!
    expect(reason.code).toBe('RECORD_DIFFERS')
    expect(reasonOf(reason.code, reason.detail).sentence).toBe(
      `QuickBooks has credit memo 61000 of order ORD-61000, and it differs: total ${content.total} against 1.00.`,
    )
    expect(compare(mapped, { ...anEqualRecord(), sale: undefined } as never)).toEqual([
      'QuickBooks returned no credit memo',
    ])
  })
})

describe('a payment that QuickBooks returned', () => {
  const invoice = { kind: 'INVOICE' as const, sourceId: 's', number: '61000' }
  const mapped: MappedPayment = {
    kind: 'PAYMENT',
    customerId: '11',
    document: {
      kind: 'PAYMENT',
      sourceId: 'p',
      orderNumber: 'ORD-1',
      number: 'CHK-1',
      customer: mappedInvoice.document.customer,
      date: '2026-11-02',
      currency: 'USD',
      amount: '100.00',
      applications: [{ invoice, amount: '60.00' }],
    },
    applications: [{ invoiceId: '145', amount: '60.00' }],
  }
  const { sale: _, ...record } = anEqualRecord()
  const theirs = (given: Partial<LedgerPayment>): LedgerRecord => ({
    ...record,
    payment: {
      number: 'CHK-1',
      date: '2026-11-02',
      customerId: '11',
      amount: '100.00',
      unapplied: '40.00',
      voided: false,
      note: null,
      applications: [{ invoiceId: '145', amount: '60.00', creditId: null }],
      ...given,
    },
  })

  test.each<[Partial<LedgerPayment>, string[]]>([
    [{}, []],
    [{ amount: '99.99' }, ['amount 100.00 against 99.99']],
    [{ customerId: '12', date: '2026-11-03' }, ['customer 11 against 12', 'date 2026-11-02 against 2026-11-03']],
    [{ number: 'CHK-2' }, ['number CHK-1 against CHK-2']],
    [{ applications: [] }, ['line 1 applied 60.00 to 145 against none']],
    [
      { applications: [{ invoiceId: '145', amount: '60.00', creditId: '9' }] },
      ['line 1 applied 60.00 to 145 against 60.00 to 145 by 9'],
    ],
    [{ voided: true }, ['it is voided in QuickBooks']],
  ])('with %j is judged by its number, its amount and what it pays', (given, differences) => {
    expect(compare(mapped, theirs(given))).toEqual(differences)
  })

  test('without a payment in it is not equal', () => {
    expect(compare(mapped, record)).toEqual(['QuickBooks returned no payment'])
  })
})

describe('a void that QuickBooks confirmed', () => {
  const target = { kind: 'INVOICE' as const, sourceId: 's', number: '61000' }
  const document = { kind: 'VOID' as const, sourceId: 's', orderNumber: 'ORD-1', number: '61000', target }
  const mapped = { kind: 'VOID' as const, document, targetId: '145', revision: '3' }

  test('is equal when the very record is voided, with amounts of zero', () => {
    expect(compare(mapped, anEqualRecord({ voided: true, total: '0.00' }))).toEqual([])
  })

  test('is not while the record stands, or is another', () => {
    expect(compare(mapped, anEqualRecord())).toEqual(['it is not voided in QuickBooks'])
    expect(compare(mapped, { ...anEqualRecord({ voided: true, total: '0.00' }), quickBooksId: '146' })).toEqual([
      'id 145 against 146',
    ])
    expect(compare(mapped, anEqualRecord({ voided: true, total: '5.00', number: '62000' }))).toEqual([
      'number 61000 against 62000',
      'total 0.00 against 5.00',
    ])
  })
})

describe('a customer that QuickBooks returned', () => {
  const record: LedgerRecord = { ...anEqualRecord(), name: 'ALDER Interiors' }

  test('is equal by its name, in any case, as QuickBooks itself tells names apart', () => {
    expect(compare(aCustomer('Alder Interiors'), record)).toEqual([])
  })

  test('under another name, without a name, or inactive is not', () => {
    expect(compare(aCustomer('Alder'), record)).toEqual(['name "Alder" against "ALDER Interiors"'])
    expect(compare(aCustomer('Alder'), { ...record, name: null })).toEqual(['name "Alder" against "null"'])
    expect(compare(aCustomer('Alder Interiors'), { ...record, active: false })).toEqual(['inactive in QuickBooks'])
  })

  test('that was updated is compared by its id and its e-mail address too, and may be inactive', () => {
    const customer = { email: 'BILLING@alder.example', phone: null, companyName: null, billing: null }
    const updated = { ...aCustomer('Alder Interiors'), update: { quickBooksId: '145', revision: '3' } }
    expect(compare(updated, { ...record, customer })).toEqual([])
    expect(
      compare(updated, { ...record, quickBooksId: '146', customer: { ...customer, email: 'x@y.example' } }),
    ).toEqual(['id 145 against 146', 'e-mail address billing@alder.example against x@y.example'])
    const closed = { ...updated, document: { ...updated.document, active: false } }
    expect(compare(closed, { ...record, active: false })).toEqual([])
    expect(compare(closed, record)).toEqual(['active in QuickBooks'])
  })
})
