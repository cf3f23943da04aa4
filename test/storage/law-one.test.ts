import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { PostingState } from '../../src/domain/transitions.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows, postingRow } from './rows.ts'

let fresh: FreshDatabase
const connection = connectionRow()

beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection])
})
afterAll(() => fresh.close())

/** What QuickBooks, the comparison and the CRM must each have said. */
const proof: Record<string, unknown> = {
  quick_books_id: '145',
  verification: 'EQUAL',
  verified_at: '2026-03-01T00:00:00Z',
  written_back_at: '2026-03-01T00:00:01Z',
}

async function postingWith(columns: Record<string, unknown>): Promise<string> {
  const posting = postingRow({ connection_id: connection.id, state: PostingState.POSTED, ...columns })
  await insertRows(fresh.database, 'posting', [posting])
  return posting.id
}

/** By hand, past every rule of ours. */
const setProcessed = (id: string) => fresh.database.run(sql`update posting set state = 'PROCESSED' where id = ${id}`)

describe('law 1: no order is Processed without proof, and PostgreSQL itself refuses', () => {
  test.each([
    ['no QuickBooks id', { quick_books_id: null }],
    ['an empty QuickBooks id', { quick_books_id: '' }],
    ['no verification', { verification: null }],
    ['no time of verification', { verified_at: null }],
    ['no confirmed write-back', { written_back_at: null }],
  ])('an UPDATE by hand to PROCESSED with %s', async (_name, missing) => {
    const id = await postingWith({ ...proof, ...missing })
    await expect(setProcessed(id)).rejects.toThrow(/posting_processed_is_proven/)
  })

  test('an INSERT of a PROCESSED posting without proof', async () => {
    await expect(postingWith({ state: PostingState.PROCESSED })).rejects.toThrow(/posting_processed_is_proven/)
  })

  test.each(Object.keys(proof))('taking %s away from a PROCESSED posting', async (column) => {
    const id = await postingWith(proof)
    await setProcessed(id)
    const strip = fresh.database.run(sql`update posting set ${sql.ref(column)} = null where id = ${id}`)
    await expect(strip).rejects.toThrow(/posting_processed_is_proven/)
  })

  test('a verification that nobody knows', async () => {
    await expect(postingWith({ ...proof, verification: 'ROUGHLY' })).rejects.toThrow(/posting_verification_check/)
  })

  test.each(['EQUAL', 'ACCEPTED'])('but takes a posting that has all three, verified as %s', async (verification) => {
    const id = await postingWith({ ...proof, verification })
    expect(await setProcessed(id)).toBe(1)
  })
})

describe('the other rules that PostgreSQL keeps for itself', () => {
  test.each([PostingState.CLAIMED, PostingState.SENT])('a posting that is %s has a claim', async (state) => {
    await expect(postingWith({ state })).rejects.toThrow(/posting_claim_has_token/)
  })

  test('a record has one open posting of a kind, and a new generation only when the last one is done', async () => {
    const sourceId = '00000000-0000-4000-8000-000000000077'
    const first = await postingWith({ source_id: sourceId, ...proof, verification: 'EQUAL' })
    await expect(postingWith({ source_id: sourceId, generation: 2 })).rejects.toThrow(/posting_one_open/)
    await postingWith({ source_id: sourceId, kind: 'CUSTOMER' })
    expect(await setProcessed(first)).toBe(1)
    await expect(postingWith({ source_id: sourceId })).rejects.toThrow(/posting_source_id_kind_generation_unique/)
    await postingWith({ source_id: sourceId, generation: 2 })
  })

  test('there is one default connection at most', async () => {
    await insertRows(fresh.database, 'connection', [connectionRow({ is_default: true, name: 'first default' })])
    const second = insertRows(fresh.database, 'connection', [
      connectionRow({ is_default: true, name: 'second default' }),
    ])
    await expect(second).rejects.toThrow(/connection_one_default/)
  })
})
