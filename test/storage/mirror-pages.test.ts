import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { paymentPage, sidesPage } from '../../src/storage/mirror-pages.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows } from './rows.ts'

const ROWS = 60_000
const RUNS = 5
const PAGE_MS_MAX = 250
/** So many times as long as the first page may a page deep in the list take. */
const DEEPER_MAX = 3
let fresh: FreshDatabase

beforeAll(async () => {
  fresh = await freshDatabase()
  const connection = connectionRow()
  await insertRows(fresh.database, 'connection', [connection])
  for (const entity of ['CUSTOMER', 'PAYMENT']) {
    await fresh.database.run(sql`
      insert into mirror_record (id, connection_id, entity, quick_books_id, active, name, party_id, date, raw, seen_at, updated_at)
      select gen_random_uuid(), ${connection.id}::uuid, ${entity}, n::text, true, 'Name ' || n, (n % 5000)::text,
        to_char(date '2020-01-01' + n % 2000, 'YYYY-MM-DD'), '{}', now(), now()
      from generate_series(1, ${ROWS}::int) as n`)
  }
  await fresh.database.run(sql`
    insert into posting (id, connection_id, kind, source_id, state, document_number, created_at, updated_at, generation, adopted,
      attempts, absences, write_back_attempts, revision)
    select gen_random_uuid(), ${connection.id}::uuid, 'CUSTOMER', gen_random_uuid(), 'FAILED', 'New ' || n, now(), now(), 1, false, 0,
      0, 0, 0
    from generate_series(1, ${ROWS / 10}::int) as n`)
  await fresh.database.run(sql`analyze mirror_record`)
  await fresh.database.run(sql`analyze posting`)
})
afterAll(() => fresh.close())

/** The least of several runs, so that what else the machine does is not counted. */
async function milliseconds(ask: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < RUNS; run += 1) {
    const began = performance.now()
    await ask()
    times.push(performance.now() - began)
  }
  return Math.min(...times)
}

test('a page of both sides costs a page, deep in the list too, and so does a page that is found by name', async () => {
  const page = (selection: object, after: string | null = null) =>
    sidesPage(fresh.database, { entity: MirrorEntity.CUSTOMER, selection, request: { first: 50, after } })
  const first = await page({})
  expect(first.nodes).toHaveLength(50)
  const firstMs = await milliseconds(() => page({}))
  expect(firstMs).toBeLessThan(PAGE_MS_MAX)
  expect(await milliseconds(() => page({}, first.endCursor))).toBeLessThan(firstMs * DEEPER_MAX)
  expect((await page({ name: 'name 4711' })).nodes).toHaveLength(11)
  expect(await milliseconds(() => page({ name: 'name 4711' }))).toBeLessThan(firstMs * DEEPER_MAX)
})

test('a page of payments of a customer costs a page', async () => {
  const page = () =>
    paymentPage(fresh.database, { selection: { customerId: '7' }, request: { first: 50, after: null } })
  expect((await page()).nodes).toHaveLength(ROWS / 5_000)
  expect(await milliseconds(page)).toBeLessThan(PAGE_MS_MAX)
})
