import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { ConnectionMode } from '../../src/domain/kinds.ts'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import type { ShadowDifference, ShadowReport } from '../../src/domain/shadow.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { InvalidRequest } from '../../src/storage/pages.ts'
import { shadowReport } from '../../src/storage/shadow-report.ts'
import { setConnectionMode } from '../../src/sync/connection-mode.ts'
import { syncCustomer, takeCustomers } from '../../src/sync/customers.ts'
import { syncOrder } from '../../src/sync/order.ts'
import { takePayments } from '../../src/sync/payments.ts'
import { syncConnection } from '../../src/sync/read-mirror.ts'
import { openStory, type Story } from './road.ts'
import { shadowFound, shadowFoundByOrder } from './shadow-findings.ts'

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
  Amount?: string
  DetailType: string
  SalesItemLineDetail?: Record<string, unknown>
}

interface Invoice extends Record<string, unknown> {
  Id: string
  DocNumber: string
  TotalAmt: string
  Line: Line[]
  TxnTaxDetail: { TotalTax: string }
}

let story: Story
let before: Record<string, string>
/** What was planted, by order: the differences that are to be found. */
const planted: Record<string, string[]> = {}
/** The invoices as they were before something was planted. */
const originals: Invoice[] = []

/** All that both systems hold, as a fingerprint of each table; who is signed in to them is not meant. */
async function bytes(): Promise<Record<string, string>> {
  const tables = Object.entries(await story.books.counts())
    .filter(([table, count]) => /^(creatio|qbo)\./.test(table) && !/(Token|Grant)$/.test(table) && count > 0)
    .map(async ([table]) => {
      const records = JSON.stringify(await story.sandbox.fetchControl(`/records/${table}`))
      return [table, createHash('sha256').update(records).digest('hex')] as const
    })
  return Object.fromEntries(await Promise.all(tables))
}

/** Writing calls that the road made to the CRM: inside a batch no request log tells them apart. */
const told: string[] = []

function watchCrm(): void {
  const { crm } = story.road
  const heard =
    <Arguments extends unknown[], Result>(name: string, call: (...args: Arguments) => Result) =>
    (...args: Arguments): Result => {
      told.push(name)
      return call(...args)
    }
  Object.assign(crm, {
    writeLogRows: heard('writeLogRows', crm.writeLogRows),
    writeQuickBooksIds: heard('writeQuickBooksIds', crm.writeQuickBooksIds),
    writeProducts: heard('writeProducts', crm.writeProducts),
  })
}

/** Every request that writes, as both systems noted it; to QuickBooks only those go under a request id. */
async function writes(): Promise<string[]> {
  const log = await story.sandbox.fetchControl<{ system: string; method: string; path: string }[]>('/log')
  const sent = log.filter(({ system, method, path }) =>
    system === 'creatio' ? !['GET', 'POST'].includes(method) : /requestid=/.test(path),
  )
  return [...sent.map(({ system, method, path }) => `${system} ${method} ${path}`), ...told]
}

async function lookAgain(): Promise<void> {
  // What was equal is looked at once a day.
  await story.pass(90_000)
  await story.poll()
}

const found = () => shadowFound(story)

const report = (): Promise<ShadowReport> => shadowReport(story.database, { connectionId: story.connection.id })

const byOrder = () => shadowFoundByOrder(story)

/** The invoices of orders that were really processed, with the numbers of their orders. */
async function linked(): Promise<{ order: string; invoice: Invoice }[]> {
  const orders = await story.books.orders()
  const invoices = (await story.books.invoices()) as unknown as Invoice[]
  return orders.flatMap((order) => {
    const invoice = invoices.find(({ Id }) => Id === order.BGQuickBooksId)
    return invoice ? [{ order: String(order.Number), invoice }] : []
  })
}

function cents(amount: string): number {
  const [whole = '', part = ''] = amount.split('.')
  return Number(whole) * 100 + Number(part.padEnd(2, '0'))
}

