import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { type CaptureStage, openCaptureStage } from './capture-stage.ts'

let stage: CaptureStage

beforeEach(async () => {
  stage = await openCaptureStage()
})
afterEach(() => stage.close())

describe('change capture, when more changed than one answer holds', () => {
  test('splits the kinds, halves the time and reads by pages when more than 1000 objects changed, and misses none', async () => {
    await stage.createInvoices(1_020)
    await stage.erase('invoice', '7')
    await stage.tick()
    expect(await stage.differences()).toEqual([])
    const questions = await stage.newQuestions()
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
    await stage.tick()
    stage.advance(600)
    await stage.tick()
    await stage.erase('invoice', '3')
    // The news of the deletion is the oldest of all; a capture that shows the newest first keeps it back.
    await stage.fresh.database.run(sql`update sync_cursor set changed_through = changed_through - interval '1 hour'`)
    stage.company.sandbox.store.table<{ Id: string }>('qbo.Deleted').delete('Invoice:3')
    await stage.createInvoices(1_010)
    await stage.tick()
    expect(await stage.differences(['INVOICE'])).toEqual([])
  })
})
