import { describe, expect, test } from '@jest/globals'
import { lift } from '../../src/web-connector/long-text.ts'
import { envelopeOf } from './office.ts'

const callWith = (response: string) =>
  envelopeOf('receiveResponseXML', { ticket: 'the-ticket', response, hresult: '', message: '' })

describe('the answer in a call', () => {
  test('is taken out, and a token stands where it stood', () => {
    const response = '<QBXML a="1">Müller &amp; Søn &lt;O\'Hara&gt;\r\n</QBXML>'
    const call = callWith(response).replaceAll('\r', '&#xD;').replaceAll('"1"', '&quot;1&quot;')
    const lifted = lift(call)
    expect(lifted?.text).toBe(response)
    expect(lifted?.body).toBe(callWith(lifted?.token ?? ''))
  })

  test.each([
    ['is empty', callWith('')],
    ['names a character in another way', callWith('x').replace('>x<', '>&#233;<')],
    ['names an entity that nobody defined', callWith('x').replace('>x<', '>&bomb;<')],
    ['holds elements', callWith('x').replace('>x<', '>x<b/><')],
    ['is cut off', callWith('<QBXML/>').slice(0, -120)],
    ['stands beside a comment', callWith('x').replace('<ticket>', '<!-- <response>y</response> --><ticket>')],
    ['stands in a section of its own', callWith('x').replace('>x<', '><![CDATA[x]]><')],
    ['comes twice', callWith('x').replace('</response>', '</response><response>y</response>')],
    ['is none', envelopeOf('serverVersion', {})],
  ])('that %s is left to the parser', (_, call) => {
    expect(lift(call)).toBeNull()
  })
})
