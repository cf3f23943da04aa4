// What goes on while a move is planned and applied: the old company posts on, an intake is late, a process dies at the very end,
// what was not to be invoiced is after all.
import { afterEach, expect, test } from '@jest/globals'
import { Environment, LedgerKind } from '../../src/domain/kinds.ts'
import { findBulkOperation } from '../../src/storage/bulk-operations.ts'
import { findResetPlan } from '../../src/storage/reset-plans.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import type { MoveRequest } from '../../src/sync/move.ts'
import { moveProof } from '../../src/sync/move-proof.ts'
import { planReset } from '../../src/sync/reset.ts'
import { readRows, saveRows } from '../../src/sync/take-page.ts'
import type { Fields } from './books.ts'
import { appliedMove, begunMove, carriedMove, plannedActions, plannedMove } from './moving.ts'
import { openStory, type Story } from './road.ts'

const DESKTOP = { kind: LedgerKind.QUICKBOOKS_DESKTOP, sandbox: { settings: { webConnectorNoOpSeconds: 0.01 } } }
const author = { name: 'ada', keyId: null, connectionIds: null }

let story: Story
let move: MoveRequest
/** The order that comes late. */
let late: Fields
afterEach(() => story?.end())

/** Two orders that Desktop has, and one that has not asked yet. */
async function open(): Promise<void> {
  story = await openStory({ ...DESKTOP, counts: { pending: 2, withoutLogRow: 1 } })
  await story.poll()
  const posted = new Set((await story.books.invoicePostings()).map(({ sourceId }) => sourceId))
  late = (await story.books.orders()).find(({ Id }) => !posted.has(Id)) as Fields
  await story.books.giveTo([late], 'known')
  const { id: to } = await story.joinOnline({ sandbox: story.sandbox, environment: Environment.SANDBOX })
  move = { from: story.connection.id, to, cutover: '2020-01-01' }
}

test('what the old company posts while the plan is looked at is in one company, and named by the next plan', async () => {
  await open()
  const plan = await plannedMove(story, move)
  await story.books.addLogRow(late, { action: 'Insert' })
  await story.poll()
  expect(await story.books.states()).toEqual({ PROCESSED: 3 })
  await appliedMove(story, plan)
  expect(await moveProof(story.database, plan.id)).toMatchObject({ isProven: false, strays: 1, unproven: [] })
  expect(await story.books.invoices()).toEqual([])
  const again = await plannedMove(story, move)
  expect(await plannedActions(story, again)).toEqual({ 'STAY MOVE_STAYS': 3 })
  await appliedMove(story, again)
  expect(await moveProof(story.database, again.id)).toMatchObject({ isProven: true, strays: 0 })
})

test('an intake that read its page before the move saves it for the new company', async () => {
  await open()
  const plan = await plannedMove(story, move)
  await story.books.addLogRow(late, { action: 'Insert' })
  const read = await readRows(story.road, await story.road.crm.logRowsOfRecords([late.Id]))
  await begunMove(story, plan)
  await saveRows(story.road, { connection: story.connection, read })
  expect(await story.books.posting(late.Number)).toMatchObject({ state: 'PENDING', connectionId: move.to })
  await carriedMove(story)
  expect(await moveProof(story.database, plan.id)).toMatchObject({ isProven: true, strays: 0 })
})

test('a process that dies at the very end leaves the end to the next one, with all that belongs to it', async () => {
  await open()
  const plan = await plannedMove(story, move)
  const { id } = await begunMove(story, plan)
  const dies = () => {
    throw new Error('the process died')
  }
  await runBulkOperations({ ...story.road, ledgerOf: dies })
  expect(await findBulkOperation(story.database, id)).toMatchObject({ state: 'RUNNING', done: 2 })
  expect(await findResetPlan(story.database, plan.id)).toMatchObject({ state: 'APPLYING' })
  await story.pass(60)
  await carriedMove(story)
  expect(await findBulkOperation(story.database, id)).toMatchObject({ state: 'DONE', done: 2, refused: 0 })
  expect(await moveProof(story.database, plan.id)).toMatchObject({ isProven: true })
})

test('what was not to be invoiced before the move goes to the new company when it is, and a reset of the old one is refused', async () => {
  await open()
  const plan = await plannedMove(story, move)
  const lines = (await story.books.records('creatio.OrderProduct')).filter(({ OrderId }) => OrderId === late.Id)
  for (const { Id } of lines) await story.books.remove('creatio.OrderProduct', Id)
  await story.books.addLogRow(late, { action: 'Insert' })
  await story.poll()
  expect(await story.books.posting(late.Number)).toMatchObject({ state: 'SKIPPED', connectionId: move.from })
  await appliedMove(story, plan)
  for (const line of lines) await story.books.put('creatio.OrderProduct', line)
  await story.books.addLogRow(late)
  await story.poll()
  expect(await story.books.posting(late.Number)).toMatchObject({ state: 'PROCESSED', connectionId: move.to })
  expect((await story.books.invoices()).length).toBe(1)
  const request = { connectionId: move.from }
  const asked = planReset(story.database, { request, author, now: story.road.now() })
  await expect(asked).rejects.toThrow('Orders go to another company now')
})
