// From a sandbox to production: what was posted in the sandbox counts for nothing, its ids in the CRM are known for what they are,
// and each order becomes one invoice of the production company.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Connection } from '../../src/domain/connection.ts'
import { Environment } from '../../src/domain/kinds.ts'
import type { ResetPlan } from '../../src/domain/reset-plan.ts'
import { moveProof } from '../../src/sync/move-proof.ts'
import { NO_ORDERS, type RunningSandbox, startSandbox } from '../sandbox/spawn.ts'
import type { Fields } from './books.ts'
import { appliedMove, plannedActions, plannedMove, readInvoices } from './moving.ts'
import { openStory, type Story } from './road.ts'

const counts = { pending: 4, processed: 2 }
let story: Story
let production: RunningSandbox
let connection: Connection
let plan: ResetPlan

const invoicesOf = (sandbox: RunningSandbox) => sandbox.fetchControl<Fields[]>('/records/qbo.Invoice')

beforeAll(async () => {
  story = await openStory({ counts })
  production = await startSandbox({ world: 'incident', counts: { ...NO_ORDERS, ...counts } })
  for (const { Id } of await invoicesOf(production))
    await production.fetchControl(`/records/qbo.Invoice/${Id}`, { method: 'DELETE' })
  // Two played companies of one world bear one realm; those of Intuit never do.
  await story.database.run(
    sql`update connection set realm_id = '4620816365000000001' where id = ${story.connection.id}`,
  )
  await story.poll()
  connection = await story.joinOnline({ sandbox: production, environment: Environment.PRODUCTION })
})
afterAll(async () => {
  await story?.end()
  await production?.stop()
})

const begun = async () => plannedMove(story, { from: story.connection.id, to: connection.id, cutover: '2020-01-01' })

test('an id in the CRM that no known company has is for a person', async () => {
  expect(await plannedActions(story, await begun())).toMatchObject({ 'MOVE MOVE_GOES': 4 })
  await readInvoices(story, story.connection.id)
  plan = await begun()
  expect(await plannedActions(story, plan)).toEqual({ 'MOVE MOVE_GOES': 6 })
})

test('what production is not to have of the days before its cutover is for a person', async () => {
  const late = await plannedMove(story, { from: story.connection.id, to: connection.id, cutover: '2030-01-01' })
  expect(await plannedActions(story, late)).toEqual({ 'REFUSE MOVE_BEFORE_CUTOVER': 6 })
})

test('each order is posted to production once, a customer that only the sandbox had with it, and the sandbox stays as it is', async () => {
  const inSandbox = await invoicesOf(story.sandbox)
  await appliedMove(story, plan)
  expect(await invoicesOf(story.sandbox)).toEqual(inSandbox)
  const numbers = (await invoicesOf(production)).map(({ DocNumber }) => String(DocNumber))
  const wanted = (await story.books.orders()).map(({ BGNumberInvoice }) => String(BGNumberInvoice))
  expect(numbers.toSorted()).toEqual(wanted.toSorted())
  const postings = (await story.books.invoicePostings()).filter(({ connectionId }) => connectionId === connection.id)
  expect(postings.map(({ state, verification }) => `${state} ${verification}`)).toEqual(
    Array.from({ length: 6 }, () => 'PROCESSED EQUAL'),
  )
})

test('the CRM names the ids of production, and no order names one of the sandbox', async () => {
  const idOf = new Map((await invoicesOf(production)).map(({ DocNumber, Id }) => [String(DocNumber), Id]))
  for (const { BGQuickBooksId, BGNumberInvoice } of await story.books.orders())
    expect(BGQuickBooksId).toBe(idOf.get(String(BGNumberInvoice)))
})

test('the proof counts the sandbox for nothing', async () => {
  const proof = await moveProof(story.database, plan.id)
  expect(proof.unproven).toEqual([])
  expect(proof).toMatchObject({ isProven: true, strays: 0 })
  expect(proof.counts).toMatchObject([{ place: 'NEW', count: 6 }])
})
