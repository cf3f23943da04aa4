import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { type BothSides, paymentPage, sidesPage } from '../../src/storage/mirror-pages.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, idAt, insertRows, postingRow } from './rows.ts'

let fresh: FreshDatabase
const connection = connectionRow()
const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 12, minute)).toISOString()

interface Row {
  name: string
  status: BothSides
  minute: number
}

/** A record of the mirror, with a link of the CRM or without. */
async function mirrored(
  row: Row & { linked: boolean; active?: boolean; deleted?: boolean; connection_id?: string },
): Promise<Row> {
  const { name, status, minute, linked, active = true, deleted = false, connection_id = connection.id } = row
  const id = idAt(at(minute))
  const quick_books_id = `qb ${name}`
  await insertRows(fresh.database, 'mirror_record', [
    {
      ...{ id, connection_id, quick_books_id, active, name, entity: 'CUSTOMER', raw: {} },
      ...{ deleted_at: deleted ? at(minute) : null, seen_at: at(minute), updated_at: at(minute) },
    },
  ])
  const source_id = crypto.randomUUID()
  const link = { id: crypto.randomUUID(), connection_id, kind: 'CUSTOMER', quick_books_id, source_id, name }
  if (linked) await insertRows(fresh.database, 'link', [{ ...link, updated_at: at(minute) }])
  return { name, status, minute }
}

async function posting(row: Row & { state: string; quick_books_id?: string }): Promise<Row> {
  const { name, minute, state, quick_books_id } = row
  const values = {
    connection_id: connection.id,
    kind: 'CUSTOMER',
    state,
    document_number: name,
    created_at: at(minute),
  }
  await insertRows(fresh.database, 'posting', [
    postingRow({ ...values, ...(quick_books_id ? { quick_books_id } : {}) }),
  ])
  return row
}

let expected: Row[]
beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection])
  expected = [
    await mirrored({ name: 'Alder', status: 'NOT_SYNCED', minute: 1, linked: false }),
    await posting({ name: 'Beech', status: 'PENDING', minute: 2, state: 'PENDING' }),
    await mirrored({ name: 'Cedar', status: 'SYNCED', minute: 3, linked: true }),
    await posting({ name: 'Dogwood', status: 'FAILED', minute: 4, state: 'FAILED' }),
    await mirrored({ name: 'Elm', status: 'FAILED', minute: 5, linked: true, active: false }),
    await mirrored({ name: 'Fir', status: 'FAILED', minute: 6, linked: true, deleted: true }),
    await mirrored({ name: 'Ginkgo', status: 'NOT_SYNCED', minute: 7, linked: false, active: false }),
    await posting({ name: 'Hazel', status: 'PENDING', minute: 8, state: 'UNKNOWN' }),
    await posting({ name: 'Alder again', status: 'FAILED', minute: 9, state: 'CANCELLED' }),
  ].reverse()
  // Neither what is gone and nobody's, nor what is posted already, is on any side.
  await mirrored({ name: 'Juniper', status: 'FAILED', minute: 10, linked: false, deleted: true })
  await posting({ name: 'Kapok', status: 'PENDING', minute: 11, state: 'POSTED', quick_books_id: '7' })
  await posting({ name: 'Larch', status: 'PENDING', minute: 12, state: 'SKIPPED' })
})
afterAll(() => fresh.close())

/** All pages of so many rows, one after the other, and what the first says of them all. */
async function list(selection: object, first: number): Promise<{ rows: Row[]; total: number }> {
  const rows: Row[] = []
  let after: string | null = null
  let total = -1
  for (;;) {
    const request = { first, after }
    const page = await sidesPage(fresh.database, { entity: MirrorEntity.CUSTOMER, selection, request })
    if (total < 0) total = (await page.count()).total
    rows.push(
      ...page.nodes.map(({ id, name, status }) => ({
        name: name ?? '',
        status,
        minute: (Number.parseInt(id.replace('-', '').slice(0, 12), 16) / 60_000) % 60,
      })),
    )
    if (!page.hasNextPage) return { rows, total }
    after = page.endCursor
  }
}

test.each([
  ['all', {}, () => true],
  ['of a status', { status: 'FAILED' }, ({ status }: Row) => status === 'FAILED'],
  ['that are synced', { status: 'SYNCED' }, ({ status }: Row) => status === 'SYNCED'],
  ['that nobody linked', { status: 'NOT_SYNCED' }, ({ status }: Row) => status === 'NOT_SYNCED'],
  ['on their way', { status: 'PENDING' }, ({ status }: Row) => status === 'PENDING'],
  ['by the beginning of their name', { name: 'ALDER' }, ({ name }: Row) => name.startsWith('Alder')],
  ['of a connection', { connectionId: connection.id }, () => true],
  ['of another connection', { connectionId: connectionRow().id }, () => false],
])(
  'customers of both sides, %s, are one list, newest first, whatever the size of a page',
  async (_, selection, isOne) => {
    const wanted = expected.filter(isOne)
    for (const first of [1, 2, 50]) {
      expect(await list(selection, first)).toEqual({
        rows: wanted.map(({ name, status, minute }) => ({ name, status, minute })),
        total: wanted.length,
      })
    }
  },
)

test('no item is on its way to QuickBooks: the list is empty, and says so', async () => {
  const request = { first: 50, after: null }
  const page = await sidesPage(fresh.database, { entity: MirrorEntity.ITEM, selection: { status: 'PENDING' }, request })
  expect(page).toMatchObject({ nodes: [], endCursor: null, hasNextPage: false })
  expect(await page.count()).toEqual({ total: 0, capped: false })
})

test('payments are found by their customer', async () => {
  await fresh.database.run(sql`
    insert into mirror_record (id, connection_id, entity, quick_books_id, active, party_id, date, raw, seen_at, updated_at)
    select gen_random_uuid(), ${connection.id}::uuid, 'PAYMENT', n::text, true, (n % 5)::text, '2026-01-01', '{}', now(), now()
    from generate_series(1, 20) as n`)
  const selection = { customerId: '3' }
  const { nodes } = await paymentPage(fresh.database, { selection, request: { first: 50, after: null } })
  expect(nodes.map(({ quickBooksId }) => quickBooksId).sort()).toEqual(['13', '18', '3', '8'])
})
