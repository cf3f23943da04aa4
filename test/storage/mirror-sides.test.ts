import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { LinkKind } from '../../src/domain/link.ts'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { saveLinks } from '../../src/storage/links.ts'
import { type BothSides, sidesPage } from '../../src/storage/mirror-pages.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, idAt, insertRows, postingRow, processed } from './rows.ts'

const at = '2026-03-01T12:00:00Z'
let fresh: FreshDatabase
const connection = connectionRow()
const connection_id = connection.id

/** A customer that both sides know, and what its postings say of it: the newest last. */
const CUSTOMERS: [string, { active?: boolean; postings: Record<string, unknown>[] }, BothSides][] = [
  ['found by name', { postings: [] }, 'SYNCED'],
  ['made by us', { postings: [processed(at)] }, 'SYNCED'],
  ['changed in the CRM', { postings: [processed(at), { state: 'PENDING' }] }, 'PENDING'],
  ['changed, and the answer lost', { postings: [processed(at), { state: 'UNKNOWN' }] }, 'PENDING'],
  ['changed, and refused', { postings: [processed(at), { state: 'FAILED' }] }, 'FAILED'],
  ['changed, and different', { postings: [processed(at), { state: 'MISMATCHED' }] }, 'FAILED'],
  ['made inactive in QuickBooks', { active: false, postings: [processed(at)] }, 'FAILED'],
  [
    'made inactive by the CRM',
    { active: false, postings: [processed(at), { ...processed(at), document: { active: false } }] },
    'SYNCED',
  ],
]

beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection])
  for (const [index, [name, { active = true, postings }]] of CUSTOMERS.entries()) {
    const [source_id, quickBooksId] = [idAt(at), String(100 + index)]
    await insertRows(fresh.database, 'mirror_record', [
      {
        ...{ id: idAt(at), connection_id, entity: 'CUSTOMER', quick_books_id: quickBooksId, name, active },
        ...{ raw: {}, seen_at: at, updated_at: at },
      },
    ])
    const link = { kind: LinkKind.CUSTOMER, sourceId: source_id, quickBooksId, name }
    await saveLinks(fresh.database, { connectionId: connection_id, links: [link], now: new Date(at) })
    const rows = postings.map((row, generation) =>
      postingRow({
        connection_id,
        kind: 'CUSTOMER',
        source_id,
        generation: generation + 1,
        document_number: name,
        ...row,
      }),
    )
    await insertRows(fresh.database, 'posting', rows)
  }
})
afterAll(() => fresh?.close())

const page = (status?: BothSides) =>
  sidesPage(fresh.database, {
    entity: MirrorEntity.CUSTOMER,
    selection: { connectionId: connection_id, ...(status ? { status } : {}) },
    request: { first: 50, after: null },
  })

test.each(CUSTOMERS)('a linked customer that was %s stands as its newest posting says', async (name, _, status) => {
  const found = (await page()).nodes.filter((node) => node.name === name)
  expect(found).toMatchObject([{ status }])
})

test('each is listed once, and the lists of each status together are the list of all', async () => {
  expect((await page()).nodes).toHaveLength(CUSTOMERS.length)
  const statuses = ['SYNCED', 'PENDING', 'FAILED', 'NOT_SYNCED'] as const
  const parts = await Promise.all(statuses.map(async (status) => (await page(status)).nodes.length))
  expect(parts).toEqual([3, 2, 3, 0])
})
