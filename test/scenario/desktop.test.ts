import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Decimal } from 'decimal.js'
import { sql } from 'kysely'
import { LedgerKind } from '../../src/domain/kinds.ts'
import type { Posting } from '../../src/domain/posting.ts'
import { type BookedInvoice, bookedDesktop, bookedOnline } from './booked.ts'
import { openStory, type Story } from './road.ts'

/** The world of the first day: see first-day.test.ts. */
const counts = {
  falselyProcessed: 4,
  processed: 3,
  stuckAbsent: 3,
  stuckInQuickBooks: 2,
  timedOutAbsent: 2,
  pending: 20,
  adoptable: 4,
  mismatched: 2,
  discounted: 1,
  unknownCustomer: 1,
  cancelled: 2,
  empty: 2,
  zeroQuantity: 2,
  severalRows: 3,
  deleteRows: 5,
  factoryRows: 2,
  inventoryRows: 1,
  commissionRows: 1,
  withoutLogRow: 2,
}
const posted = counts.pending + counts.severalRows + counts.stuckAbsent
const adopted = counts.adoptable + counts.stuckInQuickBooks

/** How an order ends, and its reason in Online's words. */
interface End {
  state: string
  reasonCode: string | null
  adopted: boolean
}

/** A discount is booked to an account Online, and with an item in Desktop; this company has neither. */
const EQUIVALENT: Record<string, string> = { ITEM_NOT_FOUND: 'ACCOUNT_NOT_FOUND' }

interface PlayedSet {
  detail: { requests: string[]; statusCodes: number[]; newMessageSetId?: string }
}

let online: Story
let desktop: Story
let before: BookedInvoice[]
let customersBefore: number
let booked: { online: BookedInvoice[]; desktop: BookedInvoice[] }
let ends: { online: Map<string, End>; desktop: Map<string, End> }

beforeAll(async () => {
  // The worlds are equal to the day only when they begin on one.
  const now = new Date().toISOString()
  ;[online, desktop] = await Promise.all([
    openStory({ counts, sandbox: { now } }),
    openStory({ kind: LedgerKind.QUICKBOOKS_DESKTOP, counts, sandbox: { now } }),
  ])
  before = await bookedDesktop(desktop.books)
  customersBefore = (await desktop.books.counts())['quickbooksDesktop.customers'] ?? 0
  await Promise.all([online.poll(), desktop.poll()])
  booked = { online: await bookedOnline(online.books), desktop: await bookedDesktop(desktop.books) }
  ends = { online: endsOf(await online.books.postings()), desktop: endsOf(await desktop.books.postings()) }
}, 60_000)
afterAll(() => Promise.all([online?.end(), desktop?.end()]))

function endsOf(postings: Posting[]): Map<string, End> {
  return new Map(
    postings.map(({ kind, orderNumber, documentNumber, state, reasonCode, adopted }) => [
      `${kind} ${orderNumber ?? documentNumber}`,
      { state, reasonCode: EQUIVALENT[reasonCode ?? ''] ?? reasonCode, adopted },
    ]),
  )
}

function newOnes(): BookedInvoice[] {
  const known = new Set(before.map(({ number }) => number))
  return booked.desktop.filter(({ number }) => !known.has(number))
}

async function setsOf(story: Story): Promise<PlayedSet[]> {
  return story.sandbox.fetchControl<PlayedSet[]>('/log?system=quickbooks-desktop')
}

