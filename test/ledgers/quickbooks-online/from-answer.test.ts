import { describe, expect, test } from '@jest/globals'
import { LinkKind } from '../../../src/domain/link.ts'
import type { Answer, StoredExchange } from '../../../src/ledgers/ledger.ts'
import { fromAnswer } from '../../../src/ledgers/quickbooks-online/from-answer.ts'
import { toRequest } from '../../../src/ledgers/quickbooks-online/to-request.ts'
import { answer, answered, createInvoice, invoice, queryCustomers } from './answers.ts'

describe('the answer to a create', () => {
  test('is posted, with the record that QuickBooks returned, exact to the penny', () => {
    expect(outcomeOf(createInvoice, answer('invoice-created-200.json'))).toEqual({
      kind: 'posted',
      record: {
        entity: 'INVOICE',
        quickBooksId: '8812',
        name: null,
        active: true,
        revision: '0',
        createdAt: '2026-11-02T17:15:41.000Z',
        sale: {
          number: 'INV-15001',
          date: '2026-11-02',
          dueDate: '2026-12-02',
          customerId: '501',
          total: '1305.25',
          tax: '80.25',
          discount: '34.55',
          shipping: '25.00',
          balance: '1305.25',
          voided: false,
          note: 'Order ORD-15001, PO 4711',
          termsId: null,
          lines: [
            { itemId: '41', quantity: '3', unitPrice: '411.5', amount: '1234.50', taxable: true, taxCodeId: 'TAX' },
            { itemId: '42', quantity: '0.15', unitPrice: '0.3333', amount: '0.05', taxable: false, taxCodeId: 'NON' },
          ],
        },
      },
    })
  })

  test('keeps what QuickBooks said as the response of the exchange', () => {
    const response = fromAnswer({ exchanges: [createInvoice], answer: answer('invoice-created-200.json') }).get(
      createInvoice.id,
    )!.response
    expect(response).toContain('"Amount": 1234.50')
  })

  test.each([
    ['a record without an id', answer('invoice-without-id-200.json')],
    ['a record of another kind', answered({ status: 200, body: '{"Customer":{"Id":"1","DisplayName":"x"}}' })],
    ['an empty object', answered({ status: 200, body: '{}' })],
    ['null', answered({ status: 200, body: 'null' })],
    ['a list', answered({ status: 200, body: '[1]' })],
    ['a fault without errors', answered({ status: 200, body: '{"Fault":{"type":"SystemFault"}}' })],
    ['a deletion', answered({ status: 200, body: '{"Invoice":{"status":"Deleted","domain":"QBO","Id":"8"}}' })],
    ['an empty 401', answered({ status: 401, body: '' })],
    ['a redirect', answered({ status: 302, body: '' })],
    ['a conflict', answered({ status: 409, body: '{"error":"?"}' })],
    [
      'an amount below the cent',
      answered({
        status: 200,
        body: '{"Invoice":{"Id":"8","TxnDate":"2026-11-02","CustomerRef":{"value":"1"},"TotalAmt":1.005,"Line":[]}}',
      }),
    ],
  ])('that is %s is unknown, never posted', (_name, given) => {
    expect(outcomeOf(createInvoice, given)).toMatchObject({ kind: 'unknown', reason: 'ANSWER_NOT_UNDERSTOOD' })
  })

  test('cut off anywhere is unknown: no part of an answer is success', () => {
    const whole = answer('invoice-created-200.json')
    const body = whole.kind === 'answered' ? whole.body.trimEnd() : ''
    const kinds = Array.from({ length: body.length }, (_, length) =>
      outcomeOf(createInvoice, answered({ status: 200, body: body.slice(0, length) })),
    ).map(({ kind }) => kind)
    expect(kinds.length).toBeGreaterThan(1000)
    expect([...new Set(kinds)]).toEqual(['unknown'])
  })

  test('that was lost is unknown', () => {
    const lost: Answer = { kind: 'lost', detail: 'ECONNRESET', durationMs: 5 }
    expect(outcomeOf(createInvoice, lost)).toEqual({
      kind: 'unknown',
      reason: 'ANSWER_LOST',
      detail: { detail: 'ECONNRESET' },
    })
  })

  test('that was never sent is deferred for the whole connection', () => {
    const notSent: Answer = { kind: 'not-sent', detail: 'ECONNREFUSED', durationMs: 5 }
    expect(outcomeOf(createInvoice, notSent)).toMatchObject({
      kind: 'deferred',
      reason: 'QUICKBOOKS_UNREACHABLE',
      scope: 'connection',
    })
  })

  test('that ended at the sign-in stops the connection', () => {
    const refused: Answer = { kind: 'refused-sign-in', reason: 'RECONNECT', detail: 'invalid_grant', durationMs: 5 }
    expect(outcomeOf(createInvoice, refused)).toEqual({
      kind: 'stopped',
      reason: 'RECONNECT',
      detail: { detail: 'invalid_grant' },
    })
  })
})

