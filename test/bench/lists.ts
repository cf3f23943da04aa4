import { sql } from 'kysely'
import { PostingKind } from '../../src/domain/kinds.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import { Database } from '../../src/storage/database.ts'
import { type PostingSelection, postingPage } from '../../src/storage/posting-pages.ts'
import type { FreshDatabase } from '../database.ts'
import { connectionRow, insertRows } from '../storage/rows.ts'
import { type Figure, quantile } from './figures.ts'

const START = Date.UTC(2026, 0, 1)
const ROW_MS = 30_000
const TIMES = 41

/** So many postings, half a minute apart: nearly all processed invoices of one company, and a few of everything else. */
async function fillPostings(database: Database, { rows }: { rows: number }): Promise<{ busy: string; quiet: string }> {
  const connections = [connectionRow(), connectionRow()]
  const [busy, quiet] = connections.map(({ id }) => id) as [string, string]
  await insertRows(database, 'connection', connections)
  await database.run(sql`
    insert into posting (id, connection_id, kind, source_id, generation, state, order_number, document_number, total, currency,
        document, content_hash, reason_code, reason_detail, quick_books_id, verification, verified_at, written_back_at, processed_at,
        sent_at, posted_at, created_at, updated_at, claim_token)
    select id, case when n % 50 = 0 then ${quiet}::uuid else ${busy}::uuid end,
        case when n % 20 = 0 then 'CUSTOMER' else 'INVOICE' end, md5('source' || n)::uuid, 1, state, 'ORD-' || n, n::text, 1234.50, 'USD',
        jsonb_build_object('kind', 'INVOICE', 'number', n::text, 'lines', jsonb_build_array(jsonb_build_object('name', 'Copper Throw', 'amount', '1234.50'))),
        md5('content' || n), case when state in ('FAILED', 'SKIPPED', 'MISMATCHED') then reason end,
        case when state in ('FAILED', 'SKIPPED', 'MISMATCHED') then jsonb_build_object('items', '"Bolt"') end,
        case when state in ('POSTED', 'PROCESSED') then n::text end, case when state in ('POSTED', 'PROCESSED') then 'EQUAL' end,
        case when state in ('POSTED', 'PROCESSED') then at end, case when state = 'PROCESSED' then at end, case when state = 'PROCESSED' then at end,
        at, at, at, at, case when state in ('CLAIMED', 'SENT') then md5('claim' || n)::uuid end
    from (
      select n, at, ms, case
          when n % 100 <> 7 then 'PROCESSED'
          else (array['PENDING', 'CLAIMED', 'SENT', 'UNKNOWN', 'POSTED', 'MISMATCHED', 'FAILED', 'FAILED', 'SKIPPED', 'CANCELLED'])[1 + (n / 100) % 10] end as state,
        (array['ITEM_NOT_FOUND', 'INVOICE_DIFFERS', 'ORDER_NOT_FOUND', 'QUICKBOOKS_REJECTED'])[1 + (n / 1000) % 4] as reason,
        (substr(ms, 1, 8) || '-' || substr(ms, 9, 4) || '-7' || substr(md5(n::text), 1, 3) || '-8' || substr(md5(n::text), 4, 3) || '-' || substr(md5(n::text), 7, 12))::uuid as id
      from generate_series(1, ${rows}::int) as n,
        lateral (select to_timestamp((${START}::bigint + n::bigint * ${ROW_MS}) / 1000.0) as at,
                        lpad(to_hex(${START}::bigint + n::bigint * ${ROW_MS}), 12, '0') as ms) as moment
    ) as made`)
  // What autovacuum does of itself within minutes: counts then read the index alone.
  await database.run(sql`vacuum analyze posting`)
  return { busy, quiet }
}

/** Every filter alone, a page in the depth of the list, and how many statements a page and its count take. */
export async function measureLists(fresh: FreshDatabase, { rows }: { rows: number }): Promise<Figure[]> {
  const { busy, quiet } = await fillPostings(fresh.database, { rows })
  const at = (share: number) => new Date(START + rows * ROW_MS * share)
  const selections: [string, PostingSelection][] = [
    ['no filter', {}],
    ...Object.values(PostingState).map((state): [string, PostingSelection] => [`state ${state}`, { states: [state] }]),
    ['states FAILED and MISMATCHED', { states: [PostingState.FAILED, PostingState.MISMATCHED] }],
    ...Object.values(PostingKind).map((kind): [string, PostingSelection] => [`kind ${kind}`, { kinds: [kind] }]),
    ['the busy connection', { connectionId: busy }],
    ['the quiet connection', { connectionId: quiet }],
    ['an order number', { orderNumber: `ORD-${Math.floor(rows / 2)}` }],
    ['an order number that is not there', { orderNumber: 'ORD-0' }],
    ['a reason', { reasonCode: 'ITEM_NOT_FOUND' }],
    ['a reason that nobody has', { reasonCode: 'PERIOD_CLOSED' }],
    ['from', { from: at(0.5) }],
    ['to', { to: at(0.1) }],
    ['a day', { from: at(0.5), to: new Date(at(0.5).getTime() + 86_400_000) }],
  ]
  const figures: Figure[] = []
  for (const [name, selection] of selections) {
    const { page, counted } = await medians(fresh.database, { selection, after: null })
    figures.push(
      { name: `postings(first: 50), ${name}`, measured: page, unit: 'ms median', goal: { atMost: 25 } },
      { name: `the same with its count, ${name}`, measured: counted, unit: 'ms median', goal: { atMost: 25 } },
    )
  }
  const first = await medians(fresh.database, { selection: {}, after: null })
  const deep = await medians(fresh.database, {
    selection: {},
    after: await cursorAt(fresh.database, { row: rows / 10 }),
  })
  figures.push(
    {
      name: 'a page 900,000 rows deep, beside the first',
      measured: deep.page / first.page,
      unit: 'times',
      goal: { atMost: 2 },
    },
    {
      name: 'statements of a page with its count',
      measured: await statements(fresh.database),
      unit: '',
      goal: { atMost: 3 },
    },
  )
  return figures
}

async function medians(
  database: Database,
  { selection, after }: { selection: PostingSelection; after: string | null },
): Promise<{ page: number; counted: number }> {
  const pages: number[] = []
  const counts: number[] = []
  for (let time = 0; time < TIMES; time += 1) {
    const startedAt = performance.now()
    const page = await postingPage(database, { selection, request: { first: 50, after } })
    pages.push(performance.now() - startedAt)
    await page.count()
    counts.push(performance.now() - startedAt)
  }
  return { page: quantile(pages, 0.5), counted: quantile(counts, 0.5) }
}

/** The cursor of the page that ends at a row, counted from the oldest. */
async function cursorAt(database: Database, { row }: { row: number }): Promise<string> {
  const [found] = await database.rows(sql<{ id: string }>`select id from posting order by id offset ${row} limit 1`)
  return Buffer.from((found?.id ?? '').replaceAll('-', ''), 'hex').toString('base64url')
}

async function statements(real: Database): Promise<number> {
  let count = 0
  const counting: Pick<Database, 'rows' | 'entities'> = {
    rows: (query) => {
      count += 1
      return real.rows(query)
    },
    entities: (entity, query) => {
      count += 1
      return real.entities(entity, query)
    },
  }
  const database = Object.assign(Object.create(Database.prototype) as Database, counting)
  await (await postingPage(database, { selection: {}, request: { first: 50, after: null } })).count()
  return count
}
