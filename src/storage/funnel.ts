import { type RawBuilder, sql } from 'kysely'
import type { FunnelRow, FunnelStep } from '../domain/funnel.ts'
import { type Money, money } from '../domain/money.ts'
import type { Database } from './database.ts'

interface Days {
  connectionId: string
  from: string
  to: string
}

/** What is lost after a step for one reason, or with no reason: what came so far. */
export interface FunnelFigure {
  step: FunnelStep
  reason: string | null
  count: number
  amount: Money
}

/** Each order by itself, or those that stand alike as one row, `n` of them: what adds up one adds up the other. */
const BY_ORDER = sql`select *, 1 as n from standing`
const TOGETHER = sql`
      select null::uuid as id, null as order_number, null as document_number, case when quick_books_id is not null then '' end as quick_books_id,
        null as day, stopped, earns, gone, count(*) as n, sum(total) as total, sum(cash) as cash, sum(credited) as credited, sum(earning) as earning,
        sum(no_earner) as no_earner, sum(no_rate) as no_rate, sum(excluded) as excluded, sum(commission) as commission
      from standing group by quick_books_id is not null, case when quick_books_id is not null then '' end, stopped, earns, gone`

/**
 * The orders that are dated in the days, with how far each came. The newest posting speaks for an order; orders without a log row
 * belong to the default connection. All steps add up the same rows, so that figures cannot disagree.
 */
