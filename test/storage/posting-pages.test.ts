import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { PostingKind } from '../../src/domain/kinds.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import { Database } from '../../src/storage/database.ts'
import { countPostings, type PostingSelection, postingPage } from '../../src/storage/posting-pages.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows, postingRow, processed, type Row } from './rows.ts'

const ROWS = 6_000
const START = Date.UTC(2026, 0, 1)

let fresh: FreshDatabase
const connections = [connectionRow(), connectionRow()]
const [busy, quiet] = connections.map(({ id }) => id) as [string, string]

/** Six thousand postings, a minute apart: nearly all processed invoices of one company, and a few of everything else. */
function postings(): Row[] {
  return Array.from({ length: ROWS }, (_, index) => {
    const created_at = new Date(START + index * 60_000).toISOString()
    const rare = index % 500 === 0
    return postingRow({
      connection_id: rare ? quiet : busy,
      created_at,
      kind: rare ? PostingKind.CUSTOMER : PostingKind.INVOICE,
      order_number: `SO-${index}`,
      total: '1234.50',
      ...(rare
        ? { state: PostingState.FAILED, reason_code: 'ITEM_NOT_FOUND', reason_detail: { items: '"Bolt"' } }
        : {}),
      ...(rare ? {} : { ...processed(created_at), reason_code: null }),
    })
  })
}

beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', connections)
  await insertRows(fresh.database, 'posting', postings())
  await fresh.database.run(sql`analyze posting`)
})
afterAll(() => fresh.close())

function page(selection: PostingSelection, first = 50) {
  return postingPage(fresh.database, { selection, request: { first, after: null } })
}

const day = { from: new Date(START + 86_400_000), to: new Date(START + 86_400_000 + 600_000) }

const SELECTIONS: [string, PostingSelection, number][] = [
  ['one state', { states: [PostingState.FAILED] }, 12],
  ['several states', { states: [PostingState.FAILED, PostingState.MISMATCHED] }, 12],
  ['a kind', { kinds: [PostingKind.CUSTOMER] }, 12],
  ['a connection', { connectionId: quiet }, 12],
  ['an order number', { orderNumber: 'SO-4242' }, 1],
  ['a reason', { reasonCode: 'ITEM_NOT_FOUND' }, 12],
  ['a time', day, 10],
]

describe('a page of postings', () => {
  test.each(SELECTIONS)('selects by %s', async (_, selection, total) => {
    const { nodes, count } = await page(selection)
    expect(nodes).toHaveLength(total)
    expect(await count()).toEqual({ total, capped: false })
  })

  test.each(SELECTIONS)('selecting by %s reads an index, not the whole table', async (_, selection) => {
    const explained = new Explaining(fresh.database)
    await (await postingPage(explained.database, { selection, request: { first: 50, after: null } })).count()
    expect(explained.plans).toHaveLength(2)
    for (const plan of explained.plans) expect(plan).not.toContain('Seq Scan on posting')
  })

  test('a page without any selection reads no more than the page', async () => {
    const explained = new Explaining(fresh.database)
    await postingPage(explained.database, { selection: {}, request: { first: 50, after: null } })
    expect(explained.plans[0]).toContain('Index Scan Backward using posting_pkey')
  })

  test('all parts of a selection hold at once; empty lists select nothing away', async () => {
    const { nodes } = await page({
      states: [PostingState.FAILED],
      kinds: [],
      connectionId: quiet,
      orderNumber: 'SO-500',
    })
    expect(nodes.map(({ orderNumber }) => orderNumber)).toEqual(['SO-500'])
  })

  test('`from` is within the time and `to` is not', async () => {
    const minute = new Date(START + 60_000)
    const { nodes } = await page({ from: minute, to: new Date(START + 120_000) })
    expect(nodes.map(({ createdAt }) => createdAt)).toEqual([minute])
  })

  test('postings come as they are: money exact, times as times, the reason in words', async () => {
    const [posting] = (await page({ orderNumber: 'SO-500' })).nodes
    expect(posting).toMatchObject({ total: '1234.50', createdAt: new Date(START + 500 * 60_000) })
    expect(posting?.reason?.sentence).toBe('QuickBooks has no active item named "Bolt".')
  })

  test('an id or a reason that cannot be is refused with words', async () => {
    await expect(page({ connectionId: 'x' })).rejects.toThrow('"x" is not the id of a connection')
    await expect(page({ reasonCode: "x' or 1=1" })).rejects.toThrow('is no reason code')
  })
})

describe('counts of postings', () => {
  const counts = (by: 'STATE' | 'REASON' | 'KIND' | 'DAY', selection: PostingSelection = {}) =>
    countPostings(fresh.database, { selection, by })

  test('by state, largest first', async () => {
    expect(await counts('STATE')).toEqual([
      { key: 'PROCESSED', count: 5_988 },
      { key: 'FAILED', count: 12 },
    ])
  })

  test('by reason, of those that have one', async () => {
    expect(await counts('REASON')).toEqual([{ key: 'ITEM_NOT_FOUND', count: 12 }])
  })

  test('by kind, within a selection', async () => {
    expect(await counts('KIND', { connectionId: quiet })).toEqual([{ key: 'CUSTOMER', count: 12 }])
  })

  test('by day in UTC, newest first', async () => {
    const days = await counts('DAY')
    expect(days.map(({ key }) => key)).toEqual(['2026-01-05', '2026-01-04', '2026-01-03', '2026-01-02', '2026-01-01'])
    expect(days.reduce((total, { count }) => total + count, 0)).toBe(ROWS)
  })
})

/** A database that also asks for the plan of each query that it runs. */
class Explaining {
  readonly plans: string[] = []
  readonly database: Database

  constructor(real: Database) {
    const explain = async (query: Parameters<Database['rows']>[0]) => {
      const plan = await real.rows(sql<{ 'QUERY PLAN': string }>`explain ${query}`)
      this.plans.push(plan.map((line) => line['QUERY PLAN']).join('\n'))
    }
    const watched: Pick<Database, 'rows' | 'entities'> = {
      rows: async (query) => {
        await explain(query)
        return real.rows(query)
      },
      entities: async (entity, query) => {
        await explain(query)
        return real.entities(entity, query)
      },
    }
    this.database = Object.assign(Object.create(Database.prototype) as Database, watched)
  }
}
