import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { ConnectionMode, LedgerKind } from '../../src/domain/kinds.ts'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { shadowReport } from '../../src/storage/shadow-report.ts'
import { setConnectionMode } from '../../src/sync/connection-mode.ts'
import { poll } from '../../src/sync/poll.ts'
import { syncConnection } from '../../src/sync/read-mirror.ts'
import type { Fields } from './books.ts'
import { openStory, type Story } from './road.ts'
import { shadowFound, shadowFoundByOrder } from './shadow-findings.ts'

const counts = {
  ...{ processed: 10, falselyProcessed: 2, stuckInQuickBooks: 1, timedOutInQuickBooks: 1, adoptable: 1, pending: 1 },
  ...{ mismatched: 2, cancelled: 1, empty: 1 },
}
const author = { name: 'a person', keyId: null, connectionIds: null }
const INVOICES = 'quickbooksDesktop.invoices'
const STRANGER = '99999-1768878026'

interface Line extends Record<string, unknown> {
  Amount: string
  ItemRef: { ListID: string }
}

interface Invoice extends Fields {
  RefNumber: string
  Subtotal: string
  SalesTaxTotal: string
  BalanceRemaining: string
  CustomerRef: { ListID: string }
  InvoiceLineRet: Line[]
}

let story: Story
let before: Record<string, string>
/** What was planted, by order: the differences that are to be found. */
const planted: Record<string, string[]> = {}

/** All that both systems hold, as a fingerprint of each table. */
async function bytes(): Promise<Record<string, string>> {
  const tables = Object.entries(await story.books.counts())
    .filter(
      ([table, count]) =>
        /^(creatio|quickbooksDesktop)\./.test(table) && !/storedAnswers|Token/.test(table) && count > 0,
    )
    .map(async ([table]) => {
      const records = JSON.stringify(await story.sandbox.fetchControl(`/records/${table}`))
      return [table, createHash('sha256').update(records).digest('hex')] as const
    })
  return Object.fromEntries(await Promise.all(tables))
}

/** Predicts, and lets the Web Connector call. */
async function look(): Promise<void> {
  await poll(story.road)
  await story.office?.call()
}

const found = () => shadowFound(story)

const byOrder = () => shadowFoundByOrder(story)

/** The invoices of orders that were really processed, with the numbers of their orders; each order bears the id of this company's. */
async function linked(): Promise<{ order: string; invoice: Invoice }[]> {
  const invoices = await story.books.records<Invoice>(INVOICES)
  const processed = (await story.books.orders()).filter(({ BGQuickBooksId }) => BGQuickBooksId)
  const all = processed.flatMap((order) => {
    const invoice = invoices.find(({ RefNumber }) => RefNumber === order.BGNumberInvoice)
    return invoice ? [{ order, invoice }] : []
  })
  for (const { order, invoice } of all)
    await story.books.change('creatio.Order', order.Id, { BGQuickBooksId: invoice.Id })
  return all.map(({ order, invoice }) => ({ order: String(order.Number), invoice }))
}

