import { afterEach, describe, expect, test } from '@jest/globals'
import { startWireProxy, type WireProxy } from '../contract/wire-proxy.ts'
import { type RunningSandbox, startSandbox } from '../sandbox/spawn.ts'
import { PlayedCrm, pendingOrders } from './played-crm.ts'
import { type Served, serve, until } from './serve.ts'

interface Status {
  crm: { state: string; detail: string | null }
  connections: { state: string; stateReason: { code: string; sentence: string; remedy: string } | null }[]
  postingCounts: { key: string; count: number }[]
}

const ORDERS = 8
const LOGIN = { system: 'creatio', path: '/AuthService.svc/Login' }
const TOKEN = { system: 'oauth', path: '/oauth2/v1/tokens/bearer' }

let sandbox: RunningSandbox
let crm: PlayedCrm
let served: Served | null = null
let wire: WireProxy | null = null

afterEach(async () => {
  await served?.end()
  await wire?.close()
  await sandbox.stop()
  served = null
  wire = null
})

async function open(): Promise<void> {
  sandbox = await startSandbox({ world: 'incident', counts: pendingOrders(ORDERS) })
  crm = new PlayedCrm(sandbox)
}

async function status(): Promise<Status> {
  if (!served) throw new Error('nothing is served')
  const { status: told } = await served.ask<{ status: Status }>(`{
    status {
      crm { state detail }
      connections { state stateReason { code sentence remedy } }
      postingCounts { key count }
    }
  }`)
  return told
}

async function allProcessed(): Promise<boolean> {
  const asked = '{ postingCounts(filter: { kinds: [INVOICE] }) { key count } }'
  const { postingCounts } = (await served?.ask<Pick<Status, 'postingCounts'>>(asked)) ?? { postingCounts: [] }
  return (postingCounts.find(({ key }) => key === 'PROCESSED')?.count ?? 0) >= ORDERS
}

async function expectEachOrderOnce(): Promise<void> {
  const numbers = (await crm.invoices()).map(({ DocNumber }) => String(DocNumber)).sort()
  expect(numbers).toEqual((await crm.orders()).map(({ BGNumberInvoice }) => String(BGNumberInvoice)).sort())
}

describe('a CRM that cannot be reached', () => {
  async function serveOverWire(): Promise<WireProxy> {
    const { hostname, port } = new URL(sandbox.creatio)
    wire = await startWireProxy({ host: hostname, port: Number(port) })
    const url = new URL(sandbox.creatio)
    url.port = String(wire.port)
    await wire.cut()
    served = await serve({ sandbox, settings: { CREATIO_URL: url.href.replace(/\/$/, '') } })
    return wire
  }

  test('at the start is said in the status, and all is posted when it comes', async () => {
    await open()
    const cut = await serveOverWire()
    await until(async () => (await status()).crm.state === 'DOWN', { what: 'the CRM is seen to be down' })
    expect((await status()).crm.detail).toMatch(/CRM|Creatio/)
    expect((await status()).crm.detail).not.toMatch(/undefined|\[object/)
    await cut.mend()
    await until(allProcessed, { what: 'all orders are processed' })
    expect((await status()).crm.state).toBe('UP')
    await expectEachOrderOnce()
  }, 120_000)

  test('midway loses nothing and posts nothing twice', async () => {
    await open()
    await crm.fault({ system: 'creatio', fault: { kind: 'delay', seconds: 0.3 } })
    const cut = await serveOverWire()
    await cut.mend()
    await until(async () => (await crm.invoices()).length > 0, { what: 'the first invoice is posted' })
    await cut.cut()
    await until(async () => (await status()).crm.state === 'DOWN', { what: 'the CRM is seen to be down' })
    await crm.mend()
    await cut.mend()
    await until(allProcessed, { what: 'all orders are processed' })
    await expectEachOrderOnce()
    for (const order of await crm.orders()) {
      expect(await crm.logRow(order)).toEqual({ status: 'Processed', message: '' })
    }
  }, 120_000)
})

test('a wrong password of the CRM is sent once and never again, and the status says what is wrong', async () => {
  await open()
  served = await serve({ sandbox, settings: { CREATIO_PASSWORD: 'not-the-password' } })
  await until(async () => (await status()).crm.state === 'DOWN', { what: 'the CRM is seen to be down' })
  const polls = async () => {
    const asked = '{ jobs { name consecutiveFailures lastRunAt } }'
    const { jobs } = (await served?.ask<{ jobs: { name: string; lastRunAt: string | null }[] }>(asked)) ?? { jobs: [] }
    return jobs.find(({ name }) => name === 'poll')?.lastRunAt ?? ''
  }
  for (let round = 0; round < 3; round++) {
    const before = await polls()
    await until(async () => (await polls()) !== before, { what: 'it has polled once more' })
  }
  expect((await status()).crm.detail).toMatch(/password|sign-in/i)
  expect(served.output()).not.toContain('not-the-password')
  expect(await crm.requests(LOGIN)).toBe(1)
}, 120_000)

test('a dead QuickBooks token stops the connection, is not tried again and again, and a new one brings everything', async () => {
  await open()
  served = await serve({ sandbox, settings: { QUICKBOOKS_REFRESH_TOKEN: 'a-token-that-is-dead' } })
  await until(async () => (await status()).connections[0]?.state === 'STOPPED', { what: 'the connection is stopped' })
  const [connection] = (await status()).connections
  expect(connection?.stateReason).toMatchObject({ code: 'RECONNECT', remedy: expect.stringContaining('Connect') })
  await until(async () => (await status()).postingCounts.length > 0, { what: 'the orders are read' })
  const { postingCounts } = await status()
  for (const { key } of postingCounts) expect(key).toBe('PENDING')
  const tries = await crm.requests(TOKEN)
  await new Promise((done) => setTimeout(done, 12_000))
  // A dead refresh token does not come back to life: asking Intuit again and again only draws its attention.
  expect((await crm.requests(TOKEN)) - tries).toBeLessThanOrEqual(1)
  await served.end()
  served = await serve({ sandbox, again: served })
  await until(allProcessed, { what: 'all orders are processed' })
  await expectEachOrderOnce()
}, 180_000)
