import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { onceADay } from '../../src/sync/business-day.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'

let fresh: FreshDatabase
let now = new Date('2026-03-02T01:59:00Z')
beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh?.close())

const daily = <Done>(work: () => Promise<Done>) =>
  onceADay({ database: fresh.database, now: () => now, crm: { timeZone: 'UTC' } }, { name: 'daily', hour: 2, work })
const fails = () => Promise.reject(new Error('out'))

test('a day’s work is done from its hour on, again after it failed, and once', async () => {
  expect(await daily(async () => 'too early')).toBeNull()
  now = new Date('2026-03-02T02:00:00Z')
  await expect(daily(fails)).rejects.toThrow('out')
  const both = await Promise.all([daily(async () => 'done'), daily(async () => 'done')])
  expect(both.toSorted()).toEqual(['done', null])
  expect(await daily(async () => 'twice')).toBeNull()
})

test('work that fails after another day began leaves that day’s to whoever took it', async () => {
  now = new Date('2026-03-03T23:59:00Z')
  const late = daily(async () => {
    now = new Date('2026-03-04T02:00:00Z')
    expect(await daily(async () => 'next day')).toBe('next day')
    throw new Error('out')
  })
  await expect(late).rejects.toThrow('out')
  expect(await daily(async () => 'twice')).toBeNull()
})
