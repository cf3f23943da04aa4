// From QuickBooks Desktop to QuickBooks Online, and back: twelve orders, of which Desktop has eight when the move begins, one whose
// answer was lost, one that somebody had entered in both companies. Nothing is posted twice, and nothing is left behind.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Author } from '../../src/domain/access.ts'
import type { Connection } from '../../src/domain/connection.ts'
import { Environment, LedgerKind } from '../../src/domain/kinds.ts'
import type { MoveProofRow } from '../../src/domain/move-proof.ts'
import type { ResetPlan, ResetPlanRow } from '../../src/domain/reset-plan.ts'
import { changeBulkOperation, findBulkOperation } from '../../src/storage/bulk-operations.ts'
import { defaultConnection, findConnection } from '../../src/storage/connections.ts'
import { findResetPlan, resetRowPage } from '../../src/storage/reset-plans.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { applyMove, type MoveRequest, planMove } from '../../src/sync/move.ts'
import { moveProof, proofRows } from '../../src/sync/move-proof.ts'
import { poll } from '../../src/sync/poll.ts'
import { applyReset } from '../../src/sync/reset.ts'
import { bookedDesktop, bookedOnline } from './booked.ts'
import type { Fields } from './books.ts'
import { openStory, type Story } from './road.ts'

const author: Author = { name: 'ada', keyId: null, connectionIds: null }
let story: Story
let desktop: Connection
let online: Connection
let plan: ResetPlan
/** Those that had not asked yet when the story began: one whose answer is lost, and three that wait. */
let late: Fields[]

beforeAll(async () => {
  story = await openStory({
    kind: LedgerKind.QUICKBOOKS_DESKTOP,
    counts: { pending: 7, adoptable: 1, withoutLogRow: 5 },
    sandbox: { settings: { webConnectorNoOpSeconds: 0.01 } },
  })
  desktop = story.connection
  await story.poll()
  const posted = new Set((await story.books.invoicePostings()).map(({ sourceId }) => sourceId))
  late = (await story.books.orders()).filter(({ Id }) => !posted.has(Id))
  const [lost, ...waiting] = late as [Fields, ...Fields[]]
  await story.books.giveTo([lost], 'known')
  await story.books.addLogRow(lost, { action: 'Insert' })
  await poll(story.road)
  await loseOneAnswer()
  for (const order of waiting.slice(0, 3)) await story.books.addLogRow(order, { action: 'Insert' })
  await poll(story.road)
  openOffice(false)
  online = await story.joinOnline({ sandbox: story.sandbox, environment: Environment.SANDBOX })
})
afterAll(() => story?.end())

/** The office calls, and is cut off when it brings the answer to what was sent. */
async function loseOneAnswer(): Promise<void> {
  const { office, database } = story
  if (!office) throw new Error('a story of Desktop has an office')
  office.onCall = async (method) => {
    if (method !== 'receiveResponseXML') return
    const sent = await database.rows(sql`select 1 from posting where state = 'SENT'`)
    if (sent.length > 0) throw new Error('the line was cut')
  }
  await office.call()
  office.onCall = () => {}
}

/** While it is closed nobody calls, so that what waits in the old company waits on, and what was lost there stays lost. */
function openOffice(isOpen: boolean): void {
  if (!story.office) throw new Error('a story of Desktop has an office')
  story.office.onCall = () => {
    if (!isOpen) throw new Error('the office is closed')
  }
}

const begin = (request: Partial<MoveRequest> = {}) =>
  planMove(story.road, { request: { from: desktop.id, to: online.id, cutover: '2020-01-01', ...request }, author })
async function planned(request: Partial<MoveRequest> = {}): Promise<ResetPlan> {
  const begun = await begin(request)
  await story.work()
  return (await findResetPlan(story.database, begun.id)) as ResetPlan
}
const apply = ({ id, hash }: ResetPlan, planHash = hash ?? '') =>
  applyMove(story.road, { planId: id, planHash, author })
const rowsOf = async ({ id }: ResetPlan): Promise<ResetPlanRow[]> =>
  (await resetRowPage(story.database, { planId: id, action: null, request: { first: 100, after: null } })).nodes
