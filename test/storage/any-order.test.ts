import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { sql } from 'kysely'
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid'
import { ExchangePurpose, PostingKind } from '../../src/domain/kinds.ts'
import { PostingState, TRANSITIONS } from '../../src/domain/transitions.ts'
import { markSent, recordDeliveries } from '../../src/storage/deliveries.ts'
import { resolveDependents } from '../../src/storage/dependents.ts'
import { inheritPostings } from '../../src/storage/lost-postings.ts'
import {
  acceptPostings,
  changePostings,
  claimPostings,
  findPostings,
  releaseClaim,
} from '../../src/storage/postings.ts'
import { claimWriteBacks, confirmWriteBacks, postponeWriteBacks } from '../../src/storage/write-backs.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows } from './rows.ts'

const now = new Date('2026-03-02T10:00:00Z')
const lane = { lane_owner: 'us', lane_epoch: 7, lane_lease_until: '2026-03-02T11:00:00Z' }
const connection = connectionRow(lane)
const tokens = [uuidv4(), uuidv4()] as const

let fresh: FreshDatabase

beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection])
  // The witness: PostgreSQL itself notes each change of state, whoever made it.
  await fresh.database.run(sql`create table witnessed (before text, after text)`)
  await fresh.database.run(sql`
    create function witness() returns trigger language plpgsql as $$
    begin
      insert into witnessed values (old.state, new.state);
      return new;
    end $$`)
  await fresh.database.run(sql`
    create trigger witness after update on posting for each row when (old.state <> new.state) execute function witness()`)
})
afterAll(() => fresh.close())

/** Everything in storage that moves a posting, on one of two claims or none. */
interface Step {
  what: 'accept' | 'claim' | 'send' | 'change' | 'release' | 'inherit' | 'resolve' | 'confirm' | 'postpone'
  to: PostingState
  claim: 0 | 1 | null
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom<Step['what'][]>(
    'accept',
    'claim',
    'claim',
    'send',
    'send',
    'change',
    'change',
    'change',
    'release',
    'inherit',
    'resolve',
    'confirm',
    'postpone',
  ),
  to: fc.constantFrom(...Object.values(PostingState)),
  claim: fc.constantFrom(0, 1, null),
})

async function send(postingId: string): Promise<void> {
  const exchange = {
    id: uuidv7(),
    postingId,
    purpose: ExchangePurpose.POST,
    operation: '',
    idempotencyKey: '',
    request: '',
    position: 0,
  }
  const ours = { connectionId: connection.id, owner: 'us', epoch: 7 }
  const deliveries = [{ method: 'POST', path: '/', body: '', exchanges: [exchange] }]
  const [deliveryId = ''] = await recordDeliveries(fresh.database, { lane: ours, deliveries, now })
  const given = { writes: true, outSeconds: 30, now }
  await markSent(fresh.database, { deliveryId, lane: ours, postingIds: [postingId], ...given })
}

async function take({ what, to, claim }: Step, sourceId: string): Promise<void> {
  const { database } = fresh
  const [posting] = await findPostings(database, { kind: PostingKind.INVOICE, sourceIds: [sourceId] })
  const token = claim === null ? null : tokens[claim]
  const drafted = to === PostingState.SKIPPED || to === PostingState.FAILED ? to : PostingState.PENDING
  if (what === 'accept' || !posting) {
    const numbers = { orderNumber: null, documentNumber: null, total: null, currency: null, document: null }
    const record = { connectionId: connection.id, kind: PostingKind.INVOICE, sourceId, contentHash: null, ...numbers }
    await acceptPostings(database, { drafts: [{ ...record, state: drafted, reason: null }], now })
    return
  }
  const seen = { id: posting.id, revision: posting.revision }
  switch (what) {
    case 'claim':
      await claimPostings(database, {
        lane: { connectionId: connection.id, owner: 'us', epoch: 7 },
        limit: 10,
        claimToken: token ?? tokens[0],
        now,
      })
      return
    case 'send':
      return send(posting.id)
    case 'change': {
      const posted = to === PostingState.POSTED ? { posted: { quickBooksId: '145', adopted: false } } : {}
      const changes = [{ id: posting.id, to, ...posted }]
      // What nothing in the house asks for: only the confirmed write-back makes a posting PROCESSED, a claim CLAIMED.
      if (to === PostingState.PROCESSED || to === PostingState.CLAIMED || to === PostingState.SENT) return
      await changePostings(database, { changes, now, ...(token ? { claimToken: token } : {}) })
      return
    }
    case 'release':
      await releaseClaim(database, { claimToken: token ?? tokens[0], waitingFor: null, until: null, now })
      return
    case 'inherit':
      await inheritPostings(database, { connectionId: connection.id, epoch: 8, now })
      return
    case 'resolve':
      await resolveDependents(database, { connectionId: connection.id, blockerIds: [posting.id], now })
      return
    case 'confirm':
      await claimWriteBacks(database, { limit: 10, leaseSeconds: 120, now })
      if (posting.quickBooksId || posting.state !== PostingState.POSTED)
        await confirmWriteBacks(database, { postings: [seen], now })
      return
    case 'postpone': {
      const postings = [{ ...seen, until: now, refused: true, fail: claim === 0 ? { detail: 'refused' } : null }]
      await postponeWriteBacks(database, { postings, now })
      return
    }
  }
}

describe('whatever happens to postings, in whatever order', () => {
  test('no posting ever goes a way that the table of transitions does not have', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        const sourceId = uuidv4()
        await fresh.database.run(sql`delete from witnessed`)
        for (const each of steps) await take(each, sourceId)
        const witnessed = await fresh.database.rows(
          sql<{ before: PostingState; after: PostingState }>`select distinct before, after from witnessed`,
        )
        for (const { before, after } of witnessed) expect(TRANSITIONS[before]).toContain(after)
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  test('and many of them at the same time end in a state that proves itself', async () => {
    const sourceId = uuidv4()
    await take({ what: 'accept', to: PostingState.PENDING, claim: null }, sourceId)
    await fresh.database.run(sql`delete from witnessed`)
    const steps = fc.sample(step, { numRuns: 150, seed: 4711 })
    await Promise.all(steps.map((each) => take(each, sourceId)))
    const witnessed = await fresh.database.rows(
      sql<{ before: PostingState; after: PostingState }>`select distinct before, after from witnessed`,
    )
    expect(witnessed.length).toBeGreaterThan(0)
    for (const { before, after } of witnessed) expect(TRANSITIONS[before]).toContain(after)
  })
})
