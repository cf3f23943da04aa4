import { sql } from 'kysely'
import type { InvoiceStatus } from '../domain/invoice-standing.ts'
import type { Money } from '../domain/money.ts'
import type { Database } from './database.ts'

/** What moves what a customer owes. */
export type AccountEntryKind = 'INVOICE' | 'CREDIT_MEMO' | 'PAYMENT' | 'REFUND_RECEIPT'

export interface AccountEntry {
  kind: AccountEntryKind
  quickBooksId: string
  number: string | null
  /** YYYY-MM-DD. */
  date: string | null
  total: Money
  /** What it adds to what the customer owes: negative lowers it. */
  effect: Money
  /** What the customer owes after it. */
  balance: Money
  /** Of a payment: how it was made. */
  method: string | null
  /** Of an invoice that we posted. */
  orderNumber: string | null
  status: InvoiceStatus | null
  due: Money | null
}

export interface CustomerAccount {
  connectionId: string
  customerId: string
  name: string | null
  invoiced: Money
  credited: Money
  paid: Money
  discounted: Money
  balance: Money
  overdue: Money
  /** Newest first. */
  entries: AccountEntry[]
  entryCount: number
}

/**
 * All that a customer bought and paid, and what is owed after each of it: from the mirror, and of invoices that are not mirrored from
 * what we posted. A refund receipt gives back cash of no invoice, and moves nothing that is owed; a credit
 * memo or payment that was paid out gives less. Null when nothing is known of him.
 */
export async function customerAccount(
  database: Database,
  args: { connectionId: string; customerId: string; first: number },
): Promise<CustomerAccount | null> {
  const { connectionId, customerId, first } = args
  const [row] = await database.rows(sql<Omit<CustomerAccount, 'connectionId' | 'customerId'>>`
    with record as (
      select m.entity as kind, m.quick_books_id, m.number, m.date, coalesce(m.total, 0) as total from mirror_record m
      where m.connection_id = ${connectionId} and m.party_id = ${customerId} and m.deleted_at is null
        and m.entity in ('INVOICE', 'CREDIT_MEMO', 'PAYMENT', 'REFUND_RECEIPT')
      union all
      select 'INVOICE', i.invoice_id, i.document_number, i.invoice_on::text, i.total
      from commission_invoice i
      join link l on l.connection_id = i.connection_id and l.kind = 'CUSTOMER' and l.source_id = i.customer_id and l.quick_books_id = ${customerId}
      where i.connection_id = ${connectionId} and not exists (select from mirror_record m
        where m.connection_id = i.connection_id and m.entity = 'INVOICE' and m.quick_books_id = i.invoice_id)
    ), discount as (
      select a.record_id, sum(a.amount) as discounted from payment_application a
      where a.connection_id = ${connectionId} and a.kind = 'PAYMENT' and a.part in ('DISCOUNT', 'WRITE_OFF')
        and a.record_id in (select quick_books_id from record where kind = 'PAYMENT')
      group by a.record_id
    ), given_back as (
      select a.kind, a.record_id, -sum(a.amount) as given_back from payment_application a
      where a.connection_id = ${connectionId} and a.kind in ('PAYMENT', 'CREDIT_MEMO') and a.part = 'REFUND'
        and a.record_id in (select quick_books_id from record)
      group by a.kind, a.record_id
    ), effect as (
      select r.*, coalesce(d.discounted, 0) as discounted, case r.kind when 'INVOICE' then r.total
          when 'REFUND_RECEIPT' then 0 else -r.total - coalesce(d.discounted, 0) + coalesce(g.given_back, 0) end as effect
      from record r left join discount d on r.kind = 'PAYMENT' and d.record_id = r.quick_books_id
      left join given_back g on g.kind = r.kind and g.record_id = r.quick_books_id
    ), running as (
      select e.*, sum(effect) over entered as balance, row_number() over entered as place
      from effect e window entered as (order by date, (kind <> 'INVOICE'), kind, quick_books_id)
    ), entry as (
      select r.place, jsonb_build_object('kind', r.kind, 'quickBooksId', r.quick_books_id, 'number', r.number, 'date', r.date,
          'total', r.total::text, 'effect', r.effect::numeric(18, 2)::text, 'balance', r.balance::numeric(18, 2)::text,
          'orderNumber', s.order_number, 'status', s.status, 'due', s.due::text, 'method', (
            select p.method from payment_event p
            where r.kind = 'PAYMENT' and p.connection_id = ${connectionId} and p.kind = 'PAYMENT' and p.record_id = r.quick_books_id
              and p.fault is null
            order by p.version desc, p.changed_at desc, p.content_hash desc limit 1)) as entry
      from running r
      left join invoice_standing s on r.kind = 'INVOICE' and s.connection_id = ${connectionId} and s.invoice_id = r.quick_books_id
      order by r.place desc limit ${first}
    )
    select (select name from mirror_record where connection_id = ${connectionId} and entity = 'CUSTOMER' and quick_books_id = ${customerId}),
      coalesce(sum(total) filter (where kind = 'INVOICE'), 0)::numeric(18, 2)::text as invoiced,
      coalesce(sum(total) filter (where kind = 'CREDIT_MEMO'), 0)::numeric(18, 2)::text as credited,
      coalesce(sum(total) filter (where kind = 'PAYMENT'), 0)::numeric(18, 2)::text as paid,
      coalesce(sum(discounted), 0)::numeric(18, 2)::text as discounted, coalesce(sum(effect), 0)::numeric(18, 2)::text as balance,
      (select coalesce(sum(s.due), 0)::numeric(18, 2)::text from invoice_standing s
        where s.connection_id = ${connectionId} and s.status = 'OVERDUE'
          and s.invoice_id in (select quick_books_id from record where kind = 'INVOICE')) as overdue,
      coalesce((select jsonb_agg(entry order by place desc) from entry), '[]') as entries, count(*)::int as "entryCount"
    from effect`)
  if (!row || (row.entryCount === 0 && row.name === null)) return null
  return { connectionId, customerId, ...row }
}
