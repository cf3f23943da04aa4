import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { escapeXml, toLatin1 } from '../../../src/ledgers/quickbooks-desktop/latin1.ts'

describe('the characters that QuickBooks Desktop stores', () => {
  test.each([
    ['O\u2019Leary \u201cfine\u201d \u2013 wood\u2026', 'O\'Leary "fine" - wood...'],
    ['e\u0301t\u00e9', '\u00e9t\u00e9'],
    ['\u0160koda \u0150ri \u0142ad \u0153uvre \ufb01n', 'Skoda Ori lad oeuvre fin'],
    ['\u20ac 5\u2122 \u2153', 'EUR 5(TM) 1/3'],
    ['\uff21\uff22', 'AB'],
    ['a\u200bb\ufeff', 'ab'],
    ['a\u0000\u0007b\u001b', 'ab'],
    ['one\r\ntwo\rthree', 'one\ntwo\nthree'],
  ])('%j is kept as %j', (text, kept) => {
    expect(toLatin1(text)).toEqual({ text: kept, refused: [] })
  })

  test.each([
    ['Иван', ['И', 'в', 'а', 'н']],
    ['a\u{1F600}b\u{1F600}', ['\u{1F600}']],
    ['\u4e2d', ['\u4e2d']],
    ['\ud800', ['\ud800']],
    ['\u0085', ['\u0085']],
  ])('%j is refused, each character named once', (text, refused) => {
    expect(toLatin1(text).refused).toEqual(refused)
  })

  test('whatever comes in, what goes out is Latin-1 and, escaped, plain ASCII without markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (hostile) => {
        const { text } = toLatin1(hostile)
        expect(text).toMatch(/^[\t\n\x20-\x7E\xA0-\xFF]*$/)
        expect(escapeXml(text)).toMatch(/^([\t\n\x20-%'-;=?-~]|&(amp|lt|gt|quot|#\d{3});)*$/)
        expect(toLatin1(text)).toEqual({ text, refused: [] })
      }),
      { numRuns: 2000 },
    )
  })
})
