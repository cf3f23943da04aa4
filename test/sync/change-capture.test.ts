import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { askForChanges, syncCursors } from '../../src/storage/sync-cursors.ts'
import { syncNow } from '../../src/sync/read-mirror.ts'
import { type MirrorStage, openMirrorStage } from './mirror-stage.ts'

const author = { name: 'an operator', keyId: null, connectionIds: null }
const DAY_SECONDS = 86_400

let stage: MirrorStage

beforeEach(async () => {
  stage = await openMirrorStage()
  await syncNow(stage.road, { connection: stage.connection, entity: MirrorEntity.ALL, mode: SyncMode.FULL, author })
  await stage.steps()
  stage.advance(600)
})
afterEach(() => stage.close())

async function tick({ countToo = false } = {}): Promise<void> {
  const connectionIds = [stage.connection.id]
  const entities = stage.road.ledgerOf(stage.connection).mirror?.captured ?? []
  await askForChanges(stage.fresh.database, { connectionIds, entities, countToo, now: stage.now() })
  await stage.steps()
}

/** What was asked since the last time that this was asked. */
async function newQuestions(): Promise<string[]> {
  const all = await stage.asked()
  const fresh = all.slice(seen)
  seen = all.length
  return fresh
}
let seen = 0
beforeEach(async () => {
  seen = (await stage.asked()).length
})

const erase = (entity: string, Id: string) =>
  stage.company.ask(entity, { body: { Id, SyncToken: '0' }, query: { operation: 'delete' } })

describe('change capture', () => {
  test('takes what was created, changed and deleted with one question for all kinds', async () => {
    await stage.createInvoices(3)
    await stage.company.create('Customer', { Id: '2', SyncToken: '0', sparse: true, DisplayName: 'Northwind & Sons' })
    await tick()
    expect(await stage.differences()).toEqual([])
    await erase('invoice', '1')
    await tick()
    expect(await stage.differences()).toEqual([])
    expect(await newQuestions()).toEqual([
      expect.stringContaining('changedSince'),
      expect.stringContaining('changedSince'),
    ])
    const [gone] = await stage.mirrored(MirrorEntity.INVOICE)
    expect(gone).toMatchObject({ quickBooksId: '1', active: false })
    expect(gone?.deletedAt).not.toBeNull()
  })

  test('costs one read when nothing changed, and reaches back a little behind the last time', async () => {
    await tick()
    await tick()
    const questions = await newQuestions()
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
    await tick()
    expect(await stage.differences()).toEqual([])
    const questions = await newQuestions()
    expect(questions.some((text) => text.startsWith('SELECT * FROM Invoice ORDERBY Id STARTPOSITION 1'))).toBe(true)
  })

  test('leaves a kind to the operation that reads it already, and asks for its changes when that has ended', async () => {
    await stage.fresh.database.run(sql`delete from sync_cursor where entity = 'INVOICE'`)
    const full = { connection: stage.connection, entity: MirrorEntity.INVOICE, mode: SyncMode.FULL, author }
    await syncNow(stage.road, full)
    await stage.createInvoices(2)
    await tick()
    expect(await stage.differences()).toEqual([])
    const questions = await newQuestions()
    expect(questions.filter((text) => text.includes('FROM Invoice ORDERBY'))).toHaveLength(1)
  })

  test('once a day compares the numbers, and reads a kind in full that has more or fewer records than QuickBooks', async () => {
    await stage.createInvoices(5)
    await tick()
    stage.advance(600)
    await tick()
    await stage.fresh.database.run(sql`delete from mirror_record where entity = 'INVOICE' and quick_books_id = '2'`)
    stage.advance(600)
    await tick()
    expect(await stage.differences()).toEqual(['only theirs: INVOICE 2 v0 100 of 100'])
    await tick({ countToo: true })
    expect(await stage.differences()).toEqual([])
  })
})
