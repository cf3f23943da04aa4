import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { v4 as uuidv4 } from 'uuid'
import { PostingKind, WaitingFor } from '../../src/domain/kinds.ts'
import { LinkKind } from '../../src/domain/link.ts'
import type { Posting } from '../../src/domain/posting.ts'
import { PostingState, TRANSITIONS } from '../../src/domain/transitions.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { findLinks } from '../../src/storage/links.ts'
import {
  type Change,
  changePostings,
  claimPostings,
  findPostingsById,
  releaseClaim,
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

const claim = (args: { limit?: number; epoch?: number; at?: Date; claimToken?: string } = {}) =>
  claimPostings(fresh.database, {
    lane: { ...lane, epoch: args.epoch ?? 7 },
    limit: args.limit ?? 100,
    claimToken: args.claimToken ?? token,
    now: args.at ?? now,
  })
const change = (changes: Change[], claimToken?: string) =>
  changePostings(fresh.database, { changes, now, ...(claimToken ? { claimToken } : {}) })

describe('a claim', () => {
  test('by ten claimers at once never gives a posting twice, and never makes one wait for another', async () => {
    const ids = await put(Array.from({ length: 100 }, () => ({})))
    const pools = await Promise.all(Array.from({ length: 2 }, () => openDatabase({ url: fresh.url, poolMax: 5 })))
    const claims = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        claimPostings((pools[index % 2] ?? fresh).database, {
          lane,
          limit: 10,
          claimToken: uuidv4(),
          now,
        }),
      ),
    )
    await Promise.all(pools.map(({ close }) => close()))
    const given = claims.flat().map(({ id }) => id)
    expect(new Set(given).size).toBe(given.length)
    const rest = await claim()
    expect([...given, ...rest.map(({ id }) => id)].sort()).toEqual([...ids].sort())
  })

  test('passes over what another transaction holds, without waiting for it', async () => {
    const [held, free] = await put([{}, {}])
    let seen: string[] = []
    await fresh.database.transaction(async (transaction) => {
      await transaction.run(sql`update posting set updated_at = now() where id = ${held}`)
      seen = (await claim()).map(({ id }) => id)
    })
    expect(seen).toEqual([free])
  })

  test('takes customers before invoices, and the oldest first', async () => {
    const [first, second] = await put([{ created_at: '2026-03-01T00:00:00Z' }, { created_at: '2026-03-01T00:00:01Z' }])
    const [customer] = await put([{ kind: PostingKind.CUSTOMER, created_at: '2026-03-01T09:00:00Z' }])
    expect((await claim({ limit: 1 })).map(({ id }) => id)).toEqual([customer])
    expect((await claim({ limit: 1 })).map(({ id }) => id)).toEqual([first])
    expect((await claim({ limit: 1 })).map(({ id }) => id)).toEqual([second])
  })

  test('takes no more than was asked for, whatever plan PostgreSQL makes of it', async () => {
    await put(Array.from({ length: 20 }, () => ({})))
    const claimed = await fresh.database.transaction(async (transaction) => {
      // A loop asks its inner side again for each outer row, as a plan for a table of few rows may do.
      for (const plan of ['hashjoin', 'mergejoin', 'hashagg', 'sort', 'material'])
        await transaction.run(sql`select set_config(${`enable_${plan}`}, 'off', true)`)
      return claimPostings(transaction, { lane, limit: 3, claimToken: token, now })
    })
    expect(claimed).toHaveLength(3)
  })

  test('leaves what waits for its time, for another posting, or is in any other state', async () => {
    const [blocker] = await put([{ state: PostingState.FAILED }])
    const [soon] = await put([{ not_before: later(10).toISOString() }, { blocked_by_id: blocker }])
    await put([
      { state: PostingState.SKIPPED },
      { state: PostingState.UNKNOWN },
      { state: PostingState.POSTED },
      processed('2026-03-01T00:00:00Z'),
    ])
    expect(await claim()).toEqual([])
    expect((await claim({ at: later(10) })).map(({ id }) => id)).toEqual([soon])
  })

  test('clears what the posting waited for, and names its claimer', async () => {
    const [id] = await put([
      { waiting_for: WaitingFor.QUICKBOOKS, reason_code: 'THROTTLED', not_before: now.toISOString() },
    ])
    await claim()
    expect(await one(id)).toMatchObject({
      state: 'CLAIMED',
      claimToken: token,
      claimEpoch: 7,
      waitingFor: null,
      reasonCode: null,
      notBefore: null,
      revision: 1,
    })
  })

  test.each([
    ['under a lane that is no longer ours', sql`select 1`, 6],
    ['on a stopped connection', sql`update connection set state = 'STOPPED'`, 7],
    ['on a paused connection', sql`update connection set state = 'PAUSED'`, 7],
    ['on a read-only connection', sql`update connection set read_only = true`, 7],
  ])('%s is of nothing, because nothing could be sent', async (_name, statement, epoch) => {
    await put([{}])
    await fresh.database.rows(statement)
    expect(await claim({ epoch })).toEqual([])
  })

  test('that is given back lets its unsent postings wait, and leaves those that were sent', async () => {
    const [unsent, sent, foreign] = await put([
      claimed,
      { ...claimed, state: PostingState.SENT },
      { ...claimed, claim_token: uuidv4() },
    ])
    const given = { claimToken: token, waitingFor: WaitingFor.CRM, until: later(30), now }
    expect(await releaseClaim(fresh.database, given)).toBe(1)
    expect(await one(unsent)).toMatchObject({
      state: 'PENDING',
      claimToken: null,
      waitingFor: 'CRM',
      notBefore: later(30),
    })
    expect((await one(sent)).state).toBe('SENT')
    expect((await one(foreign)).state).toBe('CLAIMED')
  })
})

