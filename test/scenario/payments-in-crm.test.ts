// What customers pay in QuickBooks reaches the orders of the CRM: one order, from its invoice to its last cent and back.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { collectMirrored, recomputeCommission } from '../../src/commission/collect.ts'
import { collectEarners } from '../../src/commission/earners.ts'
import { commissionReport } from '../../src/commission/report.ts'
import { InvoiceStanding } from '../../src/domain/invoice-standing.ts'
import { askAllForChanges } from '../../src/sync/mirror-schedule.ts'
import { type EarnersOfOrder, readEarners } from '../../src/sync/read-earners.ts'
import { tellDownloads } from '../../src/sync/tell-downloads.ts'
import { tellStandings } from '../../src/sync/tell-standings.ts'
import type { PlayedInvoice } from './books.ts'
import { openStory, type Story } from './road.ts'

const NOT_PAID = '3e9d7b14-62a8-4c0d-b1f5-08d6e2a47f01'
const PARTIALLY = '3e9d7b14-62a8-4c0d-b1f5-08d6e2a47f02'
const PAID = '3e9d7b14-62a8-4c0d-b1f5-08d6e2a47f03'
const statuses = { SENT: NOT_PAID, PARTIAL: PARTIALLY, PAID, OVERDUE: NOT_PAID, CANCELLED: null }
const profile = {
  commissionDownload: { set: 'BGCommissionReportQBDownload' },
  standing: {
    status: 'PaymentStatus',
    statusKind: 'lookup',
    statuses,
    paid: 'PaymentAmount',
    paidOn: 'ActualDate',
    method: 'Notes',
  },
}

const DUE_DAYS = 20
const GONE = 'c0000000-0000-4000-8000-000000000001'

let story: Story
let invoice: PlayedInvoice
let otherInvoice: string
let otherOrder: string
let order: string
let token: string

beforeAll(async () => {
  story = await openStory({ counts: { pending: 2 }, profile })
  const dueDate = new Date(story.road.now().getTime() + DUE_DAYS * 86_400_000).toISOString()
  for (const { Id } of await story.books.orders()) {
    await story.books.change('creatio.Order', Id, { BGInvoiceDueDate: `${dueDate.slice(0, 10)}T05:00:00Z` })
  }
  await story.poll()
  const [posting, other] = await story.books.invoicePostings()
  const found = (await story.books.invoices()).find(({ Id }) => Id === posting?.quickBooksId)
  if (!posting || !found) throw new Error('nothing was posted')
  invoice = found
  otherInvoice = other?.quickBooksId ?? ''
  otherOrder = other?.sourceId ?? ''
  order = posting.sourceId
  token = await signIn()
}, 60_000)
afterAll(() => story?.end())

