import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type RunningSandbox, startSandbox } from '../spawn.ts'

let sandbox: RunningSandbox
beforeAll(async () => {
  sandbox = await startSandbox({ world: 'incident', seed: 1 })
})
afterAll(() => sandbox.stop())

describe('QuickBooks Desktop in the sandbox’s process', () => {
  test('shows its books at the control port, beside those of QuickBooks Online', async () => {
    const tables = await sandbox.fetchControl<Record<string, number>>('/tables')
    expect(tables['quickbooksDesktop.invoices']).toBe(tables['qbo.Invoice'])
    const [online] = await sandbox.fetchControl<{ DocNumber: string }[]>('/records/qbo.Invoice')
    const found = await sandbox.fetchControl<{ RefNumber: string }[]>(
      `/records/quickbooksDesktop.invoices?RefNumber=${online?.DocNumber}`,
    )
    expect(found.map(({ RefNumber }) => RefNumber)).toEqual([online?.DocNumber])
  })

  test('takes its switches and its faults over the control port', async () => {
    await sandbox.fetchControl('/settings', { method: 'PATCH', body: { quickBooksDesktopState: 'modal-dialog' } })
    const rule = { system: 'quickbooks-desktop', operation: 'InvoiceAdd', fault: { kind: 'status', status: 3175 } }
    await sandbox.fetchControl('/faults', { method: 'POST', body: rule })
    expect(await sandbox.fetchControl('/faults')).toMatchObject([{ ...rule, matched: 0, fired: 0 }])
    expect(await sandbox.fetchControl('/settings')).toMatchObject({ quickBooksDesktopState: 'modal-dialog' })
  })
})
