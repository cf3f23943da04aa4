import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { SyncRun } from '../../src/domain/sync-run.ts'
import { InvalidRequest, keysetPage } from '../../src/storage/pages.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { idAt, insertRows } from './rows.ts'

let fresh: FreshDatabase
const ids = Array.from({ length: 25 }, (_, index) => idAt(new Date(Date.UTC(2026, 0, 1, 0, index))))

beforeAll(async () => {
  fresh = await freshDatabase()
  const rows = ids.map((id) => ({ id, started_at: '2026-01-01T00:00:00Z' }))
  await insertRows(fresh.database, 'sync_run', rows)
})
afterAll(() => fresh.close())

function page(request: { first: number; after: string | null }) {
  return keysetPage(fresh.database, {
    entity: SyncRun,
    table: sql`sync_run`,
    columns: sql`*`,
    conditions: [],
    request,
  })
}

describe('a keyset page', () => {
  test('pages give every row once, newest first', async () => {
    const seen: string[] = []
    let after: string | null = null
    for (let more = true; more; ) {
      const { nodes, endCursor, hasNextPage }: Awaited<ReturnType<typeof page>> = await page({ first: 10, after })
      seen.push(...nodes.map(({ id }) => id))
      after = endCursor
      more = hasNextPage
    }
    expect(seen).toEqual([...ids].reverse())
  })

  test('a page that ends with the last row says that nothing follows', async () => {
    expect(await page({ first: 25, after: null })).toMatchObject({ hasNextPage: false })
    expect(await page({ first: 24, after: null })).toMatchObject({ hasNextPage: true })
  })

  test('rows that come later do not move the pages after a cursor', async () => {
    const { endCursor } = await page({ first: 5, after: null })
    const before = await page({ first: 5, after: endCursor })
    const late = idAt('2026-02-01T00:00:00Z')
    await insertRows(fresh.database, 'sync_run', [{ id: late, started_at: '2026-02-01T00:00:00Z' }])
    const after = await page({ first: 5, after: endCursor })
    expect(after.nodes.map(({ id }) => id)).toEqual(before.nodes.map(({ id }) => id))
    await fresh.database.run(sql`delete from sync_run where id = ${late}`)
  })

  test.each([0, -1, 201, 1.5, Number.NaN])('%s rows are refused with the limits', async (first) => {
    await expect(page({ first, after: null })).rejects.toThrow(/ask for 1 to 200 rows/)
  })

  test.each([
    ['an empty text', ''],
    ['a word', 'nonsense'],
    ['an id', ids[0] ?? ''],
    ['a very long text', 'A'.repeat(5000)],
  ])('%s is refused as a cursor', async (_, after) => {
    await expect(page({ first: 5, after })).rejects.toThrow(InvalidRequest)
  })
})

describe('a count', () => {
  test('a list is counted once, and only when asked', async () => {
    const { count } = await page({ first: 1, after: null })
    expect(await count()).toEqual({ total: 25, capped: false })
    expect(count()).toBe(count())
  })

  test('counting stops at 10,000 and says so', async () => {
    await fresh.database.run(sql`
      insert into sync_run (id, started_at) select gen_random_uuid(), now() from generate_series(1, ${10_000 - 25})`)
    expect(await (await page({ first: 1, after: null })).count()).toEqual({ total: 10_000, capped: false })
    await fresh.database.run(sql`insert into sync_run (id, started_at) select gen_random_uuid(), now()`)
    expect(await (await page({ first: 1, after: null })).count()).toEqual({ total: 10_000, capped: true })
  })
})