describe('a change of state', () => {
  /** What every state needs to stand in the table at all. */
  const proof = {
    quick_books_id: '145',
    verification: 'EQUAL',
    verified_at: now.toISOString(),
    written_back_at: now.toISOString(),
  }

  test('happens exactly where the table of transitions allows it, for every pair of states', async () => {
    const states = Object.values(PostingState)
    const pairs = states.flatMap((from) => states.map((to) => ({ from, to })))
    const ids = await put(pairs.map(({ from }) => ({ ...proof, claim_token: token, state: from })))
    const moved = await change(pairs.map(({ to }, index) => ({ id: ids[index] ?? '', to })))
    for (const [index, { from, to }] of pairs.entries()) {
      const allowed = (TRANSITIONS[from] as readonly string[]).includes(to)
      expect([from, to, moved.has(ids[index] ?? '')]).toEqual([from, to, allowed])
      expect([from, to, (await one(ids[index])).state]).toEqual([from, to, allowed ? to : from])
    }
  })

  test('under a claim that is another’s does not happen', async () => {
    const [id] = await put([claimed])
    expect(await change([{ id: id ?? '', to: PostingState.FAILED }], uuidv4())).toEqual(new Set())
    expect((await one(id)).state).toBe('CLAIMED')
    expect(await change([{ id: id ?? '', to: PostingState.FAILED }], token)).toEqual(new Set([id]))
  })

  test('links what moves, and nothing that does not', async () => {
    const [ours, another] = await put([claimed, { ...claimed, claim_token: uuidv4() }])
    const ids = [ours ?? '', another ?? '']
    const moved = await changePostings(fresh.database, {
      changes: ids.map((id) => ({ id, to: PostingState.POSTED, posted: { quickBooksId: '7', adopted: true } })),
      claimToken: token,
      linked: {
        connectionId: connection.id,
        links: ids.map((id) => ({ postingId: id, kind: LinkKind.INVOICE, sourceId: id, quickBooksId: '7', name: '' })),
      },
      now,
    })
    expect([...moved]).toEqual([ours])
    const args = { connectionId: connection.id, kind: LinkKind.INVOICE, sourceIds: ids }
    expect([...(await findLinks(fresh.database, args))]).toEqual([[ours, '7']])
  })

  test('to POSTED keeps the QuickBooks id and says that it was verified', async () => {
    const [id] = await put([{ ...claimed, state: PostingState.SENT }])
    await change([{ id: id ?? '', to: PostingState.POSTED, posted: { quickBooksId: '145', adopted: true } }], token)
    expect(await one(id)).toMatchObject({
      quickBooksId: '145',
      adopted: true,
      verification: 'EQUAL',
      verifiedAt: now,
      postedAt: now,
      writeBackAt: now,
      claimToken: null,
    })
  })

  test('back to POSTED after a write-back that failed keeps id and verification', async () => {
    const [id] = await put([{ ...proof, state: PostingState.FAILED, reason_code: 'WRITE_BACK' }])
    await change([{ id: id ?? '', to: PostingState.POSTED }])
    expect(await one(id)).toMatchObject({
      state: 'POSTED',
      quickBooksId: '145',
      verification: 'EQUAL',
      reasonCode: null,
    })
  })

  test('keeps attempts and absences that it does not name', async () => {
    const [id] = await put([{ ...claimed, attempts: 2, absences: 1 }])
    await change([{ id: id ?? '', to: PostingState.PENDING, waitingFor: WaitingFor.QUICKBOOKS }], token)
    expect(await one(id)).toMatchObject({ attempts: 2, absences: 1, waitingFor: 'QUICKBOOKS', revision: 1 })
  })

  test('of many to several states at once moves each to its own', async () => {
    const ids = await put([claimed, claimed, claimed])
    const [a = '', b = '', c = ''] = ids
    const moved = await change(
      [
        { id: a, to: PostingState.FAILED, reason: { code: 'ITEM_NOT_FOUND', detail: { items: '"X"' } } },
        { id: b, to: PostingState.SKIPPED, reason: { code: 'ORDER_EMPTY', detail: {} } },
        { id: c, to: PostingState.PENDING, notBefore: later(5) },
      ],
      token,
    )
    expect(moved).toEqual(new Set(ids))
    expect([await one(a), await one(b), await one(c)]).toMatchObject([
      { state: 'FAILED', reasonCode: 'ITEM_NOT_FOUND', reasonDetail: { items: '"X"' } },
      { state: 'SKIPPED', reasonCode: 'ORDER_EMPTY' },
      { state: 'PENDING', notBefore: later(5) },
    ])
  })
})
