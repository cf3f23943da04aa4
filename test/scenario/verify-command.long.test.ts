import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { migratedDatabase } from '../database.ts'
import { NO_ORDERS, type RunningSandbox, startSandbox } from '../sandbox/spawn.ts'
import type { Fields } from './books.ts'

const entry = join(import.meta.dirname, '../../dist/main.js')
const directory = mkdtempSync(join(tmpdir(), 'countersign-verify-'))
const SECONDS_MAX = 60

let sandbox: RunningSandbox
let databaseUrl: string
let numbers: [string, string, string]

beforeAll(async () => {
  ;[sandbox, databaseUrl] = await Promise.all([
    startSandbox({ world: 'incident', counts: { ...NO_ORDERS, pending: 3 } }),
    migratedDatabase(),
  ])
  expect(await countersign('poll')).toMatchObject({ code: 0 })
  const orders = await records('creatio.Order')
  const invoices = await records('qbo.Invoice')
  expect(invoices).toHaveLength(3)
  const sorted = orders.toSorted((a, b) => String(a.Number).localeCompare(String(b.Number)))
  numbers = sorted.map(({ Number: number }) => String(number)) as [string, string, string]
  const invoiceOf = (order: Fields | undefined) => {
    const found = invoices.find(({ Id }) => Id === order?.BGQuickBooksId)
    if (!found) throw new Error('an order has no invoice')
    return `/records/qbo.Invoice/${found.Id}`
  }
  await sandbox.fetchControl(invoiceOf(sorted[1]), { method: 'PATCH', body: { TxnDate: '2026-02-03' } })
  await sandbox.fetchControl(invoiceOf(sorted[2]), { method: 'DELETE' })
})
afterAll(async () => {
  await sandbox?.stop()
  rmSync(directory, { recursive: true, force: true })
})

const records = (table: string) => sandbox.fetchControl<Fields[]>(`/records/${table}`)

/** Runs the command as a process of its own, to its end. */
async function countersign(...words: string[]): Promise<{ code: number | null; said: string; complained: string }> {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, [entry, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: SECONDS_MAX * 1000,
    env: {
      ...{ PATH, NODE_COMPILE_CACHE, DATA_DIRECTORY: directory, DATABASE_URL: databaseUrl },
      ENCRYPTION_KEY: 'a master key of the stories, forty characters',
      CREATIO_URL: sandbox.creatio,
      CREATIO_USER_NAME: 'Supervisor',
      CREATIO_PASSWORD: 'sandbox-password',
      QUICKBOOKS_REALM_ID: sandbox.realmId,
      QUICKBOOKS_CLIENT_ID: 'sandbox-qbo-client',
      QUICKBOOKS_CLIENT_SECRET: 'sandbox-qbo-secret',
      QUICKBOOKS_REFRESH_TOKEN: 'sandbox-refresh-token',
      QUICKBOOKS_API_URL: sandbox.quickBooksOnline,
      QUICKBOOKS_OAUTH_TOKEN_URL: `${sandbox.quickBooksOnline}/oauth2/v1/tokens/bearer`,
    },
  })
  const texts = { said: '', complained: '' }
  child.stdout.on('data', (chunk) => {
    texts.said += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    texts.complained += String(chunk)
  })
  const [code] = await once(child, 'close')
  return { code, ...texts }
}

test('countersign verify of orders that are equal says so, asks QuickBooks itself, and ends well', async () => {
  const { code, said, complained } = await countersign('verify', numbers[0], ` ${numbers[0]} `)
  expect(said.trimEnd().split('\n')).toEqual([
    `${numbers[0]}: equal`,
    expect.stringMatching(/^ {2}CRM (\d+\.\d\d) (\d+) · posting PROCESSED · QuickBooks \1 \2$/),
  ])
  expect({ code, complained }).toEqual({ code: 0, complained: '' })
})

test('countersign verify tells what differs, what is missing and what nobody knows, each by its name, and fails', async () => {
  const { code, said, complained } = await countersign('verify', ...numbers, 'ORD-99999')
  const lines = said.split('\n')
  expect(lines.filter((line) => line.startsWith('ORD-'))).toEqual([
    `${numbers[0]}: equal`,
    `${numbers[1]}: DIFFERS`,
    `${numbers[2]}: MISSING`,
    'ORD-99999: UNKNOWN',
  ])
  const of = (number: string) => {
    const from = lines.findIndex((line) => line.startsWith(number))
    const rest = lines.slice(from + 1)
    const to = rest.findIndex((line) => line.startsWith('ORD-'))
    return (to < 0 ? rest : rest.slice(0, to)).filter((line) => line.startsWith('  - '))
  }
  expect(of(numbers[1])).toEqual([expect.stringMatching(/^ {2}- date \d{4}-\d\d-\d\d against 2026-02-03$/)])
  expect(of(numbers[2])).toEqual(['  - QuickBooks has no invoice of its number'])
  expect(of('ORD-99999')).toEqual(['  - the CRM has no such order'])
  expect(code).toBe(1)
  expect(complained).toContain('3 of 4 differ.')
})
