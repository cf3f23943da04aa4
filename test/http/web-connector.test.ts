import { afterEach, describe, expect, test } from '@jest/globals'
import { pino } from 'pino'
import { openMetrics } from '../../src/http/metrics.ts'
import { type HttpServer, startHttpServer } from '../../src/http/server.ts'

let server: HttpServer
afterEach(() => server.close())

async function start(args: Partial<Parameters<typeof startHttpServer>[0]>): Promise<void> {
  server = await startHttpServer({
    api: null,
    metrics: openMetrics({ postingsByState: async () => [], now: () => new Date('2026-03-01T12:00:00Z') }),
    readiness: async () => ({ trouble: null, crm: { state: 'UP', checkedAt: null, detail: null } }),
    host: '127.0.0.1',
    port: 0,
    log: pino({ level: 'silent' }),
    ...args,
  })
}

const echo: NonNullable<Parameters<typeof startHttpServer>[0]['webConnector']> = async (request, response) => {
  response.end(`${request.method} ${request.ip}`)
}
const text = async (headers: Record<string, string> = {}) =>
  (await fetch(`${server.url}/web-connector`, { headers })).text()

describe('the door of the Web Connector in the server', () => {
  test('is not there where no QuickBooks Desktop calls', async () => {
    await start({})
    expect((await fetch(`${server.url}/web-connector`)).status).toBe(404)
  })

  test('is there beside the rest, counted under its own name, and safe from being framed or sniffed', async () => {
    await start({ webConnector: echo })
    const response = await fetch(`${server.url}/web-connector?wsdl`, { method: 'POST', body: 'x' })
    expect([response.status, response.headers.get('x-content-type-options')]).toEqual([200, 'nosniff'])
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    expect(metrics).toContain(
      'countersign_http_request_seconds_count{route="/web-connector",method="POST",status="200"} 1',
    )
  })

  test('believes nobody about the address of the caller, unless a proxy is trusted', async () => {
    const forwarded = { 'x-forwarded-for': '203.0.113.7' }
    await start({ webConnector: echo })
    expect(await text(forwarded)).toBe('GET 127.0.0.1')
    await server.close()
    await start({ webConnector: echo, trustedProxy: 'loopback' })
    expect(await text(forwarded)).toBe('GET 203.0.113.7')
    expect(await text()).toBe('GET 127.0.0.1')
  })

  test('one that fails is answered without its cause', async () => {
    await start({ webConnector: () => Promise.reject(new Error('the secret cause')) })
    const response = await fetch(`${server.url}/web-connector`)
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret')
  })
})
