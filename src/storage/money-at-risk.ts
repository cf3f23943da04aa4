import { sql } from 'kysely'
import { type Money, money } from '../domain/money.ts'
import { type MoneyAtRisk, RiskClass } from '../domain/money-at-risk.ts'
import type { Database } from './database.ts'

/**
 * Dollars × age of what is not posted, not verified and not paid, by class, each order once in one of the first two. It reads what is
 * open and nothing of what is done: postings by their state, discrepancies by theirs, unpaid invoices from an index of their own.
 */
export async function moneyAtRisk(database: Database, { now }: { now: Date }): Promise<MoneyAtRisk[]> {
  const rows = await database.rows(sql<{
    risk: RiskClass
    count: number
    amount: string
    days: string
    oldest: string | null
  }>`
    with open as (
      select case when state in ('PENDING', 'CLAIMED', 'FAILED') and quick_books_id is null then 'NOT_POSTED' else 'NOT_VERIFIED' end as risk,
        coalesce(total, 0) as amount, coalesce((document ->> 'date')::date, (created_at at time zone 'UTC')::date) as day
      from posting
      where state in ('PENDING', 'CLAIMED', 'SENT', 'UNKNOWN', 'POSTED', 'FAILED', 'MISMATCHED') and kind = 'INVOICE'
      union all
      select 'NOT_POSTED', coalesce(total, 0), coalesce(date::date, (found_at at time zone 'UTC')::date)
      from unlogged_order where resolved_at is null
      union all
      -- What was countersigned and is contradicted since; and what the CRM has and QuickBooks has not, where no posting says so.
      select risk, max(amount), min(day) from (
        select d.subject, d.connection_id, case when d.posting_id is null and d.their_total is null then 'NOT_POSTED' else 'NOT_VERIFIED' end as risk,
          coalesce(d.our_total, d.their_total, 0) as amount, coalesce(d.date::date, (d.found_at at time zone 'UTC')::date) as day
        from discrepancy d left join posting p on p.id = d.posting_id
        where d.state = 'OPEN' and d.source_id is not null and d.entity = 'INVOICE' and (d.posting_id is null or p.state = 'PROCESSED')
          and not exists (select from unlogged_order u where u.source_id = d.source_id and u.resolved_at is null)
      ) as contradicted group by connection_id, subject, risk
      union all
      select 'UNPAID', due, coalesce(invoice_on, (${now}::timestamptz at time zone 'UTC')::date) from invoice_standing where status in ('SENT', 'PARTIAL', 'OVERDUE')
    )
    select risk, count(*)::int as count, sum(amount)::text as amount,
      sum(amount * greatest(0, (${now}::timestamptz at time zone 'UTC')::date - day))::text as days, min(day)::text as oldest
    from open group by risk`)
  const found = new Map(rows.map((row) => [row.risk, row]))
  return Object.values(RiskClass).map((risk) => {
    const { count = 0, amount = '0', days = '0', oldest = null } = found.get(risk) ?? {}
    return { risk, count, amount: money(amount) satisfies Money, dollarDays: money(days), oldest }
  })
}
