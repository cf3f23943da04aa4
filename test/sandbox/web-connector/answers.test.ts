import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Office } from './office.ts'
import type { Answer } from './played-service.ts'

let office: Office
beforeEach(async () => {
  office = await Office.ready()
})
afterEach(() => office.close())

const greeting = ['serverVersion', 'clientVersion', 'authenticate']
const xml = (body: string, status = 200): Answer => ({ status, contentType: 'text/xml; charset=utf-8', body })

describe('what the Web Connector makes of an answer', () => {
  test.each<[Answer, string, string, string[]]>([
    [['', 'nvu'], 'not-authenticated', 'Not authenticated', []],
    [['t', 'none'], 'no-work', 'No data exchange required', ['closeConnection']],
    [['t', 'NONE'], 'no-work', 'No data exchange required', ['closeConnection']],
    [['t', 'busy'], 'busy', 'Application is busy', ['closeConnection']],
    [['t', '', '90'], 'postponed', 'Update postponed by application', ['closeConnection']],
  ])('authenticate %j ends the session before QuickBooks is opened: %s', async (answer, outcome, status, after) => {
    office.service.say('authenticate', answer)
    expect(await office.run()).toMatchObject({ outcome, status, roundTrips: 0 })
    expect(office.service.calls).toEqual([...greeting, ...after])
    expect(office.quickBooks.opened).toEqual([])
  })

  test('a path from authenticate is the company file to open', async () => {
    office.service.say('authenticate', ['t', 'D:\\Books\\Other.qbw', '', ''])
    await office.run()
    expect(office.quickBooks.opened).toEqual(['D:\\Books\\Other.qbw'])
  })

  test.each<[string, boolean, string, string]>([
    ['E:Please take a newer one', true, 'refused-version', 'Please take a newer one'],
    ['W:Old, but it works', true, 'finished', 'Finished: 1 document'],
    ['W:Old', false, 'refused-version', 'Update cancelled by the user: Old'],
    ['O:2.1', true, 'finished', 'Finished: 1 document'],
  ])('clientVersion %j, with the user saying %s, comes to %s', async (answer, accepts, outcome, status) => {
    office.service.say('clientVersion', answer)
    office.sandbox.settings.change({ webConnectorAcceptsWarning: accepts })
    expect(await office.run()).toMatchObject({ outcome, status })
  })

  test('a service that knows neither serverVersion nor clientVersion is spoken to all the same', async () => {
    const page: Answer = { status: 404, contentType: 'text/html', body: 'not here' }
    office.service.say('serverVersion', page)
    office.service.say('clientVersion', page)
    expect(await office.run()).toMatchObject({ outcome: 'finished' })
  })

  test('nothing to send and NoOp: it waits, and asks again without host, company and preferences', async () => {
    office.service.say('sendRequestXML', '', '<QBXML/>')
    office.service.say('getLastError', 'NoOp')
    expect(await office.run()).toMatchObject({ outcome: 'finished', roundTrips: 1 })
    expect(office.service.calls.slice(3)).toEqual([
      ...['sendRequestXML', 'getLastError', 'sendRequestXML', 'receiveResponseXML', 'closeConnection'],
    ])
    expect(office.service.bodies('sendRequestXML')[1]).toContain('<strHCPResponse />')
  })

  test('nothing to send and a text: the text is shown, and stays whatever closeConnection says', async () => {
    office.service.say('sendRequestXML', '')
    office.service.say('getLastError', 'The company file is another one.')
    const summary = await office.run()
    expect(summary).toMatchObject({ outcome: 'error-shown', status: 'The company file is another one.', roundTrips: 0 })
    expect(office.service.calls.slice(3)).toEqual(['sendRequestXML', 'getLastError', 'closeConnection'])
  })

  test('a negative number from receiveResponseXML has it ask what went wrong', async () => {
    office.service.say('receiveResponseXML', -1)
    expect(await office.run()).toMatchObject({ outcome: 'error-shown', status: 'That went wrong.' })
    expect(office.service.calls.slice(3)).toEqual([
      ...['sendRequestXML', 'receiveResponseXML', 'getLastError', 'closeConnection'],
    ])
  })

  test('NoOp from sendRequestXML crashes it: nothing more is called', async () => {
    office.service.say('sendRequestXML', 'NoOp')
    expect(await office.run()).toMatchObject({ outcome: 'crashed' })
    expect(office.service.calls.at(-1)).toBe('sendRequestXML')
  })

  test('QuickBooks that cannot be opened is reported, and another file is tried once', async () => {
    const error = { hresult: '0x8004040A', message: 'Another file is open.' }
    office.quickBooks.openErrors = [error, error, error]
    office.service.say('connectionError', 'E:\\Second.qbw')
    office.service.say('closeConnection', '')
    expect(await office.run()).toMatchObject({ outcome: 'quickbooks-refused', status: 'Another file is open.' })
    expect(office.quickBooks.opened).toEqual(['', 'E:\\Second.qbw'])
    expect(office.service.calls.slice(3)).toEqual(['connectionError', 'connectionError', 'closeConnection'])
    expect(office.service.bodies('connectionError')[0]).toContain(
      '<hresult>0x8004040A</hresult><message>Another file is open.</message></connectionError>',
    )
  })

  test('a file named by connectionError that opens is worked with', async () => {
    office.quickBooks.openErrors = [{ hresult: '0x80040408', message: 'Could not start QuickBooks.' }]
    office.service.say('connectionError', 'E:\\Second.qbw')
    expect(await office.run()).toMatchObject({ outcome: 'finished', roundTrips: 1 })
  })

  test('done after connectionError: the words of closeConnection are shown', async () => {
    office.quickBooks.openErrors = [{ hresult: '0x80040408', message: 'Could not start QuickBooks.' }]
    office.service.say('closeConnection', 'QuickBooks is closed. Open it, then try again.')
    const status = 'QuickBooks is closed. Open it, then try again.'
    expect(await office.run()).toMatchObject({ outcome: 'quickbooks-refused', status })
    expect(office.service.calls.slice(3)).toEqual(['connectionError', 'closeConnection'])
  })

  test.each<[string, Answer, string]>([
    ['a page of HTML', { status: 200, contentType: 'text/html', body: '<p>' }, "type of 'text/html'"],
    ['a status', { status: 413, contentType: 'text/plain', body: '' }, 'HTTP status 413: Payload Too Large.'],
    ['text that is cut off', xml('<a><b>'), 'not well-formed XML'],
    ['a document type', xml('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), 'DTD is prohibited'],
    ['no answer to the question', xml('<a/>'), 'there is no sendRequestXMLResponse'],
    [
      'a SOAP fault',
      xml(
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault><faultcode>e:Server</faultcode>' +
          '<faultstring>Out of order &amp; closed</faultstring></e:Fault></e:Body></e:Envelope>',
        500,
      ),
      'Out of order & closed',
    ],
  ])('%s is a failed call, shown in the status column, and the connection is closed', async (_, answer, words) => {
    office.service.say('sendRequestXML', answer)
    const summary = await office.run()
    expect(summary).toMatchObject({ outcome: 'call-failed', status: expect.stringContaining('QBWC1041') })
    expect(summary.status).toContain(words)
    expect(office.service.calls.slice(3)).toEqual(['sendRequestXML', 'closeConnection'])
  })

  test('an answer in a namespace of its own is not understood', async () => {
    const body =
      '<s:Body><receiveResponseXMLResponse><receiveResponseXMLResult>100</receiveResponseXMLResult></receiveResponseXMLResponse></s:Body>'
    office.service.say(
      'receiveResponseXML',
      xml(`<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">${body}</s:Envelope>`),
    )
    expect(await office.run()).toMatchObject({ outcome: 'call-failed', status: expect.stringContaining('QBWC1042') })
  })

  test('a service that does not answer in time is given up', async () => {
    office.sandbox.settings.change({ webConnectorCallTimeoutSeconds: 0.2 })
    office.service.say('receiveResponseXML', 'never')
    const status = 'QBWC1042: ReceiveResponseXML failed. The operation has timed out'
    expect(await office.run()).toMatchObject({ outcome: 'call-failed', status })
    expect(office.service.calls.at(-1)).toBe('closeConnection')
  })

  test('a service that is not there cannot be signed in to', async () => {
    await office.ask('/web-connector/applications/till', { method: 'PATCH', body: { url: 'http://127.0.0.1:1/gone' } })
    const status =
      'QBWC1012: Authentication failed due to following error message. Unable to connect to the remote server'
    expect(await office.run()).toMatchObject({ outcome: 'call-failed', status, ticket: '' })
  })
})
