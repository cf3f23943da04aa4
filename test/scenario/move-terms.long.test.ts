// The terms of a move: a history that was copied, days before the cutover, orders that the system before us posted, and money that
// comes in for an invoice of the old company.
import { afterEach, describe, expect, test } from '@jest/globals'
import { Environment, LedgerKind } from '../../src/domain/kinds.ts'
import { moveProof } from '../../src/sync/move-proof.ts'
import { syncOrder } from '../../src/sync/order.ts'
import { DocumentStory } from './document-story.ts'
import { appliedMove, movedRows, plannedActions, plannedMove } from './moving.ts'
import { openStory, type Story } from './road.ts'

const DESKTOP = { kind: LedgerKind.QUICKBOOKS_DESKTOP, sandbox: { settings: { webConnectorNoOpSeconds: 0.01 } } }

let story: Story | undefined
afterEach(() => story?.end())

/** A move from the office to the QuickBooks Online of the same sandbox. */
async function online(of: Story) {
  const { id: to } = await of.joinOnline({ sandbox: of.sandbox, environment: Environment.SANDBOX })
  return { from: of.connection.id, to, cutover: '2020-01-01' }
}

describe('a history that was copied', () => {
  test('is linked where it is now, and what was not copied stays; nothing is posted', async () => {
    story = await openStory({ ...DESKTOP, counts: { adoptable: 2, pending: 1 } })
    await story.poll()
    const move = await online(story)
    const invoices = (await story.books.invoices()).length
    const plan = await plannedMove(story, { ...move, historyCopied: true })
    expect(await plannedActions(story, plan)).toEqual({ 'ADOPT FOUND_EQUAL': 2, 'STAY MOVE_STAYS': 1 })
    await appliedMove(story, plan)
    expect((await story.books.invoices()).length).toBe(invoices)
    const newest = (await story.books.invoicePostings()).filter(({ connectionId }) => connectionId === move.to)
    expect(newest).toMatchObject([
      { state: 'PROCESSED', adopted: true, generation: 2 },
      { state: 'PROCESSED', adopted: true, generation: 2 },
    ])
    expect(await moveProof(story.database, plan.id)).toMatchObject({ isProven: true, unproven: [] })
  })

  test('that is deleted before it could be linked is not posted in its place', async () => {
    story = await openStory({ ...DESKTOP, counts: { adoptable: 1 } })
    await story.poll()
    const move = await online(story)
    const plan = await plannedMove(story, { ...move, historyCopied: true })
    const [copied] = await movedRows(story, plan)
    await story.books.remove('qbo.Invoice', copied?.quickBooksId ?? '')
    await appliedMove(story, plan)
    expect(await story.books.invoices()).toEqual([])
    expect(await story.books.states()).toEqual({ PROCESSED: 1, 'FAILED ADOPTED_GONE': 1 })
    expect(await moveProof(story.database, plan.id)).toMatchObject({ isProven: false })
  })
})

test('what is dated before the cutover is for a person, unless it goes along by intention', async () => {
  story = await openStory({ ...DESKTOP, counts: { pending: 2 } })
  if (story.office) {
    story.office.onCall = () => {
      throw new Error('the office is closed')
    }
  }
  await story.poll()
  const move = await online(story)
  const late = { ...move, cutover: '2030-01-01' }
  expect(await plannedActions(story, await plannedMove(story, late))).toEqual({ 'REFUSE MOVE_BEFORE_CUTOVER': 2 })
  const plan = await plannedMove(story, { ...late, earlierToo: true })
  expect(await plannedActions(story, plan)).toEqual({ 'MOVE MOVE_GOES': 2 })
})

test('an order that the system before posted to the old company is never posted to the new one', async () => {
  story = await openStory({ ...DESKTOP, counts: { processed: 1, pending: 1 } })
  const { books } = story
  // The world gave it the id of QuickBooks Online: before the move it was posted to Desktop, and to nothing else.
  for (const { Id } of await books.invoices()) await books.remove('qbo.Invoice', Id)
  const [order] = (await books.orders()).filter(({ BGQuickBooksId }) => BGQuickBooksId)
  if (!order) throw new Error('no order is posted')
  await books.change('creatio.Order', order.Id, { BGQuickBooksId: '42BF65-1768878026' })
  await story.poll()
  const move = await online(story)
  const plan = await plannedMove(story, move)
  expect(await plannedActions(story, plan)).toEqual({ 'STAY MOVE_STAYS': 1, 'STAY MOVE_STAYS_BY_CRM': 1 })
  await appliedMove(story, plan)
  const row = await books.addLogRow(order)
  await story.poll()
  const said = (await books.logRows(order.Id)).find(({ id }) => id === row)
  expect(said).toMatchObject({ status: 'Processed', message: '' })
  await expect(syncOrder(story.road, String(order.Number))).rejects.toThrow('stays there')
  expect(await books.invoices()).toEqual([])
  expect(await moveProof(story.database, plan.id)).toMatchObject({
    isProven: true,
    counts: [{ place: 'OLD', count: 2 }],
  })
})

test('money for an invoice of the old company goes there, where that stays open', async () => {
  const here = await DocumentStory.open(LedgerKind.QUICKBOOKS_DESKTOP, { orders: 2 })
  story = here.story
  await here.poll()
  const [order] = await here.sales()
  if (!order) throw new Error('there is no order')
  const plan = await plannedMove(story, { ...(await online(story)), oldStaysOpen: true })
  await appliedMove(story, plan)
  const payment = await here.pay(order, { amount: '1.25', day: '2026-11-20' })
  await here.takePayments()
  expect(await here.states(payment)).toEqual(['PAYMENT PROCESSED'])
  expect(await here.paymentsNumbered(payment.BGReference)).toHaveLength(1)
  expect(
    (await story.books.records('qbo.Payment')).filter(({ PaymentRefNum }) => PaymentRefNum === payment.BGReference),
  ).toEqual([])
})
