import { describe, expect, test } from '@jest/globals'
import type { Outcome } from '../../../src/ledgers/ledger.ts'
import { STATUS_TABLE } from '../../../src/ledgers/quickbooks-desktop/faults.ts'
import { HRESULT_TABLE } from '../../../src/ledgers/quickbooks-desktop/hresults.ts'
import {
  answered,
  createCustomer,
  createInvoice,
  customerRet,
  invoiceRet,
  outcomeOf,
  queryCustomers,
  responseTo,
  setOf,
} from './answers.ts'

type Expected = Partial<Record<keyof Extract<Outcome, { kind: 'deferred' }>, unknown>> & { staleReference?: boolean }

const posted = { kind: 'posted' }
const rejected = { kind: 'rejected', reason: 'QUICKBOOKS_REJECTED' }
const stale = { ...rejected, staleReference: true }
const inUse = { kind: 'deferred', reason: 'RECORD_IN_USE', scope: 'record' }
const denied = { kind: 'stopped', reason: 'DESKTOP_ACCESS_DENIED' }

/** Each code of the status table, words as QuickBooks says them, and what they mean to an invoice that was to be written. */
const ROWS: [string, string, Expected][] = [
  ['0', 'Status OK', posted],
  ['1', 'A query request did not find a matching object in QuickBooks', { kind: 'unknown' }],
  ['500', 'The query request has not been fully completed.', { kind: 'unknown' }],
  ['530', 'The field "Other" is not supported by this implementation.', posted],
  ['550', 'Unable to save the notes.', posted],
  ['570', 'The transaction could not be linked.', posted],
  ['3000', 'The given object ID "x" in the field "list id" is invalid.', rejected],
  ['3010', 'There was an error when converting the boolean value in the field "IsActive".', rejected],
  [
    '3020',
    'There was an error when converting the date value "x" in the field "TxnDate".',
    { ...rejected, detail: expect.objectContaining({ field: 'TxnDate' }) },
  ],
  ['3030', 'There was an error when converting the price "1,5" in the field "Rate".', rejected],
  [
    '3040',
    'There was an error when converting the amount "150.0" in the field "Amount".',
    { ...rejected, detail: expect.objectContaining({ field: 'Amount', code: '3040' }) },
  ],
  ['3050', 'There was an error when converting the GUID.', rejected],
  ['3060', 'There was an error when converting the percent.', rejected],
  ['3070', 'The string "x" in the field "Name" is too long.', rejected],
  ['3080', 'The filter is invalid.', rejected],
  ['3085', 'The font was invalid.', rejected],
  ['3090', 'There was an error when storing "x" in the "SalesTaxCode" field.', rejected],
  ['3100', 'The name "Alder" of the list element is already in use.', { kind: 'taken', reason: 'QUICKBOOKS_REJECTED' }],
  ['3110', 'An unsupported object type was specified.', rejected],
  ['3120', 'Object "80000001-1" specified in the request cannot be found.', stale],
  ['3130', 'There was no parent found for the name.', rejected],
  ['3140', 'There is an invalid reference to QuickBooks Customer "x" in the Invoice.', stale],
  [
    '3150',
    'There is a missing element: "CustomerRef".',
    { ...rejected, detail: expect.objectContaining({ field: 'CustomerRef' }) },
  ],
  ['3151', 'There is an element that is not allowed.', rejected],
  ['3170', 'There was an error when modifying it: it was changed by another user.', inUse],
  [
    '3171',
    'An attempt was made to modify an Invoice with a date that is on or before the closing date of the company.',
    { kind: 'rejected', reason: 'PERIOD_CLOSED', detail: expect.objectContaining({ date: '2026-11-02' }) },
  ],
  ['3175', 'The object is being used by another user and is locked.', inUse],
  ['3176', 'The related object is currently in use.', inUse],
  ['3180', 'There was an error when saving a Invoice. QuickBooks error message: The record is locked.', inUse],
  [
    '3200',
    'The provided edit sequence "1" is out-of-date.',
    { kind: 'deferred', reason: 'STALE_REVISION', scope: 'posting', afterSeconds: 0 },
  ],
  ['3210', 'The "SalesTaxCode" is invalid.', rejected],
  [
    '3231',
    'The request has not been processed.',
    { kind: 'deferred', reason: 'NOT_TRIED', scope: 'delivery', afterSeconds: 0 },
  ],
  ['3250', 'This feature is not enabled or not available in this version of QuickBooks.', rejected],
  ['3260', 'Insufficient permission level to perform this action.', denied],
  ['3261', 'The application has no permission to access sensitive data.', denied],
  ['3290', 'The lines are not in a correct order.', rejected],
]

