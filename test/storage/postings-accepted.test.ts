import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { v4 as uuidv4 } from 'uuid'
import { PostingKind, WaitingFor } from '../../src/domain/kinds.ts'
import type { Posting } from '../../src/domain/posting.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import { resolveDependents } from '../../src/storage/dependents.ts'
import { findUnknown, inheritPostings } from '../../src/storage/lost-postings.ts'
import { saveDocuments } from '../../src/storage/posting-documents.ts'
import {
  acceptPostings,
  changePostings,
  claimPostings,
  findPostings,
  findPostingsById,
  type PostingDraft,
} from '../../src/storage/postings.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows, postingRow, processed, type Row } from './rows.ts'

const now = new Date('2026-03-02T10:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const token = uuidv4()

let fresh: FreshDatabase
const connection = connectionRow({ lane_epoch: 7, lane_owner: 'us' })
const lane = { connectionId: connection.id, owner: 'us', epoch: 7 }

beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection])
})
beforeEach(async () => {
  await fresh.database.run(sql`delete from posting`)
  await fresh.database.run(sql`update connection set state = 'ACTIVE', read_only = false`)
})
afterAll(() => fresh.close())

const claimed = { state: PostingState.CLAIMED, claim_token: token, claim_epoch: 7 }

async function put(rows: Record<string, unknown>[]): Promise<string[]> {
  const postings: Row[] = rows.map((row) => postingRow({ connection_id: connection.id, ...row }))
  await insertRows(fresh.database, 'posting', postings)
  return postings.map(({ id }) => id)
}

async function one(id: string | undefined): Promise<Posting> {
  const [posting] = await findPostingsById(fresh.database, [id ?? ''])
  if (!posting) throw new Error(`there is no posting ${id}`)
  return posting
}

const claim = () => claimPostings(fresh.database, { lane, limit: 100, claimToken: token, now })
const change = (id: string | undefined, to: PostingState) =>
  changePostings(fresh.database, { changes: [{ id: id ?? '', to }], now })

describe('accepting what the CRM asks for', () => {
  const source = '00000000-0000-4000-8000-000000000001'
  const draft = (given: Partial<PostingDraft> = {}): PostingDraft => ({
    connectionId: connection.id,
    kind: PostingKind.INVOICE,
    sourceId: source,
    orderNumber: 'ORD-1',
    documentNumber: '1001',
    total: '12.50',
    currency: 'USD',
    document: null,
    contentHash: 'new',
    state: PostingState.PENDING,
    reason: null,
    ...given,
  })
  const accept = (given: Partial<PostingDraft> = {}) => acceptPostings(fresh.database, { drafts: [draft(given)], now })

  test('creates a posting once, and brings it up to date when it is asked for again', async () => {
    const first = await accept({ contentHash: 'old', total: '1.00' })
    expect(await accept()).toEqual(first)
    const [posting, ...others] = await findPostings(fresh.database, { kind: PostingKind.INVOICE, sourceIds: [source] })
    expect(others).toEqual([])
    expect(posting).toMatchObject({ id: first.get(source), state: 'PENDING', contentHash: 'new', total: '12.50' })
  })

  test('by two polls at once creates it once', async () => {
    const both = await Promise.all([accept(), accept(), accept()])
    expect(new Set(both.map((ids) => ids.get(source))).size).toBe(1)
  })

  test.each([
    PostingState.CLAIMED,
    PostingState.SENT,
    PostingState.UNKNOWN,
    PostingState.POSTED,
    PostingState.PROCESSED,
  ])('leaves a posting that is %s exactly as it is', async (state) => {
    const [id] = await put([
      { ...processed('2026-03-01T00:00:00Z'), source_id: source, claim_token: token, content_hash: 'old', state },
    ])
    const before = await one(id)
    expect(await accept()).toEqual(new Map())
    expect(await one(id)).toEqual(before)
  })

  test('leaves one whose invoice is in QuickBooks, even when it FAILED', async () => {
    const [id] = await put([
      { source_id: source, state: PostingState.FAILED, quick_books_id: '145', reason_code: 'WRITE_BACK' },
    ])
    expect(await accept()).toEqual(new Map())
    expect(await one(id)).toMatchObject({ state: 'FAILED', quickBooksId: '145' })
  })

  test.each([PostingState.FAILED, PostingState.SKIPPED, PostingState.CANCELLED, PostingState.MISMATCHED])(
    'sets one that is %s going again, with nothing left of before',
    async (state) => {
      const [id] = await put([
        {
          source_id: source,
          state,
          attempts: 4,
          absences: 1,
          reason_code: 'RETRIES_EXHAUSTED',
          write_back_at: now.toISOString(),
        },
      ])
      expect(await accept()).toEqual(new Map([[source, id]]))
      expect(await one(id)).toMatchObject({
        state: 'PENDING',
        attempts: 0,
        absences: 0,
        reasonCode: null,
        writeBackAt: null,
      })
    },
  )

  test('leaves one that waits for its customer waiting', async () => {
    const [blocker] = await put([{ kind: PostingKind.CUSTOMER, state: PostingState.UNKNOWN }])
    const [id] = await put([{ source_id: source, blocked_by_id: blocker, content_hash: 'old' }])
    expect(await accept()).toEqual(new Map())
    expect(await one(id)).toMatchObject({ blockedById: blocker, contentHash: 'old' })
  })

  test('keeps an order that cannot be posted, with its reason, for the CRM to be told', async () => {
    await accept({
      state: PostingState.SKIPPED,
      document: null,
      reason: { code: 'ORDER_EMPTY', detail: { orderNumber: 'ORD-1' } },
    })
    const [posting] = await findPostings(fresh.database, { kind: PostingKind.INVOICE, sourceIds: [source] })
    expect(posting).toMatchObject({ state: 'SKIPPED', reasonCode: 'ORDER_EMPTY', writeBackAt: now })
  })

  test('saves a fresher document only under the claim that read it', async () => {
    const [id] = await put([{ ...claimed, content_hash: 'old' }])
    const posting = Object.assign(await one(id), { contentHash: 'new', total: '99.99' })
    await saveDocuments(fresh.database, { postings: [posting], claimToken: uuidv4(), now })
    expect((await one(id)).contentHash).toBe('old')
    await saveDocuments(fresh.database, { postings: [posting], claimToken: token, now })
    expect(await one(id)).toMatchObject({ contentHash: 'new', total: '99.99' })
  })
})

