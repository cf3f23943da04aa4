import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { checkRequest } from '../../../src/ledgers/quickbooks-desktop/check-request.ts'
import { escapeXml, toLatin1 } from '../../../src/ledgers/quickbooks-desktop/latin1.ts'
import { messageSet } from '../../../src/ledgers/quickbooks-desktop/message-set.ts'
import { type Element, readAnswer } from '../../../src/ledgers/quickbooks-desktop/read-xml.ts'
import { REQUESTS, type RequestName } from '../../../src/ledgers/quickbooks-desktop/schema/requests.ts'
import type { Values } from '../../../src/ledgers/quickbooks-desktop/values.ts'
import { writeRequest } from '../../../src/ledgers/quickbooks-desktop/write-xml.ts'
import { BROKEN } from './broken-requests.ts'
import { valuesOf } from './generated.ts'

const NAMES = Object.keys(REQUESTS) as RequestName[]

describe('the check of a request', () => {
  test.each(BROKEN)('$what is found, with its field', ({ name, values, problem }) => {
    expect(checkRequest({ name, values, version: 13 })).toEqual([expect.stringMatching(problem)])
  })

  test('all that is wrong is named at once', () => {
    const values: Values = {
      CustomerAdd: { Name: 'Ж'.repeat(3), Phone: '1'.repeat(22), Nickname: 'x', Email: ['a', 'b'] },
    }
    expect(checkRequest({ name: 'CustomerAdd', values, version: 13 })).toEqual([
      'CustomerAdd, Name has characters that QuickBooks Desktop cannot store: Ж',
      'CustomerAdd, Phone has 22 characters, 21 are allowed',
      'CustomerAdd, Email stands 2 times',
      'CustomerAdd, Nickname is not an element that QuickBooks knows here',
    ])
  })

  test('one alternative excludes the others', () => {
    const values: Values = {
      InvoiceAdd: { CustomerRef: { ListID: '1' }, InvoiceLineAdd: [{ Rate: '1', RatePercent: '2' }] },
    }
    expect(checkRequest({ name: 'InvoiceAdd', values, version: 13 })).toEqual([
      'InvoiceAdd, InvoiceLineAdd, RatePercent cannot stand beside Rate',
    ])
  })

  test('what is younger than the QuickBooks it goes to is left out and not judged; a younger request is refused', () => {
    const values: Values = { CustomerAdd: { Name: 'Alder', Cc: 'x'.repeat(2000) } }
    expect(checkRequest({ name: 'CustomerAdd', values, version: 11 })).toEqual([])
    expect(writeRequest({ name: 'CustomerAdd', values, version: 11 })).not.toContain('Cc')
    expect(checkRequest({ name: 'CustomerAdd', values, version: 12 })).toHaveLength(1)
    expect(checkRequest({ name: 'TxnDeletedQuery', values: { TxnDelType: ['Invoice'] }, version: 1.1 })).toEqual([
      'TxnDeletedQuery needs qbXML 2, this QuickBooks speaks 1.1',
    ])
  })

  test('whatever stands in a text, its writing never breaks out of its element', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (hostile) => {
        const values: Values = { CustomerAdd: { Name: 'A', Notes: hostile } }
        const problems = checkRequest({ name: 'CustomerAdd', values, version: 13 })
        const write = () => writeRequest({ name: 'CustomerAdd', values, version: 13 })
        if (toLatin1(hostile).refused.length > 0) {
          expect(problems).toHaveLength(1)
          expect(write).toThrow(RangeError)
        } else {
          expect(problems).toEqual([])
          expect(write().match(/<[^>]*>/g)).toEqual(write().match(/<\/?(CustomerAddRq|CustomerAdd|Name|Notes)>/g))
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('what is written can be read', () => {
  test.each(NAMES)('%s comes back element by element, in the order of the table, its texts in Latin-1', (name) => {
    fc.assert(
      fc.property(valuesOf(REQUESTS[name].parts), (values) => {
        const request = writeRequest({ name, values, version: 13 })
        // The reader knows answers only: a request is dressed up as one.
        const body = messageSet({ requests: [request], version: 13 }).replaceAll('QBXMLMsgsRq', 'QBXMLMsgsRs')
        const read = readAnswer({ body, read: (element) => element })
        if (read.kind === 'unreadable') throw new Error(read.detail)
        const again = read.responses[0]!.found.map(written).join('')
        expect(again).toBe(request.replace(/^<\w+>|<\/\w+>$/g, '').replace(/>[^<]*</g, trimmed))
      }),
      { numRuns: 100 },
    )
  })
})

const trimmed = (text: string) => `>${text.slice(1, -1).replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')}<`

function written({ name, text, of }: Element): string {
  return `<${name}>${of.length > 0 ? of.map(written).join('') : escapeXml(text)}</${name}>`
}
