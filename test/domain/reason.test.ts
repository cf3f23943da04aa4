import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { isReasonCode, type ReasonCode, reasonOf, reasonText } from '../../src/domain/reason.ts'

/** The codes as the catalogue lists them, read from its source: nothing else needs the list. */
const source = readFileSync(join(import.meta.dirname, '../../src/domain/reasons.ts'), 'utf8')
const codes = [...source.matchAll(/^ {2}([A-Z_]+): \{$/gm)].map(([, code]) => code as ReasonCode)

describe('the catalogue of reasons', () => {
  test('is read here in full', () => {
    expect(codes.length).toBeGreaterThan(30)
    expect(codes.every(isReasonCode)).toBe(true)
    expect(['toString', 'ECHOS', ''].some(isReasonCode)).toBe(false)
  })

  test.each(codes)('%s says what is the case, why, and what to do, with no brace left over', (code) => {
    const given = Object.fromEntries(
      [...source.matchAll(/\{(\w+)\}/g)].map(([, name]) => [
        String(name),
        name === 'remedy' ? 'Do this.' : `the ${name}`,
      ]),
    )
    const filled = reasonOf(code, given)
    for (const text of [filled.sentence, filled.cause, filled.remedy]) {
      expect(text.length).toBeGreaterThan(5)
      expect(text).not.toMatch(/[{}]|unknown|undefined/)
    }
    for (const text of [reasonOf(code).sentence, reasonText(code)]) expect(text).not.toMatch(/[{}]/)
    expect(filled.remedy).toMatch(/\.$/)
  })

  test('says "unknown" where a detail is missing, and shows details as they are, dollar signs and all', () => {
    expect(reasonOf('ECHO').sentence).toBe('Nothing changed: invoice unknown in QuickBooks still says the same.')
    expect(reasonOf('ECHO', { documentNumber: '$&{x}' }).sentence).toContain('invoice $&{x} in')
    expect(reasonOf('FOUND_TWICE', { count: 0, documentNumber: null }).sentence).toBe(
      'QuickBooks has 0 records for unknown.',
    )
  })

  test('ends a sentence that closes with the words of another system', () => {
    expect(reasonText('INVOICE_DIFFERS', { documentNumber: '1', differences: 'tax 1.00 against 2.00' })).toMatch(
      /tax 1\.00 against 2\.00\. Make the two equal/,
    )
    expect(reasonOf('DOCUMENT_INVALID', { orderNumber: 'O', problems: 'the price is missing.' }).sentence).toMatch(
      /is missing\.$/,
    )
  })

  test('gives the CRM the sentence and the remedy', () => {
    const { sentence, remedy } = reasonOf('ORDER_EMPTY', { orderNumber: 'ORD-1' })
    expect(reasonText('ORDER_EMPTY', { orderNumber: 'ORD-1' })).toBe(`${sentence} ${remedy}`)
  })
})
