import { sql } from 'kysely'
import type { Database } from './database.ts'

/**
 * Takes over the invoices that were posted since, with what of each line earns commission: its amount less its discount.
 * Gives their QuickBooks ids. An invoice never changes once QuickBooks has it. The lines of all are added up together: a
 * question for each invoice would look through the lines of all of them.
 */
export async function addPostedInvoices(
  transaction: Database,
  { connectionId, now }: { connectionId: string; now: Date },
): Promise<string[]> {
  const added = await transaction.rows(sql<{ invoice_id: string }>`
    with posted as materialized (
      select distinct on (p.quick_books_id) p.id, p.quick_books_id, p.order_number, p.document, coalesce(p.posted_at, ${now}) as recorded_at
      from posting p
      where p.connection_id = ${connectionId} and p.kind = 'INVOICE' and p.state in ('POSTED', 'PROCESSED')
        and p.quick_books_id is not null and p.document is not null
        and not exists (select from commission_invoice i where i.connection_id = p.connection_id and i.invoice_id = p.quick_books_id)
      order by p.quick_books_id, p.id
    ), line as (
      select posted.quick_books_id, (line ->> 'position')::int as position, line -> 'item' ->> 'sourceId' as item_id,
        line -> 'item' ->> 'name' as item_name, (line ->> 'amount')::numeric - (line ->> 'discountAmount')::numeric as net
      from posted cross join lateral jsonb_array_elements(posted.document -> 'lines') as line
    ), based as (
      select quick_books_id, sum(net) as base from line group by quick_books_id
    ), lines_added as (
      insert into commission_line (connection_id, invoice_id, position, item_id, item_name, net)
      select ${connectionId}::uuid, quick_books_id, position, item_id, item_name, net from line
    )
    insert into commission_invoice (connection_id, invoice_id, posting_id, order_number, document_number, customer_id, customer_name,
        invoice_on, total, base, currency, recorded_at)
    select ${connectionId}::uuid, posted.quick_books_id, id, coalesce(order_number, document ->> 'orderNumber'), document ->> 'number',
      document -> 'customer' ->> 'sourceId', document -> 'customer' ->> 'name', (document ->> 'date')::date,
      (document ->> 'total')::numeric, coalesce(based.base, 0),
      document ->> 'currency', recorded_at
    from posted left join based on based.quick_books_id = posted.quick_books_id
    returning invoice_id`)
  return added.map((row) => row.invoice_id)
}

/** The invoices that credit memos and refunds of ours correct, by the QuickBooks ids of these; those that say none are absent. */
export async function correctedInvoices(
  database: Database,
  { connectionId, recordIds }: { connectionId: string; recordIds: string[] },
): Promise<Map<string, string>> {
  if (recordIds.length === 0) return new Map()
  const found = await database.rows(sql<{ record_id: string; invoice_id: string }>`
    select distinct on (credit.quick_books_id) credit.quick_books_id as record_id,
      coalesce(credit.document -> 'corrects' ->> 'quickBooksId', invoice.quick_books_id) as invoice_id
    from posting credit
    left join posting invoice on invoice.connection_id = credit.connection_id and invoice.kind = 'INVOICE'
      and invoice.source_id = (credit.document -> 'corrects' ->> 'sourceId')::uuid and invoice.quick_books_id is not null
    where credit.connection_id = ${connectionId} and credit.kind in ('CREDIT_MEMO', 'REFUND')
      and credit.quick_books_id = any(${recordIds}::text[]) and credit.document -> 'corrects' ->> 'kind' = 'INVOICE'
      and (invoice.id is not null or credit.document -> 'corrects' ->> 'quickBooksId' is not null)
    order by credit.quick_books_id, (invoice.id < credit.id) desc, invoice.id desc`)
  return new Map(found.map(({ record_id, invoice_id }) => [record_id, invoice_id]))
}
