import { afterEach, expect, test } from '@jest/globals'
import { type Access, openAccess } from './access.ts'
import { until } from './serve.ts'

let access: Access

afterEach(() => access?.end())

const TOKEN = { system: 'oauth', path: '/oauth2/v1/tokens/bearer' }

async function expectEachOrderOnce(): Promise<void> {
  const { invoices, orders } = await access.numbers()
  expect(invoices).toEqual(orders)
}

test('a dead QuickBooks token stops the connection, is not tried again and again, and a new one brings everything', async () => {
  access = await openAccess()
  await access.serve({ QUICKBOOKS_REFRESH_TOKEN: 'a-token-that-is-dead' })
  await until(async () => (await access.status()).connections[0]?.state === 'STOPPED', {
    what: 'the connection is stopped',
  })
  const [connection] = (await access.status()).connections
  expect(connection?.stateReason).toMatchObject({ code: 'RECONNECT', remedy: expect.stringContaining('Connect') })
  await until(async () => (await access.status()).postingCounts.length > 0, { what: 'the orders are read' })
  const { postingCounts } = await access.status()
  for (const { key } of postingCounts) expect(key).toBe('PENDING')
  const tries = await access.crm.requests(TOKEN)
  await new Promise((done) => setTimeout(done, 12_000))
  // A dead refresh token does not come back to life: asking Intuit again and again only draws its attention.
  expect((await access.crm.requests(TOKEN)) - tries).toBeLessThanOrEqual(1)
  await access.serveAgain()
  await until(() => access.allProcessed(), { what: 'all orders are processed' })
  await expectEachOrderOnce()
}, 180_000)
