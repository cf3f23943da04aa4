import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { askForChanges } from '../../src/storage/sync-cursors.ts'
import { syncNow } from '../../src/sync/read-mirror.ts'
import { type MirrorStage, openMirrorStage } from './mirror-stage.ts'

const author = { name: 'an operator', keyId: null, connectionIds: null }

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

describe('change capture, when more changed than one answer holds', () => {
  test('splits the kinds, halves the time and reads by pages when more than 1000 objects changed, and misses none', async () => {
    await stage.createInvoices(1_020)
    await erase('invoice', '7')
    await tick()
    expect(await stage.differences()).toEqual([])
    const questions = await newQuestions()
    const kinds = questions.flatMap((text) => {
      const entities = new URLSearchParams(text).get('entities')
      return entities ? [entities.split(',').length] : []
    })
    expect(Math.max(...kinds)).toBe(10)
    expect(kinds.filter((count) => count === 1).length).toBeGreaterThan(1)
    expect(questions.filter((text) => text.includes('MetaData.LastUpdatedTime')).length).toBeGreaterThan(1)
  })

  test('finds a deletion that a mass of changes kept back', async () => {
    await stage.createInvoices(20)
    await tick()
    stage.advance(600)
    await tick()
    await erase('invoice', '3')
    // The news of the deletion is the oldest of all; a capture that shows the newest first keeps it back.
    await stage.fresh.database.run(sql`update sync_cursor set changed_through = changed_through - interval '1 hour'`)
    stage.company.sandbox.store.table<{ Id: string }>('qbo.Deleted').delete('Invoice:3')
    await stage.createInvoices(1_010)
    await tick()
    expect(await stage.differences(['INVOICE'])).toEqual([])
  })
})
