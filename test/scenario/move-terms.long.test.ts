// The terms of a move: a history that was copied, days before the cutover, orders that the system before us posted, and money that
// comes in for an invoice of the old company.
import { afterEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { Environment, LedgerKind } from '../../src/domain/kinds.ts'
import { findConnection } from '../../src/storage/connections.ts'
import { moveProof } from '../../src/sync/move-proof.ts'
import { syncOrder } from '../../src/sync/order.ts'
import type { Fields } from './books.ts'
import { DocumentStory } from './document-story.ts'
import { appliedMove, begunMove, carriedMove, movedRows, plannedActions, plannedMove, readInvoices } from './moving.ts'
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

describe('an order that somebody entered in the old company by hand', () => {
  const closed = (opened: Story, isClosed: boolean) => {
    if (!opened.office) throw new Error('a story of Desktop has an office')
    opened.office.onCall = () => {
      if (isClosed) throw new Error('the office is closed')
    }
  }
  async function byHand() {
    const opened = await openStory({ ...DESKTOP, counts: { pending: 2 } })
    story = opened
    const { books } = opened
    const [posted, other] = (await books.orders()) as [Fields, Fields]
    for (const { id } of await books.logRows(other.Id)) await books.setStatus(id, 'Processed')
    await opened.poll()
    closed(opened, true)
    await books.addLogRow(other, { action: 'Insert' })
    await opened.poll()
    const [pattern] = (await books.records('quickbooksDesktop.invoices')).filter(
      ({ RefNumber }) => RefNumber === posted.BGNumberInvoice,
    )
    const enter = async () => {
      const entered = { ...pattern, Id: '4FFF-1768878026', TxnID: '4FFF-1768878026', RefNumber: other.BGNumberInvoice }
      await books.put('quickbooksDesktop.invoices', entered)
      // The office calls again, and what it has is read; the posting itself waits on.
      await opened.database.run(sql`update posting set not_before = ${new Date('2030-01-01')} where state = 'PENDING'`)
      closed(opened, false)
      await readInvoices(opened, opened.connection.id)
    }
    return { opened, books, move: await online(opened), enter }
  }

  test('is for a person, where that is known when the move is planned', async () => {
    const { opened, enter, move } = await byHand()
    await enter()
    const plan = await plannedMove(opened, move)
    expect(await plannedActions(opened, plan)).toEqual({ 'STAY MOVE_STAYS': 1, 'REFUSE MOVE_FOUND_IN_OLD': 1 })
  })

  test('is left where it is, where that is learnt before the plan is applied', async () => {
    const { opened, books, enter, move } = await byHand()
    const plan = await plannedMove(opened, move)
    expect(await plannedActions(opened, plan)).toEqual({ 'STAY MOVE_STAYS': 1, 'MOVE MOVE_GOES': 1 })
    await enter()
    await appliedMove(opened, plan)
    expect((await movedRows(opened, plan)).map(({ action, result }) => `${action} ${result}`).toSorted()).toEqual([
      'MOVE CHANGED',
      'STAY APPLIED',
    ])
    expect(await books.invoices()).toEqual([])
    expect(await moveProof(opened.database, plan.id)).toMatchObject({ isProven: false })
  })
})

describe('an order that the system before posted to the old company', () => {
  async function postedBefore() {
    const opened = await openStory({ ...DESKTOP, counts: { processed: 1, pending: 1 } })
    story = opened
    const { books } = opened
    // The world gave it the id of QuickBooks Online: before the move it was posted to Desktop, and to nothing else.
    for (const { Id } of await books.invoices()) await books.remove('qbo.Invoice', Id)
    const [order] = (await books.orders()).filter(({ BGQuickBooksId }) => BGQuickBooksId)
    if (!order) throw new Error('no order is posted')
    await books.change('creatio.Order', order.Id, { BGQuickBooksId: TXN_ID })
    await opened.poll()
    return { opened, books, order, move: await online(opened) }
  }
  const TXN_ID = '42BF65-1768878026'
  const stays = { 'STAY MOVE_STAYS': 1, 'STAY MOVE_STAYS_BY_CRM': 1 }

  test('is never posted to the new one, and is proven when the old one has it', async () => {
    const { opened, books, order, move } = await postedBefore()
    const [posted] = await books.records('quickbooksDesktop.invoices')
    const older = { ...posted, Id: TXN_ID, TxnID: TXN_ID, RefNumber: order.BGNumberInvoice }
    await books.put('quickbooksDesktop.invoices', older)
    const plan = await plannedMove(opened, move)
    expect(await plannedActions(opened, plan)).toEqual(stays)
    await appliedMove(opened, plan)
    const row = await books.addLogRow(order)
    await opened.poll()
    const said = (await books.logRows(order.Id)).find(({ id }) => id === row)
    expect(said).toMatchObject({ status: 'Processed', message: '' })
    await expect(syncOrder(opened.road, String(order.Number))).rejects.toThrow('stays there')
    expect(await books.invoices()).toEqual([])
    const proven = { isProven: true, unproven: [], counts: [{ place: 'OLD', count: 2 }] }
    expect(await moveProof(opened.database, plan.id)).toMatchObject(proven)
    // The same of a second plan, which finds that it was left behind.
    const again = await plannedMove(opened, move)
    expect(await plannedActions(opened, again)).toEqual(stays)
    await appliedMove(opened, again)
    expect(await moveProof(opened.database, again.id)).toMatchObject(proven)
  })

  test('is not proven when the old one does not have it, and goes to the new one once its id is emptied', async () => {
    const { opened, books, order, move } = await postedBefore()
    const [byHand] = (await books.records('quickbooksDesktop.invoices')).filter(
      ({ RefNumber }) => RefNumber === order.BGNumberInvoice,
    )
    await books.remove('quickbooksDesktop.invoices', byHand?.Id ?? '')
    const plan = await plannedMove(opened, move)
    await appliedMove(opened, plan)
    const { isProven, unproven } = await moveProof(opened.database, plan.id)
    expect([isProven, unproven.map(({ place }) => place)]).toEqual([false, ['LEFT_BEHIND']])
    expect(unproven[0]?.why).toContain(`the CRM names ${TXN_ID}, and the old company does not have it`)
    await books.change('creatio.Order', order.Id, { BGQuickBooksId: '' })
    const again = await plannedMove(opened, move)
    expect(await plannedActions(opened, again)).toEqual({ 'STAY MOVE_STAYS': 1, 'MOVE MOVE_GOES': 1 })
    await appliedMove(opened, again)
    expect((await books.invoices()).map(({ DocNumber }) => DocNumber)).toEqual([order.BGNumberInvoice])
    expect(await moveProof(opened.database, again.id)).toMatchObject({ isProven: true, unproven: [] })
  })
})

test('money for an invoice of the old company goes there, where that stays open', async () => {
  const here = await DocumentStory.open(LedgerKind.QUICKBOOKS_DESKTOP, { orders: 2 })
  story = here.story
  await here.poll()
  const [order] = await here.sales()
  if (!order) throw new Error('there is no order')
  const plan = await plannedMove(story, { ...(await online(story)), oldStaysOpen: true })
  await begunMove(story, plan)
  // Until every order is where it belongs nothing is posted there.
  const old = () => findConnection(here.story.database, { id: here.story.connection.id })
  expect(await old()).toMatchObject({ readOnly: true })
  await carriedMove(story)
  expect(await old()).toMatchObject({ readOnly: false, isDefault: false })
  const payment = await here.pay(order, { amount: '1.25', day: '2026-11-20' })
  await here.takePayments()
  expect(await here.states(payment)).toEqual(['PAYMENT PROCESSED'])
  expect(await here.paymentsNumbered(payment.BGReference)).toHaveLength(1)
  expect(
    (await story.books.records('qbo.Payment')).filter(({ PaymentRefNum }) => PaymentRefNum === payment.BGReference),
  ).toEqual([])
})
