import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { MappingTargetKind } from '../../src/domain/account-mapping.ts'
import { ConnectionMode, LedgerKind } from '../../src/domain/kinds.ts'
import type { Posting } from '../../src/domain/posting.ts'
import { ourselves } from '../../src/storage/api-keys.ts'
import { createAccountMapping, updateAccountMapping } from '../../src/sync/change-account-mapping.ts'
import { setConnectionMode } from '../../src/sync/connection-mode.ts'
import { setItemCreation } from '../../src/sync/items.ts'
import { retryPostings } from '../../src/sync/retry.ts'
import type { Fields } from './books.ts'
import { openStory, type Story } from './road.ts'

const profile = { product: { fromQuickBooks: { quickBooksId: 'BGQuickBooksId', price: 'Price' } } }
const author = ourselves('a bookkeeper')

const KINDS = [
  {
    kind: LedgerKind.QUICKBOOKS_ONLINE,
    items: 'qbo.Item',
    nameMax: 100,
    /** Its answer to the creation is lost, though it was done. */
    losing: {
      system: 'quickbooks-online',
      entity: 'Item',
      operation: 'create',
      times: 1,
      fault: { when: 'after', kind: 'cut' },
    },
    takenAfter: {
      ...{ system: 'quickbooks-online', entity: 'Item', operation: 'create', times: 1 },
      fault: { when: 'after', kind: 'fault', code: '6240' },
    },
    neverArriving: {
      ...{ system: 'quickbooks-online', entity: 'Item', operation: 'create', times: 1 },
      fault: { when: 'before', kind: 'cut' },
    },
    closed: { Active: false },
    soldAs: (item: Fields) => [item.Type, (item.IncomeAccountRef as { name?: string })?.name, String(item.UnitPrice)],
    service: 'Service',
  },
  {
    kind: LedgerKind.QUICKBOOKS_DESKTOP,
    items: 'quickbooksDesktop.items',
    nameMax: 31,
    losing: {
      system: 'quickbooks-desktop',
      operation: 'ItemServiceAdd',
      times: 1,
      fault: { when: 'after', kind: 'crash' },
    },
    takenAfter: {
      ...{ system: 'quickbooks-desktop', operation: 'ItemServiceAdd', times: 1 },
      fault: { when: 'after', kind: 'status', status: 3100 },
    },
    neverArriving: {
      ...{ system: 'quickbooks-desktop', operation: 'ItemServiceAdd', times: 1 },
      fault: { when: 'before', kind: 'crash' },
    },
    closed: { IsActive: 'false' },
    soldAs: (item: Fields) => {
      const sold = item.SalesOrPurchase as { Price?: string; AccountRef?: { FullName: string } }
      return [item.kind, sold?.AccountRef?.FullName, String(Number(sold?.Price))]
    },
    service: 'ItemServiceRet',
  },
]

