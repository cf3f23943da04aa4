import { type RawBuilder, sql } from 'kysely'
import type { MissingReason } from '../domain/commission-case.ts'
import { type Money, money } from '../domain/money.ts'
import { paidRows } from './commission-rows-of-others.ts'
import type { Database } from './database.ts'

/** What earns nothing, or not yet, and why; or what is paid without a payment behind it. */
export interface MissingCommission {
  reason: MissingReason
  orderNumber: string | null
  invoiceId: string | null
  recordKind: string | null
  recordId: string | null
  rep: string | null
  day: string
  amount: Money | null
  detail: string | null
}

interface Selection {
  connectionId: string
  from: string
  to: string
}

type Question = (days: RawBuilder<unknown>, connectionId: string) => RawBuilder<unknown>

/** Orders without a log row, and rows of others whose order has no posting, belong to the default connection. Each gives: order number, invoice, kind and id of the record, rep, day, amount, detail. */
const QUESTIONS: Record<MissingReason, Question> = {
  ORDER_NOT_POSTED: (days, connectionId) => sql`
    select order_number, null as invoice_id, null as record_kind, null as record_id, null as rep, day, total as amount, detail from (
      select order_number, coalesce((document ->> 'date')::date, created_at::date) as day, total,
        concat_ws(' ', lower(state), reason_code) as detail
      from posting where connection_id = ${connectionId} and kind = 'INVOICE' and state not in ('POSTED', 'PROCESSED')
      union all
      select u.order_number, coalesce(u.date::date, u.found_at::date), u.total, 'no log row ' || u.reason_code
      from unlogged_order u join connection c on c.id = ${connectionId} and c.is_default
      where u.resolved_at is null and not exists (select from posting p where p.source_id = u.source_id and p.kind = 'INVOICE')
    ) as orders where day ${days}`,
  POSTED_UNPAID: (days, connectionId) => due({ days, connectionId, paid: sql`s.paid <= 0` }),
  PARTLY_PAID: (days, connectionId) => due({ days, connectionId, paid: sql`s.paid > 0` }),
  PAID_UNMATCHED: (days, connectionId) => sql`
    select null, a.invoice_id, a.kind, a.record_id, null, a.effective_on, sum(a.amount),
      case when a.invoice_id is null then 'applied to no invoice' else 'applied to an invoice that was not posted from here' end
    from payment_application a
    left join commission_invoice i on i.connection_id = a.connection_id and i.invoice_id = a.invoice_id
    where a.connection_id = ${connectionId} and a.effective_on ${days} and a.part in ('CASH', 'REFUND', 'UNAPPLIED') and i.invoice_id is null
    group by a.invoice_id, a.kind, a.record_id, a.effective_on having sum(a.amount) <> 0`,
  FOREIGN_CURRENCY: (days, connectionId) => sql`
    select i.order_number, a.invoice_id, a.kind, a.record_id, null, a.effective_on, sum(a.amount), a.currency || ' for an invoice in ' || i.currency
    from payment_application a join commission_invoice i on i.connection_id = a.connection_id and i.invoice_id = a.invoice_id
    where a.connection_id = ${connectionId} and a.effective_on ${days} and a.part in ('CASH', 'REFUND') and i.currency <> a.currency
    group by i.order_number, a.invoice_id, a.kind, a.record_id, a.effective_on, a.currency, i.currency having sum(a.amount) <> 0`,
  NO_EARNER: (days, connectionId) => sql`
    select i.order_number, e.invoice_id, e.record_kind, e.record_id, null, e.effective_on, e.base, coalesce(i.earners_trouble, 'goes to the house account')
    from commission_entry e join commission_invoice i on i.connection_id = e.connection_id and i.invoice_id = e.invoice_id
    where e.connection_id = ${connectionId} and e.effective_on ${days} and e.kind = 'EARNED' and e.rep is null`,
  NO_RATE: (days, connectionId) => sql`
    select i.order_number, e.invoice_id, e.record_kind, e.record_id, e.rep, e.effective_on, e.base, 'no rate is in force on the day of the invoice'
    from commission_entry e join commission_invoice i on i.connection_id = e.connection_id and i.invoice_id = e.invoice_id
    where e.connection_id = ${connectionId} and e.effective_on ${days} and e.kind = 'EARNED' and e.rep is not null and e.rule_id is null`,
  WITHOUT_PAYMENT: (days, connectionId) => sql`
    select order_number, null, null, null, rep, effective_on, amount, lower(kind) || ', approved by ' || approver || ': ' || note
    from commission_adjustment where connection_id = ${connectionId} and effective_on ${days}
    union all ${ofOthers(days, connectionId)}`,
  FAULTY_RECORD: (days, connectionId) => sql`
    select null, null, kind, record_id, null, coalesce(date, recorded_at::date), total, fault from payment_event
    where connection_id = ${connectionId} and fault is not null and coalesce(date, recorded_at::date) ${days}`,
}

