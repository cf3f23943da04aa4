import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { LoggedRequest } from '../../../src/sandbox/request-log.ts'
import { Office } from './office.ts'

let office: Office
beforeEach(async () => {
  office = await Office.ready()
  office.service.say('sendRequestXML', '<QBXML>1</QBXML>', '', '<QBXML>2</QBXML>')
  office.service.say('getLastError', 'NoOp')
  office.service.say('receiveResponseXML', 50, 100)
  office.service.say('connectionError', '')
  office.quickBooks.openErrors = [{ hresult: '0x80040414', message: 'A dialog is open.' }]
})
afterEach(() => office.close())

/** A session that calls every method once at least, in the order in which it does. */
const whole = [
  ...['serverVersion', 'clientVersion', 'authenticate', 'connectionError', 'sendRequestXML', 'receiveResponseXML'],
  ...['sendRequestXML', 'getLastError', 'sendRequestXML', 'receiveResponseXML', 'closeConnection'],
]
const upTo = (method: string) => whole.slice(0, whole.indexOf(method) + 1)

describe('the Web Connector is ended', () => {
  test('or not: a session that nobody cuts', async () => {
    expect(await office.run()).toMatchObject({ outcome: 'finished', calls: 11, roundTrips: 2 })
    expect(office.service.calls).toEqual(whole)
  })

  describe.each([...new Set(whole)])('at %s', (method) => {
    test('before it calls: the service hears nothing more', async () => {
      await office.order(method, { kind: 'cut', when: 'before' })
      expect(await office.run()).toMatchObject({ outcome: 'cut', status: 'The Web Connector was ended' })
      expect(office.service.calls).toEqual(upTo(method).slice(0, -1))
    })

    test('when the call is under way: the service has heard it, and its answer is not read', async () => {
      office.service.say(method, 'never')
      await office.order(method, { kind: 'cut', when: 'sent', seconds: 0.05 })
      expect(await office.run()).toMatchObject({ outcome: 'cut' })
      expect(office.service.calls).toEqual(upTo(method))
    })

    test('when the answer is in its hands: it acts on it no more', async () => {
      await office.order(method, { kind: 'cut', when: 'after' })
      expect(await office.run()).toMatchObject({ outcome: 'cut' })
      expect(office.service.calls).toEqual(upTo(method))
    })
  })

  test('before QuickBooks was given the request, or after it has done its work', async () => {
    await office.order('processRequest', { kind: 'cut', when: 'before' })
    expect(await office.run()).toMatchObject({ outcome: 'cut', roundTrips: 1 })
    expect(office.quickBooks.processed).toEqual([])
    office.service.say('sendRequestXML', '<QBXML>1</QBXML>')
    await office.order('processRequest', { kind: 'cut', when: 'after' })
    expect(await office.run()).toMatchObject({ outcome: 'cut', roundTrips: 1 })
    expect(office.quickBooks.processed).toEqual(['<QBXML>1</QBXML>'])
    expect(office.service.calls).not.toContain('receiveResponseXML')
    expect(office.service.calls).not.toContain('closeConnection')
  })

  test('and comes back: the next session is a whole one', async () => {
    await office.order('receiveResponseXML', { kind: 'cut' })
    await office.run()
    expect(await office.run()).toMatchObject({ outcome: 'finished' })
  })
})

describe('a fault of QuickBooks that was ordered', () => {
  test('refuses to open: the service is told the number and the usual sentence', async () => {
    office.quickBooks.openErrors = []
    await office.order('openQuickBooks', { kind: 'hresult', code: '0x80040422' })
    await office.run()
    expect(office.service.bodies('connectionError')[0]).toContain(
      '<hresult>0x80040422</hresult><message>This application requires Single User file access mode.</message>',
    )
  })

  test.each([
    ['before', 0],
    ['after', 1],
  ])('in place of an answer, %s the work: an empty response', async (when, done) => {
    await office.order('processRequest', { kind: 'hresult', code: '0x80040400', message: 'odd', when })
    await office.run()
    expect(office.service.bodies('receiveResponseXML')[0]).toContain(
      '<response /><hresult>0x80040400</hresult><message>odd</message>',
    )
    expect(office.quickBooks.processed).toHaveLength(done + 1)
  })

  test('at receiveResponseXML: the work is done, and the answer is lost on the way', async () => {
    await office.order('receiveResponseXML', { kind: 'hresult', code: '0x80040402' })
    await office.run()
    expect(office.service.bodies('receiveResponseXML')[0]).toContain('<response /><hresult>0x80040402</hresult>')
    expect(office.quickBooks.processed).toHaveLength(2)
  })
})

describe('a call that fails as ordered', () => {
  test('timed out: the service has been asked, and the connection is closed', async () => {
    await office.order('receiveResponseXML', { kind: 'timeout' })
    const status = 'QBWC1042: ReceiveResponseXML failed. The operation has timed out'
    expect(await office.run()).toMatchObject({ outcome: 'call-failed', status })
    expect(office.service.calls).toEqual([...upTo('receiveResponseXML'), 'closeConnection'])
  })

  test('timed out before: the service was never asked', async () => {
    await office.order('receiveResponseXML', { kind: 'timeout', when: 'before' })
    expect(await office.run()).toMatchObject({ outcome: 'call-failed' })
    expect(office.service.calls).toEqual([...upTo('sendRequestXML'), 'closeConnection'])
  })

  test.each([
    ['before', upTo('sendRequestXML').slice(0, -1)],
    ['after', upTo('sendRequestXML')],
  ])('a proxy answers instead, %s the service was asked', async (when, heard) => {
    await office.order('sendRequestXML', { kind: 'status', status: 502, when })
    const status = 'QBWC1041: SendRequestXML failed. The request failed with HTTP status 502: Ordered.'
    expect(await office.run()).toMatchObject({ outcome: 'call-failed', status })
    expect(office.service.calls).toEqual([...heard, 'closeConnection'])
  })

  test('a delay is a delay', async () => {
    await office.order('sendRequestXML', { kind: 'delay', seconds: 0.2 })
    const { outcome, durationMs } = await office.run()
    expect([outcome, durationMs > 200]).toEqual(['finished', true])
  })
})

describe('the witness', () => {
  test('has every step with its ticket, status, time and fault', async () => {
    await office.order('closeConnection', { kind: 'cut', when: 'after' })
    await office.run()
    const { json } = await office.ask('/log?system=web-connector&method=POST')
    const steps = json as LoggedRequest[]
    const whatFor = steps.map(({ detail }) => detail?.operation)
    const round = ['sendRequestXML', 'processRequest', 'receiveResponseXML']
    expect(whatFor).toEqual([
      ...['serverVersion', 'clientVersion', 'authenticate', 'openQuickBooks', 'connectionError', 'openQuickBooks'],
      ...[...round, 'sendRequestXML', 'getLastError', ...round, 'closeConnection'],
    ])
    expect(steps.at(-1)).toMatchObject({
      ...{ system: 'web-connector', path: office.service.url, status: 200, answeredAt: expect.any(String) },
      detail: {
        ...{ operation: 'closeConnection', user: 'till', ticket: 'ticket-1', ms: expect.any(Number) },
        fault: { kind: 'cut', when: 'after' },
      },
    })
  })
})
