// A year that is clean, and then one in which people worked in QuickBooks and in the CRM behind our back.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Author } from '../../src/domain/access.ts'
import { Discrepancy, DiscrepancyResolution } from '../../src/domain/discrepancy.ts'
import { findBulkOperation } from '../../src/storage/bulk-operations.ts'
import { InvalidRequest } from '../../src/storage/pages.ts'
import { reconciliationPage } from '../../src/storage/reconciliations.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { reconcile } from '../../src/sync/reconcile.ts'
import { resolveDiscrepancy } from '../../src/sync/resolve.ts'
import { signOff } from '../../src/sync/sign-off.ts'
import { verifyOrders } from '../../src/sync/verify.ts'
import { byHand } from './by-hand.ts'
import { openStory, type Story } from './road.ts'

const author: Author = { name: 'ada', keyId: null, connectionIds: null }
const counts = { pending: 12, falselyProcessed: 2 }
let story: Story

beforeAll(async () => {
  story = await openStory({ counts })
  await story.poll()
})
afterAll(() => story?.end())

async function run({ from, to }: { from: string; to: string }) {
  const { road, connection } = story
  const begun = await reconcile(road, { connectionId: connection.id, from, to, author })
  // Nothing is compared before the mirror is up to date.
  await runBulkOperations(road)
  expect(await findBulkOperation(story.database, begun.id)).toMatchObject({ state: 'RUNNING', done: 0 })
  await story.work()
  await runBulkOperations(road)
  return findBulkOperation(story.database, begun.id)
}

/** The world of these stories, year by year, up to its own day. */
async function runAll() {
  const thisYear = story.road.now().getUTCFullYear()
  for (let year = 2023; year <= thisYear; year += 1) {
    const operation = await run({ from: `${year}-01-01`, to: `${year}-12-31` })
    expect(operation).toMatchObject({ state: 'DONE', error: null })
  }
}

const open = () =>
  story.database.entities(
    Discrepancy,
    sql`select * from discrepancy where state = 'OPEN' order by document_number, kind`,
  )

