import { describe, expect, test } from '@jest/globals'
import type { StoredExchange } from '../../../src/ledgers/ledger.ts'
import { askAgain, packAgain, packInto, requestIdOf } from '../../../src/ledgers/quickbooks-desktop/pack.ts'
import { openSetSizes } from '../../../src/ledgers/quickbooks-desktop/set-sizes.ts'
import { createCustomer, createInvoice, queryCustomers } from './answers.ts'

const pack = (exchanges: StoredExchange[], sizes = openSetSizes()) => packInto({ exchanges, sizes, version: 13 })
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...createInvoice, id: `e${index}`, idempotencyKey: `key-${index}` }))
const lengths = (envelopes: { exchanges: unknown[] }[]) => envelopes.map(({ exchanges }) => exchanges.length)

describe('packing for QuickBooks Desktop', () => {
  test('a write travels in a set with an id of 23 characters, each request with its own', () => {
    const [envelope] = pack([createInvoice])
    expect(envelope?.path).toMatch(/^message-set\/[0-9a-f]{23}$/)
    const setId = envelope?.path.split('/')[1]
    expect(envelope?.body).toBe(
      '<?xml version="1.0" encoding="utf-8"?><?qbxml version="13.0"?><QBXML>' +
        `<QBXMLMsgsRq onError="continueOnError" newMessageSetID="${setId}">` +
        `<InvoiceAddRq requestID="${requestIdOf(createInvoice)}">${createInvoice.request.replace('<InvoiceAddRq>', '')}` +
        '</QBXMLMsgsRq></QBXML>',
    )
    expect(requestIdOf(createInvoice).length).toBeLessThanOrEqual(50)
  })

  test('look-ups travel apart and without an id: a repeated answer would be no second look', () => {
    const envelopes = pack([createInvoice, queryCustomers])
    expect(envelopes.map(({ path }) => path)).toEqual([expect.stringMatching(/^message-set\//), 'message-set'])
    expect(envelopes[1]?.body).not.toContain('MessageSetID')
  })

  test('a customer and an invoice never share a set: an invoice must not go on when its customer failed', () => {
    const envelopes = pack([createCustomer, createInvoice, { ...createCustomer, id: 'z', idempotencyKey: 'z' }])
    expect(envelopes.map(({ exchanges }) => exchanges.map(({ operation }) => operation))).toEqual([
      ['create Customer', 'create Customer'],
      ['create Invoice'],
    ])
  })

  test('packing what was packed gives the same envelope', () => {
    for (const envelope of pack([...many(25), createCustomer, queryCustomers])) {
      expect(pack(envelope.exchanges)).toEqual([envelope])
    }
  })

  test('sets begin with ten, double while answers are quick, up to a hundred, and halve when they are slow', () => {
    const sizes = openSetSizes()
    const exchanges = many(250)
    expect(lengths(pack(exchanges, sizes))[0]).toBe(10)
    const quick = () => sizes.answered({ exchanges: pack(exchanges, sizes)[0]!.exchanges, durationMs: 900 })
    for (const expected of [20, 40, 80, 100, 100]) {
      quick()
      expect(lengths(pack(exchanges, sizes))[0]).toBe(expected)
    }
    expect(lengths(pack(exchanges, sizes))).toEqual([100, 100, 50])
    sizes.answered({ exchanges: exchanges.slice(0, 100), durationMs: 9_000 })
    expect(lengths(pack(exchanges, sizes))[0]).toBe(50)
    sizes.answered({ exchanges: exchanges.slice(0, 2), durationMs: 100 })
    expect(lengths(pack(exchanges, sizes))[0]).toBe(50)
  })

  test('what is refused unread is halved until the one that spoils it is alone, and the others have gone', () => {
    const sizes = openSetSizes()
    const spoils = 'key-6'
    let waiting = many(10)
    const gone: string[] = []
    let sets = 0
    while (waiting.length > 0 && sets < 50) {
      for (const { exchanges } of pack(waiting, sizes)) {
        sets += 1
        const keys = exchanges.map(({ idempotencyKey }) => idempotencyKey)
        const bad = keys.includes(spoils)
        if (bad) sizes.refused(exchanges)
        else sizes.answered({ exchanges, durationMs: 3_000 })
        if (bad && keys.length > 1) continue
        if (!bad) gone.push(...keys)
        waiting = waiting.filter(({ idempotencyKey }) => !keys.includes(idempotencyKey))
      }
    }
    expect(gone).toHaveLength(9)
    expect(gone).not.toContain(spoils)
    expect(sets).toBeLessThanOrEqual(10)
  })

  test('a new try has a new set id, under which QuickBooks cannot repeat what it said before', () => {
    expect(pack([{ ...createInvoice, id: 'another' }])[0]?.path).not.toBe(pack([createInvoice])[0]?.path)
  })

  test('what is left of a lost set goes again under its old id, at its old places, in its old bytes', () => {
    const [lost] = pack(many(3))
    const anew = lost!.exchanges.map((exchange) => ({ ...exchange, id: `again-${exchange.id}` }))
    expect(packAgain({ path: lost!.path, exchanges: anew, version: 13 })).toMatchObject({
      path: lost!.path,
      body: lost!.body,
    })
    const rest = packAgain({ path: lost!.path, exchanges: anew.slice(2), version: 13 })
    expect(rest.path).toBe(lost?.path)
    expect(rest.body).toContain(` requestID="${requestIdOf(lost!.exchanges[2]!)}"`)
  })

  test('asking again is an empty set under the old id', () => {
    const [lost] = pack(many(2))
    const setId = lost!.path.split('/')[1]
    const again = askAgain({ ...lost!, version: 13 })
    expect(again.body).toContain(
      `<QBXMLMsgsRq onError="continueOnError" newMessageSetID="${setId}" oldMessageSetID="${setId}"></QBXMLMsgsRq>`,
    )
    expect(again.exchanges).toEqual(lost?.exchanges)
  })

  test('an old QuickBooks is spoken to in its own version', () => {
    expect(packInto({ exchanges: [createInvoice], sizes: openSetSizes(), version: 6.1 })[0]?.body).toContain(
      '<?qbxml version="6.1"?>',
    )
  })
})
