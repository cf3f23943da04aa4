import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { pullItemsDaily, pullItemsNow } from '../../src/sync/items.ts'
import { askAllDaily } from '../../src/sync/mirror-schedule.ts'
import type { Fields } from './books.ts'
import { openStory, type Story } from './road.ts'

const columns = {
  quickBooksId: 'BGQuickBooksId',
  name: 'Name',
  price: 'Price',
  description: 'Description',
  inactive: 'IsArchive',
}

let story: Story
beforeAll(async () => {
  story = await openStory({ counts: { pending: 1 }, profile: { product: { fromQuickBooks: columns } } })
  const { books } = story
  const items = await services()
  // The accountant gave one item a stock number and a price, and closed another.
  await books.change('qbo.Item', items[0]!.Id, {
    Sku: 'STOCK-1',
    UnitPrice: '12.345',
    Description: 'Said by the accountant',
  })
  await books.change('qbo.Item', items[1]!.Id, { Active: false })
  const [first] = await products()
  await books.change('creatio.Product', first!.Id, { Code: 'stock-1', Name: 'Another name' })
}, 60_000)
afterAll(() => story?.end())

const products = () => story.books.records('creatio.Product')
const services = async () =>
  (await story.books.records('qbo.Item')).filter(({ Type }) => Type === 'Service' || Type === 'Inventory')
const pull = () => pullItemsNow(story.road, { connectionId: story.connection.id })

async function readMirror(): Promise<void> {
  await askAllDaily(story.road, { hour: 0 })
  for (let round = 0; round < 30; round += 1) await story.work()
}

async function linked(product: Fields | undefined): Promise<string | undefined> {
  const rows = await story.database.rows(
    sql<{ quick_books_id: string }>`select quick_books_id from link where kind = 'ITEM' and source_id = ${product?.Id}`,
  )
  return rows[0]?.quick_books_id
}

test('nothing is matched, by night or by hand, before all items were read once; then the night has its turn', async () => {
  const night = () => pullItemsDaily(story.road, { hour: 0 })
  const before = await story.books.requests('Product', { system: 'creatio' })
  await night()
  await expect(pull()).rejects.toThrow('still being read for the first time')
  expect(await story.books.requests('Product', { system: 'creatio' })).toBe(before)
  await readMirror()
  const [first] = await products()
  await story.database.run(sql`delete from link where kind = 'ITEM'`)
  await night()
  expect(await linked(first)).toBe((await services())[0]?.Id)
  // Put back as it was, for the tests that look at it.
  await story.books.change('creatio.Product', first!.Id, { Code: 'stock-1', Name: 'Another name', Description: '' })
})

test('products are matched by stock number, then by name, linked, and given what the profile has columns for', async () => {
  const [first] = await products()
  const items = await services()
  const done = await pull()
  expect(done).toMatchObject({ products: (await products()).length, ambiguous: 0, refused: [] })
  expect(done.matched).toBeGreaterThan(1)
  expect(await linked(first)).toBe(items[0]?.Id)
  const after = (await products()).find(({ Id }) => Id === first?.Id)
  expect(after).toMatchObject({
    BGQuickBooksId: items[0]?.Id,
    Name: items[0]?.Name,
    Description: 'Said by the accountant',
  })
  expect(Number(after?.Price)).toBe(12.345)
  const closed = (await products()).find(({ Code }) => Code === items[1]?.Name)
  expect(closed).toBeDefined()
  expect(await linked(closed)).toBeUndefined()
})

test('what is equal is not written again', async () => {
  expect(await pull()).toMatchObject({ linked: 0, written: 0, refused: [] })
})

test('a linked item that is closed in QuickBooks closes its product, and one that is opened opens it', async () => {
  const [first] = await products()
  const [item] = await services()
  for (const Active of [false, true]) {
    await story.database.run(
      sql`update mirror_record set active = ${Active} where entity = 'ITEM' and quick_books_id = ${item?.Id}`,
    )
    expect(await pull()).toMatchObject({ linked: 0, refused: [] })
    expect((await products()).find(({ Id }) => Id === first?.Id)).toMatchObject({ IsArchive: !Active })
  }
})

test('a stock number that two items have is nobody’s until a person says whose', async () => {
  const items = await services()
  const product = (await products()).find(({ Code }) => Code === items[2]?.Name)
  await story.database.run(sql`delete from link where source_id = ${product?.Id}`)
  const twins = [items[3]?.Id, items[4]?.Id]
  const name = items[2]?.Name
  await story.database.run(
    sql`update mirror_record set number = ${name} where entity = 'ITEM' and quick_books_id = any(${twins}::text[])`,
  )
  expect(await pull()).toMatchObject({ ambiguous: 1, linked: 0 })
  await story.database.run(
    sql`update mirror_record set number = null where entity = 'ITEM' and quick_books_id = any(${twins}::text[])`,
  )
  expect(await pull()).toMatchObject({ ambiguous: 0, linked: 1 })
})

test('a price that people keep in the CRM stays, and all else is written', async () => {
  const [first] = await products()
  await story.books.change('creatio.Product', first!.Id, { Price: '99.5', IsArchive: true, Description: '' })
  const { fromQuickBooks } = story.road.crm.profile.product
  Object.assign(fromQuickBooks, { manualPrice: 'IsArchive', inactive: null })
  expect(await pull()).toMatchObject({ written: 1, refused: [] })
  Object.assign(fromQuickBooks, { manualPrice: null, inactive: 'IsArchive' })
  const after = (await products()).find(({ Id }) => Id === first?.Id)
  expect(after).toMatchObject({ Price: '99.5', Description: 'Said by the accountant' })
})

test('once a night is once', async () => {
  const before = await story.books.requests('Product', { system: 'creatio' })
  await story.pass(86_400)
  await pullItemsDaily(story.road, { hour: 0 })
  const once = await story.books.requests('Product', { system: 'creatio' })
  await pullItemsDaily(story.road, { hour: 0 })
  expect(once).toBeGreaterThan(before)
  expect(await story.books.requests('Product', { system: 'creatio' })).toBe(once)
})

test('a night in which the CRM is out has its turn on the same day, as soon as the CRM is back', async () => {
  const [first] = await products()
  await story.pass(86_400)
  await story.database.run(sql`delete from link where kind = 'ITEM'`)
  await story.fault({ system: 'creatio', fault: { kind: 'cut' } })
  await expect(pullItemsDaily(story.road, { hour: 0 })).rejects.toThrow()
  expect(await linked(first)).toBeUndefined()
  await story.mend()
  await story.pass(300)
  await pullItemsDaily(story.road, { hour: 0 })
  expect(await linked(first)).toBe((await services())[0]?.Id)
})