describe("the incident's orders through QuickBooks Desktop", () => {
  test('end in the states in which they end through Online, each for the same reason', async () => {
    expect(ends.desktop).toEqual(ends.online)
    expect(await desktop.books.states()).toEqual({
      PROCESSED: posted + adopted,
      'MISMATCHED INVOICE_DIFFERS': counts.mismatched,
      'FAILED ITEM_NOT_FOUND': counts.discounted,
      'FAILED CUSTOMER_NOT_FOUND': counts.unknownCustomer,
      'SKIPPED ORDER_CANCELLED': counts.cancelled,
      'SKIPPED ORDER_EMPTY': counts.empty,
      'SKIPPED ORDER_ALL_ZERO': counts.zeroQuantity,
    })
  })

  test('are adopted where QuickBooks has them, and the item that is missing is named', async () => {
    const postings = await desktop.books.invoicePostings()
    expect(postings.filter((posting) => posting.adopted)).toHaveLength(adopted)
    for (const { state, adopted } of postings) if (adopted) expect(state).toBe('PROCESSED')
    const [discounted] = postings.filter(({ reasonCode }) => reasonCode === 'ITEM_NOT_FOUND')
    expect(discounted?.reason?.sentence).toContain('Discount')
  })

  test('become the same documents in both books: number, customer, dates, lines and pennies', () => {
    expect(booked.desktop).toEqual(booked.online)
    for (const part of ['tax', 'shipping'] as const) {
      expect(booked.desktop.some((invoice) => invoice[part] !== '0.00')).toBe(true)
    }
  })

  test('add exactly one invoice for each order that QuickBooks lacked, with its total to the penny', async () => {
    expect(newOnes()).toHaveLength(posted)
    expect(new Set(booked.desktop.map(({ number }) => number)).size).toBe(booked.desktop.length)
    const orders = new Map((await desktop.books.orders()).map((order) => [order.Number, order]))
    for (const { order, number, total } of newOnes()) {
      const known = orders.get(order)
      expect(number).toBe(known?.BGNumberInvoice)
      expect(total).toBe(new Decimal(String(known?.Amount)).toFixed(2))
    }
    // What was there is as it was.
    const numbers = new Set(before.map(({ number }) => number))
    expect(booked.desktop.filter(({ number }) => numbers.has(number))).toEqual(before)
  })

  test('are known in the CRM by the id of their invoice, and their log rows say Processed', async () => {
    const idOf = new Map(
      (await desktop.books.records('quickbooksDesktop.invoices')).map(({ TxnID, RefNumber }) => [RefNumber, TxnID]),
    )
    const stateOf = new Map((await desktop.books.invoicePostings()).map((one) => [one.sourceId, one.state]))
    const processed = (await desktop.books.orders()).filter(({ Id }) => stateOf.get(Id) === 'PROCESSED')
    expect(processed).toHaveLength(posted + adopted)
    for (const order of processed) {
      expect(order.BGQuickBooksId).toBe(idOf.get(order.BGNumberInvoice))
      const statuses = (await desktop.books.logRows(order.Id)).map(({ status }) => status)
      expect(statuses).toContain('Processed')
    }
  })

  test('have their new customers made before them: no set mixes the two, and no invoice was refused', async () => {
    const sets = (await setsOf(desktop)).map(({ detail }) => detail)
    const adds = sets.filter(({ requests }) => requests.some((name) => name.endsWith('AddRq')))
    for (const { requests, statusCodes, newMessageSetId } of adds) {
      expect(new Set(requests).size).toBe(1)
      expect(new Set(statusCodes)).toEqual(new Set([0]))
      expect(newMessageSetId).toMatch(/^\w{1,24}$/)
    }
    const made = adds.flatMap(({ requests }) => requests)
    expect(made.filter((name) => name === 'InvoiceAddRq')).toHaveLength(posted)
    const customers = (await desktop.books.counts())['quickbooksDesktop.customers'] ?? 0
    expect(made.filter((name) => name === 'CustomerAddRq')).toHaveLength(customers - customersBefore)
    expect(customers).toBeGreaterThan(customersBefore)
  })

  test('leave nothing to do: the second call is told so at its sign-in, and asks QuickBooks nothing', async () => {
    const asked = (await setsOf(desktop)).length
    expect(await desktop.office?.call()).toMatchObject({
      outcome: 'no-work',
      status: 'No data exchange required',
      roundTrips: 0,
    })
    expect(await desktop.poll()).toMatchObject({ accepted: 0, error: null })
    expect((await setsOf(desktop)).length).toBe(asked)
    expect(await bookedDesktop(desktop.books)).toEqual(booked.desktop)
  })
})

test('a read-only connection never writes: its orders wait, and QuickBooks is only asked', async () => {
  const story = await openStory({ kind: LedgerKind.QUICKBOOKS_DESKTOP, counts: { pending: 3, adoptable: 1 } })
  try {
    await story.database.run(sql`update connection set read_only = true`)
    const invoices = await bookedDesktop(story.books)
    await story.poll()
    expect((await story.office?.call())?.outcome).toBe('finished')
    const requests = (await setsOf(story)).flatMap(({ detail }) => detail.requests)
    expect(requests).toContain('CompanyQueryRq')
    expect(requests.filter((name) => !name.endsWith('QueryRq'))).toEqual([])
    expect(await bookedDesktop(story.books)).toEqual(invoices)
    expect(await story.books.states()).toEqual({ PENDING: 4 })
    for (const { waitingFor } of await story.books.invoicePostings()) expect(waitingFor).not.toBeNull()
  } finally {
    await story.end()
  }
}, 60_000)
