import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { envelopeOf, HCP, type Office, openOffice, post, raw } from './office.ts'

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.close())

const faultIn = (text: string) => /<soap:Fault>.*<faultstring>([\s\S]*)<\/faultstring>/.exec(text)?.[1]

describe('the door of the Web Connector', () => {
  test('GET answers 200 to whoever looks whether it is there, and ?wsdl describes every method with its address', async () => {
    for (const path of ['/web-connector', '/web-connector?support', '/web-connector/']) {
      expect((await fetch(`${office.url}${path}`)).status).toBe(200)
    }
    const response = await fetch(`${office.url}/web-connector?WSDL`)
    expect(response.headers.get('content-type')).toContain('text/xml')
    const text = await response.text()
    expect(text).toContain('location="https://books.example.com/web-connector"')
    expect(text.match(/soapAction="http:\/\/developer\.intuit\.com\/\w+"/g)).toHaveLength(11)
  })

  test('a request as the real client sends it is read: quoted action, empty elements, Expect: 100-continue', async () => {
    const body = envelopeOf('authenticate', { strUserName: '', strPassword: '' })
    const head = [
      'POST /web-connector HTTP/1.1',
      'User-Agent: Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319.42000)',
      'Content-Type: text/xml; charset=utf-8',
      'SOAPAction: "http://developer.intuit.com/authenticate"',
      `Host: 127.0.0.1`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Expect: 100-continue',
      '',
      '',
    ].join('\r\n')
    expect(await raw({ url: office.url, text: head })).toMatch(/^HTTP\/1\.1 100 Continue/)
    const reply = await post({ url: office.url, body, action: 'authenticate' })
    expect([reply.status, reply.type]).toEqual([200, 'text/xml; charset=utf-8'])
    expect(reply.text).toMatch(
      /<authenticateResult><string>[\w-]{36}<\/string><string>nvu<\/string><\/authenticateResult>/,
    )
  })

  test('what a person would be asked in a browser is refused', async () => {
    expect(await office.call('getInteractiveURL', { wcTicket: 'x', sessionID: 'y' })).toEqual([''])
    expect((await office.call('interactiveRejected', { wcTicket: 'x', reason: 'y' }))[0]).toMatch(/nothing to ask/)
    expect(await office.call('interactiveDone', { wcTicket: 'x' })).toEqual(['Done'])
  })

  test('the body says which method is called, whatever the header says', async () => {
    const reply = await post({ url: office.url, body: envelopeOf('serverVersion', {}), action: 'closeConnection' })
    expect(reply.text).toContain('<serverVersionResult>Countersign 1</serverVersionResult>')
  })
})

describe('a bad request', () => {
  const good = envelopeOf('serverVersion', {})
  const bomb =
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>' +
    good.slice(good.indexOf('<soap')).replace('<serverVersion', '<!-- &b; --><serverVersion')

  test.each([
    ['is cut off within an element', good.slice(0, -30), /damaged or cut off/],
    ['is cut off before the call', good.slice(0, 120), /no SOAP envelope, or it is cut off/],
    ['is empty', '', /no SOAP envelope/],
    ['is JSON', '{"query":"{ hello }"}', /no SOAP envelope/],
    ['has a document type with entities that multiply', bomb, /document type, and entities of its own, are not taken/],
    [
      'has a document type after a comment',
      good.replace('?>', '?><!-- x --><!DOCTYPE y SYSTEM "file:///etc/passwd">'),
      /document type/,
    ],
    [
      'has an entity that nobody defined',
      envelopeOf('clientVersion', { strVersion: 'x' }).replace('>x<', '>&bomb;<'),
      /damaged/,
    ],
    [
      'calls a method that there is not',
      envelopeOf('dropAllTables', { ticket: 'x' }),
      /There is no method dropAllTables/,
    ],
    ['calls a method of every object', envelopeOf('constructor', {}), /There is no method constructor/],
    [
      'is a fault',
      good.replace(/<serverVersion[^>]*\/>/, '<soap:Fault><faultcode>x</faultcode></soap:Fault>'),
      /There is no method Fault/,
    ],
  ])('that %s is answered with a fault that says so', async (_, body, message) => {
    const reply = await post({ url: office.url, body })
    expect([reply.status, reply.type]).toEqual([500, 'text/xml; charset=utf-8'])
    expect(faultIn(reply.text)).toMatch(message)
    expect(reply.text).not.toMatch(/node_modules|at \w+ \(/)
  })

  test('that is compressed is refused: nobody unpacks a bomb', async () => {
    const reply = await post({ url: office.url, body: good, headers: { 'content-encoding': 'gzip' } })
    expect(faultIn(reply.text)).toMatch(/Compressed requests/)
  })

  test('that fails inside is answered with a fault without its cause, which the log has', async () => {
    office.backlog.left = 1
    const [ticket] = await office.signIn()
    office.box.open = () => {
      throw new Error('the secret cause')
    }
    const failure = office.ask(ticket, { hcp: HCP })
    await expect(failure).rejects.toThrow('Something went wrong inside Countersign; its log says more.')
    expect(office.log.join('')).toContain('the secret cause')
  })

  test('with a method of HTTP that is not ours is refused', async () => {
    expect((await fetch(`${office.url}/web-connector`, { method: 'PUT', body: 'x' })).status).toBe(405)
  })
})
