// Old documents without our number: seven orders whose log rows say Error, and which QuickBooks has all the same, under numbers
// of the system before us. What is surely theirs is adopted, what may be is shown to a person, and nothing is posted twice.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Author } from '../../src/domain/access.ts'
import { Discrepancy, DiscrepancyResolution } from '../../src/domain/discrepancy.ts'
import { ResetCause, type ResetPlan, type ResetPlanRow } from '../../src/domain/reset-plan.ts'
import { findResetPlan, resetRowPage } from '../../src/storage/reset-plans.ts'
import { adoptCandidate } from '../../src/sync/adopt-candidate.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { reconcile } from '../../src/sync/reconcile.ts'
import { applyReset, planReset } from '../../src/sync/reset.ts'
import { resolveDiscrepancy } from '../../src/sync/resolve.ts'
import type { Fields, PlayedInvoice } from './books.ts'
import { openStory, type Story } from './road.ts'

const author: Author = { name: 'ada', keyId: null, connectionIds: null }
const LOG = 'creatio.BGQuickBooksIntegrationLogDetail'
let story: Story
/** The orders in the order of their numbers: what each of them is about is told below. */
let orders: Fields[]
let plan: ResetPlan

beforeAll(async () => {
  story = await openStory({ counts: { timedOutInQuickBooks: 7 } })
  const { books } = story
  const invoices = new Map((await books.invoices()).map((one) => [one.DocNumber, one]))
  orders = (await books.orders()).filter(({ BGNumberInvoice }) => invoices.has(String(BGNumberInvoice)))
  const rows = await books.records(LOG)
  for (const [index, order] of orders.entries()) {
    const invoice = invoices.get(String(order.BGNumberInvoice)) as PlayedInvoice
    const row = rows.find(({ BGRecordId }) => BGRecordId === order.Id)
    const createdAt = new Date(Date.parse(String(row?.ModifiedOn)) + (index === 1 ? 40 * 86_400_000 : 60_000))
    const MetaData = { CreateTime: createdAt.toISOString(), LastUpdatedTime: createdAt.toISOString() }
    await books.change('qbo.Invoice', invoice.Id, { DocNumber: `OLD-${index}`, MetaData })
    if (index === 2) await books.change('qbo.Invoice', invoice.Id, { DueDate: '2031-01-31' })
    if (index === 3) await books.put('qbo.Invoice', { ...invoice, MetaData, Id: '9001', DocNumber: 'OLD-3 again' })
  }
  await story.poll()
})
afterAll(() => story?.end())

const named = (index: number) => String(orders[index]?.Number)
const rowsOf = async ({ id }: ResetPlan): Promise<ResetPlanRow[]> =>
  (await resetRowPage(story.database, { planId: id, action: null, request: { first: 50, after: null } })).nodes
async function planned(index?: number): Promise<ResetPlan> {
  const request = { causes: [ResetCause.ERROR], ...(index === undefined ? {} : { orderNumbers: [named(index)] }) }
  const begun = await planReset(story.database, { request, author, now: story.road.now() })
  await story.work()
  return (await findResetPlan(story.database, begun.id)) as ResetPlan
}
const rowOf = async (index: number) =>
  (await rowsOf(plan)).find(({ orderNumber }) => orderNumber === named(index)) as ResetPlanRow

test('an invoice that is equal but for its number is to be adopted, one that is only like it is for a person', async () => {
  plan = await planned()
  expect(plan.state).toBe('READY')
  const said = new Map((await rowsOf(plan)).map((row) => [row.orderNumber, `${row.action} ${row.reasonCode}`]))
  const expected = {
    [named(0)]: 'ADOPT FOUND_UNNUMBERED',
    [named(1)]: 'REFUSE LIKELY_FOUND',
    [named(2)]: 'REFUSE LIKELY_FOUND',
    [named(3)]: 'REFUSE LIKELY_SEVERAL',
    [named(4)]: 'ADOPT FOUND_UNNUMBERED',
    [named(5)]: 'ADOPT FOUND_UNNUMBERED',
    [named(6)]: 'ADOPT FOUND_UNNUMBERED',
  }
  expect(Object.fromEntries(said)).toEqual(expected)
  const [candidate] = (await rowOf(2)).candidates
  expect(candidate).toMatchObject({ number: 'OLD-2', score: 100 })
  expect(candidate?.differences.join()).toContain('due date')
})

test('what was deleted or changed since is not adopted, and nothing is posted in its place', async () => {
  const invoices = (await story.books.invoices()).length
  const [gone, edited] = [(await rowOf(4)).quickBooksId ?? '', (await rowOf(5)).quickBooksId ?? '']
  await story.books.remove('qbo.Invoice', gone)
  const deletedAt = story.road.now().toISOString()
  await story.books.put('qbo.Deleted', { Id: `Invoice:${gone}`, entity: 'Invoice', recordId: gone, deletedAt })
  await story.books.change('qbo.Invoice', edited, { TxnDate: '2031-01-31' })
  await applyReset(story.database, { planId: plan.id, planHash: plan.hash ?? '', author, now: story.road.now() })
  await runBulkOperations(story.road)
  await story.work()
  expect((await story.books.invoices()).length).toBe(invoices - 1)
  expect(await story.books.states()).toMatchObject({
    PROCESSED: 2,
    'FAILED ADOPTED_GONE': 1,
    'MISMATCHED INVOICE_DIFFERS': 1,
  })
})

