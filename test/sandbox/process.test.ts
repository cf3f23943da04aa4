import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { type SandboxOptions, type SpawnedSandbox, spawnSandbox } from './spawn.ts'
import { Visitor } from './visitor.ts'

const running: SpawnedSandbox[] = []
const directories: string[] = []
async function start(options: SandboxOptions): Promise<SpawnedSandbox> {
  const sandbox = await spawnSandbox(options)
  running.push(sandbox)
  return sandbox
}
afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.stop()
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true })
})

/** The rows per table; one without rows may not be known yet. */
async function sizes({ fetchControl }: SpawnedSandbox): Promise<Record<string, number>> {
  const tables = await fetchControl<Record<string, number>>('/tables')
  return Object.fromEntries(Object.entries(tables).filter(([, size]) => size > 0))
}

describe("the sandbox's process", () => {
  test('a SIGKILL in the midst of writing loses nothing that was answered', async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'sandbox-kill-'))
    directories.push(dataDirectory)
    const sandbox = await start({ world: 'empty', seed: 3, dataDirectory })
    const visitor = await Visitor.withToken(sandbox.creatio)
    const answered: string[] = []
    const writers = Array.from({ length: 4 }, async () => {
      for (;;) {
        const { status, json } = await visitor.odata('Contact', {}, { method: 'POST', body: { Name: 'Survivor' } })
        expect(status).toBe(201)
        answered.push(String(json.Id))
        if (answered.length === 200) await sandbox.kill()
      }
    })
    await Promise.allSettled(writers)
    const again = await start({ world: 'incident', seed: 99, dataDirectory })
    const kept = await again.fetchControl<{ Id: string }[]>('/records/creatio.Contact?Name=Survivor')
    expect(answered.length).toBeGreaterThanOrEqual(200)
    expect(answered.filter((id) => !kept.some(({ Id }) => Id === id))).toEqual([])
    const { status } = await (await Visitor.withToken(again.creatio)).odata('Contact', {}, { method: 'POST', body: {} })
    expect(status).toBe(201)
  })

  test('a directory that holds a world keeps it, with its realm and its clock', async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'sandbox-again-'))
    directories.push(dataDirectory)
    const first = await start({ world: 'empty', seed: 3, dataDirectory })
    await first.fetchControl('/clock/advance', { method: 'POST', body: { seconds: 86_400 } })
    const before = await sizes(first)
    const company = await first.fetchControl('/records/qbo.CompanyInfo')
    await first.stop()
    const again = await start({ world: 'incident', seed: 99, dataDirectory })
    expect(await sizes(again)).toEqual(before)
    expect(await again.fetchControl('/records/qbo.CompanyInfo')).toEqual(company)
    expect(await again.fetchControl('/clock')).toMatchObject({ offsetSeconds: 86_400 })
  })

  test('the incident is loaded on both sides: what the orders name is in QuickBooks', async () => {
    const sandbox = await start({ world: 'incident', seed: 5, orders: 1200, now: '2026-01-21T12:00:00Z' })
    const orders =
      await sandbox.fetchControl<{ BGQuickBooksId: string; BGNumberInvoice: string; Amount: string }[]>(
        '/records/creatio.Order',
      )
    const linked = orders.filter(({ BGQuickBooksId }) => BGQuickBooksId !== '')
    expect([orders.length, linked.length]).toEqual([1200, 70])
    const amounts = new Map(orders.map(({ BGNumberInvoice, Amount }) => [BGNumberInvoice, Number(Amount)]))
    const invoices = await sandbox.fetchControl<{ DocNumber: string; TotalAmt: unknown }[]>('/records/qbo.Invoice')
    // Only the order that is mismatched by cents differs in amount.
    expect(invoices.filter(({ DocNumber, TotalAmt }) => amounts.get(DocNumber) !== Number(TotalAmt))).toHaveLength(1)
    for (const { BGQuickBooksId, BGNumberInvoice, Amount } of linked) {
      const invoice = await sandbox.fetchControl<{ DocNumber: string; TotalAmt: unknown }>(
        `/records/qbo.Invoice/${BGQuickBooksId}`,
      )
      expect([invoice.DocNumber, Number(invoice.TotalAmt)]).toEqual([BGNumberInvoice, Number(Amount)])
    }
  })

  test('it ends by itself when its parent goes away', async () => {
    const child = fork(join(import.meta.dirname, '../../dist/sandbox/main.js'), ['--world', 'empty'], { silent: true })
    await once(child, 'message')
    child.disconnect()
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  test('it says on stdout, in one line, where it listens', async () => {
    const child = fork(join(import.meta.dirname, '../../dist/sandbox/main.js'), ['--world', 'empty'], { silent: true })
    const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
    child.kill('SIGTERM')
    const address = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(JSON.parse(String(line))).toMatchObject({
      ready: true,
      creatio: address,
      quickBooksOnline: address,
      control: address,
    })
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})

describe('the control port', () => {
  test('records are read, put, patched and deleted; what is not there is a 404', async () => {
    const { fetchControl } = await start({ world: 'empty' })
    await fetchControl('/records/creatio.Contact/c1', { method: 'PUT', body: { Name: 'Put' } })
    await fetchControl('/records/creatio.Contact/c1', { method: 'PATCH', body: { Email: 'a@b.example' } })
    expect(await fetchControl('/records/creatio.Contact?Name=Put')).toEqual([
      { Id: 'c1', Name: 'Put', Email: 'a@b.example' },
    ])
    await fetchControl('/records/creatio.Contact/c1', { method: 'DELETE' })
    await expect(fetchControl('/records/creatio.Contact/c1')).rejects.toThrow('404')
    await expect(fetchControl('/count/creatio.Nothing')).rejects.toThrow('404')
  })

  test('an unknown setting is refused with the names of the known, and nothing is changed', async () => {
    const { fetchControl } = await start({ world: 'empty' })
    const change = (body: object) => fetchControl('/settings', { method: 'PATCH', body })
    await expect(change({ moneyStyle: 'string', moneyStile: 'x' })).rejects.toThrow(/moneyStile.*moneyStyle/)
    await expect(change({ sessionMinutes: 'ten' })).rejects.toThrow('number')
    expect(await fetchControl('/settings')).toMatchObject({ moneyStyle: 'number', sessionMinutes: 60 })
  })

  test('the request log is the witness: order, worker and status of each request', async () => {
    const sandbox = await start({ world: 'empty' })
    const visitor = await Visitor.withToken(sandbox.creatio)
    await visitor.odata('Order', { $top: '1' }, { headers: { 'x-countersign-worker': 'w7' } })
    const log = await sandbox.fetchControl<{ sequence: number }[]>('/log?system=creatio')
    expect(log).toMatchObject([
      { system: 'creatio', method: 'POST', path: '/connect/token', status: 200 },
      { method: 'GET', path: '/0/odata/Order?$top=1', status: 200, worker: 'w7', answeredAt: expect.any(String) },
    ])
    expect(await sandbox.fetchControl(`/log?since=${log[1]?.sequence}`)).toEqual([])
  })
})