function plus(amount: string, more: number): string {
  const digits = String(cents(amount) + more).padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

function withLine(invoice: Invoice, change: (line: Line) => Line): Line[] {
  return invoice.Line.map((line, index) => (index === 0 ? change(line) : line))
}

const PLANTS: ((invoice: Invoice, others: Invoice[]) => { change: Record<string, unknown>; finds: string[] })[] = [
  (invoice) => ({
    change: {
      TotalAmt: plus(invoice.TotalAmt, 1),
      Line: withLine(invoice, (line) => ({ ...line, Amount: plus(line.Amount ?? '0', 1) })),
    },
    finds: ['line 1 amount 1', 'total 1'],
  }),
  (invoice) => ({
    change: {
      TotalAmt: plus(invoice.TotalAmt, 3),
      TxnTaxDetail: { ...invoice.TxnTaxDetail, TotalTax: plus(invoice.TxnTaxDetail.TotalTax, 3) },
    },
    finds: ['tax 3', 'total 3'],
  }),
  (invoice, others) => ({
    change: {
      CustomerRef: others
        .map(({ CustomerRef: ref }) => ref)
        .find((ref) => valueIn(ref) !== valueIn(invoice.CustomerRef)),
    },
    finds: ['customer'],
  }),
  () => ({ change: { TxnDate: '2023-01-02' }, finds: ['date'] }),
  (invoice) => ({
    change: {
      Line: withLine(invoice, (line) => ({
        ...line,
        SalesItemLineDetail: { ...line.SalesItemLineDetail, ItemRef: { value: otherItem(line) } },
      })),
    },
    finds: ['line 1 item'],
  }),
  () => ({ change: { DocNumber: 'OTHER-1' }, finds: ['number'] }),
]

function valueIn(ref: unknown): unknown {
  return (ref as { value: string }).value
}

function otherItem(line: Line): string {
  return valueIn(line.SalesItemLineDetail?.ItemRef) === '9' ? '10' : '9'
}

beforeAll(async () => {
  story = await openStory({ counts })
  watchCrm()
  const all = await linked()
  for (const [index, plant] of PLANTS.entries()) {
    const { order, invoice } = all[index]!
    const { change, finds } = plant(
      invoice,
      all.map((one) => one.invoice),
    )
    originals.push(invoice)
    planted[order] = finds
    await story.books.change('qbo.Invoice', invoice.Id, change)
  }
  // One more that no order asks for, and one that is gone.
  const [stranger, gone] = [all[6]!, all[7]!]
  await story.books.put('qbo.Invoice', { ...stranger.invoice, Id: '99999', DocNumber: 'STRANGER' })
  await story.books.remove('qbo.Invoice', gone.invoice.Id)
  planted[gone.order] = [`document -${cents(gone.invoice.TotalAmt)}`]
  const connectionId = story.connection.id
  await setConnectionMode(story.road, { connectionId, mode: ConnectionMode.SHADOW })
  await syncConnection(story.road, { connectionId, entity: MirrorEntity.ALL, mode: SyncMode.FULL, author })
  before = await bytes()
  await story.poll()
}, 60_000)
afterAll(() => story?.end())

test('finds each planted difference, and no other', async () => {
  const all = await byOrder()
  const others = Object.entries(all).filter(([order]) => !(order in planted))
  expect(Object.fromEntries(Object.entries(all).filter(([order]) => order in planted))).toEqual(planted)
  // What the world planted by itself: two invoices that differ, and three orders of which QuickBooks knows nothing.
  const noted = new Set((await story.books.invoices()).map(({ PrivateNote }) => PrivateNote))
  const absent = others.filter(([order]) => !noted.has(order))
  const differing = others.filter(([order]) => noted.has(order)).map(([, differences]) => differences)
  expect(absent.map(([, differences]) => differences)).toEqual(
    Array(3).fill([expect.stringMatching(/^document -\d+$/)]),
  )
  expect(differing.toSorted()).toEqual([
    ['customer'],
    [expect.stringMatching(/^line 1 amount \d$/), expect.stringMatching(/^total \d$/)],
  ])
  const names = (await found()).filter(({ field }) => field === 'customer')
  const customers = new Set((await story.books.records('qbo.Customer')).map(({ DisplayName }) => DisplayName))
  for (const { ours, theirs } of names) expect([ours !== theirs, customers.has(theirs)]).toEqual([true, true])
})

test('reports them in documents and dollars, and the record that no order asks for', async () => {
  const { unknown, byField, ...sums } = await report()
  expect(sums).toMatchObject({
    ...{ predicted: 18, waiting: 0, equal: 6, differing: 8, missingThere: 4, unknownHere: 1 },
  })
  expect(unknown).toMatchObject([{ entity: 'INVOICE', quickBooksId: '99999', number: 'STRANGER' }])
  expect(byField).toContainEqual({ field: 'document', documents: 4 })
  const totals = (await found()).filter(({ field }) => field === 'total').map(({ cents: more }) => Number(more))
  expect(cents(sums.differenceTotal)).toBe(totals.reduce((sum, one) => sum + Math.abs(one), 0))
  const missing = (await found()).filter(({ field }) => field === 'document').map(({ cents: more }) => -Number(more))
  expect(cents(sums.missingTotal)).toBe(missing.reduce((sum, one) => sum + one, 0))
  const none = await shadowReport(story.database, { connectionId: story.connection.id, to: '2001-01-01' })
  expect(none).toMatchObject({ predicted: 0, equal: 0, unknownHere: 0, ourTotal: '0.00', byField: [] })
})

test('what is seen again is renewed and not told twice', async () => {
  const first = await found()
  await lookAgain()
  const second = await found()
  const stable = (all: ShadowDifference[]) => all.map(({ seenAt: _, ...one }) => one)
  expect(stable(second)).toEqual(stable(first))
  for (const [index, { seenAt }] of second.entries())
    expect(seenAt.getTime()).toBeGreaterThan(Number(first[index]?.seenAt.getTime()))
})

test('nothing else of a shadow writes either: no customer, no payment, no order that a person names', async () => {
  const [order] = await story.books.orders()
  await expect(syncOrder(story.road, String(order?.Number))).rejects.toThrow(InvalidRequest)
  expect(await takeCustomers(story.road)).toEqual({ read: 0, accepted: 0 })
  expect(await takePayments(story.road)).toEqual({ read: 0, accepted: 0, corrected: 0 })
  await expect(syncCustomer(story.road, String(order?.AccountId))).rejects.toThrow(
    /is in shadow mode and posts nothing/,
  )
})

test('left the CRM and QuickBooks as they were, to the byte: neither was sent a single write', async () => {
  expect(await bytes()).toEqual(before)
  expect(await writes()).toEqual([])
  expect(await story.books.postings()).toEqual([])
  expect(await story.database.rows(sql`select from exchange where purpose = 'POST'`)).toEqual([])
})

test('what the other system puts right is gone at the next look', async () => {
  const { equal, differing } = await report()
  for (const { Id, ...original } of originals) await story.books.change('qbo.Invoice', Id, original)
  await lookAgain()
  expect(await report()).toMatchObject({ equal: equal + PLANTS.length, differing: differing - PLANTS.length })
  const kept = Object.values(planted).filter(([first]) => first?.startsWith('document'))
  expect(Object.entries(await byOrder()).filter(([order]) => order in planted)).toHaveLength(kept.length)
})

test('once it may write, it posts what waits', async () => {
  await setConnectionMode(story.road, { connectionId: story.connection.id, mode: ConnectionMode.WRITING })
  await story.books.giveTo(await story.books.orders(), 'known')
  await story.poll()
  const written = await writes()
  expect(written.some((one) => one.startsWith('quickbooks-online'))).toBe(true)
  expect(written).toEqual(expect.arrayContaining(['writeLogRows', 'writeQuickBooksIds']))
  expect((await story.books.postings()).some(({ state }) => state === 'PROCESSED')).toBe(true)
})
