import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Office } from './office.ts'

let office: Office
beforeEach(async () => {
  office = await Office.ready()
})
afterEach(() => office.close())

const emptyBody = (call: string) =>
  '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" ' +
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">' +
  `<soap:Body>${call}</soap:Body></soap:Envelope>`

describe('the habits of the Web Connector on the wire', () => {
  test('a session goes in the one order, and says in its summary what it did', async () => {
    office.service.say('receiveResponseXML', 30, 60, 100)
    const summary = await office.run()
    expect(office.service.calls).toEqual([
      ...['serverVersion', 'clientVersion', 'authenticate'],
      ...['sendRequestXML', 'receiveResponseXML', 'sendRequestXML', 'receiveResponseXML'],
      ...['sendRequestXML', 'receiveResponseXML', 'closeConnection'],
    ])
    expect(summary).toEqual({
      ...{ outcome: 'finished', status: 'Finished: 1 document', ticket: 'ticket-1', calls: 10, roundTrips: 3 },
      durationMs: expect.any(Number),
    })
    expect(office.quickBooks.opened).toEqual([''])
    expect(office.quickBooks.processed).toEqual(Array(3).fill('<QBXML>ask</QBXML>'))
  })

  test('each call has a quoted SOAPAction, the content type of SOAP 1.1, its length, and waits to be let in', async () => {
    await office.run()
    for (const { method, headers } of office.service.heard) {
      expect(headers).toMatchObject({
        soapaction: `"http://developer.intuit.com/${method}"`,
        'content-type': 'text/xml; charset=utf-8',
        'content-length': expect.stringMatching(/^\d+$/),
        expect: '100-continue',
      })
    }
  })

  test('a proxy that never says Continue is sent the body all the same', async () => {
    office.service.saysContinue = false
    expect(await office.run()).toMatchObject({ outcome: 'finished' })
  })

  test('parameters come in the order of the service description, and an empty string as an empty element', async () => {
    office.service.say('receiveResponseXML', 50, 100)
    await office.run()
    const { service } = office
    expect(service.bodies('serverVersion')).toEqual([
      emptyBody('<serverVersion xmlns="http://developer.intuit.com/" />'),
    ])
    expect(service.bodies('authenticate')[0]).toContain(
      '<authenticate xmlns="http://developer.intuit.com/"><strUserName>till</strUserName><strPassword>open sesame</strPassword>',
    )
    const file = '<strCompanyFileName>C:\\Books\\Riverside &amp; Sons.qbw</strCompanyFileName>'
    const version = '<qbXMLMajorVers>13</qbXMLMajorVers><qbXMLMinorVers>0</qbXMLMinorVers></sendRequestXML>'
    const [first, second] = service.bodies('sendRequestXML')
    expect(first).toContain(
      `<ticket>ticket-1</ticket><strHCPResponse>&lt;QBXML&gt;&lt;HostRet/&gt;&lt;/QBXML&gt;</strHCPResponse>${file}` +
        `<qbXMLCountry>US</qbXMLCountry>${version}`,
    )
    expect(second).toContain(
      `<ticket>ticket-1</ticket><strHCPResponse />${file}<qbXMLCountry>US</qbXMLCountry>${version}`,
    )
    expect(service.bodies('receiveResponseXML')[0]).toContain(
      '<response>&lt;QBXML&gt;answer 1&lt;/QBXML&gt;</response><hresult /><message /></receiveResponseXML>',
    )
  })

  test('a fault of QuickBooks is handed in as an empty response with its number and words', async () => {
    office.quickBooks.answer = { hresult: '0x80040400', message: 'cannot parse' }
    await office.run()
    expect(office.service.bodies('receiveResponseXML')[0]).toContain(
      '<ticket>ticket-1</ticket><response /><hresult>0x80040400</hresult><message>cannot parse</message>',
    )
  })

  test('line ends and characters outside of ASCII arrive as they were', async () => {
    office.quickBooks.answer = { response: '<A>\r\nZoë ½ & 日本</A>' }
    await office.run()
    expect(office.service.bodies('receiveResponseXML')[0]).toContain(
      '<response>&lt;A&gt;&#xD;\nZoë ½ &amp; 日本&lt;/A&gt;</response>',
    )
  })

  test('calls share one line, and one that the service lets go of between two calls is no failure', async () => {
    office.service.letsGoAt = 4
    expect(await office.run()).toMatchObject({ outcome: 'finished', calls: 6 })
    expect(office.service.calls).toHaveLength(6)
    expect(office.service.letsGoAt).toBeNull()
  })

  test('an answer of many megabytes is carried whole', async () => {
    const large = `<QBXML>${'<Name>Ann &amp; Bob</Name>'.repeat(400_000)}</QBXML>`
    office.service.say('sendRequestXML', large)
    office.quickBooks.answer = { response: large }
    expect(await office.run()).toMatchObject({ outcome: 'finished' })
    expect(office.quickBooks.processed[0] === large).toBe(true)
    expect(office.service.bodies('receiveResponseXML')[0]?.length).toBeGreaterThan(large.length)
  })
})
