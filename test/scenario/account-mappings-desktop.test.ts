import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { MappingTargetKind } from '../../src/domain/account-mapping.ts'
import { LedgerKind } from '../../src/domain/kinds.ts'
import type { MappingLint } from '../../src/domain/mapping-lint.ts'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import { ourselves } from '../../src/storage/api-keys.ts'
import { findBulkOperation } from '../../src/storage/bulk-operations.ts'
import { postingPage } from '../../src/storage/posting-pages.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { createAccountMapping } from '../../src/sync/change-account-mapping.ts'
import { fixAndRetry } from '../../src/sync/fix-and-retry.ts'
import { lintAccountMappings } from '../../src/sync/lint-account-mappings.ts'
import { syncConnection } from '../../src/sync/read-mirror.ts'
import { openStory, type Story } from './road.ts'

const author = ourselves('a bookkeeper')
const zeroGuid = '00000000-0000-0000-0000-000000000000'
const ITEMS = 'quickbooksDesktop.items'
const ACCOUNTS = 'quickbooksDesktop.accounts'

let story: Story

beforeAll(async () => {
  story = await openStory({
    kind: LedgerKind.QUICKBOOKS_DESKTOP,
    counts: { pending: 6, discounted: 1, unknownCustomer: 1 },
    sandbox: { settings: { webConnectorNoOpSeconds: 0.01 } },
  })
})
afterAll(() => story?.end())

const lint = () => lintAccountMappings(story.road, story.database, { connectionId: story.connection.id })
const errors = (lints: MappingLint[]) => lints.filter(({ severity }) => severity === 'ERROR')
const codes = (lints: MappingLint[]) => lints.map(({ code }) => code as string)
const failures = async () => {
  const selection = { states: [PostingState.FAILED] }
  const { nodes } = await postingPage(story.database, { selection, request: { first: 50, after: null } })
  return nodes.map(({ reasonCode }) => reasonCode).toSorted()
}

async function free(reasonCode: string): Promise<string | undefined> {
  const { connection, database, road } = story
  const operation = await fixAndRetry(database, { reasonCode, connectionId: connection.id, author, now: road.now() })
  await runBulkOperations(road)
  await story.work()
  await story.work()
  return (await findBulkOperation(database, operation.id))?.summary[0]
}

test('while nobody calls, lint says what it could not ask, and its questions bring the Web Connector', async () => {
  const found = await lint()
  expect(errors(found)).toMatchObject([{ code: 'CUSTOMER_MISSING', reasonCode: 'CUSTOMER_NOT_FOUND', count: 1 }])
  const unchecked = found.filter(({ code }) => code === 'NOT_CHECKED')
  expect(unchecked.map(({ sentence }) => sentence)).toContainEqual(
    expect.stringMatching(/item names .* not checked: .* asked when the Web Connector calls/),
  )
  expect(codes(found)).not.toContain('ANSWERED_EARLIER')
})

test('after one call both configuration errors are named before anything is read, let alone fails, and when it was said', async () => {
  await story.office?.call()
  const before = story.road.now()
  const found = await lint()
  expect(errors(found)).toMatchObject([
    { code: 'CUSTOMER_MISSING', reasonCode: 'CUSTOMER_NOT_FOUND', count: 1, stuck: 0 },
    { code: 'NAME_MISSING', subject: 'Discount', reasonCode: 'ITEM_NOT_FOUND', count: 1, stuck: 0 },
  ])
  expect(codes(found)).not.toContain('NOT_CHECKED')
  const [told] = found.filter(({ code }) => code === 'ANSWERED_EARLIER')
  const said = Date.parse(/as it said at (\S+):/.exec(told?.sentence ?? '')?.[1] ?? '')
  expect(before.getTime() - said).toBeGreaterThan(0)
  expect(await failures()).toEqual([])
})