/** Rows that others put into the CRM's own table: what they pay, and what to do. One whose payment came since it was read is in order. */
function ofOthers(days: RawBuilder<unknown>, connectionId: string): RawBuilder<unknown> {
  const rows = sql`(select * from commission_row_of_others where day ${days})`
  return sql`
    select r.order_number, null, null, null, r.rep, r.day, r.commission, concat('QuickBooks has no payment', ' ' || r.payment_id,
      ' of ' || r.amount, ' for invoice ' || r.invoice_number, '; others put it into the CRM’s table of commission as row ', r.id,
      ': enter the payment in QuickBooks, or correct or remove that row in the CRM.')
    from ${rows} r join connection c on c.id = ${connectionId}
    where coalesce((select p.connection_id = c.id from posting p where p.source_id = r.source_id and p.kind = 'INVOICE' order by p.id desc limit 1),
        c.is_default) and r.id not in (${paidRows(rows)})`
}

/** What is due of invoices that QuickBooks has: not what was credited or cancelled, nor what another currency paid, which is listed itself. */
function due(args: {
  days: RawBuilder<unknown>
  connectionId: string
  paid: RawBuilder<unknown>
}): RawBuilder<unknown> {
  return sql`
    select i.order_number, i.invoice_id, null, null, null, i.invoice_on, s.due, nullif(concat_ws(', ',
      case when s.paid <> 0 then s.paid || ' of ' || s.total || ' is paid' end,
      case when s.credited <> 0 then s.credited || ' of ' || s.total || ' is credited' end,
      case when s.status = 'OVERDUE' then 'overdue since ' || s.due_on else 'due on ' || s.due_on end), '')
    from commission_invoice i join invoice_standing s on s.connection_id = i.connection_id and s.invoice_id = i.invoice_id
    where i.connection_id = ${args.connectionId} and i.invoice_on ${args.days} and s.due > 0 and s.status <> 'CANCELLED' and ${args.paid}
      and not exists (select from payment_application a where a.connection_id = i.connection_id and a.invoice_id = i.invoice_id
        and a.currency <> i.currency and a.part in ('CASH', 'REFUND') having sum(a.amount) > 0)`
}

/** How many there are of each reason. */
export async function missingCounts(
  database: Database,
  selection: Selection & { reasons: MissingReason[] },
): Promise<{ reason: MissingReason; count: number; amount: Money }[]> {
  const counts = selection.reasons.map(
    (reason) =>
      sql`select ${reason} as reason, count(*)::int as count, coalesce(sum(amount), 0)::text as amount from (${asked(reason, selection)}) as missing`,
  )
  const rows = await database.rows(
    sql<{ reason: MissingReason; count: number; amount: string }>`${sql.join(counts, sql` union all `)}`,
  )
  return rows.map((row) => ({ ...row, amount: money(row.amount) }))
}

/** The rows themselves, by reason and day. */
export async function missingRows(
  database: Database,
  selection: Selection & { reasons: MissingReason[]; first: number; after: number },
): Promise<MissingCommission[]> {
  const all = selection.reasons.map(
    (reason) => sql`select ${reason} as reason, missing.* from (${asked(reason, selection)}) as missing`,
  )
  const rows = await database.rows(sql<MissingCommission>`
    select reason, order_number as "orderNumber", invoice_id as "invoiceId", record_kind as "recordKind", record_id as "recordId", rep,
      day::text as day, amount::numeric(18, 2)::text as amount, detail
    from (${sql.join(all, sql` union all `)}) as missing (reason, order_number, invoice_id, record_kind, record_id, rep, day, amount, detail)
    order by reason, day, order_number, record_id, invoice_id, rep, amount limit ${selection.first} offset ${selection.after}`)
  return rows
}

/** Each question with names and types of its own columns, so that they can be put together. */
function asked(reason: MissingReason, { connectionId, from, to }: Selection): RawBuilder<unknown> {
  return sql`
    select order_number::text, invoice_id::text, record_kind::text, record_id::text, rep::text, day::date, amount::numeric, detail::text
    from (${QUESTIONS[reason](sql`between ${from}::date and ${to}::date`, connectionId)})
      as found (order_number, invoice_id, record_kind, record_id, rep, day, amount, detail)`
}
