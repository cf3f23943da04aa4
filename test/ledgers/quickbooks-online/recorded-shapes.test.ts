// Answers in the shapes that were recorded from Intuit, with our own names and numbers, and answers that have no right shape.
import { describe, expect, test } from '@jest/globals'
import type { Outcome, StoredExchange } from '../../../src/ledgers/ledger.ts'
import { fromAnswer } from '../../../src/ledgers/quickbooks-online/from-answer.ts'
import { answered, createCustomer, createInvoice, queryCustomers } from './answers.ts'

const fault = ({ code, message = 'm', detail = 'd' }: { code: string; message?: string; detail?: string }) => ({
  Fault: { Error: [{ Message: message, Detail: detail, code, element: '' }], type: 'ValidationFault' },
})
const time = '2026-11-02T06:33:54.739-07:00'

function outcomeOf(exchange: StoredExchange, given: { status: number; body: string }): Outcome {
  return fromAnswer({ exchanges: [exchange], answer: answered(given) }).get(exchange.id)!.outcome
}

/** The outcomes of a batch whose first item creates a customer, the next two invoices, and whose last asks for customers. */
function outcomesOfBatch(body: string): Outcome[] {
  const exchanges = [createCustomer, createInvoice, { ...createInvoice, id: 'second invoice' }, queryCustomers].map(
    (exchange, position) => ({ ...exchange, position }),
  )
  const understood = fromAnswer({ exchanges, answer: answered({ status: 200, body }) })
  return exchanges.map(({ id }) => understood.get(id)!.outcome)
}

const mixed = JSON.stringify({
  BatchItemResponse: [
    {
      Customer: { domain: 'QBO', sparse: false, Id: '71', SyncToken: '0', DisplayName: 'Alder', Active: true },
      bId: '0',
    },
    { ...fault({ code: '610', message: 'Object Not Found' }), bId: '1' },
    { ...fault({ code: '5010', message: 'Stale Object Error' }), bId: '2' },
    { QueryResponse: { Customer: [{ Id: '17', SyncToken: '5', DisplayName: 'Birch', Active: true }] }, bId: '3' },
  ],
  time,
})

describe('an answer in a shape that was recorded', () => {
  test('a batch of which one item is written, one not found, one stale and one a query: each has its own meaning', () => {
    expect(outcomesOfBatch(mixed)).toMatchObject([
      { kind: 'posted', record: { quickBooksId: '71' } },
      { kind: 'rejected', detail: { code: '610' } },
      { kind: 'deferred', detail: { code: '5010' }, scope: 'posting' },
      { kind: 'found', records: [{ quickBooksId: '17' }] },
    ])
  })

  test('a business rule that is broken inside an HTTP 200 may have been saved: it is looked up', () => {
    const body = JSON.stringify({ ...fault({ code: '6000' }), time })
    expect(outcomeOf(createInvoice, { status: 200, body })).toMatchObject({
      kind: 'unknown',
      reason: 'QUICKBOOKS_REJECTED',
    })
  })

  test('the same fault within a list of another kind is no answer to a create: it is unknown', () => {
    const body = JSON.stringify({ AttachableResponse: [fault({ code: '6000' })], time })
    expect(outcomeOf(createInvoice, { status: 200, body })).toMatchObject({ kind: 'unknown' })
  })

  test('a count answers no look-up', () => {
    const body = JSON.stringify({ QueryResponse: { totalCount: 41 }, time })
    expect(outcomeOf(queryCustomers, { status: 200, body })).toMatchObject({ kind: 'unknown' })
  })

  test('a name with an apostrophe is found as it is written', () => {
    const row = { Taxable: true, Job: false, Id: '5', SyncToken: '2', DisplayName: "O'Hara & Sons", Active: true }
    const body = JSON.stringify({ QueryResponse: { Customer: [row], startPosition: 1, maxResults: 1 }, time })
    expect(outcomeOf(queryCustomers, { status: 200, body })).toMatchObject({
      kind: 'found',
      records: [{ name: "O'Hara & Sons", quickBooksId: '5' }],
    })
  })

  test('several errors together: the most cautious meaning counts', () => {
    const errors = ['2020', '6000'].map((code) => fault({ code }).Fault.Error[0])
    const body = JSON.stringify({ Fault: { Error: errors, type: 'ValidationFault' }, time })
    expect(outcomeOf(createInvoice, { status: 400, body })).toMatchObject({ kind: 'unknown' })
  })
})

describe('an answer that has no right shape', () => {
  test('a batch that is cut off anywhere proves nothing about any of its writes', () => {
    for (let length = 0; length < mixed.length; length += 7) {
      const [customer, invoice, second] = outcomesOfBatch(mixed.slice(0, length))
      expect([customer?.kind, invoice?.kind, second?.kind]).toEqual(['unknown', 'unknown', 'unknown'])
    }
  })

  const xml = (inner: string) => `<?xml version="1.0" encoding="UTF-8"?><IntuitResponse>${inner}</IntuitResponse>`

  test('XML where JSON was due is never success, even when it speaks of an invoice', () => {
    const body = xml('<Invoice><Id>9</Id><DocNumber>INV-15001</DocNumber></Invoice>')
    expect(outcomeOf(createInvoice, { status: 200, body })).toMatchObject({ kind: 'unknown' })
    expect(outcomeOf(queryCustomers, { status: 200, body: xml('<QueryResponse/>') })).toMatchObject({ kind: 'unknown' })
  })

  test.each([
    ['3001', 429, { kind: 'deferred', reason: 'THROTTLED', scope: 'connection' }],
    ['003200', 401, { kind: 'deferred', reason: 'TOKEN_EXPIRED' }],
    ['100', 401, { kind: 'stopped', reason: 'WRONG_COMPANY' }],
    ['6140', 200, { kind: 'taken', reason: 'NUMBER_TAKEN' }],
  ])('a fault %s in XML where JSON was due (HTTP %i) means what it means in JSON', (code, status, meaning) => {
    const body = xml(
      `<Fault type="SERVICE"><Error code="${code}"><Message>m</Message><Detail>d</Detail></Error></Fault>`,
    )
    expect(outcomeOf(createInvoice, { status, body })).toMatchObject(meaning)
  })

  test('XML in the place of a batch gives each item the meaning of its fault', () => {
    const body = xml('<Fault type="SERVICE"><Error code="3001"><Message>m</Message></Error></Fault>')
    const kinds = outcomesOfBatch(body).map((outcome) => 'reason' in outcome && outcome.reason)
    expect(new Set(kinds)).toEqual(new Set(['THROTTLED']))
  })
})
