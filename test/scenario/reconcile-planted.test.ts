// Differences that people plant by hand on both sides of a world that was clean, 42 with those that were known before: a
// reconciliation finds each of them, calls it by its name and says the cents; and it invents none.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Decimal } from 'decimal.js'
import { sql } from 'kysely'
import type { Author } from '../../src/domain/access.ts'
import { Discrepancy } from '../../src/domain/discrepancy.ts'
import type { InvoiceDocument } from '../../src/domain/document.ts'
import type { Posting } from '../../src/domain/posting.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { reconcile } from '../../src/sync/reconcile.ts'
import { connectionRow, insertRows, postingRow, processed } from '../storage/rows.ts'
import type { Fields } from './books.ts'
import { byHand } from './by-hand.ts'
import { openStory, type Story } from './road.ts'

const author: Author = { name: 'ada', keyId: null, connectionIds: null }
const counts = { pending: 60, processed: 4, falselyProcessed: 3, mismatched: 2 }
let story: Story
/** What is to be found: the order or the invoice, the kind, and the cents of its lines added up; `-` where no amount differs. */
const planted = new Set<string>()

beforeAll(async () => {
  story = await openStory({ counts })
  await story.poll()
})
afterAll(() => story?.end())

async function reconcileAll(): Promise<Discrepancy[]> {
  const { road, connection } = story
  const thisYear = road.now().getUTCFullYear()
  for (let year = 2023; year <= thisYear; year += 1) {
    await reconcile(road, { connectionId: connection.id, from: `${year}-01-01`, to: `${year}-12-31`, author })
    await story.work()
    await runBulkOperations(road)
  }
  return story.database.entities(Discrepancy, sql`select * from discrepancy where state = 'OPEN'`)
}

function inShort(found: Discrepancy[]): string[] {
  return found.map(({ kind, documentNumber, lines }) => {
    const cents = lines.flatMap((line) => line.cents ?? [])
    return `${documentNumber ?? 'no number'} ${kind} ${cents.length > 0 ? Decimal.sum(...cents).toFixed(0) : '-'}`
  })
}

type Line = Record<string, unknown> & {
  Amount: number
  DetailType: string
  SalesItemLineDetail?: Record<string, unknown>
}
type Invoice = Fields & { Line: Line[]; CustomerRef: { value: string }; TxnTaxDetail?: { TotalTax?: unknown } }

/** The record with its numbers as numbers, as a person's client would send it. */
function plainly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainly)
  if (typeof value !== 'object' || value === null) return value
  if ('rawJSON' in value) return Number(value.rawJSON)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plainly(inner)]))
}

const itemOf = ({ SalesItemLineDetail: detail }: Line) => (detail?.ItemRef as { value?: string } | undefined)?.value
const isSale = (line: Line) => line.DetailType === 'SalesItemLineDetail' && itemOf(line) !== 'SHIPPING_ITEM_ID'

const plus = (amount: unknown, cents: number) => Math.round(Number(amount) * 100 + cents) / 100
const pennies = (amount: string) => Math.round(Number(amount) * 100)

/** A line sold for so many cents more: one piece, at that price. */
function dearer(line: Line, cents: number): Line {
  const Amount = plus(line.Amount, cents)
  const Qty = Number(line.SalesItemLineDetail?.Qty)
  return { ...line, Amount, SalesItemLineDetail: { ...line.SalesItemLineDetail, Qty, UnitPrice: Amount / Qty } }
}

test('a clean world, and what was known to differ in it, is told as it is', async () => {
  const found = await reconcileAll()
  for (const line of inShort(found)) planted.add(line)
  const kinds = found.map(({ kind }) => kind).sort()
  expect(kinds).toEqual(['AMOUNT', 'CUSTOMER', 'FALSE_PROCESSED', 'FALSE_PROCESSED', 'FALSE_PROCESSED'])
})

