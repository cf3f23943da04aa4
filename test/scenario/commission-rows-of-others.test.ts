// Rows that others put into the CRM's own table of commission: those that no payment of QuickBooks stands behind are listed, and left alone.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { collectPayments } from '../../src/commission/collect.ts'
import { missingCommission } from '../../src/commission/missing.ts'
import { commissionReport } from '../../src/commission/report.ts'
import { CreatioError } from '../../src/creatio/creatio-error.ts'
import { MissingReason } from '../../src/domain/commission-case.ts'
import { type PaymentEvent, PaymentRecordState } from '../../src/domain/payment-application.ts'
import {
  compareCommissionRows,
  readCommissionRows,
  readCommissionRowsDaily,
} from '../../src/sync/read-commission-rows.ts'
import { tellDownloads } from '../../src/sync/tell-downloads.ts'
import { payment } from '../commission/company.ts'
import type { Fields } from './books.ts'
import { openStory, type Story } from './road.ts'

const SET = 'BGCommissionReportQBDownload'
const TABLE = `creatio.${SET}`

let story: Story
let order: Fields
let rep: Fields
/** QuickBooks ids and numbers of two invoices: the first is the order's. */
let invoices: { id: string; number: string }[]

beforeAll(async () => {
  // Pages of two rows: the reading needs several.
  const profile = { commissionDownload: { set: SET }, limits: { pageRowsMax: 2 } }
  story = await openStory({ counts: { pending: 2 }, profile })
  await story.poll()
  const postings = await story.books.invoicePostings()
  const all = await story.books.invoices()
  invoices = postings.map(({ quickBooksId }) => ({
    id: quickBooksId ?? '',
    number: all.find(({ Id }) => Id === quickBooksId)?.DocNumber ?? '',
  }))
  order = (await story.books.orders()).find(({ Id }) => Id === postings[0]?.sourceId) as Fields
  rep = (await story.books.records('creatio.Employee'))[0] as Fields
  await collect(payment({ recordId: '901', pays: [[first().id, '10.00']] }))
}, 60_000)
afterAll(() => story?.end())

const first = () => invoices[0] ?? { id: '', number: '' }
const second = () => invoices[1] ?? { id: '', number: '' }

async function collect(...events: PaymentEvent[]): Promise<void> {
  const books = { database: story.database, timeZone: 'America/New_York', now: story.road.now }
  await collectPayments(books, { connectionId: story.connection.id, bring: async () => ({ events }) })
}

/** A row that somebody else put there; what is not said is as it should be. */
async function foreign(fields: Record<string, unknown>): Promise<string> {
  const Id = randomUUID()
  await story.books.put(TABLE, {
    Id,
    CreatedOn: '2026-03-05T12:00:00Z',
    BGName: 'an old one',
    BGOrderId: order.Id,
    BGSalesRepId: rep.Id,
    BGInvoiceNumber: first().number,
    BGQuickBooksPaymentId: '901',
    BGPaymentDate: '2026-03-05T05:00:00Z',
    BGAmount: '10.00',
    BGCommissionAmount: '0.50',
    ...fields,
  })
  return Id
}

async function listed() {
  const request = { connectionId: story.connection.id, month: '2026-03' }
  const reasons = [MissingReason.WITHOUT_PAYMENT]
  const { rows, counts } = await missingCommission(story.database, { request, reasons, first: 50, after: 0 })
  expect(counts).toMatchObject([{ count: rows.length }])
  return rows
}

const named = async (id: string) => (await listed()).some(({ detail }) => detail?.includes(id))

