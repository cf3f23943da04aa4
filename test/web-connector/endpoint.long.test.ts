import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { envelopeOf, HCP, type Office, openOffice, post } from './office.ts'

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.close())

const faultIn = (text: string) => /<soap:Fault>.*<faultstring>([\s\S]*)<\/faultstring>/.exec(text)?.[1]

describe('the door of the Web Connector', () => {
  test('an answer of 50 MB passes, with every blank in it', async () => {
    office.box.requests = ['<QBXML/>']
    const [ticket] = await office.signIn()
    await office.ask(ticket, { hcp: HCP })
    const row = '<Row>Müller  &  Søn \n</Row>'
    const response = row.repeat(Math.ceil(40_000_000 / row.length))
    const body = envelopeOf('receiveResponseXML', { ticket, response, hresult: '', message: '' })
    expect(body.length).toBeGreaterThan(50_000_000)
    const reply = await post({ url: office.url, body, action: 'receiveResponseXML' })
    expect(reply.text).toContain('<receiveResponseXMLResult>100</receiveResponseXMLResult>')
    expect(office.box.answers.at(-1)?.response === response).toBe(true)
  }, 60_000)
})

describe('a bad request', () => {
  test.each([
    ['says how long it is', true],
    ['comes in chunks', false],
  ])(
    'of 200 MB that %s is refused in words, and never held whole',
    async (_, told) => {
      const part = Buffer.alloc(1_000_000, 'x')
      const before = process.memoryUsage().rss
      let most = 0
      const watch = setInterval(() => {
        most = Math.max(most, process.memoryUsage().rss)
      }, 20)
      let sent = 0
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (sent === 200) return controller.close()
          sent += 1
          controller.enqueue(part)
        },
      })
      const headers = { 'content-type': 'text/xml', ...(told ? { 'content-length': '200000000' } : {}) }
      const response = await fetch(`${office.url}/web-connector`, { method: 'POST', body, headers, duplex: 'half' })
      clearInterval(watch)
      expect(response.status).toBe(500)
      expect(faultIn(await response.text())).toBe('The request is larger than 64 MB: ask QuickBooks for less at once.')
      expect(most - before).toBeLessThan(150_000_000)
    },
    60_000,
  )
})
