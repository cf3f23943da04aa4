import { type RawBuilder, sql } from 'kysely'
import { recomputeCommission } from '../../src/commission/collect.ts'
import { commissionReport } from '../../src/commission/report.ts'
import { tieOut } from '../../src/storage/commission-tie-out.ts'
import type { Database } from '../../src/storage/database.ts'
import { compareHistories } from '../commission/against-oracle.ts'
import { company, NOW } from '../commission/company.ts'
import type { FreshDatabase } from '../database.ts'
import { type Figure, quantile, say } from './figures.ts'

const REPS = 200
const TIMES = 21
const MONTH = { month: '2026-03', from: '2026-03-01', to: '2026-03-31' }

/**
 * A year of so many payment applications, two to an invoice: half of the invoices with tax, a third with two lines, a tenth
 * shared by two reps; a tenth of the reps on tiers, a tenth of the products with a rate of their own.
 */
async function fillCompany(database: Database, { applications }: { applications: number }): Promise<string> {
  const connectionId = await company(database)
  const invoices = Math.max(1, Math.round(applications / 2))
  const me = sql`${connectionId}::uuid`
  const fill = (statement: RawBuilder<unknown>) => database.run(statement)
  await fill(sql`
    insert into commission_invoice (connection_id, invoice_id, posting_id, order_number, document_number, customer_id, customer_name,
      invoice_on, total, base, currency, recorded_at)
    select ${me}, n::text, md5('posting' || n)::uuid, 'ORD-' || n, n::text, 'customer-' || n % 2000, 'Customer ' || n % 2000,
      date '2025-12-15' + n % 360, round((1000 + n % 7000) * (1 + n % 2 * 0.0825), 2), 1000 + n % 7000, 'USD', ${NOW}
    from generate_series(1, ${invoices}::int) as n`)
  await fill(sql`
    insert into commission_line (connection_id, invoice_id, position, item_id, item_name, net)
    select ${me}, n::text, position, 'item-' || (n + position) % 50, 'Item', case
      when n % 3 <> 0 then 1000 + n % 7000 when position = 1 then 400.10 else 1000 + n % 7000 - 400.10 end
    from generate_series(1, ${invoices}::int) as n cross join generate_series(1, 2) as position where position = 1 or n % 3 = 0`)
  // The second payment of an invoice comes a month later and settles it; a fiftieth of the payments has a rest.
  await fill(sql`
    insert into payment_event (id, connection_id, kind, record_id, version, changed_at, date, state, currency, total, parts, content_hash, recorded_at)
    select md5('event' || n || '-' || half)::uuid, ${me}, 'PAYMENT', n || '-' || half, 0, ${NOW}, date '2026-01-01' + (n + half * 30) % 365,
      'LIVE', 'USD', total + case when n % 50 = 0 then 10 else 0 end,
      jsonb_build_array(jsonb_build_object('part', 'CASH', 'invoiceId', n::text, 'amount', total)), 'bench', ${NOW}
    from ${PAYMENTS(invoices)}`)
  await fill(sql`
    insert into payment_application (id, connection_id, event_id, kind, record_id, invoice_id, part, amount, currency, effective_on, recorded_at)
    select md5(part || n || '-' || half)::uuid, ${me}, md5('event' || n || '-' || half)::uuid, 'PAYMENT', n || '-' || half,
      case when part = 'CASH' then n::text end, part, case when part = 'CASH' then total else 10 end, 'USD',
      date '2026-01-01' + (n + half * 30) % 365, ${NOW}
    from ${PAYMENTS(invoices)} cross join (values ('CASH'), ('UNAPPLIED')) as parts (part) where part = 'CASH' or n % 50 = 0`)
  await fill(sql`
    insert into commission_split (id, connection_id, scope_key, customer_id, shares, effective_from, author, recorded_at)
    select md5('split' || n)::uuid, ${me}, 'customer customer-' || n, 'customer-' || n, case
      when n % 10 <> 0 then jsonb_build_array(jsonb_build_object('rep', 'rep-' || n % ${REPS}::int, 'sharePercent', '100', 'beforePercent', '0'))
      else jsonb_build_array(jsonb_build_object('rep', 'rep-' || n % ${REPS}::int, 'sharePercent', '60', 'beforePercent', '0'),
        jsonb_build_object('rep', 'rep-' || (n + 1) % ${REPS}::int, 'sharePercent', '40', 'beforePercent', '60')) end,
      '2020-01-01', 'bench', ${NOW}
    from generate_series(0, 1999) as n`)
  await fill(sql`
    insert into commission_rate (id, connection_id, scope_key, rep, item_id, mode, percent, tiers, effective_from, author, recorded_at)
    select md5('rate' || n)::uuid, ${me}, 'all rep rep-' || n, 'rep-' || n, null, case when n % 10 = 0 then 'MARGINAL' else 'FLAT' end,
      case when n % 10 <> 0 then 3 + n % 7 end, case when n % 10 = 0 then '[{"from":"0.00","percent":"3"},{"from":"100000.00","percent":"5"},{"from":"500000.00","percent":"8"}]'::jsonb end,
      date '2020-01-01', 'bench', ${NOW}::timestamptz
    from generate_series(0, ${REPS - 1}::int) as n
    union all
    select md5('item rate' || n)::uuid, ${me}, 'item item-' || n * 10, null, 'item-' || n * 10, 'FLAT', 2.5, null, date '2020-01-01', 'bench', ${NOW}::timestamptz
    from generate_series(0, 4) as n`)
  await fill(
    sql`vacuum analyze commission_invoice, commission_line, payment_event, payment_application, commission_split, commission_rate`,
  )
  return connectionId
}