test('of the rows of others those are listed that no payment of QuickBooks stands behind, with what to do; ours are not', async () => {
  expect(await tellDownloads(story.road)).toBeGreaterThan(0)
  const ours = (await story.books.records(TABLE)).map(({ Id }) => Id)
  expect(ours.length).toBeGreaterThan(0)
  await foreign({})
  await foreign({ BGQuickBooksPaymentId: '' })
  const unknown = await foreign({ BGQuickBooksPaymentId: '777', BGAmount: '20.00', BGCommissionAmount: '1.00' })
  const elsewhere = await foreign({ BGInvoiceNumber: second().number, BGPaymentDate: '2026-03-06T05:00:00Z' })
  const unpaid = await foreign({
    BGInvoiceNumber: second().number,
    BGQuickBooksPaymentId: '',
    BGPaymentDate: '2026-03-07T05:00:00Z',
  })
  const bare = await foreign({
    ...{ BGOrderId: null, BGSalesRepId: null, BGInvoiceNumber: '', BGQuickBooksPaymentId: '' },
    BGPaymentDate: null,
    CreatedOn: '2026-03-09T02:00:00Z',
  })
  const before = await story.books.records(TABLE)
  const request = { connectionId: story.connection.id, month: '2026-03' }
  const report = await commissionReport(story.database, { request, by: 'REP' })

  const count = await readCommissionRows(story.road)
  expect(count).toEqual({ rows: ours.length + 6, withoutPayment: 4, resolved: 0 })
  const rows = await listed()
  expect(rows).toMatchObject([
    { orderNumber: order.Number, rep: rep.Name, day: '2026-03-05', amount: '1.00' },
    { orderNumber: order.Number, rep: rep.Name, day: '2026-03-06', amount: '0.50' },
    { orderNumber: order.Number, rep: rep.Name, day: '2026-03-07', amount: '0.50' },
    { orderNumber: null, rep: null, day: '2026-03-08', amount: '0.50' },
  ])
  const what = (id: string) =>
    `; others put it into the CRM’s table of commission as row ${id}: enter the payment in QuickBooks, or correct or remove that row in the CRM.`
  expect(rows.map(({ detail }) => detail)).toEqual([
    `QuickBooks has no payment 777 of 20.00 for invoice ${first().number}${what(unknown)}`,
    `QuickBooks has no payment 901 of 10.00 for invoice ${second().number}${what(elsewhere)}`,
    `QuickBooks has no payment of 10.00 for invoice ${second().number}${what(unpaid)}`,
    `QuickBooks has no payment of 10.00${what(bare)}`,
  ])

  expect(await story.books.records(TABLE)).toEqual(before)
  expect(await commissionReport(story.database, { request, by: 'REP' })).toEqual(report)
})

test('a row is listed no more once its payment is in QuickBooks, and again when that is voided', async () => {
  const id = await foreign({ BGQuickBooksPaymentId: '902' })
  await readCommissionRows(story.road)
  expect(await named(id)).toBe(true)
  const came = payment({ recordId: '902', pays: [[first().id, '5.00']] })
  await collect(came)
  expect(await named(id)).toBe(false)
  expect((await readCommissionRows(story.road)).resolved).toBe(1)
  await collect({ ...came, version: '1', state: PaymentRecordState.VOIDED })
  await readCommissionRows(story.road)
  expect(await named(id)).toBe(true)
})

test('a row of ours is not listed while the CRM waits to hear that its payment was voided', async () => {
  const ids = async () => (await story.books.records(TABLE)).map(({ Id }) => Id)
  const before = await ids()
  const came = payment({ recordId: '903', pays: [[first().id, '5.00']] })
  await collect(came)
  await tellDownloads(story.road)
  const [ours] = (await ids()).filter((id) => !before.includes(id))
  const theirs = await foreign({ BGQuickBooksPaymentId: '903' })
  await collect({ ...came, version: '1', state: PaymentRecordState.VOIDED })
  await readCommissionRows(story.road)
  expect(ours).toBeDefined()
  expect(await named(ours ?? '')).toBe(false)
  expect(await named(theirs)).toBe(true)
})

test('a row that is gone from the CRM is gone from the list; while the CRM is out the list stays, and it is asked again that day', async () => {
  const id = await foreign({ BGQuickBooksPaymentId: '778' })
  await readCommissionRows(story.road)
  expect(await named(id)).toBe(true)
  await story.books.remove(TABLE, id)
  await story.fault({ system: 'creatio', fault: { kind: 'status', status: 503 } })
  await expect(readCommissionRowsDaily(story.road, { hour: 0 })).rejects.toThrow(CreatioError)
  expect(await named(id)).toBe(true)
  await story.mend()
  expect(await readCommissionRowsDaily(story.road, { hour: 0 })).toMatchObject({ resolved: 1 })
  expect(await named(id)).toBe(false)
  expect(await readCommissionRowsDaily(story.road, { hour: 0 })).toBeNull()
})

test('an operator who asks is told how many there are, and where', async () => {
  const said: string[] = []
  await compareCommissionRows(story.road, { say: (line) => said.push(line) })
  const { length } = await story.books.records(TABLE)
  expect(said[0]).toBe(`${length} rows of ${SET} were compared with the payments of QuickBooks.`)
  expect(said[1]).toContain(`${(await listed()).length}   were not written from here`)
  expect(said.at(-1)).toContain('missingCommission')
})