const said = async (of: ResetPlan) => {
  const counted: Record<string, number> = {}
  for (const { action, reasonCode } of await rowsOf(of)) {
    const key = `${action} ${reasonCode}`
    counted[key] = (counted[key] ?? 0) + 1
  }
  return counted
}
/** A worker that dies after so many batches of two. */
const worker = (batches = Number.POSITIVE_INFINITY) => {
  const stopping = new AbortController()
  let left = 2 * batches
  const wake = () => {
    left -= 1
    if (left <= 0) stopping.abort()
  }
  return runBulkOperations({ ...story.road, wake, signal: stopping.signal }, { batchRowsMax: 2 })
}
const numbersIn = async () => ({
  desktop: (await bookedDesktop(story.books)).map(({ number }) => number),
  online: (await bookedOnline(story.books)).map(({ number }) => number),
})

test('a move that makes no sense is refused with what to do instead', async () => {
  await expect(begin({ to: desktop.id })).rejects.toThrow('are the same company')
  await expect(begin({ to: '019b76da-a800-760d-a9a5-78b80a634838' })).rejects.toThrow('There is no connection')
  await expect(begin({ cutover: 'in spring' })).rejects.toThrow('"cutover" is a day')
  await story.database.run(sql`update connection set environment = 'PRODUCTION' where id = ${desktop.id}`)
  await expect(begin()).rejects.toThrow('never goes to a sandbox')
  await story.database.run(sql`update connection set environment = 'SANDBOX' where id = ${desktop.id}`)
})

test('while the new company cannot be reached the plan waits, and nothing changes', async () => {
  await story.fault({ system: 'quickbooks-online', fault: { when: 'before', kind: 'status', status: 503 } })
  const waiting = await planned()
  expect(waiting.state).toBe('PLANNING')
  await expect(apply(waiting)).rejects.toThrow('not complete yet')
  expect((await defaultConnection(story.database))?.id).toBe(desktop.id)
  await story.mend()
  await story.pass(600)
})

test('the plan says of each order what is to become of it', async () => {
  await story.work()
  plan = await planned()
  expect(plan.state).toBe('READY')
  expect(await said(plan)).toEqual({
    'STAY MOVE_STAYS': 7,
    'REFUSE MOVE_IN_BOTH': 1,
    'REFUSE MOVE_UNSETTLED': 1,
    'MOVE MOVE_GOES': 3,
  })
  for (const { reason } of await rowsOf(plan)) expect(reason?.sentence).not.toContain('unknown')
})

test('a stale hash, a plan of another kind and a company that is stopped are refused, and orders go where they went', async () => {
  await expect(apply(plan, 'a'.repeat(64))).rejects.toThrow('is not the hash of this plan')
  const asReset = { planId: plan.id, planHash: plan.hash ?? '', author, now: story.road.now() }
  await expect(applyReset(story.database, asReset)).rejects.toThrow('applyMove applies it')
  await story.database.run(sql`update connection set state = 'STOPPED' where id = ${online.id}`)
  await expect(apply(plan)).rejects.toThrow('is STOPPED')
  await story.database.run(sql`update connection set state = 'ACTIVE' where id = ${online.id}`)
  expect((await defaultConnection(story.database))?.id).toBe(desktop.id)
})

test('it is applied as planned, by workers that die and a person who pauses it, and once only', async () => {
  const before = await numbersIn()
  const operation = await apply(plan)
  await expect(apply(plan)).rejects.toThrow(`bulkOperation ${operation.id}`)
  expect((await defaultConnection(story.database))?.id).toBe(online.id)
  expect(await findConnection(story.database, { id: desktop.id })).toMatchObject({ readOnly: true, isDefault: false })
  await worker(1)
  expect(await findBulkOperation(story.database, operation.id)).toMatchObject({ state: 'RUNNING', done: 2 })
  await changeBulkOperation(story.database, { id: operation.id, to: 'PAUSED', now: story.road.now() })
  await worker()
  expect(await findBulkOperation(story.database, operation.id)).toMatchObject({ state: 'PAUSED', done: 2 })
  await expect(apply(await planned())).rejects.toThrow(
    `is paused: resume it, or cancel it, bulkOperation ${operation.id}`,
  )
  await changeBulkOperation(story.database, { id: operation.id, to: 'RUNNING', now: story.road.now() })
  // An order that is new in the middle of it goes to the new company.
  await story.books.addLogRow(late.at(-1) as Fields, { action: 'Insert' })
  await story.poll()
  await worker()
  await story.work()
  await story.work()
  expect(await findBulkOperation(story.database, operation.id)).toMatchObject({ state: 'DONE', total: 10, done: 10 })
  const after = await numbersIn()
  expect(after.desktop).toEqual(before.desktop)
  expect(after.online.length - before.online.length).toBe(4)
  expect(new Set(after.online).size).toBe(after.online.length)
  const trail = await story.database.rows(sql`select 1 from audit_entry where action = 'applyMove' and author = 'ada'`)
  expect(trail.length).toBe(10)
})

