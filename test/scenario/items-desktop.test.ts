import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { LedgerKind } from '../../src/domain/kinds.ts'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { ourselves } from '../../src/storage/api-keys.ts'
import { pullItemsNow } from '../../src/sync/items.ts'
import { syncConnection } from '../../src/sync/read-mirror.ts'
import type { Fields } from './books.ts'
import { openStory, type Story } from './road.ts'

const author = ourselves('a bookkeeper')
const ITEMS = 'quickbooksDesktop.items'

let story: Story
let pattern: Fields
beforeAll(async () => {
  story = await openStory({
    ...{ kind: LedgerKind.QUICKBOOKS_DESKTOP, counts: { pending: 1 } },
    profile: {
      product: { fromQuickBooks: { quickBooksId: 'BGQuickBooksId', price: 'Price', description: 'Description' } },
    },
    sandbox: { settings: { webConnectorNoOpSeconds: 0.01 } },
  })
  await story.poll()
  pattern = (await story.books.records(ITEMS)).find(({ kind }) => kind === 'ItemServiceRet') as Fields
  const [one, two, three, four] = await products()
  await addItem('80A1-1700000000', {
    kind: 'ItemInventoryRet',
    Name: 'Hook',
    ManufacturerPartNumber: 'MPN-1',
    SalesPrice: '4.125',
    SalesDesc: 'A hook',
  })
  await addItem('80A2-1700000000', { Name: 'LAMP-2', FullName: 'Lighting:LAMP-2', Sublevel: '1' })
  await addItem('80A3-1700000000', { kind: 'ItemNonInventoryRet', Name: 'STOCK-3' })
  await addItem('80A4-1700000000', { Name: 'OLD-4', IsActive: 'false' })
  for (const [product, Code] of [
    [one, 'mpn-1'],
    [two, 'LAMP-2'],
    [three, 'STOCK-3'],
    [four, 'OLD-4'],
  ] as const)
    await story.books.change('creatio.Product', product?.Id ?? '', {
      Code,
      Name: `Product ${Code}`,
      BGQuickBooksId: '',
    })
  await story.database.run(sql`delete from link where kind = 'ITEM'`)
  await read(SyncMode.FULL)
}, 60_000)
afterAll(() => story?.end())

const products = async () => (await story.books.records('creatio.Product')).sort((a, b) => a.Id.localeCompare(b.Id))
const mirrored = (entity: MirrorEntity) =>
  story.database.rows(
    sql<{ id: string; name: string; number: string | null; deleted: boolean }>`
      select quick_books_id as id, name, number, deleted_at is not null as deleted from mirror_record where entity = ${entity}`,
  )

async function addItem(Id: string, fields: Record<string, unknown>): Promise<void> {
  const own = { ...pattern, FullName: fields.Name, ...fields, Id, ListID: Id }
  await story.books.put(ITEMS, own as Fields)
}

async function read(mode: SyncMode): Promise<void> {
  const connectionId = story.connection.id
  await syncConnection(story.road, { connectionId, entity: MirrorEntity.ALL, mode, author })
  for (let round = 0; round < 3; round += 1) await story.work()
}

test('the lists of a company file are mirrored as they are, sales tax items apart from what is sold', async () => {
  const all = await story.books.records(ITEMS)
  const isTax = ({ kind }: Fields) => String(kind).startsWith('ItemSalesTax')
  const ids = (records: { Id: string }[]) => records.map(({ Id }) => Id).toSorted()
  const found = async (entity: MirrorEntity) => (await mirrored(entity)).map(({ id }) => id).toSorted()
  expect(await found(MirrorEntity.ITEM)).toEqual(ids(all.filter((item) => !isTax(item))))
  expect(await found(MirrorEntity.TAX_RATE)).toEqual(ids(all.filter(isTax)))
  expect(await found(MirrorEntity.CUSTOMER)).toEqual(ids(await story.books.records('quickbooksDesktop.customers')))
  expect(await found(MirrorEntity.ACCOUNT)).toEqual(ids(await story.books.records('quickbooksDesktop.accounts')))
  expect(await found(MirrorEntity.TAX_CODE)).toEqual(ids(await story.books.records('quickbooksDesktop.salesTaxCodes')))
})

test('products are matched by part number, by full name and by the last part of it; goods and services only, active ones only', async () => {
  const [one, two, three, four] = await products()
  const done = await pullItemsNow(story.road, { connectionId: story.connection.id })
  expect(done).toMatchObject({ ambiguous: 0, refused: [] })
  const rows = await story.database.rows(
    sql<{ source: string; id: string }>`select source_id as source, quick_books_id as id from link where kind = 'ITEM'`,
  )
  const linked = new Map(rows.map(({ source, id }) => [source, id]))
  expect([one, two, three, four].map((product) => linked.get(product?.Id ?? '') ?? null)).toEqual([
    '80A1-1700000000',
    '80A2-1700000000',
    null,
    null,
  ])
  const after = (await products()).find(({ Id }) => Id === one?.Id)
  expect(after).toMatchObject({ BGQuickBooksId: '80A1-1700000000', Description: 'A hook' })
  expect(Number(after?.Price)).toBe(4.125)
})

test('what changes in a list afterwards comes by the next question, and what was deleted is known to be', async () => {
  const [customer] = await story.books.records('quickbooksDesktop.customers')
  const second = String(Math.floor(story.road.now().getTime() / 1000))
  await addItem('80A5-1700000000', { Name: 'LATE-5', modifiedSecond: second })
  await story.books.remove('quickbooksDesktop.customers', customer?.Id ?? '')
  await story.books.put('quickbooksDesktop.deletedLists', {
    ...{ Id: customer?.Id ?? '', kind: 'ListDeletedRet', ListDelType: 'Customer', ListID: customer?.Id },
    ...{ TimeDeleted: new Date().toISOString().slice(0, 19), deletedSecond: second },
  })
  await read(SyncMode.INCREMENTAL)
  expect((await mirrored(MirrorEntity.ITEM)).map(({ name }) => name)).toContain('LATE-5')
  const gone = (await mirrored(MirrorEntity.CUSTOMER)).filter(({ deleted }) => deleted)
  expect(gone.map(({ id }) => id)).toEqual([customer?.Id])
})
