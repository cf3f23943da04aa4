import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { MappingPatternKind, MappingTargetKind } from '../../src/domain/account-mapping.ts'
import { PostingKind } from '../../src/domain/kinds.ts'
import type { MappingInput } from '../../src/domain/mapping-input.ts'
import type { MappingLint } from '../../src/domain/mapping-lint.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import { ourselves } from '../../src/storage/api-keys.ts'
import { findBulkOperation } from '../../src/storage/bulk-operations.ts'
import { postingPage } from '../../src/storage/posting-pages.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { createAccountMapping } from '../../src/sync/change-account-mapping.ts'
import { fixAndRetry } from '../../src/sync/fix-and-retry.ts'
import { lintAccountMappings } from '../../src/sync/lint-account-mappings.ts'
import { openStory, type Story } from './road.ts'

const author = ourselves('a bookkeeper')
const zeroGuid = '00000000-0000-0000-0000-000000000000'

let story: Story

beforeAll(async () => {
  story = await openStory({ counts: { pending: 6, discounted: 1, unknownCustomer: 1 } })
})
afterAll(() => story?.end())

const lint = () => lintAccountMappings(story.road, story.database, { connectionId: story.connection.id })
const errors = (lints: MappingLint[]) => lints.filter(({ severity }) => severity === 'ERROR')
const byState = async (state: PostingState) =>
  (await postingPage(story.database, { selection: { states: [state] }, request: { first: 50, after: null } })).nodes
const failures = async () => (await byState(PostingState.FAILED)).map(({ reasonCode }) => reasonCode).toSorted()
async function free(reasonCode: string): Promise<string[]> {
  const { connection, database, road } = story
  const operation = await fixAndRetry(database, { reasonCode, connectionId: connection.id, author, now: road.now() })
  await runBulkOperations(road)
  await story.work()
  await story.work()
  await runBulkOperations(road)
  return (await findBulkOperation(database, operation.id))?.summary ?? []
}

describe('the two configuration errors of the incident', () => {
  test('are named by lint before anything is read, let alone fails', async () => {
    const found = errors(await lint())
    expect(found).toMatchObject([
      { code: 'CUSTOMER_MISSING', reasonCode: 'CUSTOMER_NOT_FOUND', count: 1, stuck: 0 },
      { code: 'NAME_MISSING', subject: 'Discount', reasonCode: 'ACCOUNT_NOT_FOUND', count: 1, stuck: 0 },
    ])
    expect(found[1]?.sentence).toBe(
      'QuickBooks has no active account named "Discount", with which discounts are booked. One order that waits needs it.',
    )
    expect(await byState(PostingState.FAILED)).toEqual([])
  })

  test('fail their two orders and no other, and lint says how many stand for each', async () => {
    await story.poll()
    await story.work()
    expect(await failures()).toEqual(['ACCOUNT_NOT_FOUND', 'CUSTOMER_NOT_FOUND'])
    const posted = await byState(PostingState.PROCESSED)
    expect(posted.filter(({ kind }) => kind === PostingKind.INVOICE)).toHaveLength(6)
    expect(errors(await lint()).map(({ reasonCode, stuck }) => `${reasonCode} ${stuck}`)).toEqual([
      'ACCOUNT_NOT_FOUND 1',
      'CUSTOMER_NOT_FOUND 1',
    ])
  })

  test('are cleared by fixAndRetry once they are mended, each without touching the other', async () => {
    const [pattern] = await story.books.records('qbo.Account')
    if (!pattern) throw new Error('the played company has no accounts')
    await story.books.put('qbo.Account', { ...pattern, Id: '990', Name: 'Discount', FullyQualifiedName: 'Discount' })
    expect((await free('ACCOUNT_NOT_FOUND'))[0]).toBe('1 set going, 0 refused.')
    expect(await failures()).toEqual(['CUSTOMER_NOT_FOUND'])

    const orders = await story.books.orders()
    const lost = orders.find(({ AccountId }) => AccountId === zeroGuid)
    const other = orders.find(({ AccountId }) => AccountId !== zeroGuid)
    if (!lost || !other) throw new Error('the world has no order without a customer')
    await story.books.change('creatio.Order', lost.Id, { AccountId: other.AccountId })
    expect(await free('CUSTOMER_NOT_FOUND')).toEqual([
      '1 set going, 0 refused.',
      'All came to rest: 1 succeeded, 0 still fail.',
    ])
    expect(await failures()).toEqual([])
    expect(errors(await lint())).toEqual([])
  })

  test('that nothing stands for any more free nothing', async () => {
    expect(await free('ACCOUNT_NOT_FOUND')).toEqual(['Nothing to do: no posting was selected.'])
    await expect(free('ACCOUNT_NOT_FUOND')).rejects.toThrow(/is no reason code.*Did you mean "ACCOUNT_NOT_FOUND"/)
  })
})

describe('rules that stand in one another’s way', () => {
  let sold: { code: string; lines: number }
  const write = (values: Partial<MappingInput> & { name: string }) =>
    createAccountMapping(story.database, {
      input: { connectionId: story.connection.id, targetKind: MappingTargetKind.ITEM, target: sold.code, ...values },
      author,
      now: story.road.now(),
    })
  const said = async () => (await lint()).filter(({ code }) => /SHADOWED|NEVER_MATCHED|FALLS_TO_DEFAULT/.test(code))
  const ours = async () =>
    (await said())
      .filter(({ subject }) => ['First', 'Second', 'Third', 'Nothing'].includes(subject))
      .map(({ code, subject, count, examples }) => ({ code, subject, count, examples }))
  const fallen = async () =>
    (await said()).find(({ code, subject }) => code === 'FALLS_TO_DEFAULT' && subject === 'ITEM')

  beforeAll(async () => {
    const posted = (await byState(PostingState.PROCESSED)).flatMap(({ document }) =>
      document?.kind === 'INVOICE' ? document.lines.map(({ item }) => item.name) : [],
    )
    const [code = '', lines = []] = [...Map.groupBy(posted, (name) => name)][0] ?? []
    sold = { code, lines: lines.length }
  })

  test('are named: which can never win, which never won, which never matched, and what falls to the default', async () => {
    const all = (await fallen())?.count ?? 0
    expect(all).toBeGreaterThan(sold.lines)
    await write({ name: 'First', item: sold.code })
    await write({ name: 'Second', item: sold.code, customerGroup: '*' })
    await write({ name: 'Third', item: `^${sold.code}$`, patternKind: MappingPatternKind.REGEX })
    await write({ name: 'Nothing', item: 'sold by nobody' })
    expect((await ours()).toSorted((a, b) => a.subject.localeCompare(b.subject))).toEqual([
      { code: 'NEVER_MATCHED', subject: 'Nothing', count: 0, examples: [] },
      { code: 'SHADOWED', subject: 'Second', count: 0, examples: ['First'] },
      { code: 'SHADOWED_IN_HISTORY', subject: 'Third', count: sold.lines, examples: ['First'] },
    ])
    // What the first rule books now falls to the default no more.
    expect(await fallen()).toMatchObject({ count: all - sold.lines })
    expect((await fallen())?.examples).not.toContain(sold.code)
  })
})
