import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { BulkOperation } from '../../src/domain/bulk-operation.ts'
import { MIRRORED, MirrorEntity } from '../../src/domain/mirror.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { findBulkOperation } from '../../src/storage/bulk-operations.ts'
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
