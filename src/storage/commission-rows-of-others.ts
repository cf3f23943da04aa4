import { type RawBuilder, sql } from 'kysely'
import type { CommissionRowOfOthers } from '../domain/commission-row-of-others.ts'
import { type Database, recordset } from './database.ts'

/**
 * Of rows of the CRM's own table, the ids of those that QuickBooks has money behind: of the payment that the row names, unless that
 * pays another invoice of ours; where it names none, of its invoice. What was voided adds up to nothing.
 */
export function paidRows(rows: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select r.id from ${rows} r cross join connection c
    join payment_application a on a.connection_id = c.id and a.kind = any(array['PAYMENT', 'CREDIT_MEMO', 'REFUND'])
      and a.record_id = r.payment_id and a.part in ('CASH', 'REFUND', 'UNAPPLIED')
    left join commission_invoice i on i.connection_id = a.connection_id and i.invoice_id = a.invoice_id
    where i.document_number is null or r.invoice_number is null or i.document_number = r.invoice_number
    group by r.id, a.connection_id, a.kind, a.part having sum(a.amount) <> 0
    union
    select r.id from ${rows} r join commission_invoice i on i.document_number = r.invoice_number
    join payment_application a on a.connection_id = i.connection_id and a.invoice_id = i.invoice_id and a.part in ('CASH', 'REFUND')
    where r.payment_id is null
    group by r.id, i.connection_id, i.invoice_id, a.part having sum(a.amount) <> 0`
}

/** Keeps, of a page of the CRM's table, what we did not write and what has no payment behind it. Gives how many. */
export function keepRowsOfOthers(
  database: Database,
  { rows, now }: { rows: Omit<CommissionRowOfOthers, 'seenAt'>[]; now: Date },
): Promise<number> {
  const came = rows.map((row) => ({
    id: row.id,
    source_id: row.sourceId,
    order_number: row.orderNumber,
    rep: row.rep,
    invoice_number: row.invoiceNumber,
    payment_id: row.paymentId,
    day: row.day,
    amount: row.amount,
    commission: row.commission,
  }))
  return database.run(sql`
    with came as materialized (
      select distinct on (id) * from jsonb_to_recordset(${recordset(came)}::jsonb) as came (id uuid, source_id uuid, order_number text, rep text,
        invoice_number text, payment_id text, day date, amount numeric, commission numeric)
    ), unpaid as materialized (
      select * from came where id not in (${paidRows(sql`came`)})
    ), ours as materialized (
      select unpaid.id from commission_download d cross join lateral jsonb_array_elements_text(d.written) as written (id)
      join unpaid on unpaid.id::text = written.id
    )
    insert into commission_row_of_others (id, source_id, order_number, rep, invoice_number, payment_id, day, amount, commission, seen_at)
    select id, source_id, order_number, rep, invoice_number, payment_id, day, amount, commission, ${now}::timestamptz
    from unpaid where not exists (select from ours where ours.id = unpaid.id)
    on conflict (id) do update set source_id = excluded.source_id, order_number = excluded.order_number, rep = excluded.rep,
      invoice_number = excluded.invoice_number, payment_id = excluded.payment_id, day = excluded.day, amount = excluded.amount,
      commission = excluded.commission, seen_at = excluded.seen_at`)
}

/** What a reading that went through to the end did not meet again is gone, paid, or ours. Gives how many. */
export function dropUnseenRows(database: Database, { seenBefore }: { seenBefore: Date }): Promise<number> {
  return database.run(sql`delete from commission_row_of_others where seen_at < ${seenBefore}`)
}
