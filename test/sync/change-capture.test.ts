import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { syncCursors } from '../../src/storage/sync-cursors.ts'
import { syncNow } from '../../src/sync/read-mirror.ts'
import { type CaptureStage, openCaptureStage } from './capture-stage.ts'

const author = { name: 'an operator', keyId: null, connectionIds: null }
const DAY_SECONDS = 86_400

let stage: CaptureStage

beforeEach(async () => {
  stage = await openCaptureStage()
})
afterEach(() => stage.close())

describe('change capture', () => {
  test('takes what was created, changed and deleted with one question for all kinds', async () => {
    await stage.createInvoices(3)
    await stage.company.create('Customer', { Id: '2', SyncToken: '0', sparse: true, DisplayName: 'Northwind & Sons' })
    await stage.tick()
    expect(await stage.differences()).toEqual([])
    await stage.erase('invoice', '1')
    await stage.tick()
    expect(await stage.differences()).toEqual([])
    expect(await stage.newQuestions()).toEqual([
      expect.stringContaining('changedSince'),
      expect.stringContaining('changedSince'),
    ])
    const [gone] = await stage.mirrored(MirrorEntity.INVOICE)
    expect(gone).toMatchObject({ quickBooksId: '1', active: false })
    expect(gone?.deletedAt).not.toBeNull()
  })

  test('costs one read when nothing changed, and reaches back a little behind the last time', async () => {
    await stage.tick()
    await stage.tick()
    const questions = await stage.newQuestions()
    expect(questions).toHaveLength(2)
    const [first, second] = questions.map((text) => new Date(new URLSearchParams(text).get('changedSince') ?? ''))
    const cursors = await syncCursors(stage.fresh.database, { connectionId: stage.connection.id })
    const through = cursors.find(({ entity }) => entity === MirrorEntity.INVOICE)?.changedThrough as Date
    expect(second && first && second > first).toBe(true)
    expect(through.getTime() - (second as Date).getTime()).toBeGreaterThan(299_000)
  })

  test('reads in full what is out of its reach of 30 days', async () => {
    await stage.createInvoices(2)
    stage.advance(31 * DAY_SECONDS)
    await stage.tick()
    expect(await stage.differences()).toEqual([])
    const questions = await stage.newQuestions()
    expect(questions.some((text) => text.startsWith('SELECT * FROM Invoice ORDERBY Id STARTPOSITION 1'))).toBe(true)
  })

  test('leaves a kind to the operation that reads it already, and asks for its changes when that has ended', async () => {
    await stage.fresh.database.run(sql`delete from sync_cursor where entity = 'INVOICE'`)
    const full = { connection: stage.connection, entity: MirrorEntity.INVOICE, mode: SyncMode.FULL, author }
    await syncNow(stage.road, full)
    await stage.createInvoices(2)
    await stage.tick()
    expect(await stage.differences()).toEqual([])
    const questions = await stage.newQuestions()
    expect(questions.filter((text) => text.includes('FROM Invoice ORDERBY'))).toHaveLength(1)
  })

  test('once a day compares the numbers, and reads a kind in full that has more or fewer records than QuickBooks', async () => {
    await stage.createInvoices(5)
    await stage.tick()
    stage.advance(600)
    await stage.tick()
    await stage.fresh.database.run(sql`delete from mirror_record where entity = 'INVOICE' and quick_books_id = '2'`)
    stage.advance(600)
    await stage.tick()
    expect(await stage.differences()).toEqual(['only theirs: INVOICE 2 v0 100 of 100'])
    await stage.tick({ countToo: true })
    expect(await stage.differences()).toEqual([])
  })
})
