// Payments on invoices of the system before us: QuickBooks has the invoices, and customers have paid them, before any order of
// the CRM is known to be theirs. Once an invoice is adopted, what was paid on it earns, whenever it was paid.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { collectMirrored, type MirroredBooks } from '../../src/commission/collect.ts'
import { lockMonth } from '../../src/commission/periods.ts'
import { setRate } from '../../src/commission/rates.ts'
import { setSplit } from '../../src/commission/splits.ts'
import type { Author } from '../../src/domain/access.ts'
import { MissingReason } from '../../src/domain/commission-case.ts'
import { RateMode } from '../../src/domain/commission-plan.ts'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { ResetCause } from '../../src/domain/reset-plan.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { missingRows } from '../../src/storage/commission-missing.ts'
import { tieOut } from '../../src/storage/commission-tie-out.ts'
import { findStandings } from '../../src/storage/invoice-standings.ts'
import { findResetPlan, resetRowPage } from '../../src/storage/reset-plans.ts'
import { adoptCandidate } from '../../src/sync/adopt-candidate.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { syncOrder } from '../../src/sync/order.ts'
import { syncConnection } from '../../src/sync/read-mirror.ts'
import { applyReset, planReset } from '../../src/sync/reset.ts'
import type { PlayedInvoice } from './books.ts'
import { openStory, type Story } from './road.ts'

const author: Author = { name: 'ada', keyId: null, connectionIds: null }
const LOG = 'creatio.BGQuickBooksIntegrationLogDetail'
const YEAR = { from: '2026-01-01', to: '2026-12-31' }

let story: Story
let books: MirroredBooks
let connectionId: string
/** The first one is surely its order's, the second was entered much later: a person must say so. */
let sure: PlayedInvoice
let likely: PlayedInvoice
let told: PlayedInvoice
const orderOf = new Map<string, string>()

beforeAll(async () => {
  story = await openStory({ counts: { timedOutInQuickBooks: 2, processed: 1 } })
  const { road } = story
  connectionId = story.connection.id
  books = { database: story.database, timeZone: 'America/New_York', now: road.now, ledgerOf: road.ledgerOf }
  const orders = await story.books.orders()
  const rows = await story.books.records(LOG)
  const old: PlayedInvoice[] = []
  for (const invoice of await story.books.invoices()) {
    const order = orders.find(({ BGNumberInvoice }) => BGNumberInvoice === invoice.DocNumber)
    const row = rows.find(({ BGRecordId }) => BGRecordId === order?.Id)
    if (!order || !row) continue
    orderOf.set(invoice.Id, String(order.Number))
    // What the system before us really posted, and said so.
    if (order.BGQuickBooksId) {
      told = invoice
      continue
    }
    const later = old.length === 1 ? 40 * 86_400_000 : 60_000
    const at = new Date(Date.parse(String(row.ModifiedOn)) + later).toISOString()
    const MetaData = { CreateTime: at, LastUpdatedTime: at }
    await story.books.change('qbo.Invoice', invoice.Id, { DocNumber: `OLD-${old.length}`, MetaData })
    old.push(invoice)
  }
  ;[sure, likely] = old as [PlayedInvoice, PlayedInvoice]
  await plan()
  await story.poll()
}, 60_000)
afterAll(() => story?.end())

async function plan(): Promise<void> {
  const scope = { connectionId, customerId: null, effectiveFrom: '2020-01-01', effectiveUntil: null }
  const common = { ...scope, note: '', replacesId: null, author: 'an admin' }
  const rate = { rep: null, itemId: null, mode: RateMode.FLAT, percent: '10', tiers: null, holdbackDays: 0 }
  await setRate(books, { ...common, ...rate })
  await setSplit(books, { ...common, orderNumber: null, shares: [{ rep: 'Ann', sharePercent: '100' }] })
}

let payments = 0

/** A bookkeeper enters a payment in QuickBooks. */
async function pay(invoice: PlayedInvoice, amount: string, TxnDate: string): Promise<void> {
  payments += 1
  const at = story.road.now().toISOString()
  await story.books.put('qbo.Payment', {
    ...{ Id: String(7_000 + payments), SyncToken: '0', MetaData: { CreateTime: at, LastUpdatedTime: at }, TxnDate },
    ...{ CustomerRef: invoice.CustomerRef, TotalAmt: amount, UnappliedAmt: '0', CurrencyRef: { value: 'USD' } },
    Line: [{ Amount: amount, LinkedTxn: [{ TxnId: invoice.Id, TxnType: 'Invoice' }] }],
  })
}

async function collect(): Promise<void> {
  await syncConnection(story.road, { connectionId, entity: MirrorEntity.PAYMENT, mode: SyncMode.FULL, author })
  await story.work()
  await collectMirrored(books)
}

