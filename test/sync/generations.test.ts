import { afterEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { parseProfile } from '../../src/creatio/profile.ts'
import type { Posting } from '../../src/domain/posting.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import { acceptPostings } from '../../src/storage/postings.ts'
import { retryPostings } from '../../src/sync/retry.ts'
import { tell, work } from '../../src/sync/work.ts'
import { type CrmRecord, openStage, type Stage } from './stage.ts'

const { statuses } = parseProfile().orderLog

let stage: Stage
let order: CrmRecord
afterEach(() => stage.close())

/** One order, which QuickBooks refuses once for a reason of its own. */
async function refusedOrder(): Promise<Posting> {
  stage = await openStage({ pending: 1 })
  ;[order] = (await stage.orders()) as [CrmRecord]
  const rule = { system: 'quickbooks-online', method: 'POST', path: '/invoice', times: 1 }
  await stage.fault({ ...rule, fault: { kind: 'fault', code: '6210' } })
  await stage.fault({
    ...rule,
    path: undefined,
    entity: 'Invoice',
    operation: 'create',
    fault: { kind: 'fault', code: '6210' },
  })
  await stage.untilRest()
  const posting = await stage.posting(order.Id)
  expect(posting).toMatchObject({ state: PostingState.FAILED, reasonCode: 'PERIOD_CLOSED', generation: 1 })
  await stage.mend()
  return posting
}

async function keys(): Promise<string[]> {
  const rows = await stage.fresh.database.rows(sql<{ key: string }>`
    select idempotency_key as key from exchange where purpose = 'POST' and operation = 'create Invoice' order by id`)
  return rows.map(({ key }) => key)
}

async function reprocess(): Promise<void> {
  const [row] = await stage.rows()
  await stage.changeRow(row!.Id, { BGStatusId: statuses.RE_PROCESS })
}

describe('a posting that QuickBooks refused', () => {
  test('with other content begins a new generation under another key, and is sent', async () => {
    const { contentHash, id } = await refusedOrder()
    await stage.change(order.Id, { BGShippingCharge: '17.25' })
    await reprocess()
    await stage.untilRest()
    const posting = await stage.posting(order.Id)
    expect(posting).toMatchObject({ id, state: PostingState.PROCESSED, generation: 2 })
    expect(posting.contentHash).not.toBe(contentHash)
    expect(await keys()).toEqual([`${id}:1:${contentHash}`, `${id}:2:${posting.contentHash}`])
    expect(await stage.invoices()).toHaveLength(1)
  })

  test('with the same content goes again under the same key', async () => {
    const { id, contentHash } = await refusedOrder()
    await reprocess()
    await stage.untilRest()
    expect(await stage.posting(order.Id)).toMatchObject({ state: PostingState.PROCESSED, generation: 1 })
    expect(await keys()).toEqual([`${id}:1:${contentHash}`, `${id}:1:${contentHash}`])
  })

  test('and whose order changed before somebody retried it begins a new generation when it is read again', async () => {
    const { id } = await refusedOrder()
    await stage.change(order.Id, { BGShippingCharge: '17.25' })
    await retryPostings(stage.road, [id])
    await stage.untilRest()
    expect(await stage.posting(order.Id)).toMatchObject({ state: PostingState.PROCESSED, generation: 2 })
    const stored = await keys()
    expect(new Set(stored).size).toBe(2)
  })

  test('stays one posting, however often its order is taken up in later generations', async () => {
    await refusedOrder()
    for (const shipping of ['1.00', '2.00', '3.00']) {
      await stage.change(order.Id, { BGShippingCharge: shipping })
      await reprocess()
      await stage.poll()
    }
    const rows = await stage.fresh.database.rows(sql`select id from posting where source_id = ${order.Id}`)
    expect(rows).toHaveLength(1)
  })
})

describe('a row that arrives while its posting is under way', () => {
  test('is not answered by what the order said before: changed afterwards, it is told so', async () => {
    stage = await openStage({ pending: 1 })
    ;[order] = (await stage.orders()) as [CrmRecord]
    await stage.poll()
    await work(stage.road)
    expect((await stage.posting(order.Id)).state).toBe(PostingState.POSTED)
    await stage.change(order.Id, { BGShippingCharge: '17.25' })
    const edit = await stage.logRow({ BGRecordId: order.Id })
    await stage.poll()
    expect(await stage.seen(edit)).toBeUndefined()
    await stage.untilRest()
    expect((await stage.posting(order.Id)).state).toBe(PostingState.PROCESSED)
    expect(await stage.seen(edit)).toMatchObject({ reasonCode: 'CHANGED_AFTER_POSTING', status: 'ERROR' })
  })

  test('is an echo when nothing changed, and so is the row that our own write-back leaves', async () => {
    stage = await openStage({ pending: 1 })
    ;[order] = (await stage.orders()) as [CrmRecord]
    await stage.poll()
    await work(stage.road)
    const same = await stage.logRow({ BGRecordId: order.Id })
    await stage.untilRest()
    expect(await stage.seen(same)).toMatchObject({ reasonCode: 'ECHO', status: 'PROCESSED' })
    expect(await stage.rows()).toHaveLength(3)
    expect((await stage.rows()).every(({ BGStatusId }) => BGStatusId === statuses.PROCESSED)).toBe(true)
    expect(await stage.invoices()).toHaveLength(1)
  })

  test('is not told Processed by a write-back that is only repeated, when the order changed', async () => {
    stage = await openStage({ pending: 1 })
    ;[order] = (await stage.orders()) as [CrmRecord]
    await stage.fault({ entity: 'Order', operation: 'update', fault: { kind: 'odata-error' } })
    await stage.untilRest()
    expect(await stage.posting(order.Id)).toMatchObject({ state: PostingState.FAILED, reasonCode: 'WRITE_BACK' })
    await stage.mend()
    await stage.change(order.Id, { BGShippingCharge: '17.25' })
    const edit = await stage.logRow({ BGRecordId: order.Id })
    await stage.untilRest()
    expect((await stage.posting(order.Id)).state).toBe(PostingState.PROCESSED)
    expect(await stage.seen(edit)).toMatchObject({ reasonCode: 'CHANGED_AFTER_POSTING', status: 'ERROR' })
  })
})

describe('acceptPostings', () => {
  test('leaves a posting that is done alone, and never makes a second one beside an open one', async () => {
    stage = await openStage({ pending: 2 })
    const [first, second] = await stage.orders()
    await stage.poll()
    const open = await stage.posting(second!.Id)
    await stage.fresh.database.run(sql`
      update posting set state = 'PROCESSED', quick_books_id = '1', verification = 'EQUAL', verified_at = now(), written_back_at = now()
      where source_id = ${first!.Id}`)
    await stage.fresh.database.run(sql`update posting set generation = 4 where id = ${open.id}`)
    const drafts = [first!, second!].map(({ Id: sourceId }) => ({
      ...{ connectionId: stage.connection.id, kind: open.kind, sourceId, state: PostingState.PENDING as const },
      ...{
        orderNumber: 'X',
        documentNumber: 'X',
        total: null,
        currency: null,
        document: null,
        contentHash: 'x',
        reason: null,
      },
    }))
    const accepted = await acceptPostings(stage.fresh.database, { drafts, now: new Date() })
    expect([...accepted]).toEqual([[second!.Id, open.id]])
    expect(await stage.posting(first!.Id)).toMatchObject({ state: PostingState.PROCESSED })
    expect(await stage.posting(second!.Id)).toMatchObject({ generation: 4, contentHash: 'x' })
    await tell(stage.road)
  })
})