describe.each(KINDS)('an item that $kind lacks', ({ kind, items, nameMax, soldAs, service, ...played }) => {
  const { losing, takenAfter, neverArriving, closed } = played
  let story: Story
  let orders: Fields[]
  let product: Fields
  const rule = { name: 'All sales', item: '*', targetKind: MappingTargetKind.ACCOUNT }
  let ruleId: string

  const itemsNamed = async (name: string) => {
    const named = (item: Fields) => String(item.Name).toLowerCase() === name.toLowerCase()
    return (await story.books.records(items)).filter(named)
  }
  const itemPosting = async (): Promise<Posting> => {
    const [posting, ...others] = (await story.books.postings()).filter((one) => one.kind === 'ITEM')
    if (!posting || others.length > 0)
      throw new Error(`there are ${others.length + (posting ? 1 : 0)} postings of items`)
    return posting
  }
  const timesUnknown = async () => {
    const rows = await story.database.rows(sql<{ count: number }>`
      select count(*)::int as count from exchange where operation like 'create Item%' and outcome = 'unknown'`)
    return rows[0]?.count
  }
  const rounds = async (count = 3) => {
    for (let round = 0; round < count; round += 1) await story.work()
  }
  const again = async (postings: Posting[]) => {
    await retryPostings(
      story.road,
      postings.map(({ id }) => id),
    )
    await rounds()
  }

  beforeAll(async () => {
    story = await openStory({
      kind,
      counts: { pending: 4 },
      profile,
      sandbox: { settings: { webConnectorNoOpSeconds: 0.01 } },
    })
    orders = await story.books.orders()
    await story.books.giveTo(orders, 'known')
    const [first] = await story.books.records('creatio.Product')
    product = {
      ...first,
      Id: crypto.randomUUID(),
      Code: 'NEW-1',
      Name: 'Brass hook',
      Price: '12.5',
      BGQuickBooksId: '',
    } as Fields
    await story.books.put('creatio.Product', product)
    const mine = new Set(orders.map(({ Id }) => Id))
    const lines = await story.books.records('creatio.OrderProduct')
    // The first line of each of these orders sells the new product.
    for (const orderId of mine) {
      const [line] = lines.filter(({ OrderId }) => OrderId === orderId)
      await story.books.change('creatio.OrderProduct', line?.Id ?? '', { ProductId: product.Id })
    }
  }, 60_000)
  afterAll(() => story?.end())

  test('fails its orders, and is not made, as long as nobody allows it', async () => {
    await story.poll()
    expect(await story.books.states()).toEqual({ 'FAILED ITEM_NOT_FOUND': 4 })
    expect((await story.books.postings()).map((posting) => String(posting.kind))).not.toContain('ITEM')
    expect(await itemsNamed('NEW-1')).toEqual([])
  })

  test('is not made in the shadow of another system, nor where nothing is written, though it is allowed', async () => {
    const { database, connection, road } = story
    await setItemCreation({ database }, { connectionId: connection.id, allowed: true })
    const connectionId = connection.id
    const waiting = (await story.books.invoicePostings()).map(({ id }) => id)
    await retryPostings(road, waiting)
    await setConnectionMode(road, { connectionId, mode: ConnectionMode.SHADOW })
    await rounds()
    expect((await story.books.postings()).filter((posting) => posting.kind === 'ITEM')).toEqual([])
    await setConnectionMode(road, { connectionId, mode: ConnectionMode.WRITING })
  })

  test('fails with its orders where no rule chooses its income account, and lint has said so', async () => {
    await rounds()
    expect(await itemPosting()).toMatchObject({ state: 'FAILED', reasonCode: 'ITEM_ACCOUNT_UNUSABLE', sentAt: null })
    expect(await story.books.states()).toEqual({ 'FAILED ITEM_FAILED': 4 })
    const { reason } = await story.books.posting(orders[0]?.Number)
    expect(reason?.sentence).toBe(
      `Item "NEW-1" could not be created in QuickBooks, so order ${orders[0]?.Number} waits.`,
    )
  })

  test('is refused an account that is none of income, and one that is not there, before anything is sent', async () => {
    const { database, road } = story
    const now = road.now()
    const made = await createAccountMapping(database, { input: { ...rule, target: 'No such account' }, author, now })
    ruleId = made.id
    await again([await itemPosting()])
    expect((await itemPosting()).reason?.sentence).toBe(
      'Item "NEW-1" cannot be created in QuickBooks: "No such account", which the rule "All sales" (version 1) chooses, is no active account of QuickBooks.',
    )
    const input = { ...rule, target: 'Sales tax payable' }
    await updateAccountMapping(database, { id: ruleId, input, author, now: road.now() })
    await again([await itemPosting()])
    expect((await itemPosting()).reason?.sentence).toMatch(
      /is a balance account, and sales are booked to an income account/,
    )
    expect(await itemPosting()).toMatchObject({ sentAt: null })
  })

  test('is made once, booked to the account of the rule, though its answer is lost; then its orders follow', async () => {
    const { database, road } = story
    const income = (
      await story.books.records(kind === LedgerKind.QUICKBOOKS_ONLINE ? 'qbo.Account' : 'quickbooksDesktop.accounts')
    ).find(({ AccountType }) => AccountType === 'Income')
    const target = String(income?.FullName ?? income?.Name)
    await updateAccountMapping(database, { id: ruleId, input: { ...rule, target }, author, now: road.now() })
    await story.fault(losing)
    await retryPostings(story.road, [(await itemPosting()).id])
    await story.work()
    // QuickBooks Desktop tells what became of it within the same call; Online is looked at later.
    expect(await timesUnknown()).toBe(1)
    await story.mend()
    await story.pass(600)
    await rounds(4)
    const made = await itemsNamed('NEW-1')
    expect(made.map(soldAs)).toEqual([[service, target, '12.5']])
    expect(await itemPosting()).toMatchObject({
      ...{ state: 'PROCESSED', verification: 'EQUAL', quickBooksId: made[0]?.Id },
      mapping: [{ target, rule: 'All sales', version: 3, basis: 'RULE' }],
    })
    expect(await story.books.states()).toEqual({ PROCESSED: 4 })
  })

  test('is told to the CRM, and found by its link from then on', async () => {
    const [made] = await itemsNamed('NEW-1')
    const told = (await story.books.records('creatio.Product')).find(({ Id }) => Id === product.Id)
    expect(told?.BGQuickBooksId).toBe(made?.Id)
  })

  /** A new order of a new product; gives its number. */
  async function orderOf(code: string): Promise<string> {
    const [order] = orders
    const fresh = { ...product, Id: crypto.randomUUID(), Code: code, BGQuickBooksId: '' } as Fields
    await story.books.put('creatio.Product', fresh)
    const number = `${order?.Number}-${code.slice(0, 5)}`
    const id = crypto.randomUUID()
    const BGNumberInvoice = `99${code.slice(0, 5)}`
    const copy = { ...order, Id: id, Number: number, BGNumberInvoice, BGQuickBooksId: '' } as Fields
    await story.books.put('creatio.Order', copy)
    for (const line of await story.books.records('creatio.OrderProduct')) {
      if (line.OrderId !== order?.Id) continue
      const ProductId = line.ProductId === product.Id ? fresh.Id : line.ProductId
      await story.books.put('creatio.OrderProduct', { ...line, Id: crypto.randomUUID(), OrderId: id, ProductId })
    }
    await story.books.addLogRow(copy, { action: 'Insert' })
    return number
  }
  const postingOf = async (name: string) =>
    (await story.books.postings()).find((one) => one.kind === 'ITEM' && one.documentNumber === name)

  test('is adopted, not made twice, when QuickBooks says that the name is taken by what it has made just now', async () => {
    await story.fault(takenAfter)
    const number = await orderOf('NEW-2')
    await story.poll()
    await rounds()
    await story.mend()
    const made = await itemsNamed('NEW-2')
    expect(made).toHaveLength(1)
    expect(await postingOf('NEW-2')).toMatchObject({
      ...{ state: 'PROCESSED', verification: 'EQUAL', quickBooksId: made[0]?.Id, adopted: true },
    })
    expect((await story.books.posting(number)).state).toBe('PROCESSED')
  })

  test('is sent again once its absence is proven, and then once', async () => {
    const unknown = (await timesUnknown()) ?? 0
    await story.fault(neverArriving)
    const number = await orderOf('NEW-3')
    await story.poll()
    await rounds(1)
    await story.mend()
    expect(await timesUnknown()).toBe(unknown + 1)
    for (let look = 0; look < 4; look += 1) {
      await story.pass(200)
      await rounds(2)
    }
    expect(await itemsNamed('NEW-3')).toHaveLength(1)
    expect((await postingOf('NEW-3'))?.state).toBe('PROCESSED')
    expect((await story.books.posting(number)).state).toBe('PROCESSED')
  })

  test('is not made under a name that an inactive item has: a person decides', async () => {
    const [pattern] = await itemsNamed('NEW-3')
    const inactive = { ...pattern, Id: '8999', ListID: '8999', Name: 'NEW-4', FullName: 'NEW-4', ...closed }
    await story.books.put(items, inactive as Fields)
    const number = await orderOf('NEW-4')
    await story.poll()
    await rounds(2)
    expect(await postingOf('NEW-4')).toMatchObject({ state: 'FAILED', reasonCode: 'ITEM_NAME_TAKEN' })
    expect(await itemsNamed('NEW-4')).toHaveLength(1)
    expect((await story.books.posting(number)).reasonCode).toBe('ITEM_FAILED')
  })

  test('is not made when its code is longer than a name may be', async () => {
    const number = await orderOf('X'.repeat(nameMax + 1))
    await story.poll()
    await rounds(2)
    const failed = await postingOf('X'.repeat(nameMax + 1))
    expect(failed).toMatchObject({ state: 'FAILED', reasonCode: 'ITEM_INVALID', problems: [{ field: 'item name' }] })
    expect((await story.books.posting(number)).reasonCode).toBe('ITEM_FAILED')
  })
})
