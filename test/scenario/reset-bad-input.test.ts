import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Author } from '../../src/domain/access.ts'
import type { ResetPlan } from '../../src/domain/reset-plan.ts'
import { findBulkOperation } from '../../src/storage/bulk-operations.ts'
import { findResetPlan, resetCounts } from '../../src/storage/reset-plans.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { reconcile } from '../../src/sync/reconcile.ts'
import { applyReset, planReset } from '../../src/sync/reset.ts'
import { openStory, type Story } from './road.ts'

const ada: Author = { name: 'ada', keyId: null, connectionIds: null }
const grace: Author = { name: 'grace', keyId: null, connectionIds: null }
const counts = { falselyProcessed: 12 }
/** Long enough for whatever waits before it asks again. */
const A_WHILE_SECONDS = 900
let story: Story

beforeAll(async () => {
  story = await openStory({ counts, limits: { retrySeconds: [0, 30, 120] } })
  await story.poll()
})
beforeEach(() => story.mend())
afterAll(() => story?.end())

const look = async ({ id }: { id: string }) => (await findResetPlan(story.database, id)) as ResetPlan
const begin = (author: Author, orderNumbers: string[] = []) =>
  planReset(story.database, { request: { orderNumbers }, author, now: story.road.now() })
const apply = async (plan: ResetPlan, author: Author) =>
  applyReset(story.database, { planId: plan.id, planHash: plan.hash ?? '', author, now: story.road.now() })
const cutOff = () => story.fault({ system: 'quickbooks-online', path: '/v3/', fault: { when: 'before', kind: 'cut' } })
/** Everything that waits gets its turn. */
const settle = async () => {
  for (let round = 0; round < 4; round += 1) {
    await story.pass(A_WHILE_SECONDS)
    await story.work()
    await runBulkOperations(story.road)
  }
}
const numbersOf = async (from: number, to: number) =>
  (await story.books.orders()).slice(from, to).map(({ Number: number }) => String(number))
/** The invoices of these orders, each of which is to be there once. */
const invoicesOf = async (orderNumbers: string[]) => {
  const orders = (await story.books.orders()).filter(({ Number: number }) => orderNumbers.includes(String(number)))
  const wanted = new Set(orders.map(({ BGNumberInvoice }) => String(BGNumberInvoice)))
  return (await story.books.invoices()).map(({ DocNumber }) => DocNumber).filter((number) => wanted.has(number))
}

describe('a reset', () => {
  test('whose QuickBooks is not to be reached goes on planning once it is, and nothing of the plan is lost', async () => {
    await cutOff()
    const begun = await begin(ada)
    await story.work()
    expect(await look(begun)).toMatchObject({ state: 'PLANNING', hash: null, error: null })
    await story.mend()
    await settle()
    const ready = await look(begun)
    expect(ready).toMatchObject({ state: 'READY' })
    expect(await resetCounts(story.database, ready.id)).toMatchObject([
      { action: 'CREATE', count: counts.falselyProcessed },
    ])
  })

  test('that loses QuickBooks in the middle posts every order once when it is back', async () => {
    const orderNumbers = await numbersOf(0, 4)
    const begun = await begin(ada, orderNumbers)
    await story.work()
    const operation = await apply(await look(begun), ada)
    await cutOff()
    await runBulkOperations(story.road)
    await story.work()
    expect(await invoicesOf(orderNumbers)).toEqual([])
    expect(await findBulkOperation(story.database, operation.id)).toMatchObject({ state: 'DONE', refused: 0 })
    await story.mend()
    await settle()
    const invoices = await invoicesOf(orderNumbers)
    expect(invoices).toHaveLength(orderNumbers.length)
    expect(new Set(invoices).size).toBe(orderNumbers.length)
    expect(await findBulkOperation(story.database, operation.id)).toMatchObject({ succeeded: orderNumbers.length })
  })

  test('that two admins plan and apply at the same time posts every order once, and tells each what became of his', async () => {
    const orderNumbers = await numbersOf(4, 10)
    const begun = [await begin(ada, orderNumbers), await begin(grace, orderNumbers)]
    await story.work()
    const operations = [
      await apply(await look(begun[0] as ResetPlan), ada),
      await apply(await look(begun[1] as ResetPlan), grace),
    ]
    await Promise.all([
      runBulkOperations(story.road, { batchRowsMax: 2 }),
      runBulkOperations(story.road, { batchRowsMax: 2 }),
    ])
    await story.work()
    await runBulkOperations(story.road)
    const invoices = await invoicesOf(orderNumbers)
    expect(invoices).toHaveLength(orderNumbers.length)
    expect(new Set(invoices).size).toBe(orderNumbers.length)
    for (const { id } of operations) {
      const ended = await findBulkOperation(story.database, id)
      expect(ended).toMatchObject({ state: 'DONE', done: orderNumbers.length, failed: 0 })
      expect((ended?.setGoing ?? 0) + (ended?.refused ?? 0)).toBe(orderNumbers.length)
    }
    const postings = await story.books.invoicePostings()
    const perOrder = Map.groupBy(postings, ({ sourceId }) => sourceId)
    expect([...perOrder.values()].every(({ length }) => length === 1)).toBe(true)
  })

  test('of more rows than a person can judge is refused with words, and leaves no rows', async () => {
    const begun = await begin(ada)
    // As many as a plan may have were read before.
    const progress = JSON.stringify({ cause: 0, after: null, rows: 250_000 })
    await story.database.run(sql`update reset_plan set progress = ${progress}::jsonb where id = ${begun.id}`)
    await story.work()
    const refused = await look(begun)
    expect(refused).toMatchObject({ state: 'FAILED', hash: null })
    expect(refused.error).toBe(
      'The filter selects more than 250000 rows: narrow it, by dates, causes or order numbers.',
    )
    expect(await resetCounts(story.database, refused.id)).toEqual([])
    await expect(apply(refused, ada)).rejects.toThrow('narrow it')
  })
})

describe('a reconciliation', () => {
  test('whose QuickBooks is not to be reached compares nothing with an old mirror, and goes on once it is', async () => {
    const { road, connection, database } = story
    const year = road.now().getUTCFullYear()
    await cutOff()
    const { id } = await reconcile(road, {
      ...{ connectionId: connection.id, from: `${year}-01-01`, to: `${year}-12-31` },
      author: ada,
    })
    await story.work()
    await runBulkOperations(road)
    expect(await findBulkOperation(database, id)).toMatchObject({ state: 'RUNNING', done: 0 })
    await story.mend()
    await settle()
    expect(await findBulkOperation(database, id)).toMatchObject({ state: 'DONE', error: null })
  })
})