test('the proof shows what is left, and why', async () => {
  const proof = await moveProof(story.database, plan.id)
  expect(proof).toMatchObject({ isProven: false, strays: 0 })
  const places = Object.fromEntries(proof.counts.map(({ place, count }) => [place, count]))
  expect(places).toEqual({ OLD: 7, NEW: 3, LEFT_BEHIND: 1, TWICE: 1 })
  expect(proof.unproven.map(({ place, why }) => `${place} ${why}`).join()).toContain(
    'the new company has its number too',
  )
})

test('what was lost is settled in the old company, which takes nothing new, and stays there', async () => {
  openOffice(true)
  const before = await numbersIn()
  await story.pass(300)
  for (let calls = 0; calls < 4; calls += 1) {
    await story.work()
    await story.pass(60)
  }
  const posting = await story.books.posting(late[0]?.Number)
  expect(posting).toMatchObject({ state: 'PROCESSED', connectionId: desktop.id })
  expect((await numbersIn()).desktop).toEqual(before.desktop)
})

test('when the double is deleted and the move is planned once more, it is proven order by order', async () => {
  const [double] = (await rowsOf(plan)).filter(({ reasonCode }) => reasonCode === 'MOVE_IN_BOTH')
  const invoice = (await story.books.invoices()).find(({ DocNumber }) => DocNumber === double?.documentNumber)
  const deletedAt = story.road.now().toISOString()
  const recordId = invoice?.Id ?? ''
  await story.books.remove('qbo.Invoice', recordId)
  await story.books.put('qbo.Deleted', { Id: `Invoice:${recordId}`, entity: 'Invoice', recordId, deletedAt })
  const again = await planned()
  expect(await said(again)).toEqual({ 'STAY MOVE_STAYS': 9 })
  await apply(again)
  await worker()
  await story.work()
  for (const { id } of [plan, again]) {
    const proof = await moveProof(story.database, id)
    expect(proof.unproven).toEqual([])
    expect(proof.isProven).toBe(true)
  }
  const rows: MoveProofRow[] = []
  for await (const row of proofRows(story.database, plan.id)) rows.push(row)
  const posted = rows.filter(({ place }) => place === 'NEW')
  for (const { quickBooksId, inNew, inOld } of posted) expect([inNew, inOld]).toEqual([[quickBooksId], []])
  expect(rows.every(({ quickBooksId, verification }) => quickBooksId && verification === 'EQUAL')).toBe(true)
})

test('an invoice that stayed is corrected in the old company, and an order of the new one in the new', async () => {
  const change = async (order: Fields) => {
    await story.books.change('creatio.Order', order.Id, { BGShippingCharge: 77 })
    await story.books.addLogRow(order)
  }
  const byId = new Map((await story.books.orders()).map((order) => [order.Id, order]))
  const postings = await story.books.invoicePostings()
  const one = (id: string) =>
    postings.find(({ connectionId, state }) => connectionId === id && state === 'PROCESSED')?.sourceId ?? ''
  for (const id of [desktop.id, online.id]) await change(byId.get(one(id)) as Fields)
  await story.poll()
  const proposed = await story.database.rows(sql<{ connection_id: string; source_id: string }>`
    select connection_id, source_id from correction where state = 'PROPOSED'`)
  const companyOf = new Map(proposed.map((row) => [row.source_id, row.connection_id]))
  expect(companyOf).toEqual(new Map([desktop.id, online.id].map((id) => [one(id), id])))
})

test('a move back leaves in each company what it has', async () => {
  const before = await numbersIn()
  const back = await planned({ from: online.id, to: desktop.id })
  expect(await said(back)).toEqual({ 'STAY MOVE_STAYS': 4 })
  await apply(back)
  await worker()
  await story.work()
  expect((await defaultConnection(story.database))?.id).toBe(desktop.id)
  expect(await findConnection(story.database, { id: desktop.id })).toMatchObject({ readOnly: false })
  expect(await numbersIn()).toEqual(before)
  expect((await moveProof(story.database, back.id)).isProven).toBe(true)
})