test('they fail their two orders and no other, and fixAndRetry clears each once it is mended', async () => {
  await story.poll()
  await story.work()
  expect(await failures()).toEqual(['CUSTOMER_NOT_FOUND', 'ITEM_NOT_FOUND'])

  const [pattern] = (await story.books.records(ITEMS)).filter(({ Name }) => Name === 'Shipping')
  if (!pattern) throw new Error('the played company has no such item')
  const ListID = '8000FFFF-1768878026'
  const named = { Id: ListID, ListID, Name: 'Discount', FullName: 'Discount' }
  await story.books.put(ITEMS, { ...pattern, ...named })
  expect(await free('ITEM_NOT_FOUND')).toBe('1 set going, 0 refused.')
  expect(await failures()).toEqual(['CUSTOMER_NOT_FOUND'])

  const orders = await story.books.orders()
  const lost = orders.find(({ AccountId }) => AccountId === zeroGuid)
  const other = orders.find(({ AccountId }) => AccountId !== zeroGuid)
  if (!lost || !other) throw new Error('the world has no order without a customer')
  await story.books.change('creatio.Order', lost.Id, { AccountId: other.AccountId })
  expect(await free('CUSTOMER_NOT_FOUND')).toBe('1 set going, 0 refused.')
  expect(await failures()).toEqual([])

  await lint()
  await story.office?.call()
  expect(errors(await lint())).toEqual([])
})

test('accounts that rules choose are read with the next call: one that is missing, inactive, or of the wrong type is named', async () => {
  const [pattern] = await story.books.records(ACCOUNTS)
  if (!pattern) throw new Error('the played company has no accounts')
  const planted = [
    { Name: 'Freight out', Id: '8000FFFD-1768878026', IsActive: 'false', AccountType: 'Income' },
    { Name: 'Hardware costs', Id: '8000FFFE-1768878026', IsActive: 'true', AccountType: 'CostOfGoodsSold' },
  ]
  for (const one of planted) await story.books.put(ACCOUNTS, { ...pattern, ...one, ListID: one.Id, FullName: one.Name })
  for (const target of ['Nowhere', 'Freight out', 'Hardware costs']) {
    const targetKind = MappingTargetKind.ACCOUNT
    const input = { connectionId: story.connection.id, name: `to ${target}`, item: `${target}-*`, targetKind, target }
    await createAccountMapping(story.database, { input, author, now: story.road.now() })
  }
  expect(codes(await lint())).toContain('NOT_CHECKED')
  await story.office?.call()
  const found = (await lint()).filter(({ severity }) => severity !== 'INFO')
  expect(found.map(({ code, subject }) => `${code} ${subject}`).toSorted()).toEqual([
    'ACCOUNT_TYPE_WRONG Hardware costs',
    'NAME_INACTIVE Freight out',
    'NAME_MISSING Nowhere',
  ])
})

test('an item whose cost goes to an income account is named from the mirror, and since when that is known', async () => {
  const [pattern] = await story.books.records(ITEMS)
  const sales = (await story.books.records(ACCOUNTS)).find(({ AccountType }) => AccountType === 'Income')
  if (!pattern || !sales) throw new Error('the played company has no items or no income')
  const account = { ListID: sales.Id, FullName: sales.FullName }
  const Id = '8000FFFC-1768878026'
  const named = { Id, ListID: Id, Name: 'Bolt', FullName: 'Bolt', IsActive: 'true', kind: 'ItemInventoryRet' }
  const { kind: _, ...fields } = pattern
  await story.books.put(ITEMS, { ...fields, ...named, IncomeAccountRef: account, COGSAccountRef: account })
  const connectionId = story.connection.id
  await syncConnection(story.road, { connectionId, entity: MirrorEntity.ALL, mode: SyncMode.FULL, author })
  for (let call = 0; call < 3; call += 1) await story.office?.call()
  const found = await lint()
  expect(found.filter(({ examples }) => examples.includes('Bolt'))).toMatchObject([
    { code: 'ACCOUNT_TYPE_WRONG', subject: sales.FullName, count: 1 },
  ])
  expect(codes(found)).toContain('ANSWERED_EARLIER')
})
