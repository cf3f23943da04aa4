import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Posting } from '../../src/domain/posting.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import { findPostingsById } from '../../src/storage/postings.ts'
import { claimWriteBacks, confirmWriteBacks, postponeWriteBacks } from '../../src/storage/write-backs.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows, postingRow } from './rows.ts'

const now = new Date('2026-03-02T10:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const due = { write_back_at: now.toISOString(), revision: 4 }
const posted = {
  ...due,
  state: PostingState.POSTED,
  quick_books_id: '145',
  verification: 'EQUAL',
  verified_at: now.toISOString(),
}

let fresh: FreshDatabase
const connection = connectionRow()

beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection])
})
beforeEach(() => fresh.database.run(sql`delete from posting`))
afterAll(() => fresh.close())

async function put(columns: Record<string, unknown>): Promise<string> {
  const posting = postingRow({ connection_id: connection.id, ...columns })
  await insertRows(fresh.database, 'posting', [posting])
  return posting.id
}
async function one(id: string): Promise<Posting> {
  const [posting] = await findPostingsById(fresh.database, [id])
  if (!posting) throw new Error(`there is no posting ${id}`)
  return posting
}
const claim = (at = now) => claimWriteBacks(fresh.database, { limit: 10, leaseSeconds: 120, now: at })
const confirm = (id: string, revision: number) =>
  confirmWriteBacks(fresh.database, { postings: [{ id, revision }], now })
const postpone = (id: string, given: { refused?: boolean; fail?: Record<string, string>; revision?: number } = {}) =>
  postponeWriteBacks(fresh.database, {
    postings: [
      { id, revision: given.revision ?? 4, until: later(30), refused: given.refused ?? true, fail: given.fail ?? null },
    ],
    now,
  })

describe('a write-back that is due', () => {
  test('does not wait for a posting that the road is moving: the others are confirmed, and it is told again', async () => {
    const [moving, still] = [await put(posted), await put(posted)]
    await claim()
    const postings = [moving, still].map((id) => ({ id, revision: 4 }))
    await fresh.database.transaction(async (road) => {
      await road.run(sql`update posting set evidence_at = ${now} where id = ${moving}`)
      expect(await confirmWriteBacks(fresh.database, { postings, now })).toBe(1)
    })
    expect([(await one(moving)).state, (await one(still)).state]).toEqual(['POSTED', 'PROCESSED'])
    expect((await claim(later(120))).map(({ id }) => id)).toEqual([moving])
  })

  test('is taken by one teller, and again by another only after the lease', async () => {
    const id = await put(posted)
    const claims = await Promise.all([claim(), claim(), claim()])
    expect(claims.flat().map((posting) => posting.id)).toEqual([id])
    expect(await claim(later(119))).toEqual([])
    expect(await claim(later(120))).toHaveLength(1)
  })

  test('is not taken before its time, nor when there is nothing to tell', async () => {
    await put({ ...posted, write_back_at: later(1).toISOString() })
    await put({ ...posted, write_back_at: null })
    expect(await claim()).toEqual([])
  })
})

describe('a write-back that was seen in the CRM', () => {
  test('makes a POSTED posting PROCESSED', async () => {
    const id = await put(posted)
    expect(await confirm(id, 4)).toBe(1)
    expect(await one(id)).toMatchObject({
      state: 'PROCESSED',
      writtenBackAt: now,
      processedAt: now,
      writeBackAt: null,
      revision: 5,
    })
  })

  test('of an older revision makes nothing PROCESSED, for the CRM was told something else', async () => {
    const id = await put(posted)
    expect(await confirm(id, 3)).toBe(0)
    expect(await one(id)).toMatchObject({ state: 'POSTED', writeBackAt: now, writtenBackAt: null })
  })

  test.each([PostingState.FAILED, PostingState.SKIPPED, PostingState.MISMATCHED, PostingState.PENDING])(
    'of a posting that is %s has told it, and moves nothing',
    async (state) => {
      const id = await put({ ...due, state })
      expect(await confirm(id, 4)).toBe(0)
      expect(await one(id)).toMatchObject({ state, writeBackAt: null, revision: 4 })
    },
  )

  test('cannot make a posting PROCESSED that QuickBooks never had', async () => {
    const id = await put({ ...due, state: PostingState.POSTED })
    await expect(confirm(id, 4)).rejects.toThrow(/posting_processed_is_proven/)
  })
})

describe('a write-back that did not come through', () => {
  test('is tried again at its time; only a refusal counts as a try', async () => {
    const id = await put(posted)
    await postpone(id, { refused: false })
    expect(await one(id)).toMatchObject({ state: 'POSTED', writeBackAt: later(30), writeBackAttempts: 0 })
    await postpone(id)
    expect(await one(id)).toMatchObject({ state: 'POSTED', writeBackAttempts: 1, revision: 4 })
  })

  test('for the last time makes a POSTED posting FAILED, keeps its QuickBooks id, and still tells the log rows', async () => {
    const id = await put({ ...posted, write_back_attempts: 2 })
    await postpone(id, { fail: { detail: 'refused' } })
    expect(await one(id)).toMatchObject({
      state: 'FAILED',
      reasonCode: 'WRITE_BACK',
      reasonDetail: { detail: 'refused' },
      quickBooksId: '145',
      writeBackAt: later(30),
      writeBackAttempts: 0,
      revision: 5,
    })
  })

  test('of a posting at rest is never dropped, and moves nothing', async () => {
    const id = await put({ ...due, state: PostingState.SKIPPED, reason_code: 'ORDER_EMPTY' })
    await postpone(id)
    expect(await one(id)).toMatchObject({ state: 'SKIPPED', reasonCode: 'ORDER_EMPTY', writeBackAt: later(30) })
  })

  test('of an older revision changes nothing', async () => {
    const id = await put(posted)
    await postpone(id, { fail: { detail: 'refused' }, revision: 3 })
    expect(await one(id)).toMatchObject({ state: 'POSTED', writeBackAt: now })
  })
})