describe('the status table of QuickBooks Desktop', () => {
  test.each(ROWS)('status %s (%s) means what the table says', (code, message, expected) => {
    const inner = ['0', '530', '550', '570'].includes(code) ? invoiceRet() : ''
    const answer = answered(setOf([responseTo(createInvoice, { code, message, inner })]))
    expect(outcomeOf(createInvoice, answer)).toMatchObject(expected)
  })

  test('each code that the table knows has a row here', () => {
    expect(ROWS.map(([code]) => code).sort()).toEqual(Object.keys(STATUS_TABLE).sort())
  })

  test.each(['3170', '3175', '3176', '3180'])(
    'status %s without a word of locks or use is refused: waiting would not help',
    (code) => {
      const answer = answered(setOf([responseTo(createInvoice, { code, message: 'The amount is out of balance.' })]))
      expect(outcomeOf(createInvoice, answer)).toMatchObject(rejected)
    },
  )

  test.each(['', '2', '999', '3999', '9999', 'constructor'])(
    'a status that nobody knows (%j) is unknown, never success and never refusal',
    (code) => {
      const answer = answered(setOf([responseTo(createInvoice, { code, inner: invoiceRet() })]))
      expect(outcomeOf(createInvoice, answer)).toMatchObject({ kind: 'unknown', reason: 'ANSWER_NOT_UNDERSTOOD' })
    },
  )

  test('nothing matched, and some not found, are answers to a question', () => {
    const nothing = answered(setOf([responseTo(queryCustomers, { code: '1', message: 'no match' })]))
    expect(outcomeOf(queryCustomers, nothing)).toEqual({ kind: 'found', records: [] })
    const some = answered(setOf([responseTo(queryCustomers, { code: '500', message: 'some', inner: customerRet() })]))
    expect(outcomeOf(queryCustomers, some)).toMatchObject({ kind: 'found', records: [{ name: 'Alder Interiors' }] })
  })

  test('a name that is taken says whose', () => {
    const answer = answered(setOf([responseTo(createCustomer, { code: '3100', message: 'in use' })]))
    expect(outcomeOf(createCustomer, answer)).toMatchObject({
      kind: 'taken',
      reason: 'NAME_TAKEN',
      detail: { customerName: 'Alder Interiors' },
    })
  })
})

describe('an hresult in place of an answer', () => {
  const refused = (hresult: string) => answered(`${hresult}: as QuickBooks says it`, 500)

  test.each(Object.entries(HRESULT_TABLE))('%s means that nothing was tried', (hresult, meaning) => {
    const expected = { ...meaning, detail: { detail: `as QuickBooks says it (${hresult})` } }
    for (const exchange of [createInvoice, queryCustomers]) {
      expect(outcomeOf(exchange, refused(hresult))).toMatchObject(expected)
      expect(outcomeOf(exchange, refused(hresult.toUpperCase().replace('0X', '0x')))).toMatchObject(expected)
    }
  })

  test('a set that does not parse was not tried; what was alone in it is refused', () => {
    const answer = refused('0x80040400')
    expect(outcomeOf(createInvoice, answer)).toMatchObject({ kind: 'rejected', reason: 'QBXML_REFUSED' })
    expect(outcomeOf(createInvoice, answer, [createCustomer])).toMatchObject({ kind: 'deferred', scope: 'delivery' })
  })

  test.each(['0x80040402', '0x8004FFFF'])(
    '%s may have come in the midst of the work: a write is unknown, a question is asked again',
    (hresult) => {
      expect(outcomeOf(createInvoice, refused(hresult))).toMatchObject({ kind: 'unknown', reason: 'ANSWER_LOST' })
      expect(outcomeOf(queryCustomers, refused(hresult))).toMatchObject({ kind: 'deferred', scope: 'posting' })
    },
  )
})