test('what was adopted bears the number that QuickBooks has, is proven equal, and the CRM is told its id', async () => {
  const posting = await story.books.posting(named(0))
  expect(posting).toMatchObject({ state: 'PROCESSED', verification: 'EQUAL', adopted: true, documentNumber: 'OLD-0' })
  const order = (await story.books.orders()).find(({ Number: number }) => number === named(0))
  expect(order?.BGQuickBooksId).toBe(posting.quickBooksId)
  expect((await story.books.logRows(posting.sourceId))[0]).toMatchObject({ status: 'Processed', message: '' })
})

test('an order that was adopted and asks again is known by its content', async () => {
  const [order] = orders
  const invoices = (await story.books.invoices()).length
  await story.books.addLogRow(order as Fields)
  await story.poll()
  expect((await story.books.logRows(order?.Id ?? '')).at(-1)).toMatchObject({ status: 'Processed', message: '' })
  expect((await story.books.invoices()).length).toBe(invoices)
  expect(await story.database.rows(sql`select 1 from correction`)).toEqual([])
})

test('a person adopts what the plan only shows: equal, or with a difference that he accepts in his name', async () => {
  const decide = async (index: number, note: string) => {
    const { id: rowId, candidates } = await rowOf(index)
    return adoptCandidate(story.road, { rowId, quickBooksId: candidates[0]?.quickBooksId ?? '', note, author })
  }
  await expect(decide(1, ' ')).rejects.toThrow('"note" says why')
  await expect(decide(0, 'it is adopted already')).rejects.toThrow('Only a row that the plan refuses')
  expect(await decide(1, 'entered by hand in spring')).toMatchObject({ verification: 'EQUAL', acceptedBy: null })
  expect(await decide(2, 'the customer was given more time')).toMatchObject({
    verification: 'ACCEPTED',
    acceptedBy: 'ada',
    acceptanceNote: 'the customer was given more time',
  })
  await expect(decide(2, 'again')).rejects.toThrow('Only a row that the plan refuses')
  await story.work()
  for (const index of [1, 2]) expect((await story.books.posting(named(index))).state).toBe('PROCESSED')
  const trail = await story.database.rows(sql<{ subject: string }>`
    select subject from audit_entry where action = 'adoptCandidate' and author = 'ada' order by at`)
  expect(trail.map(({ subject }) => subject).join()).toContain('the customer was given more time')
})

test('an invoice that was changed since it was shown cannot be adopted as it was shown', async () => {
  const { id: rowId, candidates } = await rowOf(3)
  const [one] = candidates
  const quickBooksId = one?.quickBooksId ?? ''
  await story.database.run(sql`
    update mirror_record set raw = raw || '{"SyncToken": "7"}'::jsonb where quick_books_id = ${quickBooksId} and entity = 'INVOICE'`)
  const late = adoptCandidate(story.road, { rowId, quickBooksId, note: 'the first one', author })
  await expect(late).rejects.toThrow('changed in QuickBooks since the plan')
})

test('a plan after that looks for the order under its own number again, and posts what is gone', async () => {
  const again = await planned(4)
  expect(await rowsOf(again)).toMatchObject([{ action: 'CREATE', reasonCode: 'NOT_IN_QUICKBOOKS' }])
  await applyReset(story.database, { planId: again.id, planHash: again.hash ?? '', author, now: story.road.now() })
  await runBulkOperations(story.road)
  await story.work()
  const posting = await story.books.posting(named(4))
  expect(posting).toMatchObject({ state: 'PROCESSED', documentNumber: orders[4]?.BGNumberInvoice, adopted: false })
})

test('a reconciliation finds nothing to say of what was adopted, and proposes to adopt what it can only liken', async () => {
  const { road, connection, database } = story
  const days = orders.map(({ CreatedOn }) => String(CreatedOn).slice(0, 10)).sort()
  const from = days[0] ?? ''
  const to = new Date(Date.parse(from) + 365 * 86_400_000).toISOString().slice(0, 10)
  await reconcile(road, { connectionId: connection.id, from, to, author })
  await story.work()
  await runBulkOperations(road)
  const open = await database.entities(Discrepancy, sql`select * from discrepancy where state = 'OPEN'`)
  const adopted = new Set([0, 1, 2, 6].map(named))
  expect(open.filter(({ orderNumber }) => adopted.has(orderNumber ?? ''))).toEqual([])
  const proposed = open.filter(({ orderNumber }) => orderNumber === named(3))
  expect(proposed).toMatchObject([{ proposal: 'ADOPT', quickBooksId: expect.any(String) }])
  expect(proposed[0]?.differences.join()).toContain('likeness')
  const note = 'the second was entered twice'
  const [discrepancy] = proposed
  await resolveDiscrepancy(road, { id: discrepancy?.id ?? '', resolution: DiscrepancyResolution.ADOPT, note, author })
  await story.work()
  const posting = await story.books.posting(named(3))
  expect(posting).toMatchObject({ state: 'PROCESSED', quickBooksId: discrepancy?.quickBooksId, verification: 'EQUAL' })
})
