import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { contentHash, type InvoiceDocument } from '../../src/domain/document.ts'
import { anInvoice } from '../contract/documents.ts'

const records = { customerId: '1', itemIds: ['2', '3'] as [string, string], charges: { DISCOUNT: { id: '4' } } }
const { document } = anInvoice({ number: '61000', records })

/** The same value with the keys of every object in another order. */
function shuffled(value: unknown, order: (keys: string[]) => string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => shuffled(each, order))
  if (value === null || typeof value !== 'object') return value
  const entries = value as Record<string, unknown>
  return Object.fromEntries(order(Object.keys(entries)).map((key) => [key, shuffled(entries[key], order)]))
}

describe('the fingerprint of a document', () => {
  test('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        const order = (keys: string[]) =>
          keys
            .map((key) => ({ key, rank: numbers.next().value as number }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ key }) => key)
        expect(contentHash(shuffled(document, order) as InvoiceDocument)).toBe(contentHash(document))
      }),
      { numRuns: 50 },
    )
  })

  test('survives the database, which keeps documents as JSON', () => {
    expect(contentHash(JSON.parse(JSON.stringify(document)) as InvoiceDocument)).toBe(contentHash(document))
  })

  test('changes with every value, and with the order of lines', () => {
    const { lines } = document
    const others: InvoiceDocument[] = [
      { ...document, total: '0.01' },
      { ...document, number: '61001' },
      { ...document, purchaseOrderNumber: '4712' },
      { ...document, customer: { ...document.customer, name: 'Another' } },
      { ...document, lines: [...lines].reverse() },
      { ...document, lines: lines.slice(1) },
    ]
    expect(new Set([document, ...others].map(contentHash)).size).toBe(others.length + 1)
  })
})
