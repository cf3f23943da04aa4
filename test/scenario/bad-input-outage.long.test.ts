import { afterEach, describe, expect, test } from '@jest/globals'
import { type Access, openAccess } from './access.ts'
import { until } from './serve.ts'

let access: Access

afterEach(() => access?.end())

async function expectEachOrderOnce(): Promise<void> {
  const { invoices, orders } = await access.numbers()
  expect(invoices).toEqual(orders)
}

describe('a CRM that cannot be reached', () => {
  test('at the start is said in the status, and all is posted when it comes', async () => {
    access = await openAccess()
    const cut = await access.serveOverWire()
    await until(async () => (await access.status()).crm.state === 'DOWN', { what: 'the CRM is seen to be down' })
    expect((await access.status()).crm.detail).toMatch(/CRM|Creatio/)
    expect((await access.status()).crm.detail).not.toMatch(/undefined|\[object/)
    await cut.mend()
    await until(() => access.allProcessed(), { what: 'all orders are processed' })
    expect((await access.status()).crm.state).toBe('UP')
    await expectEachOrderOnce()
  }, 120_000)

  test('midway loses nothing and posts nothing twice', async () => {
    access = await openAccess()
    await access.crm.fault({ system: 'creatio', fault: { kind: 'delay', seconds: 0.3 } })
    const cut = await access.serveOverWire()
    await cut.mend()
    await until(async () => (await access.crm.invoices()).length > 0, { what: 'the first invoice is posted' })
    await cut.cut()
    await until(async () => (await access.status()).crm.state === 'DOWN', { what: 'the CRM is seen to be down' })
    await access.crm.mend()
    await cut.mend()
    await until(() => access.allProcessed(), { what: 'all orders are processed' })
    await expectEachOrderOnce()
    for (const order of await access.crm.orders()) {
      expect(await access.crm.logRow(order)).toEqual({ status: 'Processed', message: '' })
    }
  }, 120_000)
})
