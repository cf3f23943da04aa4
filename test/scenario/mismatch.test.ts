import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { Alert } from '../../src/domain/alert.ts'
import type { Comparison } from '../../src/domain/comparison.ts'
import { RecordKind } from '../../src/domain/explanation.ts'
import type { Posting } from '../../src/domain/posting.ts'
import { auditPage } from '../../src/storage/audit.ts'
import { acceptMismatch } from '../../src/sync/accept-mismatch.ts'
import { explain } from '../../src/sync/explain.ts'
import { retryPostings } from '../../src/sync/retry.ts'
import { watch } from '../../src/sync/watch.ts'
import { openStory, type Story } from './road.ts'

const author = { name: 'the bookkeeper', keyId: null, connectionIds: null }

let story: Story
beforeAll(async () => {
  story = await openStory({ counts: { mismatched: 2, pending: 1, withoutLogRow: 1 } })
  await story.poll()
}, 60_000)
afterAll(() => story?.end())

async function mismatched(): Promise<Posting[]> {
  return (await story.books.invoicePostings()).filter(({ state }) => state === 'MISMATCHED')
}

const accept = (id: string, note = 'agreed on the phone') => acceptMismatch(story.road, { id, note, author })

test('what differs in QuickBooks is shown with both sides, line by line, and people are told', async () => {
  const [one] = await mismatched()
  for (const { comparison, reasonDetail } of await mismatched()) {
    const differing = comparison.filter(({ equal }: Comparison) => !equal)
    expect(differing.length).toBeGreaterThan(0)
    for (const { field, ours, theirs } of differing)
      expect(reasonDetail?.differences).toContain(`${field} ${ours} against ${theirs}`)
  }
  expect(one?.comparison.some(({ line, field, ours }) => line === 1 && field === 'amount' && ours !== null)).toBe(true)
  await watch(story.road)
  const open = await story.database.entities(
    Alert,
    sql`select * from alert where cleared_at is null and code = 'MISMATCHES'`,
  )
  expect(open).toMatchObject([{ count: 2, severity: 'WARNING' }])
  const explained = await explain(story.road, { kind: RecordKind.ORDER, number: String(one?.orderNumber) })
  expect(JSON.stringify(explained.checks)).toContain("the CRM's side first: ")
})

test('an accepted difference goes on: the CRM is told, and author, note and both sides stay', async () => {
  const [one] = await mismatched()
  const before = one?.comparison
  const accepted = await accept(one!.id, '  agreed on the phone ')
  expect(accepted).toMatchObject({
    state: 'POSTED',
    verification: 'ACCEPTED',
    acceptedBy: 'the bookkeeper',
    acceptanceNote: 'agreed on the phone',
    reasonCode: null,
  })
  await story.work()
  const done = (await story.books.invoicePostings()).find(({ id }) => id === one?.id)
  expect(done).toMatchObject({ state: 'PROCESSED', verification: 'ACCEPTED', acceptanceNote: 'agreed on the phone' })
  expect(done?.comparison).toEqual(before)
  const [row] = await story.books.logRows(String(one?.sourceId))
  expect(row).toMatchObject({ status: 'Processed', message: '' })
  const order = (await story.books.orders()).find(({ Id }) => Id === one?.sourceId)
  expect(order?.BGQuickBooksId).toBe(done?.quickBooksId)
  const trail = await auditPage(story.database, {
    selection: { action: 'acceptMismatch' },
    request: { first: 5, after: null },
  })
  expect(trail.nodes).toMatchObject([
    { author: 'the bookkeeper', subject: expect.stringContaining('agreed on the phone') },
  ])
  const explained = await explain(story.road, { kind: RecordKind.ORDER, number: String(one?.orderNumber) })
  expect(JSON.stringify(explained.checks)).toContain('the bookkeeper accepted its difference')
})

test('nothing is accepted without a note, twice, or where there is no difference', async () => {
  const [one] = await mismatched()
  await expect(accept(one!.id, '  ')).rejects.toThrow('it cannot be empty')
  const done = (await story.books.invoicePostings()).find(({ state }) => state === 'PROCESSED')
  await expect(accept(done!.id)).rejects.toThrow('It is PROCESSED: there is no difference to accept.')
  await expect(accept('01993a00-0000-7000-8000-00000000dead')).rejects.toThrow('There is no posting')
  expect((await mismatched()).map(({ id }) => id)).toEqual([one!.id])
})

test('a record that another posting has already cannot stand for this one too', async () => {
  const [one] = await mismatched()
  const theirs = (await story.books.invoicePostings()).find(({ quickBooksId }) => quickBooksId !== null)
  const detail = JSON.stringify({ ...one?.reasonDetail, quickBooksId: theirs?.quickBooksId })
  await story.database.run(sql`update posting set reason_detail = ${detail}::jsonb where id = ${one!.id}`)
  await expect(accept(one!.id)).rejects.toThrow('belongs to another posting already')
  expect(await mismatched()).toHaveLength(1)
})

test('a period that is closed keeps an order out before it is sent, and lets it in as soon as it is opened', async () => {
  const known = new Set((await story.books.invoicePostings()).map(({ sourceId }) => sourceId))
  const order = (await story.books.orders()).find(({ Id }) => !known.has(Id))
  await story.books.giveTo([order!], 'known')
  await story.settings({ bookCloseDate: '2099-12-31' })
  // As the running system does when it begins to speak to a company.
  await story.road.ledgerOf(story.connection).check()
  const booked = (await story.books.invoices()).length
  await story.books.addLogRow(order!, { action: 'Insert' })
  await story.poll()
  const closed = await story.books.posting(order?.Number)
  expect(closed).toMatchObject({ state: 'FAILED', reasonCode: 'DOCUMENT_INVALID' })
  expect(closed.problems).toMatchObject([
    { field: 'closed period', remedy: expect.stringContaining('open the period') },
  ])
  expect(closed.reason?.sentence).toMatch(/lies in the closed period, which ends on 2099-12-31/)
  expect(await story.books.invoices()).toHaveLength(booked)

  await story.settings({ bookCloseDate: '' })
  await retryPostings(story.road, [closed.id])
  await story.work()
  expect(await story.books.posting(order?.Number)).toMatchObject({ state: 'PROCESSED', verification: 'EQUAL' })
})