describe('a reconciliation', () => {
  test('finds what the CRM falsely calls Processed, and nothing else in a clean year', async () => {
    await runAll()
    const found = await open()
    expect(found.map(({ kind, proposal }) => `${kind} ${proposal}`)).toEqual([
      'FALSE_PROCESSED REPOST',
      'FALSE_PROCESSED REPOST',
    ])
  })

  test('posts again what a person says, once, and what was ended by it is gone with the next', async () => {
    const [first, second] = await open()
    const decide = (id: string, resolution: DiscrepancyResolution, note = 'looked at with the customer') =>
      resolveDiscrepancy(story.road, { id, resolution, note, author })
    await expect(decide(first?.id ?? '', DiscrepancyResolution.REPOST, ' ')).rejects.toThrow('"note" says why')
    await expect(decide(first?.id ?? '', DiscrepancyResolution.VOID)).rejects.toThrow('nothing in QuickBooks to void')
    await expect(decide(first?.id ?? '', DiscrepancyResolution.ADOPT)).rejects.toThrow('no invoice in QuickBooks')
    const before = (await story.books.invoices()).length
    const decided = await decide(first?.id ?? '', DiscrepancyResolution.REPOST)
    expect(decided).toMatchObject({ state: 'RESOLVED', resolution: 'REPOST', resolvedBy: 'ada' })
    await expect(decide(first?.id ?? '', DiscrepancyResolution.REPOST)).rejects.toThrow('is RESOLVED')
    await decide(second?.id ?? '', DiscrepancyResolution.IGNORE)
    await story.work()
    expect((await story.books.invoices()).length).toBe(before + 1)
    await runAll()
    // What was ignored stays decided as long as it is the same.
    expect(await open()).toEqual([])
  })

  test('links an equal invoice that nobody linked, and posts anew what was deleted, under its old number', async () => {
    const postings = await story.books.invoicePostings()
    const [unlinked, deleted] = postings.filter(({ state }) => state === 'PROCESSED')
    await story.database.run(sql`update posting set state = 'FAILED', reason_code = 'INTERNAL_ERROR', reason_detail = '{}', quick_books_id = null,
      verification = null where id = ${unlinked?.id}`)
    await byHand({ story, id: deleted?.quickBooksId ?? '', operation: 'delete' })
    await runAll()
    const found = await open()
    expect(found.map(({ kind, proposal, postingId }) => [kind, proposal, postingId]).sort()).toEqual(
      [
        ['MISSING_LINK', 'ADOPT', unlinked?.id],
        ['DELETED', 'REPOST', deleted?.id],
      ].sort(),
    )
    for (const { id, proposal } of found)
      await resolveDiscrepancy(story.road, {
        id,
        resolution: proposal as DiscrepancyResolution,
        note: 'as proposed',
        author,
      })
    await story.work()
    await story.work()
    const after = await story.books.invoicePostings()
    expect(after.find(({ id }) => id === unlinked?.id)).toMatchObject({
      state: 'PROCESSED',
      adopted: true,
      verification: 'EQUAL',
      quickBooksId: unlinked?.quickBooksId,
    })
    const anew = after.find(({ sourceId, generation }) => sourceId === deleted?.sourceId && generation === 2)
    expect(anew).toMatchObject({ state: 'PROCESSED', documentNumber: deleted?.documentNumber })
    const order = (await story.books.orders()).find(({ Id }) => Id === deleted?.sourceId)
    expect(order?.BGQuickBooksId).toBe(anew?.quickBooksId)
    await runAll()
    expect(await open()).toEqual([])
  })

  test('that is signed off stays as it was then, and says so by whom', async () => {
    const [newest] = (await reconciliationPage(story.database, { request: { first: 1, after: null } })).nodes
    const id = newest?.id ?? ''
    const signed = await signOff(story.database, { id, note: 'closed the year', author, now: story.road.now() })
    expect(signed).toMatchObject({ state: 'SIGNED_OFF', signedBy: 'ada', note: 'closed the year' })
    const again = signOff(story.database, { id, note: 'once more', author, now: story.road.now() })
    await expect(again).rejects.toThrow('only one that is DONE')
  })

  test('of named orders, on the spot, says what each side has', async () => {
    // What people did by hand counts against the same limit of calls a second.
    await story.pass(60)
    const [posting] = (await story.books.invoicePostings()).filter(({ state }) => state === 'PROCESSED')
    const numbers = [posting?.orderNumber ?? '', 'ORD-00000']
    const [known, unknown] = await verifyOrders(story.road, { numbers })
    expect(known).toMatchObject({
      isEqual: true,
      source: 'QUICKBOOKS',
      quickBooksId: posting?.quickBooksId,
      differences: [],
    })
    expect(unknown).toMatchObject({ isEqual: false, inCrm: false })
    await byHand({ story, id: posting?.quickBooksId ?? '', body: { TxnDate: '2031-01-01' } })
    const [changed] = await verifyOrders(story.road, { numbers })
    expect(changed).toMatchObject({
      isEqual: false,
      differences: [expect.stringMatching(/^date \S+ against 2031-01-01$/)],
    })
  })

  test.each([
    [{ from: '2026-02-30', to: '2026-03-01' }, 'is not a day'],
    [{ from: '2026-03-02', to: '2026-03-01' }, 'is after "to"'],
    [{ from: '2024-01-01', to: '2026-03-01' }, 'longer than 366 days'],
  ])('asked for with nonsense says what is wrong with it', async (period, words) => {
    const asked = reconcile(story.road, { connectionId: story.connection.id, ...period, author })
    await expect(asked).rejects.toThrow(InvalidRequest)
    await expect(reconcile(story.road, { connectionId: story.connection.id, ...period, author })).rejects.toThrow(words)
  })
})
