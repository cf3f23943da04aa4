import { sql } from 'kysely'
import { type Money, minus, money, sum } from '../domain/money.ts'
import type { Database } from './database.ts'

export interface ExcludedCash {
  reason: string
  amount: Money
}

/** Where the cash of some days went, in one currency: commissionable + excluded + unapplied − received is the difference. */
export interface TieOut {
  currency: string
  received: Money
  commissionable: Money
  excluded: Money
  unapplied: Money
  difference: Money
  reasons: ExcludedCash[]
}

/**
 * Ties the entries to QuickBooks' own totals, by the day of the payment, both days included. What was received comes from
 * the totals of the records as QuickBooks gave them, and from no part of them but what was given back for one on another day.
 */
export async function tieOut(
  database: Database,
  { connectionId, from, to }: { connectionId: string; from: string; to: string },
): Promise<TieOut[]> {
  const days = sql`between ${from}::date and ${to}::date`
  const rows = await database.rows(sql<{ currency: string; part: string; reason: string; amount: string }>`
    with newest as materialized (
      select distinct on (kind, record_id) kind, currency, total, date, state, parts from payment_event
      where connection_id = ${connectionId} and fault is null
      order by kind, record_id, (state = 'DELETED') desc, version desc, changed_at desc, content_hash desc
    )
    select e.currency, 'received' as part, '' as reason, sum(case e.kind when 'REFUND' then -total else total end)::text as amount
    from newest e where e.state = 'LIVE' and e.kind <> 'CREDIT_MEMO' and e.date ${days} group by e.currency
    union all
    select e.currency, 'received', '', sum(p.amount)::text
    from newest e cross join lateral jsonb_to_recordset(e.parts) as p (part text, amount numeric, "on" date)
    where e.state = 'LIVE' and p.part = 'REFUND' and p."on" ${days} group by e.currency
    union all
    select i.currency, case when e.kind = 'EARNED' then 'commissionable' else 'excluded' end, coalesce(e.reason, ''),
      sum(case when e.kind = 'EARNED' then e.credited else e.base end)::text
    from commission_entry e join commission_invoice i on i.connection_id = e.connection_id and i.invoice_id = e.invoice_id
    where e.connection_id = ${connectionId} and e.effective_on ${days}
      and (e.kind = 'EARNED' or e.kind = 'EXCLUDED' and e.reason <> 'CURRENCY')
    group by 1, 2, 3
    union all
    select a.currency, 'excluded', case when i.invoice_id is null then 'INVOICE_NOT_POSTED' else 'CURRENCY' end, sum(a.amount)::text
    from payment_application a
    left join commission_invoice i on i.connection_id = a.connection_id and i.invoice_id = a.invoice_id
    where a.connection_id = ${connectionId} and a.effective_on ${days} and a.invoice_id is not null and a.part in ('CASH', 'REFUND')
      and i.currency is distinct from a.currency
    group by 1, 3
    union all
    select currency, 'unapplied', '', sum(amount)::text from payment_application
    where connection_id = ${connectionId} and effective_on ${days} and invoice_id is null and part in ('UNAPPLIED', 'REFUND')
    group by currency`)
  const byCurrency = Map.groupBy(rows, ({ currency }) => currency)
  return [...byCurrency].sort().map(([currency, parts]) => {
    const of = (part: string) => sum(parts.filter((one) => one.part === part).map(({ amount }) => money(amount)))
    const [received, commissionable, excluded, unapplied] = [
      of('received'),
      of('commissionable'),
      of('excluded'),
      of('unapplied'),
    ]
    const reasons = parts
      .filter(({ part, amount }) => part === 'excluded' && money(amount) !== '0.00')
      .map(({ reason, amount }) => ({ reason, amount: money(amount) }))
    const difference = minus(sum([commissionable, excluded, unapplied]), received)
    return { currency, received, commissionable, excluded, unapplied, difference, reasons }
  })
}