async function signIn(): Promise<string> {
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'sandbox-refresh-token' })
  const response = await fetch(`${story.sandbox.quickBooksOnline}/oauth2/v1/tokens/bearer`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from('sandbox-qbo-client:sandbox-qbo-secret').toString('base64')}` },
    body: form,
  })
  return String(((await response.json()) as { access_token: string }).access_token)
}

/** What a person does in QuickBooks. */
async function inQuickBooks(entity: string, body: object, query = ''): Promise<Record<string, string>> {
  const url = `${story.sandbox.quickBooksOnline}/v3/company/${story.sandbox.realmId}/${entity.toLowerCase()}?${query}`
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', Accept: 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await response.text()
  if (response.status !== 200) throw new Error(text)
  return (JSON.parse(text) as Record<string, Record<string, string>>)[entity] ?? {}
}

function pay(amount: number, date: string) {
  const Line = [{ Amount: amount, LinkedTxn: [{ TxnId: invoice.Id, TxnType: 'Invoice' }] }]
  const method = { PaymentMethodRef: { value: '1', name: 'Cash' } }
  return inQuickBooks('Payment', { CustomerRef: invoice.CustomerRef, TotalAmt: amount, TxnDate: date, Line, ...method })
}

/** The minutes after: what changed is asked for, collected and told. Gives what the CRM was seen to know. */
async function minutesLater(): Promise<number> {
  const { road } = story
  await story.pass(60)
  await askAllForChanges({ ...road, wake: () => {} })
  await story.work()
  return collectAndTell()
}

async function collectAndTell(): Promise<number> {
  await collectMirrored(books())
  return tellStandings(story.road)
}

function books() {
  const { road, database } = story
  return { database, timeZone: 'America/New_York', now: road.now, ledgerOf: road.ledgerOf }
}

async function inTheCrm() {
  const found = (await story.books.orders()).find(({ Id }) => Id === order)
  return [found?.PaymentStatusId, Number(found?.PaymentAmount), String(found?.ActualDate).slice(0, 10), found?.Notes]
}

async function standing(invoiceId = invoice.Id): Promise<InvoiceStanding | undefined> {
  const [found] = await story.database.entities(
    InvoiceStanding,
    sql`select * from invoice_standing where invoice_id = ${invoiceId}`,
  )
  return found
}

const total = () => Number(invoice.TotalAmt)

/** Takes the earners over, as the clock does, and notes what was read. */
function taking(seen: Map<string, EarnersOfOrder['earners']>) {
  return async ({ connectionId, orders }: { connectionId: string; orders: EarnersOfOrder[] }) => {
    for (const { orderNumber, earners } of orders) seen.set(orderNumber, earners)
    await collectEarners(books(), { connectionId, orders, author: 'the CRM', overrides: false })
    return new Map<string, string>()
  }
}

describe('an order whose invoice is in QuickBooks', () => {
  test('says that it is not paid, once, and the other order too', async () => {
    expect(await minutesLater()).toBe(2)
    expect((await inTheCrm()).slice(0, 2)).toEqual([NOT_PAID, 0])
    expect(await minutesLater()).toBe(0)
  })

  let first: Record<string, string>
  let second: Record<string, string>
  test('says how much was paid, when and how', async () => {
    first = await pay(10, '2026-03-10')
    expect(await minutesLater()).toBe(1)
    expect(await inTheCrm()).toEqual([PARTIALLY, 10, '2026-03-10', 'Cash'])
    expect(await standing()).toMatchObject({ status: 'PARTIAL', paid: '10.00', due: (total() - 10).toFixed(2) })
  })

  test('is paid with the last cent', async () => {
    second = await pay(Number((total() - 10).toFixed(2)), '2026-03-12')
    expect(await minutesLater()).toBe(1)
    expect((await inTheCrm()).slice(0, 3)).toEqual([PAID, total(), '2026-03-12'])
  })

  test('is paid no more when a payment is voided, and tells it though the CRM was out', async () => {
    await story.fault({ system: 'creatio', fault: { kind: 'status', status: 503 } })
    await inQuickBooks(
      'Payment',
      { Id: first.Id, SyncToken: first.SyncToken, sparse: true },
      'include=void&operation=update',
    )
    expect(await minutesLater()).toBe(0)
    expect((await inTheCrm())[0]).toBe(PAID)
    await story.mend()
    expect(await minutesLater()).toBe(1)
    expect((await inTheCrm()).slice(0, 2)).toEqual([PARTIALLY, Number((total() - 10).toFixed(2))])
  })

  test('is cancelled when its invoice is voided', async () => {
    const other = (await story.books.invoices()).find(({ Id }) => Id === otherInvoice)
    await inQuickBooks('Invoice', { Id: otherInvoice, SyncToken: other?.SyncToken, sparse: true }, 'operation=void')
    expect(await minutesLater()).toBe(1)
    expect(await standing(otherInvoice)).toMatchObject({ status: 'CANCELLED', total: '0.00', paid: '0.00' })
  })

  test('is earned on by whom the CRM names, under their own rates; who is no employee any more does not drop out', async () => {
    const theirs = await story.books.records('creatio.BGCommissionEarner')
    const other = theirs.find(({ BGOrderId }) => BGOrderId === otherOrder)
    if (!other) throw new Error('the other order has no earner')
    await story.books.change('creatio.BGCommissionEarner', other.Id, { BGSalesRepId: GONE })
    const seen = new Map<string, EarnersOfOrder['earners']>()
    const take = taking(seen)
    expect(await readEarners(story.road, { take })).toBe(2)
    expect(seen.get((await standing(otherInvoice))?.orderNumber ?? '')?.[0]).toEqual({
      rep: `employee ${GONE}`,
      ratePercent: String(Number(other.BGCommissionRate)),
    })
    const names = new Map((await story.books.records('creatio.Employee')).map(({ Id, Name }) => [Id, Name]))
    const ours = theirs.filter(({ BGOrderId }) => BGOrderId === order)
    expect(
      seen
        .get((await standing())?.orderNumber ?? '')
        ?.map(({ rep }) => rep)
        .sort(),
    ).toEqual(ours.map(({ BGSalesRepId }) => names.get(String(BGSalesRepId))).sort())
    expect(await readEarners(story.road, { take })).toBe(0)
  })

  test('has what its payments earned in the CRM’s own table, up to date, and nothing of what was voided', async () => {
    const table = 'creatio.BGCommissionReportQBDownload'
    expect(await tellDownloads(story.road)).toBe(2)
    const rows = await story.books.records(table)
    const request = { from: '2026-03-01', to: '2026-03-31', connectionId: story.connection.id }
    const report = await commissionReport(story.database, { request, by: 'REP' })
    expect(rows.map(({ BGCommissionAmount }) => Number(BGCommissionAmount)).sort()).toEqual(
      report.rows.map(({ amount }) => Number(amount)).sort(),
    )
    const reps = (await story.books.records('creatio.BGCommissionEarner')).filter(
      ({ BGOrderId }) => BGOrderId === order,
    )
    expect(rows.map(({ BGSalesRepId }) => BGSalesRepId).sort()).toEqual(
      reps.map(({ BGSalesRepId }) => BGSalesRepId).sort(),
    )
    expect(rows[0]).toMatchObject({
      BGOrderId: order,
      BGInvoiceNumber: invoice.DocNumber,
      BGQuickBooksPaymentId: second.Id,
    })

    await story.books.change(table, rows[0]?.Id ?? '', { BGCommissionAmount: '1.00' })
    expect(await tellDownloads(story.road)).toBe(0)
    await recomputeCommission(books(), { connectionId: story.connection.id })
    expect(await tellDownloads(story.road)).toBe(2)
    expect(await story.books.records(table)).toEqual(
      rows.map((row) => expect.objectContaining({ Id: row.Id, BGCommissionAmount: row.BGCommissionAmount })),
    )

    await inQuickBooks(
      'Payment',
      { Id: second.Id, SyncToken: second.SyncToken, sparse: true },
      'include=void&operation=update',
    )
    await minutesLater()
    expect(await tellDownloads(story.road)).toBe(1)
    expect(await story.books.records(table)).toEqual([])
  })

  test('is overdue once its due date is over, without anything happening in QuickBooks', async () => {
    await story.pass((DUE_DAYS + 2) * 86_400)
    expect(await collectAndTell()).toBe(1)
    expect(await standing()).toMatchObject({ status: 'OVERDUE', due: `${total().toFixed(2)}` })
    expect((await inTheCrm())[0]).toBe(NOT_PAID)
  })

  test('is earned on no more by those whom the CRM has removed since: the next day nobody has it', async () => {
    const splits = async () =>
      story.database.rows(sql`
        select from commission_split where order_number = ${(await standing())?.orderNumber} and superseded_at is null`)
    expect(await splits()).toHaveLength(1)
    const theirs = await story.books.records('creatio.BGCommissionEarner')
    for (const { Id, BGOrderId } of theirs)
      if (BGOrderId === order) await story.books.remove('creatio.BGCommissionEarner', Id)
    await readEarners(story.road, { take: taking(new Map()) })
    expect(await splits()).toEqual([])
  })
})
