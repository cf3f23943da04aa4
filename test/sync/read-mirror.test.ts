import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { BulkOperation } from '../../src/domain/bulk-operation.ts'
import { MIRRORED, MirrorEntity } from '../../src/domain/mirror.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { changeBulkOperation, findBulkOperation } from '../../src/storage/bulk-operations.ts'
import { syncCursors } from '../../src/storage/sync-cursors.ts'
import { syncNow } from '../../src/sync/read-mirror.ts'
import { type MirrorStage, openMirrorStage } from './mirror-stage.ts'

const author = { name: 'an operator', keyId: null, connectionIds: null }

let stage: MirrorStage

beforeEach(async () => {
  stage = await openMirrorStage()
})
afterEach(() => stage.close())

const begin = (entity: MirrorEntity = MirrorEntity.ALL, mode = SyncMode.FULL) =>
  syncNow(stage.road, { connection: stage.connection, entity, mode, author })
const look = async ({ id }: BulkOperation) => (await findBulkOperation(stage.fresh.database, id)) as BulkOperation

describe('reading in full', () => {
  test('the mirror has every record of every kind afterwards, inactive ones too, and the operation says how many', async () => {
    await stage.createInvoices(40)
    await stage.company.create('Customer', { Id: '3', SyncToken: '0', sparse: true, Active: false })
    await stage.company.create('Payment', { CustomerRef: { value: '1' }, TotalAmt: 12.5 })
    await stage.company.create('Vendor', { DisplayName: 'Mill & Sons' })
    const operation = await begin()
    expect(operation).toMatchObject({ kind: 'SYNC', state: 'RUNNING' })
    await stage.steps()
    expect(await stage.differences()).toEqual([])
    const done = await look(operation)
    expect(done).toMatchObject({ state: 'DONE', error: null })
    expect(done.total).toBe(done.done)
    expect(done.summary).toContain('INVOICE: 40 records read')
    const cursors = await syncCursors(stage.fresh.database, { connectionId: stage.connection.id })
    expect(cursors.map(({ entity }) => entity).sort()).toEqual([...MIRRORED].sort())
    expect(cursors.every(({ lastFullAt, changedThrough }) => lastFullAt && changedThrough)).toBe(true)
    const [inactive] = (await stage.mirrored(MirrorEntity.CUSTOMER)).filter(({ active }) => !active)
    expect(inactive).toMatchObject({ quickBooksId: '3', deletedAt: null })
  })

  test('goes on where it stood when the process that read it was killed, page by page, and reads no page twice', async () => {
    await stage.createInvoices(2_050)
    stage.advance(600)
    const operation = await begin(MirrorEntity.INVOICE)
    expect(await stage.steps(2)).toBe(2)
    expect(await look(operation)).toMatchObject({ state: 'RUNNING', done: 1_000, total: 2_050 })
    await stage.steps()
    expect(await look(operation)).toMatchObject({ state: 'DONE', done: 2_050, total: 2_050 })
    expect(await stage.differences(['INVOICE'])).toEqual([])
    const pages = (await stage.asked()).filter((text) => text.includes('STARTPOSITION'))
    expect(pages.map((text) => /STARTPOSITION (\d+)/.exec(text)?.[1])).toEqual(['1', '1000', '1999'])
  })

  test('loses no record when others are deleted between two pages, and knows those that are gone', async () => {
    await stage.createInvoices(2_050)
    await begin(MirrorEntity.INVOICE)
    await stage.steps(2)
    for (const Id of ['3', '4', '5']) {
      const said = await stage.company.ask('invoice', { body: { Id, SyncToken: '0' }, query: { operation: 'delete' } })
      expect(said.status).toBe(200)
    }
    await stage.steps()
    expect(await stage.differences(['INVOICE'])).toEqual([])
    const gone = (await stage.mirrored(MirrorEntity.INVOICE)).filter(({ deletedAt }) => deletedAt)
    expect(gone.map(({ quickBooksId }) => quickBooksId)).toEqual(['3', '4', '5'])
  })

  test('can be paused, resumed and called off, and is begun once however often it is asked for', async () => {
    await stage.createInvoices(1_020)
    const operation = await begin(MirrorEntity.INVOICE)
    expect((await begin(MirrorEntity.INVOICE)).id).toBe(operation.id)
    await stage.steps(2)
    const change = (to: 'PAUSED' | 'RUNNING' | 'CANCELLED') =>
      changeBulkOperation(stage.fresh.database, { id: operation.id, to, now: stage.now() })
    await change('PAUSED')
    expect(await stage.steps()).toBe(0)
    await change('RUNNING')
    expect(await stage.steps(1)).toBe(1)
    await change('CANCELLED')
    expect(await stage.steps()).toBe(0)
    expect(await look(operation)).toMatchObject({ state: 'CANCELLED' })
  })

  test('waits while QuickBooks cannot be asked, says so, and goes on', async () => {
    const operation = await begin(MirrorEntity.CUSTOMER)
    stage.company.sandbox.faults.add({
      system: 'quickbooks-online',
      path: 'query',
      times: 1,
      fault: { when: 'before', kind: 'status', status: 503 },
    })
    await expect(stage.steps()).rejects.toThrow('query Customer')
    expect(await look(operation)).toMatchObject({ state: 'RUNNING', error: expect.stringContaining('query Customer') })
    expect(await stage.steps()).toBe(0)
    stage.advance(31)
    await stage.steps()
    expect(await look(operation)).toMatchObject({ state: 'DONE', error: null })
  })

  test('asks nothing more once the reads of the month are used up, and counts each that it asked', async () => {
    await begin(MirrorEntity.TERM)
    await stage.steps()
    const { length } = await stage.asked()
    expect(await stage.fresh.database.rows(sql`select reads, month from read_meter`)).toEqual([
      { reads: length, month: stage.now().toISOString().slice(0, 7) },
    ])
    await begin(MirrorEntity.ITEM)
    stage.road.limits.readsPerMonthMax = length
    expect(await stage.steps()).toBe(0)
  })
})
