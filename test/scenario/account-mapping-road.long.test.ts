import { afterEach, describe, expect, test } from '@jest/globals'
import { LineKind, MappingTargetKind } from '../../src/domain/account-mapping.ts'
import { RecordKind } from '../../src/domain/explanation.ts'
import { LedgerKind } from '../../src/domain/kinds.ts'
import type { MappingInput } from '../../src/domain/mapping-input.ts'
import type { Posting } from '../../src/domain/posting.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import { ourselves } from '../../src/storage/api-keys.ts'
import { postingPage } from '../../src/storage/posting-pages.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { createAccountMapping, updateAccountMapping } from '../../src/sync/change-account-mapping.ts'
import { explain } from '../../src/sync/explain.ts'
import { fixAndRetry } from '../../src/sync/fix-and-retry.ts'
import { lintAccountMappings } from '../../src/sync/lint-account-mappings.ts'
import { mappingOfPosting } from '../../src/sync/mapping-of-posting.ts'
import type { Fields } from './books.ts'
import { openStory, type Story, type StoryOptions } from './road.ts'

const author = ourselves('a bookkeeper')

let story: Story

afterEach(() => story?.end())

async function begin(options: StoryOptions): Promise<void> {
  story = await openStory(options)
}

const rule = (values: Partial<MappingInput>): MappingInput => ({
  connectionId: story.connection.id,
  name: 'Wares',
  item: 'BL-*',
  targetKind: MappingTargetKind.ITEM,
  target: 'Mapped wares',
  ...values,
})
const write = (values: Partial<MappingInput> = {}) =>
  createAccountMapping(story.database, { input: rule(values), author, now: story.road.now() })
const invoices = async (): Promise<Posting[]> =>
  (await postingPage(story.database, { selection: {}, request: { first: 50, after: null } })).nodes.filter(
    ({ kind }) => kind === 'INVOICE',
  )

async function copyItem(Id: string, Name: string): Promise<void> {
  const [pattern] = await story.books.records('qbo.Item')
  if (!pattern) throw new Error('the played company has no items')
  await story.books.put('qbo.Item', { ...pattern, Id, Name, FullyQualifiedName: Name, Sku: Name })
}

async function itemsOf(number: string | null): Promise<string[]> {
  const invoice = (await story.books.invoices()).find(({ DocNumber }) => DocNumber === number)
  const lines = (invoice?.Line ?? []) as { SalesItemLineDetail?: { ItemRef: { value: string } } }[]
  return lines.flatMap(({ SalesItemLineDetail }) => SalesItemLineDetail?.ItemRef.value ?? [])
}

/** Creates carry a request id; look-ups do not. */
const creates = { system: 'quickbooks-online', method: 'POST', path: 'requestid' }

