import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Author } from '../../src/domain/access.ts'
import { Discrepancy } from '../../src/domain/discrepancy.ts'
import { LedgerKind } from '../../src/domain/kinds.ts'
import { findBulkOperation } from '../../src/storage/bulk-operations.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { reconcile } from '../../src/sync/reconcile.ts'
import { verifyOrders } from '../../src/sync/verify.ts'
import { openStory, type Story } from './road.ts'

const counts = { pending: 4, falselyProcessed: 2 }
const author: Author = { name: 'ada', keyId: null, connectionIds: null }
let story: Story

beforeAll(async () => {
  story = await openStory({ kind: LedgerKind.QUICKBOOKS_DESKTOP, counts })
  await story.poll()
})
afterAll(() => story?.end())

async function reconcileAll(): Promise<Discrepancy[]> {
  const { road, connection } = story
  const thisYear = road.now().getUTCFullYear()
  for (let year = 2023; year <= thisYear; year += 1) {
    const period = { from: `${year}-01-01`, to: `${year}-12-31` }
    const begun = await reconcile(road, { connectionId: connection.id, ...period, author })
    await runBulkOperations(road)
    // It waits for the Web Connector: nothing was compared with an old mirror.
    expect(await findBulkOperation(story.database, begun.id)).toMatchObject({ state: 'RUNNING', done: 0 })
    await story.office?.call()
    await runBulkOperations(road)
    expect(await findBulkOperation(story.database, begun.id)).toMatchObject({ state: 'DONE', error: null })
  }
  return story.database.entities(
    Discrepancy,
    sql`select * from discrepancy where state = 'OPEN' order by document_number`,
  )
}

test('a reconciliation on QuickBooks Desktop waits for the Web Connector, and says of both sides what they are', async () => {
  const found = await reconcileAll()
  expect(found.map(({ kind }) => kind)).toEqual(['FALSE_PROCESSED', 'FALSE_PROCESSED'])
  const [edited] = (await story.books.invoicePostings()).filter(({ state }) => state === 'PROCESSED')
  const table = 'quickbooksDesktop.invoices'
  const known = (await story.books.records(table)).find(({ TxnID }) => TxnID === edited?.quickBooksId)
  await story.pass(60)
  const TimeModified = story.road.now().toISOString()
  await story.books.change(table, known?.Id ?? '', {
    TxnDate: '2025-03-03',
    TimeModified,
    EditSequence: String(Number(known?.EditSequence) + 60),
  })
  const after = (await reconcileAll()).filter(({ kind }) => kind !== 'FALSE_PROCESSED')
  expect(after.map(({ kind, documentNumber }) => `${kind} ${documentNumber}`)).toEqual([
    `DATE ${edited?.documentNumber}`,
  ])
  const [verified] = await verifyOrders(story.road, { numbers: [edited?.orderNumber ?? ''] })
  expect(verified).toMatchObject({ source: 'MIRROR', isEqual: false, quickBooksId: edited?.quickBooksId })
})