/** Base by kind, day of the payment and day from which it counts. */
async function entries(invoice: PlayedInvoice): Promise<string[]> {
  const rows = await story.database.rows(sql<{ line: string }>`
    select concat_ws(' ', kind, effective_on, coalesce(origin_on, payable_on), rep, base + 0) as line from commission_entry
    where invoice_id = ${invoice.Id} and kind <> 'EXCLUDED' order by effective_on, kind`)
  return rows.map(({ line }) => line.replace(/ [\d.]+$/, ''))
}

/** Payments of these invoices for which no order is known, of any year. */
async function unmatched(...invoices: PlayedInvoice[]): Promise<string[]> {
  const asked = { connectionId, from: '2024-01-01', to: '2026-12-31', reasons: [MissingReason.PAID_UNMATCHED] }
  const rows = await missingRows(story.database, { ...asked, first: 100, after: 0 })
  const ids = new Set(invoices.map(({ Id }) => Id))
  return rows.flatMap(({ invoiceId, amount }) => (ids.has(invoiceId ?? '') ? [`${invoiceId} ${amount}`] : []))
}

test('what is paid on an invoice that no order is known of is listed, earns nothing, and is in the tie-out', async () => {
  await pay(sure, '10.00', '2026-02-10')
  await pay(sure, '20.00', '2026-04-10')
  await pay(likely, '30.00', '2026-04-11')
  await collect()
  expect((await unmatched(sure, likely)).toSorted()).toEqual(
    [`${sure.Id} 10.00`, `${sure.Id} 20.00`, `${likely.Id} 30.00`].toSorted(),
  )
  expect(await entries(sure)).toEqual([])
  const [tied] = await tieOut(story.database, { connectionId, ...YEAR })
  expect(tied).toMatchObject({ received: '60.00', commissionable: '0.00', excluded: '60.00', difference: '0.00' })
  await lockMonth(books, { connectionId, month: '2026-02', author: 'ada' })
})

test('once a plan or a person adopted the invoice, all that was paid on it earns, and what belongs to a locked month is late', async () => {
  const request = { causes: [ResetCause.ERROR] }
  const begun = await planReset(story.database, { request, author, now: story.road.now() })
  await story.work()
  const ready = await findResetPlan(story.database, begun.id)
  await applyReset(story.database, { planId: begun.id, planHash: ready?.hash ?? '', author, now: story.road.now() })
  await runBulkOperations(story.road)
  await story.work()
  await collect()
  expect(await entries(sure)).toEqual([
    'EARNED 2026-02-10 2026-02-10 Ann',
    'LATE 2026-02-10 2026-02-10 Ann',
    'EARNED 2026-04-10 2026-04-10 Ann',
  ])
  expect(await unmatched(sure, likely)).toEqual([`${likely.Id} 30.00`])

  const { nodes } = await resetRowPage(story.database, {
    planId: begun.id,
    action: null,
    request: { first: 50, after: null },
  })
  const row = nodes.find(({ orderNumber }) => orderNumber === orderOf.get(likely.Id))
  await adoptCandidate(story.road, {
    rowId: row?.id ?? '',
    quickBooksId: likely.Id,
    note: 'entered by hand in spring',
    author,
  })
  await story.work()
  await collect()
  expect(await entries(likely)).toEqual(['EARNED 2026-04-11 2026-04-11 Ann'])
  expect(await unmatched(sure, likely)).toEqual([])
})

test('what is paid after that earns as on any other invoice, and the invoice stands as paid in part', async () => {
  await pay(likely, '5.00', '2026-05-02')
  await collect()
  expect(await entries(likely)).toEqual(['EARNED 2026-04-11 2026-04-11 Ann', 'EARNED 2026-05-02 2026-05-02 Ann'])
  const [standing] = await findStandings(story.database, { orderNumber: orderOf.get(likely.Id) ?? '' })
  expect(standing).toMatchObject({ invoiceId: likely.Id, paid: '35.00' })
  const [tied] = await tieOut(story.database, { connectionId, ...YEAR })
  expect(tied).toMatchObject({ received: '65.00', unapplied: '0.00', difference: '0.00' })
  expect(tied?.reasons.map(({ reason }) => reason)).not.toContain('INVOICE_NOT_POSTED')
})

test('an order that the system before us really posted is linked by syncOrder, and what was paid on it earns', async () => {
  const [paid] = (await story.books.records('qbo.Payment')).filter((one) =>
    JSON.stringify(one).includes(`"TxnId":"${told.Id}"`),
  )
  expect(await unmatched(told)).toEqual([`${told.Id} ${paid?.TotalAmt}`])
  const invoices = (await story.books.invoices()).length
  await syncOrder(story.road, orderOf.get(told.Id) ?? '')
  await story.work()
  expect((await story.books.invoices()).length).toBe(invoices)
  expect(await story.books.posting(orderOf.get(told.Id) ?? '')).toMatchObject({
    ...{ state: 'PROCESSED', adopted: true, quickBooksId: told.Id },
  })
  await collect()
  const day = paid?.TxnDate
  expect(await entries(told)).toEqual([`EARNED ${day} ${day} Ann`, `LATE ${day} ${day} Ann`])
  expect(await unmatched(sure, likely, told)).toEqual([])
})