describe('a rule on the road of QuickBooks Online', () => {
  test('that names what QuickBooks does not have fails its postings in words, and fixAndRetry frees them', async () => {
    await begin({ counts: { pending: 2 } })
    await write()
    await story.poll()
    const failed = await invoices()
    expect(failed.map(({ reasonCode }) => reasonCode)).toEqual(['MAPPING_TARGET_MISSING', 'MAPPING_TARGET_MISSING'])
    expect(failed[0]?.reason?.sentence).toBe(
      `QuickBooks has no active item named "Mapped wares", which the rule "Wares" (version 1) chose for line 1 of order ${failed[0]?.orderNumber}.`,
    )
    const { connection, database, road } = story
    const lints = await lintAccountMappings(road, database, { connectionId: connection.id })
    expect(lints.find(({ subject }) => subject === 'Mapped wares')).toMatchObject({
      code: 'NAME_MISSING',
      subject: 'Mapped wares',
      reasonCode: 'MAPPING_TARGET_MISSING',
      stuck: 2,
    })

    await copyItem('991', 'Mapped wares')
    const asked = { reasonCode: 'MAPPING_TARGET_MISSING', connectionId: connection.id, author, now: road.now() }
    await fixAndRetry(database, asked)
    await runBulkOperations(road)
    await story.work()
    await story.work()
    for (const posting of await invoices()) {
      expect(posting.state).toBe(PostingState.PROCESSED)
      expect(new Set((await itemsOf(posting.documentNumber)).filter((id) => id !== 'SHIPPING_ITEM_ID'))).toEqual(
        new Set(['991']),
      )
      expect(posting.mapping).toMatchObject(
        posting.mapping?.map(() => expect.objectContaining({ rule: expect.anything() })) ?? [],
      )
    }
  })

  test('books each posting by the version of its day, and says on the posting which it was and why', async () => {
    await begin({ counts: { pending: 1 } })
    await copyItem('991', 'Mapped wares')
    await copyItem('992', 'Other wares')
    const { id } = await write()
    await write({ name: 'Everything', item: '*', target: 'Nowhere' })
    await story.poll()
    const [posting] = await invoices()
    expect(posting?.state).toBe(PostingState.PROCESSED)
    const [first] = (posting && mappingOfPosting(story.road, { posting, connection: story.connection })) ?? []
    expect(first).toMatchObject({
      line: 1,
      lineKind: LineKind.ITEM,
      targetKind: 'ITEM',
      target: 'Mapped wares',
      ruleId: id,
      rule: 'Wares',
      version: 1,
      why: 'It is the first rule that matches (item "BL-*"); it comes before "Everything".',
    })
    const { checks } = await explain(story.road, { kind: RecordKind.ORDER, number: posting?.orderNumber ?? '' })
    expect(checks.find(({ question }) => question === 'Which account mappings chose for it?')?.answer).toContain(
      'Line 1: item "Mapped wares", by the rule "Wares" (version 1).',
    )

    const now = story.road.now()
    await updateAccountMapping(story.database, { id, input: rule({ target: 'Other wares' }), author, now })
    await story.poll()
    expect((await invoices())[0]?.mapping?.[0]).toMatchObject({ target: 'Mapped wares', version: 1 })
  })

  test('that was changed after the answer was lost is not believed to have been another: what was sent is found, and equal', async () => {
    await begin({ counts: { pending: 1 } })
    await copyItem('991', 'Mapped wares')
    await copyItem('992', 'Other wares')
    const { id } = await write()
    await story.books.giveTo(await story.books.orders(), 'known')
    await story.fault({ ...creates, times: 1, fault: { when: 'after', kind: 'cut' } })
    await story.poll()
    expect((await invoices())[0]?.state).toBe(PostingState.UNKNOWN)
    const now = story.road.now()
    await updateAccountMapping(story.database, { id, input: rule({ target: 'Other wares' }), author, now })
    await story.mend()
    await story.pass(600)
    await story.work()
    await story.work()
    const [posting] = await invoices()
    expect(posting?.state).toBe(PostingState.PROCESSED)
    expect(posting?.mapping?.[0]).toMatchObject({ target: 'Mapped wares', version: 1 })
    expect(await story.books.invoices()).toHaveLength(1)
  })

  test('whose item was closed after it was posted with fails the next posting in words, and posts nothing with it', async () => {
    await begin({ counts: { pending: 1 } })
    await copyItem('991', 'Mapped wares')
    await write()
    await story.poll()
    expect((await invoices()).map(({ state }) => state)).toEqual([PostingState.PROCESSED])
    await story.books.change('qbo.Item', '991', { Active: false, Name: 'Mapped wares (deleted)' })

    const [order] = await story.books.orders()
    await story.books.orderAgain(order as Fields, { number: 'ORD-99001' })
    await story.poll()
    for (let round = 0; round < 3; round += 1) await story.work()
    const failed = await story.books.posting('ORD-99001')
    expect(failed).toMatchObject({ state: PostingState.FAILED, reasonCode: 'MAPPING_TARGET_MISSING' })
    expect(failed.reason?.sentence).toContain('no active item named "Mapped wares", which the rule "Wares"')
    expect(await itemsOf('99001')).toEqual([])

    await story.books.change('qbo.Item', '991', { Active: true, Name: 'Mapped wares' })
    const { connection, database, road } = story
    const asked = { reasonCode: 'MAPPING_TARGET_MISSING', connectionId: connection.id, author, now: road.now() }
    await fixAndRetry(database, asked)
    await runBulkOperations(road)
    for (let round = 0; round < 2; round += 1) await story.work()
    expect((await story.books.posting('ORD-99001')).state).toBe(PostingState.PROCESSED)
    expect(await itemsOf('99001')).toContain('991')
  })

  test('that no line matches leaves everything as it was, and the default is what is said', async () => {
    await begin({ counts: { pending: 1 } })
    await write({ item: 'NOTHING-*' })
    await story.poll()
    const [posting] = await invoices()
    expect(posting).toMatchObject({ state: PostingState.PROCESSED, mapping: null })
    const said = posting ? mappingOfPosting(story.road, { posting, connection: story.connection }) : []
    expect(said.length).toBeGreaterThan(0)
    expect(said.every(({ rule: name, why }) => name === null && why.startsWith('No rule matches'))).toBe(true)
  })
})

describe('a rule on the road of QuickBooks Desktop', () => {
  test('chooses the item of the discount in the place of the one that is missing', async () => {
    await begin({ kind: LedgerKind.QUICKBOOKS_DESKTOP, counts: { discounted: 1 } })
    const [pattern] = (await story.books.records('quickbooksDesktop.items')).filter(({ Name }) => Name === 'Shipping')
    if (!pattern) throw new Error('the played company has no item for shipping')
    const renamed = {
      Id: '80000990-1665654029',
      ListID: '80000990-1665654029',
      Name: 'Retail discount',
      FullName: 'Retail discount',
    }
    await story.books.put('quickbooksDesktop.items', { ...pattern, ...renamed })
    await write({ name: 'Discounts', item: null, lineKind: LineKind.DISCOUNT, target: 'Retail discount' })
    await story.poll()
    await story.work()
    const [posting] = await invoices()
    expect(posting).toMatchObject({ state: PostingState.PROCESSED, reasonCode: null, reasonDetail: null })
    expect(posting?.mapping?.find(({ lineKind }) => lineKind === LineKind.DISCOUNT)).toMatchObject({
      targetKind: 'ITEM',
      target: 'Retail discount',
      rule: 'Discounts',
    })
  })
})