describe('postings that wait for a customer', () => {
  const document = JSON.stringify({ kind: 'CUSTOMER', name: 'Alder' })

  async function waiting(blocker: Record<string, unknown>) {
    const [customer = ''] = await put([{ kind: PostingKind.CUSTOMER, document: JSON.parse(document), ...blocker }])
    const [order] = await put([{ blocked_by_id: customer, waiting_for: WaitingFor.CUSTOMER, order_number: 'ORD-1' }])
    return {
      customer,
      order,
      resolve: () => resolveDependents(fresh.database, { connectionId: connection.id, blockerIds: [customer], now }),
    }
  }

  test('are let go when QuickBooks has it', async () => {
    const { order, resolve } = await waiting({ state: PostingState.POSTED, quick_books_id: '9' })
    expect(await resolve()).toEqual({ freed: 1, failed: 0 })
    expect(await one(order)).toMatchObject({ state: 'PENDING', blockedById: null, waitingFor: null })
  })

  test.each([PostingState.FAILED, PostingState.MISMATCHED, PostingState.CANCELLED, PostingState.SKIPPED])(
    'fail when it is %s, say for whom, and follow when it is posted after all',
    async (state) => {
      const { customer, order, resolve } = await waiting({ state })
      expect(await resolve()).toEqual({ freed: 0, failed: 1 })
      expect(await one(order)).toMatchObject({
        state: 'FAILED',
        reasonCode: 'CUSTOMER_FAILED',
        reasonDetail: { customerName: 'Alder', orderNumber: 'ORD-1' },
        writeBackAt: now,
      })
      await fresh.database.run(sql`update posting set state = 'POSTED', quick_books_id = '9' where id = ${customer}`)
      expect(await resolve()).toEqual({ freed: 1, failed: 0 })
      expect(await one(order)).toMatchObject({ state: 'PENDING', blockedById: null, reasonCode: null })
    },
  )

  test.each([PostingState.PENDING, PostingState.UNKNOWN])('go on waiting while it is %s', async (state) => {
    const { order, resolve } = await waiting({ state })
    expect(await resolve()).toEqual({ freed: 0, failed: 0 })
    expect((await one(order)).state).toBe('PENDING')
    expect(await claim()).toHaveLength(state === PostingState.PENDING ? 1 : 0)
  })

  test('and were retried by themselves meanwhile follow nobody any more', async () => {
    const { customer, order, resolve } = await waiting({ state: PostingState.FAILED })
    await resolve()
    await change(order, PostingState.PENDING)
    await change(order, PostingState.CANCELLED)
    await fresh.database.run(sql`update posting set state = 'POSTED', quick_books_id = '9' where id = ${customer}`)
    expect(await resolve()).toEqual({ freed: 0, failed: 0 })
    expect((await one(order)).state).toBe('CANCELLED')
  })
})

describe('what a new owner of the lane finds', () => {
  test('unsent goes back, sent is UNKNOWN, and what it claimed itself is left', async () => {
    const [unsent, sent, own, other] = await put([
      claimed,
      { ...claimed, state: PostingState.SENT, sent_at: now.toISOString() },
      { ...claimed, claim_epoch: 8 },
      {},
    ])
    const found = await inheritPostings(fresh.database, { connectionId: connection.id, epoch: 8, now })
    expect(found).toEqual({ released: 1, unknown: 1 })
    expect(await one(unsent)).toMatchObject({ state: 'PENDING', claimToken: null })
    expect(await one(sent)).toMatchObject({
      state: 'UNKNOWN',
      reasonCode: 'ANSWER_LOST',
      sentAt: now,
      writeBackAt: now,
    })
    expect((await one(own)).state).toBe('CLAIMED')
    expect((await one(other)).state).toBe('PENDING')
  })

  test('is looked for when its time has come, the oldest first', async () => {
    const lost = { ...claimed, state: PostingState.UNKNOWN }
    const [due] = await put([{ ...lost, created_at: '2026-03-01T00:00:00Z' }])
    const [soon] = await put([{ ...lost, not_before: later(60).toISOString() }])
    const look = (at: Date) => findUnknown(fresh.database, { connectionId: connection.id, limit: 10, now: at })
    expect((await look(now)).map(({ id }) => id)).toEqual([due])
    expect((await look(later(60))).map(({ id }) => id)).toEqual([due, soon])
  })
})