test('each difference that is planted is found, called by its name, to the cent, and none is invented', async () => {
  const postings = (await story.books.invoicePostings()).filter(({ state }) => state === 'PROCESSED')
  const all = (await story.books.invoices()).map((one) => plainly(one) as Invoice)
  const invoiceOf = new Map(all.map((one) => [one.Id, one]))
  const left = [...postings]
  const take = (fits: (document: InvoiceDocument, invoice: Invoice) => boolean = () => true) => {
    const index = left.findIndex(({ document, quickBooksId }) =>
      fits(document as InvoiceDocument, invoiceOf.get(quickBooksId ?? '') as Invoice),
    )
    const [posting] = index < 0 ? [] : left.splice(index, 1)
    if (!posting) throw new Error('the world has no order left that fits')
    const invoice = invoiceOf.get(posting.quickBooksId ?? '') as Invoice
    return { posting, invoice, document: posting.document as InvoiceDocument }
  }
  const edit = (id: string, body: object) => byHand({ story, id, body })
  const plant = ({ documentNumber }: Pick<Posting, 'documentNumber'>, kind: string, cents: number | '-') =>
    planted.add(`${documentNumber} ${kind} ${cents}`)
  const single = (document: InvoiceDocument) => document.lines.every(({ quantity }) => quantity === '1')

  // A line dearer by a cent, cheaper by ten dollars, a line more, a line less, and the shipping.
  for (const cents of [1, -1000]) {
    const { posting, invoice } = take((document) => Number(document.lines[0]?.amount) > 20)
    const index = invoice.Line.findIndex(isSale)
    await edit(invoice.Id, { Line: invoice.Line.map((line, at) => (at === index ? dearer(line, cents) : line)) })
    plant(posting, 'AMOUNT', cents)
  }
  const more = take()
  const pattern = more.invoice.Line.find(isSale) as Line
  const extra = {
    ...pattern,
    Id: undefined,
    Amount: 5,
    SalesItemLineDetail: { ...pattern.SalesItemLineDetail, Qty: 1, UnitPrice: 5 },
  }
  await edit(more.invoice.Id, { Line: [...more.invoice.Line, extra] })
  plant(more.posting, 'AMOUNT', 500)
  const less = take((document) => document.lines.length > 1 && document.discount === '0.00')
  const sold = less.invoice.Line.filter(isSale)
  await edit(less.invoice.Id, { Line: less.invoice.Line.filter((line) => line !== sold.at(-1)) })
  plant(less.posting, 'AMOUNT', -pennies(less.document.lines.at(-1)?.amount ?? ''))
  const shipped = take((document) => document.shipping !== '0.00')
  await edit(shipped.invoice.Id, {
    Line: shipped.invoice.Line.map((line) => {
      const isShipping = line.DetailType === 'SalesItemLineDetail' && !isSale(line)
      return isShipping ? { ...line, Amount: plus(line.Amount, 250) } : line
    }),
  })
  plant(shipped.posting, 'AMOUNT', 250)

  // The tax, by a cent either way, by five dollars.
  for (const cents of [1, -1, 500]) {
    const { posting, invoice } = take((document) => document.tax !== '0.00')
    const TotalTax = plus(invoice.TxnTaxDetail?.TotalTax, cents)
    await edit(invoice.Id, { TxnTaxDetail: { ...invoice.TxnTaxDetail, TotalTax } })
    plant(posting, 'TAX', cents)
  }

  // Who, when, what number, whose order.
  for (const _ of [1, 2]) {
    const { posting, invoice } = take()
    const other = all.find(({ CustomerRef }) => CustomerRef.value !== invoice.CustomerRef.value)
    await edit(invoice.Id, { CustomerRef: { value: other?.CustomerRef.value } })
    plant(posting, 'CUSTOMER', '-')
  }
  for (const days of [1, -1, -20]) {
    const { posting, invoice, document } = take()
    const TxnDate = new Date(Date.parse(document.date) + days * 86_400_000).toISOString().slice(0, 10)
    await edit(invoice.Id, { TxnDate })
    plant(posting, 'DATE', '-')
  }
  for (const DocNumber of ['R-1', 'R-2']) {
    const { posting, invoice } = take()
    await edit(invoice.Id, { DocNumber })
    plant(posting, 'NUMBER', '-')
  }
  const stamped = take()
  await edit(stamped.invoice.Id, { PrivateNote: 'Order ORD-99999' })
  plant(stamped.posting, 'NUMBER', '-')

  // What else people change: due dates, items, quantities at the same amount, the order of the lines.
  for (const DueDate of ['2031-01-01', '2031-02-01']) {
    const { posting, invoice } = take((document) => document.dueDate !== undefined)
    await edit(invoice.Id, { DueDate })
    plant(posting, 'EDITED', '-')
  }
  const counted = take((document) => !single(document))
  await edit(counted.invoice.Id, {
    Line: counted.invoice.Line.map((line) => {
      if (!isSale(line)) return line
      const detail = line.SalesItemLineDetail
      return { ...line, SalesItemLineDetail: { ...detail, Qty: 1, UnitPrice: line.Amount } }
    }),
  })
  plant(counted.posting, 'EDITED', '-')
  const turned = take((document) => new Set(document.lines.map(({ amount }) => amount)).size > 1)
  const [sales, rest] = [turned.invoice.Line.filter(isSale), turned.invoice.Line.filter((line) => !isSale(line))]
  await edit(turned.invoice.Id, { Line: [...sales.toReversed(), ...rest] })
  plant(turned.posting, 'EDITED', '-')

  // Void, deleted; one too many of a number, equal and not; nobody's.
  for (const operation of ['void', 'void', 'delete', 'delete'] as const) {
    const { posting, invoice } = take()
    await byHand({ story, id: invoice.Id, operation })
    plant(posting, operation === 'void' ? 'VOIDED' : 'DELETED', -pennies(posting.total ?? ''))
  }
  const copyOf = ({ CustomerRef, TxnDate, DueDate, Line, DocNumber }: Invoice, changes: object = {}) => ({
    ...{ CustomerRef, TxnDate, DueDate, DocNumber },
    Line: Line.filter(isSale).map(({ Id: _, ...line }) => line),
    ...changes,
  })
  for (const changes of [{}, { TxnDate: '2026-06-01' }]) {
    const { posting, invoice } = take()
    const made = await byHand({ story, body: copyOf(invoice, changes) })
    plant(posting, 'DUPLICATE', pennies(String(made.TotalAmt)))
  }
  for (const DocNumber of ['X-1', 'X-2']) {
    const made = await byHand({ story, body: copyOf(all[0] as Invoice, { DocNumber }) })
    plant({ documentNumber: DocNumber }, 'UNKNOWN_IN_CRM', pennies(String(made.TotalAmt)))
  }

  // Payments that pay nothing, and more than there was.
  const customer = all[0]?.CustomerRef
  await byHand({ story, entity: 'payment', body: { CustomerRef: customer, TotalAmt: 12.34, PaymentRefNum: 'P-1' } })
  plant({ documentNumber: 'P-1' }, 'PAYMENT_UNMATCHED', 1234)
  const paid = take()
  const LinkedTxn = [{ TxnId: paid.invoice.Id, TxnType: 'Invoice' }]
  await byHand({
    story,
    entity: 'payment',
    body: {
      CustomerRef: paid.invoice.CustomerRef,
      TotalAmt: 10,
      PaymentRefNum: 'P-2',
      Line: [{ Amount: 4, LinkedTxn }],
    },
  })
  plant({ documentNumber: 'P-2' }, 'PAYMENT_UNMATCHED', 600)

  // The CRM forgot an id, shows another one, one that QuickBooks never had, one of another company.
  const order = ({ sourceId }: Posting, fields: Record<string, unknown>) =>
    story.books.change('creatio.Order', sourceId, fields)
  for (const BGQuickBooksId of ['', '987654']) {
    const { posting } = take()
    await order(posting, { BGQuickBooksId })
    plant(posting, 'MISSING_LINK', '-')
  }
  const production = connectionRow({ environment: 'PRODUCTION', name: 'Another company' })
  const foreign = { ...processed('2026-03-01T12:00:00Z'), quick_books_id: '555001' }
  await insertRows(story.database, 'connection', [production])
  await insertRows(story.database, 'posting', [postingRow({ connection_id: production.id, ...foreign })])
  const moved = take()
  await order(moved.posting, { BGQuickBooksId: '555001' })
  plant(moved.posting, 'ENVIRONMENT', -pennies(moved.posting.total ?? ''))

  // An order that was changed after it was posted, in its date and in its customer.
  const redated = take()
  await order(redated.posting, { BGInvoiceDate: '2026-02-03T17:00:00Z' })
  plant(redated.posting, 'DATE', '-')
  const [account] = (await story.books.records('creatio.Account')).filter(({ BGQBName }) => BGQBName)
  const sold2 = take((document) => document.customer.sourceId !== account?.Id)
  await order(sold2.posting, { AccountId: account?.Id })
  plant(sold2.posting, 'CUSTOMER', '-')

  // A posting that came to rest while QuickBooks has the invoice, and one of which it has nothing.
  const unlinked = take()
  const rest1 = sql`state = 'FAILED', reason_code = 'INTERNAL_ERROR', reason_detail = '{}', quick_books_id = null, verification = null`
  await story.database.run(sql`update posting set ${rest1} where id = ${unlinked.posting.id}`)
  plant(unlinked.posting, 'MISSING_LINK', '-')
  const absent = take()
  await byHand({ story, id: absent.invoice.Id, operation: 'delete' })
  await story.database.run(sql`update posting set ${rest1} where id = ${absent.posting.id}`)
  plant(absent.posting, 'MISSING_IN_QUICKBOOKS', -pennies(absent.posting.total ?? ''))

  expect(planted.size).toBeGreaterThanOrEqual(40)
  expect(inShort(await reconcileAll()).sort()).toEqual([...planted].sort())
}, 120_000)
