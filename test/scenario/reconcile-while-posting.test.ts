// A reconciliation that runs while orders are posted: what came after the mirror was read is not called missing, and what it
// does find is told for what it is.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Author } from '../../src/domain/access.ts'
import { Discrepancy } from '../../src/domain/discrepancy.ts'
import { mirrorConditions } from '../../src/storage/mirror-conditions.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { reconcile } from '../../src/sync/reconcile.ts'
import { openStory, type Story } from './road.ts'

const author: Author = { name: 'ada', keyId: null, connectionIds: null }
let story: Story

beforeAll(async () => {
  story = await openStory({ counts: { pending: 4, falselyProcessed: 1 } })
})
afterAll(() => story?.end())

const open = () => story.database.entities(Discrepancy, sql`select * from discrepancy where state = 'OPEN'`)

test('an order that is posted after the mirror was read is not called missing', async () => {
  const { road, connection } = story
  const orders = await story.books.records('creatio.Order')
  const years = new Set(orders.map(({ CreatedOn }) => String(CreatedOn).slice(0, 4)))
  for (const year of years) {
    await reconcile(road, { connectionId: connection.id, from: `${year}-01-01`, to: `${year}-12-31`, author })
  }
  await story.work()
  await story.poll()
  const posted = (await story.books.invoicePostings()).filter(({ state }) => state === 'PROCESSED')
  expect(posted).toHaveLength(4)
  await runBulkOperations(road)
  expect((await open()).map(({ kind }) => kind)).toEqual(['FALSE_PROCESSED'])
})

test('what waits for a decision, and what changed after it was posted, are two alerts with their kinds', async () => {
  const { road, connection } = story
  const asked = { readsPerMonthMax: 1_000_000, now: road.now() }
  const [falsely] = await open()
  expect(falsely).toMatchObject({ kind: 'FALSE_PROCESSED' })
  expect(await mirrorConditions(story.database, asked)).toMatchObject([
    { code: 'DISCREPANCIES', connectionId: connection.id, detail: { count: 1, kinds: '1 FALSE_PROCESSED' } },
  ])
  const [posting] = (await story.books.invoicePostings()).filter(({ state }) => state === 'PROCESSED')
  await story.database.run(sql`
    update discrepancy set kind = 'AMOUNT', posting_id = ${posting?.id ?? null} where id = ${falsely?.id ?? null}`)
  expect(await mirrorConditions(story.database, asked)).toMatchObject([
    { code: 'RECORDS_CHANGED_IN_QUICKBOOKS', connectionId: connection.id, detail: { count: 1, kinds: '1 AMOUNT' } },
  ])
})
