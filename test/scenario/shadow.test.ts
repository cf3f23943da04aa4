import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { ConnectionMode } from '../../src/domain/kinds.ts'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import type { ShadowDifference, ShadowReport } from '../../src/domain/shadow.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { InvalidRequest } from '../../src/storage/pages.ts'
import { shadowDifferencePage } from '../../src/storage/shadow.ts'
import { shadowReport } from '../../src/storage/shadow-report.ts'
import { setConnectionMode } from '../../src/sync/connection-mode.ts'
import { takeCustomers } from '../../src/sync/customers.ts'
import { syncOrder } from '../../src/sync/order.ts'
import { takePayments } from '../../src/sync/payments.ts'
import { syncConnection } from '../../src/sync/read-mirror.ts'
import { predict } from '../../src/sync/shadow-intake.ts'
import { openStory, type Story } from './road.ts'

const CRM = ['creatio.Order', 'creatio.OrderProduct', 'creatio.BGQuickBooksIntegrationLogDetail', 'creatio.Account']
const BOOKS = ['qbo.Invoice', 'qbo.Customer', 'qbo.Item', 'qbo.Payment', 'qbo.Account', 'qbo.CreditMemo']
const counts = {
  processed: 10,
  falselyProcessed: 2,
  stuckInQuickBooks: 1,
  timedOutInQuickBooks: 1,
  adoptable: 1,
  pending: 1,
  mismatched: 2,
  cancelled: 1,
  empty: 1,
}
const author = { name: 'a person', keyId: null, connectionIds: null }

interface Line {
  Amount?: unknown
  DetailType: string
  SalesItemLineDetail?: Record<string, unknown>
}

interface Invoice extends Record<string, unknown> {
  Id: string
  DocNumber: string
  TotalAmt: unknown
  Line: Line[]
}

let story: Story
let before: Record<string, string>
/** Order numbers of the invoices that were spoilt, by what was done to them. */
const planted: Record<string, string> = {}

async function bytes(): Promise<Record<string, string>> {
  const tables = await Promise.all(
    [...CRM, ...BOOKS].map(async (table) => [table, JSON.stringify(await story.books.records(table))] as const),
  )
  return Object.fromEntries(tables)
}

/** Every request that writes: of both systems, as they themselves noted it. */
async function writes(): Promise<string[]> {
  const log =
    await story.sandbox.fetchControl<{ system: string; method: string; path: string; detail?: object }[]>('/log')
  return log
    .filter(({ system, method, path }) =>
      system === 'creatio'
        ? !['GET', 'POST'].includes(method)
        : method === 'POST' && !/\/(query|batch|cdc)\b/.test(path) && !/oauth/.test(path),
    )
    .map(({ system, method, path }) => `${system} ${method} ${path}`)
}

async function lookAgain(): Promise<void> {
  // What was equal is looked at once a day.
  await story.pass(90_000)
  await story.poll()
}

async function found(): Promise<ShadowDifference[]> {
  const selection = { connectionId: story.connection.id }
  const { nodes } = await shadowDifferencePage(story.database, { selection, request: { first: 200, after: null } })
  return nodes
}

const report = (): Promise<ShadowReport> => shadowReport(story.database, { connectionId: story.connection.id })

/** What differs of each order: `total -1`, where a number is in cents. */
async function byOrder(): Promise<Record<string, string[]>> {
  const of: Record<string, string[]> = {}
  for (const { orderNumber, field, line, cents } of await found()) {
    const words = [line === null ? field : `line ${line} ${field}`, ...(cents === null ? [] : [cents])].join(' ')
    of[String(orderNumber)] = [...(of[String(orderNumber)] ?? []), words].toSorted()
  }
  return of
}

/** The invoices of orders that were really processed, with the numbers of their orders. */
async function linked(): Promise<{ order: string; invoice: Invoice }[]> {
  const orders = await story.books.orders()
  const invoices = (await story.books.invoices()) as unknown as Invoice[]
  return orders.flatMap((order) => {
    const invoice = invoices.find(({ Id }) => Id === order.BGQuickBooksId)
    return invoice ? [{ order: String(order.Number), invoice }] : []
  })
}

beforeAll(async () => {
  story = await openStory({ counts })
  console.log(JSON.stringify((await linked())[0], null, 1))
  await setConnectionMode(story.road, { connectionId: story.connection.id, mode: ConnectionMode.SHADOW })
  const { id: connectionId } = story.connection
  const all = { connectionId, entity: MirrorEntity.ALL, mode: SyncMode.FULL, author }
  await syncConnection(story.road, all)
  before = await bytes()
  await story.poll()
}, 60_000)
afterAll(() => story?.end())

describe('a connection in shadow mode', () => {
  test('predicts', async () => {
    console.log(await report(), await byOrder(), await writes())
    expect(planted && predict && takeCustomers && takePayments && syncOrder && InvalidRequest && sql && lookAgain).toBeTruthy()
    expect(await bytes()).toEqual(before)
  })
})
