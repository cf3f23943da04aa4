// Differences that people plant by hand on every side of a clean world, each in a way of its own: a reconciliation finds all of
// them, calls each by its name and says the cents; and it invents none.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Decimal } from 'decimal.js'
import { sql } from 'kysely'
import type { Author } from '../../src/domain/access.ts'
import { Discrepancy, DiscrepancyKind } from '../../src/domain/discrepancy.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { reconcile } from '../../src/sync/reconcile.ts'
import { byHand } from './by-hand.ts'
import { plantAmounts, plantEdits } from './planted-edits.ts'
import { plantInCrm, plantInPostings, plantRecords } from './planted-sides.ts'
import { minus, Planting, pennies, plainly, plus } from './planting.ts'
import { openStory, type Story } from './road.ts'

const author: Author = { name: 'ada', keyId: null, connectionIds: null }
const WAYS_MIN = 40
const ZERO_ID = '00000000-0000-0000-0000-000000000000'
const since = '2026-01-02T14:00:00Z'
/** What is wrong from the beginning: each of these is one more way. */
const wrong = {
  falselyProcessed: 1,
  mismatched: 2,
  timedOutInQuickBooks: 1,
  withoutLogRow: 1,
  unknownCustomer: 1,
}
const counts = { pending: 60, discounted: 5, processed: 4, ...wrong }
type Paid = { PaymentRefNum: string; TotalAmt: unknown; Line?: { LinkedTxn?: { TxnId: string }[] }[] }
let story: Story
let planting: Planting

beforeAll(async () => {
  story = await openStory({ counts, sandbox: { since } })
  const [pattern] = await story.books.records('qbo.Account')
  await story.books.put('qbo.Account', { ...pattern, Id: '990', Name: 'Discount', FullyQualifiedName: 'Discount' })
  await story.poll()
  planting = await Planting.begin(story)
})
afterAll(() => story?.end())

async function reconcileAll(): Promise<Discrepancy[]> {
  const { road, connection } = story
  const to = `${road.now().getUTCFullYear()}-12-31`
  await reconcile(road, { connectionId: connection.id, from: `${to.slice(0, 4)}-01-01`, to, author })
  await story.work()
  await runBulkOperations(road)
  return story.database.entities(Discrepancy, sql`select * from discrepancy where state = 'OPEN'`)
}

function inShort({ kind, documentNumber, lines }: Discrepancy): string {
  const cents = lines.flatMap((line) => line.cents ?? [])
  return `${documentNumber ?? 'no number'} ${kind} ${cents.length > 0 ? Decimal.sum(...cents).toFixed(0) : '-'}`
}

/** Invoices of the time before us, of which there is no posting. */
async function plantInOldOrders(): Promise<void> {
  const postings = new Set((await story.books.invoicePostings()).map(({ sourceId }) => sourceId))
  const old = (await story.books.orders()).filter(({ Id, BGQuickBooksId }) => BGQuickBooksId && !postings.has(Id))
  const [deleted, taxed] = old
  const total = String(plainly(deleted?.Amount))
  const payments = (await story.books.records('qbo.Payment')).map((one) => plainly(one) as Paid)
  await byHand({ story, id: String(deleted?.BGQuickBooksId), operation: 'delete' })
  planting.expect('an old invoice is deleted', String(deleted?.BGNumberInvoice), 'DELETED', minus(total))
  const itsOwn = payments.filter(({ Line }) =>
    Line?.some(({ LinkedTxn }) => LinkedTxn?.some(({ TxnId }) => TxnId === deleted?.BGQuickBooksId)),
  )
  for (const { PaymentRefNum, TotalAmt } of itsOwn)
    planting.expect(
      `what paid it pays nothing, ${PaymentRefNum}`,
      PaymentRefNum,
      'PAYMENT_UNMATCHED',
      pennies(String(TotalAmt)),
    )
  const invoice = planting.invoices.find(({ Id }) => Id === taxed?.BGQuickBooksId)
  const TotalTax = plus(invoice?.TxnTaxDetail?.TotalTax ?? 0, 300)
  await byHand({ story, id: invoice?.Id ?? '', body: { TxnTaxDetail: { ...invoice?.TxnTaxDetail, TotalTax } } })
  planting.expect('an old invoice was taxed more', String(taxed?.BGNumberInvoice), 'TAX', pennies('3.00'))
}

/** What is to be told of the orders that have no id in the CRM: by how many cents QuickBooks differs from what the CRM says. */
async function centsFromTheBeginning(): Promise<string[]> {
  const orders = (await story.books.orders()).filter(({ BGQuickBooksId }) => !BGQuickBooksId)
  const invoices = new Map(planting.invoices.map((invoice) => [invoice.DocNumber, invoice]))
  return orders.map(({ Number: number, BGNumberInvoice, Amount, AccountId }) => {
    const invoice = invoices.get(BGNumberInvoice)
    const difference = pennies(String(invoice?.TotalAmt ?? 0)) - pennies(String(plainly(Amount)))
    // Without a customer it cannot be said what it would be invoiced at.
    return `${number} ${difference === 0 || AccountId === ZERO_ID ? '-' : difference}`
  })
}

test('what was wrong from the beginning is told as it is, to the cent, and nothing else of a clean year', async () => {
  const found = await reconcileAll()
  const told = found.map((one) => `${one.orderNumber} ${Number(inShort(one).split(' ').at(-1)) || '-'}`)
  expect(told.sort()).toEqual((await centsFromTheBeginning()).sort())
  for (const [index, one] of found.entries()) planting.planted.set(`from the beginning, ${index}`, inShort(one))
  const kinds = found.map(({ kind }) => kind).sort()
  expect(kinds).toEqual([
    'AMOUNT',
    'CUSTOMER',
    'FALSE_PROCESSED',
    'MISSING_IN_QUICKBOOKS',
    'MISSING_IN_QUICKBOOKS',
    'MISSING_LINK',
  ])
})

test(`each difference, planted in ${WAYS_MIN} ways and more, is found, called by its name, to the cent, and none is invented`, async () => {
  await plantAmounts(planting)
  await plantEdits(planting)
  await plantRecords(planting)
  await plantInCrm(planting)
  await plantInPostings(planting)
  await plantInOldOrders()
  expect(planting.planted.size).toBeGreaterThanOrEqual(WAYS_MIN)
  const found = await reconcileAll()
  expect(found.map(inShort).sort()).toEqual([...planting.planted.values()].sort())
  // Every kind that there is was among them.
  expect([...new Set(found.map(({ kind }) => kind))].sort()).toEqual(Object.values(DiscrepancyKind).sort())
}, 120_000)