/** The two payments of each invoice: a third of it, and what is left. */
const PAYMENTS = (invoices: number) => sql`(
  select n, half, case half when 0 then round(whole / 3, 2) else whole - round(whole / 3, 2) end as total
  from generate_series(1, ${invoices}::int) as n cross join generate_series(0, 1) as half
  cross join lateral (select round((1000 + n % 7000) * (1 + n % 2 * 0.0825), 2) as whole) as invoice) as payments`

/** What somebody would write who wants this one report of this one month. */
const BY_HAND = (connectionId: string) => sql<Record<string, string>>`
  select rep as key, count(*)::int as entries, sum(base)::text as base, coalesce(sum(amount) filter (where kind = 'EARNED'), 0.00)::text as earned,
    coalesce(sum(amount) filter (where kind = 'LATE'), 0.00)::text as late, '0.00' as adjusted, sum(amount)::text as amount
  from commission_entry
  where connection_id = ${connectionId} and kind <> 'EXCLUDED' and payable_on between '2026-03-01' and '2026-03-31'
  group by rep order by rep nulls last`

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1000
}

/** A full derivation, and a month's report beside the same by hand, in turns. */
export async function measureCommission(
  fresh: FreshDatabase,
  { applications }: { applications: number },
): Promise<Figure[]> {
  const { database } = fresh
  const connectionId = await fillCompany(database, { applications })
  const books = { database, timeZone: 'UTC', now: () => NOW }
  let entries = 0
  const recompute = await seconds(async () => {
    entries = await recomputeCommission(books, { connectionId })
  })
  // What autovacuum does of itself within minutes.
  await database.run(sql`vacuum analyze commission_entry`)
  const reports: number[] = []
  const byHand: number[] = []
  let differing = 0
  for (let time = 0; time < TIMES; time += 1) {
    let report: object[] = []
    let hand: object[] = []
    reports.push(
      await seconds(async () => {
        report = (await commissionReport(database, { request: { connectionId, month: MONTH.month }, by: 'REP' })).rows
      }),
    )
    byHand.push(
      await seconds(async () => {
        hand = await database.rows(BY_HAND(connectionId))
      }),
    )
    if (JSON.stringify(report) !== JSON.stringify(hand)) differing += 1
  }
  const [tie] = await tieOut(database, { connectionId, from: '2026-01-01', to: '2027-12-31' })
  const asOf = await seconds(() =>
    commissionReport(database, { request: { connectionId, month: MONTH.month, asOf: NOW }, by: 'REP' }),
  )
  say(
    `${entries} entries of ${applications} applications; as of an earlier time, unstored: ${asOf.toFixed(1)} s; tie-out ${JSON.stringify(tie)}`,
  )
  const [median, handMedian] = [quantile(reports, 0.5) * 1000, quantile(byHand, 0.5) * 1000]
  return [
    { name: 'a full derivation of all entries', measured: recompute, unit: 's', goal: { atMost: 60 } },
    { name: `a month's report of ${REPS} reps`, measured: median, unit: 'ms median', goal: { atMost: 300 } },
    {
      name: `the same by hand takes ${handMedian.toFixed(1)} ms; the report beside it`,
      measured: median / handMedian,
      unit: 'times',
      goal: { atMost: 1.3 },
    },
    { name: 'reports that differ from the same by hand', measured: differing, unit: '', goal: { atMost: 0 } },
    {
      name: 'cents by which the year does not tie out',
      measured: Math.abs(Number((tie?.difference ?? 'NaN').replace('.', ''))),
      unit: '',
      goal: { atMost: 0 },
    },
  ]
}

/** Random histories against exact arithmetic, at ten times the number of the tests. */
export async function measureHistories(fresh: FreshDatabase, args: { count: number; seed: number }): Promise<Figure[]> {
  const wrong = await compareHistories(fresh.database, { ...args, again: true })
  if (wrong.length > 0) say(wrong.slice(0, 20).join('\n'))
  return [
    {
      name: `differences of ${args.count} random histories from exact arithmetic`,
      measured: wrong.length,
      unit: '',
      goal: { atMost: 0 },
    },
  ]
}
