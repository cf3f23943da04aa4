import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Decimal } from 'decimal.js'
import type { Posting } from '../../src/domain/posting.ts'
import type { SyncRun } from '../../src/domain/sync-run.ts'
import type { PlayedInvoice } from './books.ts'
import { adopted, counts, posted } from './first-day-world.ts'
import { openStory, type Story } from './road.ts'

let story: Story
let run: SyncRun
let before: Record<string, number>
let rowsBefore: Map<string, unknown>
let postings: Posting[]

beforeAll(async () => {
  story = await openStory({ counts, sideBySide: true })
  before = await story.books.counts()
  rowsBefore = new Map(
    (await story.books.records('creatio.BGQuickBooksIntegrationLogDetail')).map((row) => [row.Id, row.BGStatusId]),
  )
  run = await story.poll()
  postings = await story.books.invoicePostings()
})
afterAll(() => story?.end())

const processedOnes = () => postings.filter(({ state }) => state === 'PROCESSED')

describe('after one poll on the first day', () => {
  test('every order that asked stands where the plan of its world says', async () => {
    expect(await story.books.states()).toEqual({
      PROCESSED: posted + adopted,
      'MISMATCHED INVOICE_DIFFERS': counts.mismatched,
      'FAILED ACCOUNT_NOT_FOUND': counts.discounted,
      'FAILED CUSTOMER_NOT_FOUND': counts.unknownCustomer,
      'SKIPPED ORDER_CANCELLED': counts.cancelled,
      'SKIPPED ORDER_EMPTY': counts.empty,
      'SKIPPED ORDER_ALL_ZERO': counts.zeroQuantity,
    })
    expect(processedOnes().filter((posting) => posting.adopted)).toHaveLength(adopted)
    expect(run).toMatchObject({ error: null, accepted: posted + adopted + counts.mismatched + counts.discounted })
  })

  test('QuickBooks gained one invoice for each order that it lacked, and nothing else', async () => {
    const after = await story.books.counts()
    expect((after['qbo.Invoice'] ?? 0) - (before['qbo.Invoice'] ?? 0)).toBe(posted)
    const invoices = await story.books.invoices()
    expect(new Set(invoices.map(({ DocNumber }) => DocNumber)).size).toBe(invoices.length)
    for (const table of ['qbo.Payment', 'qbo.Item', 'qbo.Account']) expect(after[table]).toBe(before[table])
  })

  test('each invoice of a PROCESSED order has its number and its total to the penny', async () => {
    const byNumber = new Map((await story.books.invoices()).map((invoice) => [invoice.DocNumber, invoice]))
    const orders = new Map((await story.books.orders()).map((order) => [order.Id, order]))
    for (const posting of processedOnes()) {
      const order = orders.get(posting.sourceId)
      const invoice = byNumber.get(String(order?.BGNumberInvoice)) as PlayedInvoice
      expect(invoice.Id).toBe(posting.quickBooksId)
      expect(pennies(invoice.TotalAmt)).toBe(pennies(order?.Amount))
      expect(pennies(posting.total)).toBe(pennies(order?.Amount))
    }
  })

  test('the CRM knows the id of each PROCESSED order, and all its log rows say Processed without a message', async () => {
    const orders = new Map((await story.books.orders()).map((order) => [order.Id, order]))
    for (const posting of processedOnes()) {
      expect(orders.get(posting.sourceId)?.BGQuickBooksId).toBe(posting.quickBooksId)
      const rows = await story.books.logRows(posting.sourceId)
      // The newest is the echo of our own write, which the next poll answers.
      const asked = rows.filter(({ id }) => rowsBefore.has(id))
      expect(asked.length).toBeGreaterThan(0)
      for (const row of asked) expect(row).toMatchObject({ status: 'Processed', message: '' })
    }
  })

  test('the log rows of the others say Error, with a sentence and a remedy', async () => {
    const others = postings.filter(({ state }) => state !== 'PROCESSED')
    expect(others.length).toBeGreaterThan(0)
    for (const posting of others) {
      for (const row of await story.books.logRows(posting.sourceId)) {
        expect(row).toMatchObject({ status: 'Error', message: `${posting.reason?.sentence} ${posting.reason?.remedy}` })
      }
    }
  })

  test('Delete rows of orders that QuickBooks never had say Processed, and rows that are not ours are left as they were', async () => {
    const rows = await story.books.records('creatio.BGQuickBooksIntegrationLogDetail')
    const deletes = rows.filter(({ BGActionId }) => BGActionId === '1569077b-41ca-4267-b07c-96277fa979fc')
    expect(deletes).toHaveLength(counts.deleteRows)
    for (const row of deletes) expect(row.BGStatusId).toBe('e7428193-4cf1-4d1b-abae-00e93ab5e1c5')
    const foreign = rows.filter(({ BGTypeId }) => BGTypeId !== '14535998-d4c0-45ac-bbac-8c0185bfcc1a')
    expect(foreign).toHaveLength(counts.factoryRows + counts.inventoryRows + counts.commissionRows)
    for (const row of foreign) expect(row.BGStatusId).toBe(rowsBefore.get(row.Id))
  })

  test('orders that did not ask were not touched', async () => {
    const asked = new Set(postings.map(({ sourceId }) => sourceId))
    const untouched = (await story.books.orders()).filter(({ Id }) => !asked.has(Id))
    expect(untouched).toHaveLength(
      counts.falselyProcessed + counts.processed + counts.timedOutAbsent + counts.withoutLogRow + 2,
    )
    for (const order of untouched) {
      const rows = await story.books.logRows(order.Id)
      for (const row of rows.filter(({ status }) => status !== 'Processed')) expect(row.status).toBe('Error')
    }
  })

  test('a second poll answers the echoes of our own writes, and posts nothing', async () => {
    const invoices = (await story.books.counts())['qbo.Invoice']
    const creates = await story.books.requests('requestid')
    const second = await story.poll()
    expect(second).toMatchObject({ accepted: 0, error: null })
    expect((await story.books.counts())['qbo.Invoice']).toBe(invoices)
    expect(await story.books.requests('requestid')).toBe(creates)
    for (const posting of processedOnes()) {
      const rows = await story.books.logRows(posting.sourceId)
      for (const row of rows) expect(row).toMatchObject({ status: 'Processed', message: '' })
    }
    const states = await story.books.states()
    expect(states.PROCESSED).toBe(posted + adopted)
    const third = await story.poll()
    expect(third).toMatchObject({ accepted: 0, skipped: 0 })
  })
})

function pennies(value: unknown): string {
  const text = typeof value === 'object' && value !== null && 'rawJSON' in value ? String(value.rawJSON) : String(value)
  return new Decimal(text).toFixed(2)
}
