import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { BulkOperation } from '../../src/domain/bulk-operation.ts'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { changeBulkOperation, findBulkOperation } from '../../src/storage/bulk-operations.ts'
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

describe('reading in full, over several pages', () => {
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
})
