import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { compareHistories, compareLocked } from './against-oracle.ts'

const COUNT = Number(process.env.COMMISSION_HISTORIES ?? 1_000)
const SEED = Number(process.env.COMMISSION_SEED ?? 20_260_310)

let fresh: FreshDatabase

beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh.close())

describe('random histories of payments, edits, voids, refunds and credits', () => {
  test(`${COUNT} of them come, in any order of arrival, to what exact arithmetic says, and tie out to the cent (seed ${SEED})`, async () => {
    expect(await compareHistories(fresh.database, { count: COUNT, seed: SEED, again: false })).toEqual([])
  }, 240_000)

  test('of which months are locked meanwhile come to the same sums in the end, and no locked month changes', async () => {
    expect(await compareLocked(fresh.database, { seed: SEED })).toEqual([])
  })
})
