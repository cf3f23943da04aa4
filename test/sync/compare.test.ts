import { describe, expect, test } from '@jest/globals'
import type { LedgerRecord } from '../../src/ledgers/ledger.ts'
import { compare } from '../../src/sync/compare.ts'
import { aCustomer } from '../contract/documents.ts'
import { anEqualRecord, mappedInvoice } from './samples.ts'

const differences = (given: Parameters<typeof anEqualRecord>[0]) => compare(mappedInvoice, anEqualRecord(given))
const { lines } = anEqualRecord().invoice
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
    const { invoice: _, ...record } = anEqualRecord()
    expect(compare(mappedInvoice, record)).toEqual(['QuickBooks returned no invoice'])
  })

  test('for a document without a due date may have any', () => {
    const { dueDate: _, ...document } = mappedInvoice.document
    expect(compare({ ...mappedInvoice, document }, anEqualRecord({ dueDate: '2027-01-01' }))).toEqual([])
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
})
