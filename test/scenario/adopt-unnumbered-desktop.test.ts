// Old documents without our number in QuickBooks Desktop: the second at the end of a TxnID says when each was made. What is surely an
// order's is adopted, what may be is for a person, and nothing is posted twice: as in QuickBooks Online.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Author } from '../../src/domain/access.ts'
import { LedgerKind } from '../../src/domain/kinds.ts'
import { ResetCause, type ResetPlan, type ResetPlanRow } from '../../src/domain/reset-plan.ts'
import { findResetPlan, resetRowPage } from '../../src/storage/reset-plans.ts'
import { adoptCandidate } from '../../src/sync/adopt-candidate.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { applyReset, planReset } from '../../src/sync/reset.ts'
import type { Fields } from './books.ts'
import { openStory, type Story } from './road.ts'

const author: Author = { name: 'ada', keyId: null, connectionIds: null }
const LOG = 'creatio.BGQuickBooksIntegrationLogDetail'
const INVOICES = 'quickbooksDesktop.invoices'
const DAY_SECONDS = 86_400
let story: Story
let orders: Fields[]
let plan: ResetPlan

/** How each order's invoice came to be: its TxnID is of the minute of the log row, or of forty days later. */
const MADE: { laterSeconds: number; more: Record<string, unknown> }[] = [
  { laterSeconds: 60, more: {} },
  { laterSeconds: 40 * DAY_SECONDS, more: {} },
  { laterSeconds: 60, more: { DueDate: '2031-01-31' } },
]

beforeAll(async () => {
  story = await openStory({
    kind: LedgerKind.QUICKBOOKS_DESKTOP,
    counts: { timedOutInQuickBooks: MADE.length },
    sandbox: { settings: { webConnectorNoOpSeconds: 0.01 } },
  })
  const { books } = story
  const invoices = new Map((await books.records(INVOICES)).map((one) => [one.RefNumber, one]))
  orders = (await books.orders()).filter(({ BGNumberInvoice }) => invoices.has(BGNumberInvoice))
  const rows = await books.records(LOG)
  for (const [index, { laterSeconds, more }] of MADE.entries()) {
    const order = orders[index] as Fields
    const invoice = invoices.get(order.BGNumberInvoice) as Fields
    const row = rows.find(({ BGRecordId }) => BGRecordId === order.Id)
    const TxnID = `40${index}F-${Math.floor(Date.parse(String(row?.ModifiedOn)) / 1000) + laterSeconds}`
    await books.remove(INVOICES, invoice.Id)
    await books.put(INVOICES, { ...invoice, ...more, Id: TxnID, TxnID, RefNumber: `OLD-${index}` })
  }
  await story.poll()
})
afterAll(() => story?.end())

const rowOf = async (index: number): Promise<ResetPlanRow> => {
  const request = { first: 50, after: null }
  const { nodes } = await resetRowPage(story.database, { planId: plan.id, action: null, request })
  return nodes.find(({ orderNumber }) => orderNumber === orders[index]?.Number) as ResetPlanRow
}

test('the time in a TxnID tells what is to be adopted from what is for a person', async () => {
  const request = { causes: [ResetCause.ERROR] }
  const begun = await planReset(story.database, { request, author, now: story.road.now() })
  await story.work()
  plan = (await findResetPlan(story.database, begun.id)) as ResetPlan
  expect(plan.state).toBe('READY')
  const said = await Promise.all(MADE.map(async (_, index) => rowOf(index)))
  expect(said.map(({ action, reasonCode }) => `${action} ${reasonCode}`)).toEqual([
    'ADOPT FOUND_UNNUMBERED',
    'REFUSE LIKELY_FOUND',
    'REFUSE LIKELY_FOUND',
  ])
  expect(said.map(({ candidates }) => candidates.map(({ score }) => score))).toEqual([[100], [85], [100]])
})

test('what is adopted is linked and told, what a person adopts bears his name, and nothing is posted', async () => {
  const before = await story.books.records(INVOICES)
  await applyReset(story.database, { planId: plan.id, planHash: plan.hash ?? '', author, now: story.road.now() })
  await runBulkOperations(story.road)
  const decide = async (index: number) => {
    const { id: rowId, candidates } = await rowOf(index)
    const quickBooksId = candidates[0]?.quickBooksId ?? ''
    return adoptCandidate(story.road, { rowId, quickBooksId, note: 'entered by hand in spring', author })
  }
  expect(await decide(1)).toMatchObject({ verification: 'EQUAL', acceptedBy: null })
  expect(await decide(2)).toMatchObject({ verification: 'ACCEPTED', acceptedBy: 'ada' })
  await story.work()
  await story.work()
  for (const [index, order] of orders.entries()) {
    const posting = await story.books.posting(order.Number)
    expect(posting).toMatchObject({ state: 'PROCESSED', documentNumber: `OLD-${index}` })
    const told = (await story.books.orders()).find(({ Id }) => Id === order.Id)
    expect(told?.BGQuickBooksId).toBe(posting.quickBooksId)
  }
  expect(await story.books.records(INVOICES)).toEqual(before)
})
