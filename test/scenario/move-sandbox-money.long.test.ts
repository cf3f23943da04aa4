// From a sandbox to production, with all that a trial leaves in a sandbox: money that was posted there, an answer that was lost, a
// record that differs. All of it counts for nothing, and production gets each order and each payment once.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Connection } from '../../src/domain/connection.ts'
import { Environment, LedgerKind } from '../../src/domain/kinds.ts'
import { moveProof } from '../../src/sync/move-proof.ts'
import { NO_ORDERS, type RunningSandbox, startSandbox } from '../sandbox/spawn.ts'
import type { Fields } from './books.ts'
import { DocumentStory } from './document-story.ts'
import { appliedMove, plannedActions, plannedMove } from './moving.ts'

let here: DocumentStory
let production: RunningSandbox
let connection: Connection

const recordsOf = async (sandbox: RunningSandbox, table: string): Promise<Fields[]> => {
  const tables = await sandbox.fetchControl<Record<string, number>>('/tables')
  return tables[table] === undefined ? [] : sandbox.fetchControl<Fields[]>(`/records/${table}`)
}

beforeAll(async () => {
  here = await DocumentStory.open(LedgerKind.QUICKBOOKS_ONLINE, { orders: 3 })
  production = await startSandbox({ world: 'incident', counts: { ...NO_ORDERS, pending: 3 } })
  const { story } = here
  // Two played companies of one world bear one realm; those of Intuit never do.
  await story.database.run(
    sql`update connection set realm_id = '4620816365000000001' where id = ${story.connection.id}`,
  )
  // One asks later.
  const [, last] = await here.sales()
  for (const { id } of await here.books.logRows(last?.Id ?? '')) await here.books.setStatus(id, 'Processed')
  await here.poll()
})
afterAll(async () => {
  await here?.story.end()
  await production?.stop()
})

test('what a trial leaves in a sandbox holds no order back', async () => {
  const { story, books } = here
  const [paid, lost, differing] = (await here.sales()) as [Fields, Fields, Fields]
  const payment = await here.pay(paid, { amount: '1.25', day: '2026-11-20' })
  await here.takePayments()
  expect(await here.states(payment)).toEqual(['PAYMENT PROCESSED'])
  await story.database.run(sql`update posting set state = 'MISMATCHED' where source_id = ${differing.Id}`)
  // The answer to the last one is lost, and nobody speaks to the sandbox any more.
  const creates = { system: 'quickbooks-online', method: 'POST', path: 'requestid' }
  await story.fault({ ...creates, times: 1, fault: { kind: 'cut', when: 'after' } })
  await books.addLogRow(lost, { action: 'Insert' })
  await story.poll()
  expect((await books.posting(lost.Number)).state).toBe('UNKNOWN')
  await story.fault({ system: 'quickbooks-online', fault: { kind: 'status', status: 503 } })
  connection = await story.joinOnline({ sandbox: production, environment: Environment.PRODUCTION })
  const plan = await plannedMove(story, { from: story.connection.id, to: connection.id, cutover: '2020-01-01' })
  expect(await plannedActions(story, plan)).toEqual({ 'MOVE MOVE_GOES': 3 })
  const inSandbox = [await recordsOf(story.sandbox, 'qbo.Invoice'), await recordsOf(story.sandbox, 'qbo.Payment')]
  await appliedMove(story, plan)
  await here.settle()
  expect([await recordsOf(story.sandbox, 'qbo.Invoice'), await recordsOf(story.sandbox, 'qbo.Payment')]).toEqual(
    inSandbox,
  )
  const numbers = (await recordsOf(production, 'qbo.Invoice')).map(({ DocNumber }) => DocNumber)
  expect(numbers.toSorted()).toEqual((await books.orders()).map(({ BGNumberInvoice }) => BGNumberInvoice).toSorted())
  const money = await recordsOf(production, 'qbo.Payment')
  expect(money.map(({ PaymentRefNum }) => PaymentRefNum)).toEqual([payment.BGReference])
  expect(await here.states(payment)).toEqual(['PAYMENT PROCESSED', 'PAYMENT PROCESSED'])
  expect(await moveProof(story.database, plan.id)).toMatchObject({
    isProven: true,
    unproven: [],
    counts: [{ place: 'NEW', count: 3 }],
  })
})

test('an invoice that somebody deletes in production afterwards is not proven any more', async () => {
  const { story } = here
  const [gone] = await recordsOf(production, 'qbo.Invoice')
  const [plan] = await story.database.rows(sql<{ id: string }>`select id from reset_plan where state = 'DONE'`)
  await story.database.run(sql`
    update mirror_record set deleted_at = ${story.road.now()} where quick_books_id = ${gone?.Id} and connection_id = ${connection.id}`)
  const { isProven, unproven } = await moveProof(story.database, plan?.id ?? '')
  expect([isProven, unproven.map(({ place }) => place)]).toEqual([false, ['LEFT_BEHIND']])
  expect(unproven[0]?.why).toContain('which the new company does not have any more')
})
