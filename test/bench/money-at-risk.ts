import { sql } from 'kysely'
import { funnel } from '../../src/commission/funnel.ts'
import type { Database } from '../../src/storage/database.ts'
import { moneyAtRisk } from '../../src/storage/money-at-risk.ts'
import type { FreshDatabase } from '../database.ts'
import { type Figure, quantile } from './figures.ts'

const TIMES = 11
const NOW = new Date('2026-12-31T12:00:00Z')

/** Beside the postings that are there: a standing of each invoice, a tenth of them unpaid, and some thousand discrepancies. */
async function fillStandings(database: Database): Promise<void> {
  await database.run(sql`
    insert into invoice_standing (id, connection_id, invoice_id, source_id, order_number, status, total, paid, credited, due, invoice_on, revision, attempts)
    select id, connection_id, quick_books_id, source_id, order_number, case when unpaid then 'OVERDUE' else 'PAID' end, 1234.50,
      case when unpaid then 0 else 1234.50 end, 0, case when unpaid then 1234.50 else 0 end, created_at::date, 1, 0
    from (select *, document_number::int % 10 = 3 as unpaid from posting where kind = 'INVOICE' and quick_books_id is not null) as posted`)
  await database.run(sql`
    insert into discrepancy (id, connection_id, subject, posting_id, kind, state, entity, source_id, order_number, quick_books_id, date, our_total,
      their_total, differences, lines, found_at, seen_at)
    select md5('discrepancy' || document_number)::uuid, connection_id, 'posting:' || id, id, 'AMOUNT', 'OPEN', 'INVOICE', source_id, order_number,
      quick_books_id, '2026-02-01', 1234.50, 1234.51, '{}', '[]', created_at, created_at
    from posting where kind = 'INVOICE' and state = 'PROCESSED' and document_number::int % 500 = 1`)
  await database.run(sql`vacuum analyze invoice_standing, discrepancy`)
}

/** What of the status and of the funnel the number of postings could make slow. Over a database that has its postings. */
export async function measureMoneyAtRisk(fresh: FreshDatabase): Promise<Figure[]> {
  const { database } = fresh
  await fillStandings(database)
  const [busiest] = await database.rows(sql<{ id: string }>`
    select connection_id as id from posting group by 1 order by count(*) desc limit 1`)
  const days = { connectionId: busiest?.id ?? null, from: '2026-01-01', to: '2026-12-31' }
  return [
    {
      name: 'status: money at risk, a tenth of all invoices unpaid',
      measured: await median(() => moneyAtRisk(database, { now: NOW })),
      unit: 'ms median',
      goal: { atMost: 250 },
    },
    {
      name: 'the funnel of a year',
      measured: (await median(() => funnel(database, days), 3)) / 1000,
      unit: 's median',
      goal: { atMost: 30 },
    },
  ]
}

async function median(work: () => Promise<unknown>, times = TIMES): Promise<number> {
  const took: number[] = []
  for (let time = 0; time < times; time += 1) {
    const startedAt = performance.now()
    await work()
    took.push(performance.now() - startedAt)
  }
  return quantile(took, 0.5)
}
