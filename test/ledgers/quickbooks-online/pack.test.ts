import { describe, expect, test } from '@jest/globals'
import type { StoredExchange } from '../../../src/ledgers/ledger.ts'
import { packAgain, packInto } from '../../../src/ledgers/quickbooks-online/pack.ts'
import { createCustomer, createInvoice, queryCustomers } from './answers.ts'

const pack = (exchanges: StoredExchange[]) => packInto({ exchanges, realmId: '9130', batchItemsMax: 30 })

describe('packing for QuickBooks Online', () => {
  test('one create is a request of its own, its bytes untouched', () => {
    const [envelope] = pack([createInvoice])
    expect(envelope).toMatchObject({ method: 'POST', contentType: 'application/json', body: createInvoice.request })
    expect(envelope?.path).toMatch(/^\/v3\/company\/9130\/invoice\?requestid=[0-9a-f]{32}&minorversion=75$/)
  })

  test('one look-up is a query and has no request id', () => {
    expect(pack([queryCustomers])[0]).toMatchObject({
      path: '/v3/company/9130/query?minorversion=75',
      contentType: 'application/text',
      body: queryCustomers.request,
    })
  })

  test('several travel as one batch, with short item ids by position and one request id', () => {
    const [envelope] = pack([createCustomer, createInvoice, queryCustomers])
    expect(envelope?.path).toMatch(/^\/v3\/company\/9130\/batch\?requestid=[0-9a-f]{32}&minorversion=75$/)
    expect(envelope?.body).toBe(
      `{"BatchItemRequest":[{"bId":"0","operation":"create","Customer":${createCustomer.request}},` +
        `{"bId":"1","operation":"create","Invoice":${createInvoice.request}},` +
        `{"bId":"2","Query":${JSON.stringify(queryCustomers.request)}}]}`,
    )
    expect(envelope?.exchanges.map(({ position }) => position)).toEqual([0, 1, 2])
  })

  test('look-ups alone carry no request id: a replayed answer would be no second look', () => {
    expect(pack([queryCustomers, queryCustomers])[0]?.path).toBe('/v3/company/9130/batch?minorversion=75')
  })

  test('never more than thirty in a batch, in the order given', () => {
    const many = Array.from({ length: 61 }, (_, index) => ({ ...createInvoice, id: `e${index}` }))
    const envelopes = pack(many)
    expect(envelopes.map(({ exchanges }) => exchanges.length)).toEqual([30, 30, 1])
    expect(envelopes.flatMap(({ exchanges }) => exchanges.map(({ id }) => id))).toEqual(many.map(({ id }) => id))
  })

  test('the last ones travel alone when they are to, and packing what was packed gives them as they were', () => {
    const many = Array.from({ length: 5 }, (_, index) => ({
      ...createInvoice,
      id: `${index}`,
      idempotencyKey: `${index}`,
    }))
    const envelopes = packInto({ exchanges: many, realmId: '9130', batchItemsMax: 30, alone: 2 })
    expect(envelopes.map(({ exchanges }) => exchanges.map(({ id }) => id))).toEqual([['0', '1', '2'], ['3'], ['4']])
    for (const envelope of envelopes) expect(pack(envelope.exchanges)).toEqual([envelope])
    expect(packInto({ exchanges: many, realmId: '9130', batchItemsMax: 30, alone: 5 })).toHaveLength(5)
  })

  test('packing what was packed gives the same path and bytes', () => {
    const [first] = pack([createCustomer, createInvoice])
    expect(pack(first!.exchanges)).toEqual([first])
  })

  test('another generation of the same document has another request id', () => {
    expect(pack([{ ...createInvoice, idempotencyKey: 'one:2:a' }])[0]?.path).not.toBe(pack([createInvoice])[0]?.path)
  })

  test('what is left of a lost batch goes again under the same path, its items at their old places with their old bytes', () => {
    const [lost] = pack([createCustomer, createInvoice, { ...createInvoice, id: 'third' }])
    const again = packAgain({ path: lost!.path, exchanges: lost!.exchanges.slice(2) })
    expect(again.path).toBe(lost?.path)
    expect(again.body).toBe(
      `{"BatchItemRequest":[{"bId":"2","operation":"create","Invoice":${createInvoice.request}}]}`,
    )
  })

  test('the whole of what was lost, packed again, is what was lost', () => {
    for (const exchanges of [[createInvoice], [createCustomer, createInvoice]]) {
      const [lost] = pack(exchanges)
      expect(packAgain(lost!)).toEqual(lost)
    }
  })
})