describe('the answer to a look-up', () => {
  test('shows inactive records as such', () => {
    const common = { entity: 'CUSTOMER', revision: null }
    const customer = { email: null, phone: null, companyName: null, billing: null }
    expect(outcomeOf(queryCustomers, answer('query-customers-200.json'))).toEqual({
      kind: 'found',
      records: [
        { ...common, quickBooksId: '501', name: 'Alder Interiors', active: true, customer },
        { ...common, quickBooksId: '502', name: "O'Hara & Sons", active: false, customer },
      ],
    })
  })

  test('that is empty found nothing', () => {
    expect(outcomeOf(queryCustomers, answer('query-empty-200.json'))).toEqual({ kind: 'found', records: [] })
  })

  test.each([
    ['rows of another entity', answer('query-other-entity-200.json')],
    ['a count without rows', answered({ status: 200, body: '{"QueryResponse":{"maxResults":1}}' })],
    ['no response at all', answered({ status: 200, body: '{"time":"now"}' })],
    ['a row that cannot be read', answered({ status: 200, body: '{"QueryResponse":{"Customer":[{"Id":"1"}]}}' })],
    ['as many rows as QuickBooks gives at most', answered({ status: 200, body: aThousandRows() })],
  ])('with %s proves no absence: it is unknown', (_name, given) => {
    expect(outcomeOf(queryCustomers, given)).toMatchObject({ kind: 'unknown' })
  })

  test('sees that an invoice was voided', () => {
    const exchange = {
      ...createInvoice,
      ...toRequest({ kind: 'LOOK_UP', entity: LinkKind.INVOICE, by: 'NUMBER', values: ['INV-15001'] }),
    }
    expect(outcomeOf(exchange, answer('invoice-voided-200.json'))).toMatchObject({
      kind: 'found',
      records: [{ quickBooksId: '8812', sale: { voided: true, total: '0.00', note: 'Voided - Order ORD-15001' } }],
    })
  })

  test('that was lost is asked again: it wrote nothing', () => {
    const lost: Answer = { kind: 'lost', detail: 'timeout', durationMs: 5 }
    expect(outcomeOf(queryCustomers, lost)).toMatchObject({ kind: 'deferred', scope: 'posting' })
  })
})

describe('the answer to a batch', () => {
  const exchanges: StoredExchange[] = [0, 1, 2, 4].map((position) => ({
    ...createInvoice,
    ...toRequest({ ...invoice, document: { ...invoice.document, number: `INV-1500${position}` } }),
    id: `create-${position}`,
    position,
  }))
  const all = [...exchanges, { ...queryCustomers, position: 3 }]
  const understood = fromAnswer({ exchanges: all, answer: answer('batch-mixed-200.json') })

  test('gives each exchange its own outcome, in whatever order the items came', () => {
    expect(understood.get('create-0')?.outcome).toMatchObject({ kind: 'posted', record: { quickBooksId: '8813' } })
    expect(understood.get('create-1')?.outcome).toMatchObject({
      kind: 'taken',
      detail: { transactionType: 'CreditMemo' },
    })
    expect(understood.get('create-2')?.outcome).toMatchObject({ kind: 'deferred', reason: 'THROTTLED' })
    expect(understood.get(queryCustomers.id)?.outcome).toMatchObject({ kind: 'found' })
  })

  test('an item that is missing from it is unknown', () => {
    expect(understood.get('create-4')).toEqual({
      outcome: {
        kind: 'unknown',
        reason: 'ANSWER_NOT_UNDERSTOOD',
        detail: { detail: 'the batch holds 0 answers to item 4' },
      },
      response: null,
    })
  })

  test('gives each exchange its own response, the literals as they came', () => {
    expect(understood.get('create-0')?.response).toContain('"TotalAmt":10.00')
    expect(understood.get('create-0')?.response).not.toContain('CreditMemo')
  })

  test('that failed as a whole leaves every create unknown and every look-up to be asked again', () => {
    const failed = fromAnswer({ exchanges: all, answer: answer('gateway-502.html') })
    expect([...failed.values()].map(({ outcome }) => outcome.kind)).toEqual([
      'unknown',
      'unknown',
      'unknown',
      'unknown',
      'deferred',
    ])
  })
})

function outcomeOf(exchange: StoredExchange, given: Answer) {
  return fromAnswer({ exchanges: [exchange], answer: given }).get(exchange.id)!.outcome
}

function aThousandRows(): string {
  const rows = Array.from({ length: 1000 }, (_, index) => ({ Id: String(index + 1), DisplayName: `C${index}` }))
  return JSON.stringify({ QueryResponse: { Customer: rows } })
}