function orders({ connectionId, from, to }: Days, placed: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    cohort as materialized (
      select p.id, p.order_number, p.document_number, p.state, p.reason_code, p.quick_books_id,
        coalesce(p.document ->> 'date', to_char(p.created_at at time zone 'UTC', 'YYYY-MM-DD')) as day,
        case when coalesce(p.currency, c.currency) = c.currency then coalesce(p.total, 0) else 0 end as total, coalesce(p.currency, c.currency) as currency
      from posting p join connection c on c.id = p.connection_id
      where p.connection_id = ${connectionId} and p.kind = 'INVOICE'
        and coalesce(p.document ->> 'date', to_char(p.created_at at time zone 'UTC', 'YYYY-MM-DD')) between ${from} and ${to}
        and not exists (select from posting newer where newer.source_id = p.source_id and newer.kind = p.kind and newer.generation > p.generation)
    ), applied as (
      select a.invoice_id, a.currency, sum(a.amount) filter (where a.part in ('CASH', 'REFUND')) as cash,
        sum(a.amount) filter (where a.part not in ('CASH', 'REFUND')) as credited
      from payment_application a
      where a.connection_id = ${connectionId} and a.invoice_id in (select quick_books_id from cohort)
      group by a.invoice_id, a.currency
    ), entries as (
      select e.invoice_id, sum(e.credited) filter (where e.kind = 'EARNED' and e.rep is not null and e.rule_id is not null) as earning,
        sum(e.credited) filter (where e.kind = 'EARNED' and e.rep is null) as no_earner,
        sum(e.credited) filter (where e.kind = 'EARNED' and e.rep is not null and e.rule_id is null) as no_rate,
        sum(e.base) filter (where e.kind = 'EXCLUDED' and e.reason <> 'CURRENCY') as excluded,
        sum(e.amount) filter (where e.kind = 'EARNED') as commission
      from commission_entry e
      where e.connection_id = ${connectionId} and e.invoice_id in (select quick_books_id from cohort)
      group by e.invoice_id
    ), road as (
      select o.*, coalesce(a.cash, 0) as cash, coalesce(a.credited, 0) as credited, coalesce(e.earning, 0) as earning,
        coalesce(e.no_earner, 0) as no_earner, coalesce(e.no_rate, 0) as no_rate, coalesce(e.excluded, 0) as excluded,
        coalesce(e.commission, 0) as commission,
        case when m.deleted_at is not null then 'DELETED' when m.total = 0 and o.total > 0 then 'VOIDED' end as gone
      from cohort o
      left join mirror_record m on m.connection_id = ${connectionId} and m.entity = 'INVOICE' and m.quick_books_id = o.quick_books_id
      left join applied a on a.invoice_id = o.quick_books_id and a.currency = o.currency
      left join entries e on e.invoice_id = o.quick_books_id
    ), standing as (
      select *, case
          when quick_books_id is null then concat_ws(' ', state, reason_code)
          when gone is not null then gone
          when total > 0 and cash <= 0 then case when credited >= total then 'CREDITED' else 'UNPAID' end
          when total > cash + credited then 'PARTLY_PAID'
        end as stopped,
        case
          when earning <> 0 then 'EARNING'
          when no_earner <> 0 then 'NO_EARNER'
          when no_rate <> 0 then 'NO_RATE'
          when excluded <> 0 then 'TAX_AND_SHIPPING'
          when cash <> 0 then 'NOT_DERIVED'
          else 'NOTHING_PAID'
        end as earns
      from road
    ), placed as materialized (${placed}
    ), unlogged as (
      select order_number, coalesce(date, to_char(found_at at time zone 'UTC', 'YYYY-MM-DD')) as day, reason_code,
        case when coalesce(u.currency, c.currency) = c.currency then coalesce(u.total, 0) else 0 end as total
      from unlogged_order u join connection c on c.id = ${connectionId} and c.is_default
      where u.resolved_at is null and coalesce(date, to_char(found_at at time zone 'UTC', 'YYYY-MM-DD')) between ${from} and ${to}
        and not exists (select from posting p where p.source_id = u.source_id and p.kind = 'INVOICE')
    ), invoiced as (
      select * from placed where quick_books_id is not null and gone is null
    )`
}

/** Whether an invoice went on to the last step: it was paid, in full or in part. */
const WENT_ON = sql`(stopped is null or stopped = 'PARTLY_PAID')`

/**
 * What was lost, and where: one row for each order and reason, `counted` 1 where the order itself is lost there (`n` of them,
 * where they are together), and 0 where only a part of its dollars is.
 */
const LOST = sql`
    lost as (
      select 'ORDERS' as step, stopped as reason, id, order_number, document_number, quick_books_id, day, n as counted, total as amount
      from placed where quick_books_id is null
      union all
      select 'ORDERS', 'NO_LOG_ROW ' || reason_code, null, order_number, null, null, day, 1, total from unlogged
      union all
      select 'POSTED', gone, id, order_number, document_number, quick_books_id, day, n, total
      from placed where quick_books_id is not null and gone is not null
      union all
      select 'INVOICED', stopped, id, order_number, document_number, quick_books_id, day, n, total - cash - credited
      from invoiced where stopped in ('UNPAID', 'PARTLY_PAID')
      union all
      select 'INVOICED', 'CREDITED', id, order_number, document_number, quick_books_id, day, (stopped is not distinct from 'CREDITED')::int * n, credited
      from invoiced where credited <> 0 or stopped = 'CREDITED'
      union all
      select 'INVOICED', 'OVERPAID', id, order_number, document_number, quick_books_id, day, 0, total - cash - credited
      from invoiced where coalesce(stopped, 'CREDITED') = 'CREDITED' and total <> cash + credited
      union all
      select 'PAID', reason, id, order_number, document_number, quick_books_id, day, (${WENT_ON} and earns = reason)::int * n, part
      from invoiced cross join lateral (values ('NO_EARNER', no_earner), ('NO_RATE', no_rate), ('TAX_AND_SHIPPING', excluded),
        ('NOT_DERIVED', cash - earning - no_earner - no_rate - excluded), ('NOTHING_PAID', 0)) as parts (reason, part)
      where part <> 0 or ${WENT_ON} and earns = reason
    )`

/** How many orders, and how much of them, came how far, and what was lost on the way; and the commission on it. */
export async function funnelFigures(
  database: Database,
  days: Days,
): Promise<{ figures: FunnelFigure[]; commission: Money }> {
  const rows = await database.rows(sql<FunnelFigure & { commission: string | null }>`
    with ${orders(days, TOGETHER)}, ${LOST}, figures as (
      select 'ORDERS' as step, null as reason, sum(n) as count, sum(total) as amount, null::numeric as commission
      from (select n, total from placed union all select 1, total from unlogged) as wanted
      union all
      select 'POSTED', null, sum(n), sum(total), null from placed where quick_books_id is not null
      union all
      select 'INVOICED', null, sum(n), sum(total), null from invoiced
      union all
      select 'PAID', null, sum(n) filter (where stopped is null), sum(cash), null from invoiced
      union all
      select 'EARNING', null, sum(n) filter (where ${WENT_ON} and earns = 'EARNING'), sum(earning), sum(commission) from invoiced
      union all
      select step, reason, sum(counted), sum(amount), null from lost group by step, reason
    )
    select step, reason, coalesce(count, 0)::int as count, coalesce(amount, 0)::text as amount, commission::text as commission from figures`)
  const commission = money(rows.find(({ step, reason }) => step === 'EARNING' && reason === null)?.commission ?? '0')
  const figures = rows.map(({ commission: _, ...row }) => ({ ...row, amount: money(row.amount) }))
  return { figures, commission }
}

/** What stands behind a drop, the largest amount first. */
export async function funnelRows(
  database: Database,
  args: Days & { step: FunnelStep; reason: string; first: number; after: number },
): Promise<FunnelRow[]> {
  const rows = await database.rows(sql<FunnelRow>`
    with ${orders(args, BY_ORDER)}, ${LOST}
    select id as "postingId", order_number as "orderNumber", document_number as "documentNumber", quick_books_id as "quickBooksId",
      day, amount::numeric(18, 2)::text as amount
    from lost where step = ${args.step} and reason = ${args.reason}
    order by lost.amount desc, order_number, id limit ${args.first} offset ${args.after}`)
  return rows.map((row) => ({ ...row, amount: money(row.amount) }))
}
