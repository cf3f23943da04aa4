import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Ledger } from '../../src/ledgers/ledger.ts'
import { documentNumbers } from '../../src/sync/number-sequence.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, idAt, insertRows, postingRow } from '../storage/rows.ts'
import { limits } from './samples.ts'

let fresh: FreshDatabase
const [connection, foreign] = [connectionRow(), connectionRow({ id: idAt('2026-01-02T00:00:00Z') })]
const road = { ledgerOf: () => ({ limits }) as Ledger }

beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection, foreign])
})
afterAll(() => fresh?.close())
beforeEach(async () => {
  await fresh.database.run(sql`delete from posting`)
  await fresh.database.run(sql`delete from mirror_record`)
})

type Given = Record<string, unknown>
const posting = (document_number: string, given: Given = {}) =>
  postingRow({ connection_id: connection.id, order_number: `O-${document_number}`, document_number, ...given })
const mirrored = (number: string, quick_books_id: string, given: Given = {}) => ({
  ...{ id: idAt('2026-03-01T12:00:00Z'), connection_id: connection.id, entity: 'INVOICE', quick_books_id, number },
  ...{ raw: {}, seen_at: '2026-03-01T12:00:00Z', updated_at: '2026-03-01T12:00:00Z', ...given },
})

async function given({
  postings = [],
  records = [],
}: {
  postings?: ReturnType<typeof posting>[]
  records?: ReturnType<typeof mirrored>[]
}) {
  await insertRows(fresh.database, 'posting', postings)
  await insertRows(fresh.database, 'mirror_record', records)
}

const ask = (from: string | null = null) =>
  documentNumbers(road, { database: fresh.database, connectionId: connection.id, from })

describe('the sequence of document numbers', () => {
  test('without numbers is empty, and has no next one', async () => {
    expect(await ask()).toEqual({ sequences: [], collisions: [], nextFree: null })
  })

  test('tells gaps and the next free number, of our postings and of what QuickBooks has besides', async () => {
    await given({
      postings: [posting('61000'), posting('61001'), posting('61004'), posting('61999', { connection_id: foreign.id })],
      records: [mirrored('61006', '9'), mirrored('61005', '8', { deleted_at: '2026-03-02T00:00:00Z' })],
    })
    expect(await ask()).toEqual({
      collisions: [],
      nextFree: '61007',
      sequences: [
        {
          ...{
            prefix: '',
            first: '61000',
            last: '61006',
            count: 4,
            missing: '3',
            nextFree: '61007',
            nextFreeFits: true,
          },
          gaps: [
            { from: '61002', to: '61003', count: '2' },
            { from: '61005', to: '61005', count: '1' },
          ],
        },
      ],
    })
  })

  test('keeps prefixes apart, and numbers as wide as they are', async () => {
    await given({
      postings: [posting('INV-0008'), posting('INV-0009'), posting('INV-0011'), posting('7'), posting('no number')],
    })
    const { sequences, nextFree } = await ask()
    expect(nextFree).toBe('INV-0012')
    expect(sequences.map(({ prefix, gaps }) => [prefix, gaps])).toEqual([
      ['INV-', [{ from: 'INV-0010', to: 'INV-0010', count: '1' }]],
      ['', []],
    ])
  })

  test('says when the next free number is longer than QuickBooks takes', async () => {
    await given({ postings: [posting(`${'X'.repeat(19)}99`)] })
    expect((await ask()).sequences[0]).toMatchObject({ nextFree: `${'X'.repeat(19)}100`, nextFreeFits: false })
  })

  test('from a number on looks at its own sequence alone', async () => {
    await given({ postings: [posting('100'), posting('200'), posting('203'), posting('A-1'), posting('A-9')] })
    const { sequences } = await ask('200')
    expect(sequences).toMatchObject([{ first: '200', last: '203', missing: '2' }])
    await expect(ask('nothing')).rejects.toThrow('"from" is a document number that ends in digits')
  })

  test('takes a repost for its own number, without the suffix that a correction gave it', async () => {
    await given({
      postings: [posting('500'), posting('501-2', { number_suffix: '-2', quick_books_id: '12' })],
      records: [mirrored('501-2', '12')],
    })
    expect(await ask()).toMatchObject({
      collisions: [],
      sequences: [{ prefix: '', first: '500', last: '501', missing: '0' }],
    })
  })
})

describe('a number that several documents bear', () => {
  test('is told with all that bear it: two orders, or what somebody entered in QuickBooks', async () => {
    const later = { created_at: '2026-03-01T12:01:00Z', state: 'MISMATCHED', total: '12.50' }
    const [one, other] = [posting('700'), posting('700', later)]
    const ours = posting('701', { quick_books_id: '44' })
    await given({
      postings: [one, other, ours, posting('702', { state: 'SKIPPED' }), posting('703')],
      records: [mirrored('701', '44'), mirrored('702', '45'), mirrored('703', '46', { total: '1.00' })],
    })
    const { collisions } = await ask()
    expect(collisions.map(({ number }) => number)).toEqual(['700', '703'])
    expect(collisions[0]?.holders).toMatchObject([
      { side: 'POSTING', postingId: one.id, state: 'PENDING' },
      { side: 'POSTING', postingId: other.id, state: 'MISMATCHED', total: '12.50' },
    ])
    expect(collisions[1]?.holders).toMatchObject([
      { side: 'POSTING', orderNumber: 'O-703', quickBooksId: null },
      { side: 'QUICKBOOKS', kind: 'INVOICE', quickBooksId: '46', postingId: null, total: '1.00' },
    ])
  })

  test('is none where an older generation of the same order bears it', async () => {
    const source_id = idAt('2026-03-01T12:00:00Z')
    const done = { state: 'PROCESSED', verification: 'EQUAL', quick_books_id: '1' }
    const times = { verified_at: '2026-03-01T12:00:00Z', written_back_at: '2026-03-01T12:00:00Z' }
    await given({
      postings: [posting('800', { source_id, ...done, ...times }), posting('800', { source_id, generation: 2 })],
    })
    expect((await ask()).collisions).toEqual([])
  })
})