function plus(amount: string, more: number): string {
  const [whole = '', part = ''] = amount.split('.')
  const digits = String(Number(whole) * 100 + Number(part.padEnd(2, '0')) + more).padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

const PLANTS: ((invoice: Invoice, others: Invoice[]) => { change: Record<string, unknown>; finds: string[] })[] = [
  ({ InvoiceLineRet: [first, ...rest], Subtotal, BalanceRemaining }) => ({
    change: {
      Subtotal: plus(Subtotal, 1),
      BalanceRemaining: plus(BalanceRemaining, 1),
      InvoiceLineRet: [{ ...first, Amount: plus(first?.Amount ?? '', 1) }, ...rest],
    },
    finds: ['line 1 amount 1', 'total 1'],
  }),
  ({ SalesTaxTotal, BalanceRemaining }) => ({
    change: { SalesTaxTotal: plus(SalesTaxTotal, 3), BalanceRemaining: plus(BalanceRemaining, 3) },
    finds: ['tax 3', 'total 3'],
  }),
  ({ CustomerRef }, others) => ({
    change: { CustomerRef: others.map((one) => one.CustomerRef).find(({ ListID }) => ListID !== CustomerRef.ListID) },
    finds: ['customer'],
  }),
  () => ({ change: { TxnDate: '2023-01-02' }, finds: ['date'] }),
  ({ InvoiceLineRet: [first, ...rest] }, others) => ({
    change: {
      InvoiceLineRet: [
        {
          ...first,
          ItemRef: others
            .map(({ InvoiceLineRet: [line] }) => line?.ItemRef)
            .find((ref) => ref && ref.ListID !== first?.ItemRef.ListID),
        },
        ...rest,
      ],
    },
    finds: ['line 1 item'],
  }),
  () => ({ change: { RefNumber: 'OTHER-1' }, finds: ['number'] }),
]

beforeAll(async () => {
  story = await openStory({
    kind: LedgerKind.QUICKBOOKS_DESKTOP,
    counts,
    sandbox: { settings: { webConnectorNoOpSeconds: 0.01 } },
  })
  const all = await linked()
  const invoices = all.map(({ invoice }) => invoice)
  for (const [index, plant] of PLANTS.entries()) {
    const { order, invoice } = all[index]!
    const { change, finds } = plant(invoice, invoices)
    planted[order] = finds
    await story.books.change(INVOICES, invoice.Id, change)
  }
  // One more that no order asks for, and one that is gone.
  const [stranger, gone] = [all[6]!, all[7]!]
  await story.books.put(INVOICES, { ...stranger.invoice, Id: STRANGER, TxnID: STRANGER, RefNumber: 'STRANGER' })
  await story.books.remove(INVOICES, gone.invoice.Id)
  const total =
    Number(plus(gone.invoice.Subtotal, 0).replace('.', '')) +
    Number(plus(gone.invoice.SalesTaxTotal, 0).replace('.', ''))
  planted[gone.order] = [`document -${total}`]
  const connectionId = story.connection.id
  await setConnectionMode(story.road, { connectionId, mode: ConnectionMode.SHADOW })
  await syncConnection(story.road, { connectionId, entity: MirrorEntity.ALL, mode: SyncMode.FULL, author })
  before = await bytes()
  await look()
}, 60_000)
afterAll(() => story?.end())

test('shadow mode over the history of a Desktop company finds each planted difference, and no other', async () => {
  const all = await byOrder()
  const others = Object.entries(all).filter(([order]) => !(order in planted))
  expect(Object.fromEntries(Object.entries(all).filter(([order]) => order in planted))).toEqual(planted)
  // What the world planted by itself: two invoices that differ, and three orders of which QuickBooks knows nothing.
  const noted = new Set((await story.books.records(INVOICES)).map(({ Memo }) => Memo))
  const absent = others.filter(([order]) => !noted.has(order))
  const differing = others.filter(([order]) => noted.has(order)).map(([, differences]) => differences)
  expect(absent.map(([, differences]) => differences)).toEqual(
    Array(3).fill([expect.stringMatching(/^document -\d+$/)]),
  )
  expect(differing.toSorted()).toEqual([
    ['customer'],
    [expect.stringMatching(/^line 1 amount \d$/), expect.stringMatching(/^total \d$/)],
  ])
})

test('it is reported in documents, with the record that no order asks for', async () => {
  const report = await shadowReport(story.database, { connectionId: story.connection.id })
  expect(report).toMatchObject({
    ...{ predicted: 18, waiting: 0, equal: 6, differing: 8, missingThere: 4, unknownHere: 1 },
    unknown: [{ entity: 'INVOICE', quickBooksId: STRANGER, number: 'STRANGER' }],
  })
})

test('what is due to be compared brings the Web Connector back by itself, and is seen again, not told twice', async () => {
  const first = await found()
  await story.pass(90_000)
  await look()
  const second = await found()
  expect(second.map(({ id }) => id)).toEqual(first.map(({ id }) => id))
  for (const [index, { seenAt }] of second.entries())
    expect(seenAt.getTime()).toBeGreaterThan(Number(first[index]?.seenAt.getTime()))
})

test('the CRM and QuickBooks are as they were, to the byte, and neither was sent a write', async () => {
  expect(await bytes()).toEqual(before)
  expect(await story.books.postings()).toEqual([])
  expect(await story.database.rows(sql`select from exchange where purpose = 'POST'`)).toEqual([])
})

test('once it may write, it posts what waits', async () => {
  await setConnectionMode(story.road, { connectionId: story.connection.id, mode: ConnectionMode.WRITING })
  await story.books.giveTo(await story.books.orders(), 'known')
  await story.poll()
  expect((await story.books.postings()).some(({ state }) => state === 'PROCESSED')).toBe(true)
})
