// What customers pay in QuickBooks reaches the orders of the CRM: one order, from its invoice to its last cent and back.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { collectMirrored } from '../../src/commission/collect.ts'
import { InvoiceStanding } from '../../src/domain/invoice-standing.ts'
import { askAllForChanges } from '../../src/sync/mirror-schedule.ts'
import { type EarnersOfOrder, readEarners } from '../../src/sync/read-earners.ts'
import { tellStandings } from '../../src/sync/tell-standings.ts'
import type { PlayedInvoice } from './books.ts'
import { openStory, type Story } from './road.ts'

const NOT_PAID = '3e9d7b14-62a8-4c0d-b1f5-08d6e2a47f01'
const PARTIALLY = '3e9d7b14-62a8-4c0d-b1f5-08d6e2a47f02'
const PAID = '3e9d7b14-62a8-4c0d-b1f5-08d6e2a47f03'
const statuses = { SENT: NOT_PAID, PARTIAL: PARTIALLY, PAID, OVERDUE: NOT_PAID, CANCELLED: null }
const profile = {
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
  const { road, database } = story
  await collectMirrored({ database, timeZone: 'America/New_York', now: road.now, ledgerOf: road.ledgerOf })
  return tellStandings(road)
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

describe('an order whose invoice is in QuickBooks', () => {
  test('says that it is not paid, once, and the other order too', async () => {
    expect(await minutesLater()).toBe(2)
    expect((await inTheCrm()).slice(0, 2)).toEqual([NOT_PAID, 0])
    expect(await minutesLater()).toBe(0)
  })

  let first: Record<string, string>
  test('says how much was paid, when and how', async () => {
    first = await pay(10, '2026-03-10')
    expect(await minutesLater()).toBe(1)
    expect(await inTheCrm()).toEqual([PARTIALLY, 10, '2026-03-10', 'Cash'])
    expect(await standing()).toMatchObject({ status: 'PARTIAL', paid: '10.00', due: (total() - 10).toFixed(2) })
  })

  test('is paid with the last cent', async () => {
    await pay(Number((total() - 10).toFixed(2)), '2026-03-12')
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
    const [one] = (await story.books.records('creatio.BGCommissionEarner')).filter(
      ({ BGOrderId }) => BGOrderId === order,
    )
    if (!one) throw new Error('the order has no earner')
    await story.books.change('creatio.BGCommissionEarner', one.Id, { BGSalesRepId: GONE })
    const seen: EarnersOfOrder[] = []
    const take = async ({ orders }: { orders: EarnersOfOrder[] }) => {
      seen.push(...orders)
      return new Map(orders.map(({ orderNumber }) => [orderNumber, 'believed by nobody']))
    }
    expect(await readEarners(story.road, { take })).toBe(2)
    const ours = (await standing())?.orderNumber
    const [gone] = seen.find(({ orderNumber }) => orderNumber === ours)?.earners ?? []
    expect(gone).toEqual({ rep: `employee ${GONE}`, ratePercent: String(Number(one.BGCommissionRate)) })
    expect(await readEarners(story.road, { take })).toBe(0)
    const names = (await story.books.records('creatio.Employee')).map(({ Name }) => Name)
    const others = seen.filter(({ orderNumber }) => orderNumber !== ours).flatMap(({ earners }) => earners)
    expect(others.map(({ rep }) => rep).filter((rep) => !names.includes(rep))).toEqual([])
    expect(others.length).toBeGreaterThan(0)
  })

  test('is overdue once its due date is over, without anything happening in QuickBooks', async () => {
    await story.pass((DUE_DAYS + 2) * 86_400)
    expect(await collectAndTell()).toBe(1)
    expect(await standing()).toMatchObject({ status: 'OVERDUE', due: '10.00' })
    expect((await inTheCrm())[0]).toBe(NOT_PAID)
  })
})
