// A company file with more invoices than one page holds: read page by page within a conversation, begun anew in the next.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { LedgerKind } from '../../src/domain/kinds.ts'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { findBulkOperation } from '../../src/storage/bulk-operations.ts'
import { syncNow } from '../../src/sync/read-mirror.ts'
import { openStory, type Story } from './road.ts'

const COPIES = 1_200
const author = { name: 'ada', keyId: null, connectionIds: null }
let story: Story

beforeAll(async () => {
  story = await openStory({ kind: LedgerKind.QUICKBOOKS_DESKTOP, counts: { pending: 1 } })
  await story.poll()
  const [pattern] = await story.books.records('quickbooksDesktop.invoices')
  if (!pattern) throw new Error('nothing was posted')
  for (let copy = 0; copy < COPIES; copy += 1) {
    const TxnID = `C${copy}-1768878026`
    await story.books.put('quickbooksDesktop.invoices', { ...pattern, Id: TxnID, TxnID, RefNumber: `C${copy}` })
  }
}, 120_000)
afterAll(() => story?.end())

/** The questions about pages so far, in the order in which they were asked. */
async function pagesAsked(): Promise<string[]> {
  const asked = await story.database.rows(sql<{ operation: string }>`
    select operation from exchange where operation like 'page INVOICE%' order by id`)
  return asked.map(({ operation }) => operation)
}

/** Reads all invoices, in as many conversations as the office has. Gives the questions about pages. */
async function readAll({ call }: { call: () => Promise<unknown> }): Promise<string[]> {
  const { road, connection, database } = story
  await story.pass(60)
  const before = await pagesAsked()
  const begun = await syncNow(road, { connection, entity: MirrorEntity.INVOICE, mode: SyncMode.FULL, author })
  await call()
  expect(await findBulkOperation(database, begun.id)).toMatchObject({ state: 'DONE', error: null, done: COPIES + 1 })
  const [count] = await database.rows(sql<{ there: number }>`
    select count(*)::int as there from mirror_record where entity = 'INVOICE' and deleted_at is null`)
  expect(count).toEqual({ there: COPIES + 1 })
  return (await pagesAsked()).slice(before.length)
}

test('all invoices come in pages of 500, each of which says what is left', async () => {
  expect(await readAll({ call: async () => story.office?.call() })).toEqual([
    'page INVOICE',
    'page INVOICE, 701 left',
    'page INVOICE, 201 left',
  ])
})

test('a listing whose conversation died in the middle begins anew in the next, and misses nothing', async () => {
  const { office } = story
  if (!office) throw new Error('a story of Desktop has an office')
  const before = (await pagesAsked()).length
  const asked = await readAll({
    async call() {
      office.onCall = async (method, response) => {
        if (method !== 'receiveResponseXML' || (await pagesAsked()).length < before + 2) return
        office.onCall = () => {}
        response.destroy()
      }
      await office.call()
      await story.pass(60)
      await office.call()
    },
  })
  expect(asked).toEqual([
    'page INVOICE',
    'page INVOICE, 701 left',
    'page INVOICE, 701 left',
    'page INVOICE',
    'page INVOICE, 701 left',
    'page INVOICE, 201 left',
  ])
})
