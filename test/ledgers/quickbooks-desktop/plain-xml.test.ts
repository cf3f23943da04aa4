import { describe, expect, test } from '@jest/globals'
import { walkPlainXml } from '../../../src/ledgers/quickbooks-desktop/plain-xml.ts'
import { type Element, readAnswer } from '../../../src/ledgers/quickbooks-desktop/read-xml.ts'
import { Random } from '../../../src/sandbox/random.ts'
import { createCustomer, createInvoice, customerRet, invoiceRet, responseTo, setOf } from './answers.ts'

const NOBODY = { open: () => undefined, text: () => undefined, close: () => undefined }
const whole = setOf([
  responseTo(createInvoice, { inner: invoiceRet() }),
  responseTo(createCustomer, { inner: customerRet('Caf&#233; O&apos;Hara &amp; Sons', false), message: 'a > b & "c"' }),
])
const read = (body: string) => readAnswer<Element>({ body, read: (element) => element })
/** A comment at the end changes nothing, and is for the full parser. */
const readByFullParser = (body: string) => read(`${body}<!-- -->`)

describe('what is plain', () => {
  test('is what QuickBooks writes, and means what the full parser says', () => {
    expect(walkPlainXml(whole, NOBODY)).toBe(true)
    expect(walkPlainXml(`${whole}<!-- -->`, NOBODY)).toBe(false)
    expect(read(whole)).toEqual(readByFullParser(whole))
    const lines = whole.replaceAll('\n', '\r\n').replaceAll('><', '>\r\n\t<')
    expect(walkPlainXml(lines, NOBODY)).toBe(true)
    expect(read(lines)).toEqual(readByFullParser(lines))
  })

  test('ten thousand answers, each spoiled somewhere, mean what the full parser says', () => {
    const random = new Random(7)
    const pieces = [
      '<',
      '>',
      '&',
      ';',
      '"',
      "'",
      '/',
      '=',
      ' ',
      '\r',
      '\n',
      ']]>',
      '&#13;',
      '&lt;',
      '&#0;',
      '<a/>',
      'é',
      '\u0085',
    ]
    const more = [
      '<b c="1" c="2"/>',
      '<b c = "1"/>',
      '<!-- -->',
      '<![CDATA[x]]>',
      '<?x?>',
      '\u{1F600}',
      '\uFFFE',
      '&#xD800;',
    ]
    const all = [...pieces, ...more]
    let plain = 0
    for (let round = 0; round < 10_000; round += 1) {
      const at = random.int(0, whole.length)
      const spoiled = whole.slice(0, at) + random.pick(all) + whole.slice(at + random.int(0, 2))
      if (!walkPlainXml(spoiled, NOBODY)) continue
      plain += 1
      expect(read(spoiled)).toEqual(readByFullParser(spoiled))
    }
    expect(plain).toBeGreaterThan(1_000)
  })
})
