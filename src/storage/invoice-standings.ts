import { type RawBuilder, sql } from 'kysely'
import { InvoiceStanding } from '../domain/invoice-standing.ts'
import { type Database, recordset } from './database.ts'

/**
 * Makes the standings of these invoices again: totals from the mirror or else from what we posted, all that settles them from the
 * ledger of payment applications. What changed is to be told to the CRM. Belongs in the transaction that changed it.
 */
export function refreshStandings(
  transaction: Database,
  args: { connectionId: string; invoiceIds: string[]; today: string; now: Date },
): Promise<number> {
  if (args.invoiceIds.length === 0) return Promise.resolve(0)
  return refresh(transaction, { ...args, which: sql`i.invoice_id = any(${args.invoiceIds}::text[])` })
}

/** The same for invoices whose due date is over, and that still stand as if it were not. */
export function refreshOverdue(
  database: Database,
  args: { connectionId: string; today: string; now: Date },
): Promise<number> {
  const which = sql`i.invoice_id in (
    select invoice_id from invoice_standing
    where connection_id = ${args.connectionId} and status in ('SENT', 'PARTIAL') and due_on < ${args.today}::date)`
  return refresh(database, { ...args, which })
}

function refresh(
  database: Database,
  args: { connectionId: string; today: string; now: Date; which: RawBuilder<unknown> },
): Promise<number> {
  const { connectionId, today, now, which } = args
  return database.run(sql`
    with facts as (
      select i.posting_id as id, i.invoice_id, i.invoice_on, p.source_id, i.order_number, coalesce(m.total, i.total) as total, s.paid, s.credited,
        nullif(p.document ->> 'dueDate', '')::date as due_on, last.effective_on as paid_on, last.method,
        m.deleted_at is not null or m.total = 0 and i.total > 0 as cancelled
      from commission_invoice i join posting p on p.id = i.posting_id
      left join mirror_record m on m.connection_id = i.connection_id and m.entity = 'INVOICE' and m.quick_books_id = i.invoice_id
      cross join lateral (
        select coalesce(sum(amount) filter (where part in ('CASH', 'REFUND')), 0) as paid,
          coalesce(sum(amount) filter (where part not in ('CASH', 'REFUND')), 0) as credited
        from payment_application a
        where a.connection_id = i.connection_id and a.invoice_id = i.invoice_id and a.currency = i.currency
      ) as s
      left join lateral (
        select a.effective_on, (
          select e.method from payment_event e
          where e.connection_id = i.connection_id and e.kind = a.kind and e.record_id = a.record_id and e.fault is null
          order by (e.state = 'DELETED') desc, e.version desc, e.changed_at desc, e.content_hash desc limit 1) as method
        from payment_application a
        where a.connection_id = i.connection_id and a.invoice_id = i.invoice_id and a.part = 'CASH'
        group by a.kind, a.record_id, a.effective_on having sum(a.amount) > 0
        order by a.effective_on desc, a.record_id desc limit 1
      ) as last on true
      where i.connection_id = ${connectionId} and ${which}
    ), standing as (
      select *, case when cancelled then 0 else total - paid - credited end as due, case
          when cancelled then 'CANCELLED'
          when total - paid - credited <= 0 then 'PAID'
          when due_on < ${today}::date then 'OVERDUE'
          when paid + credited > 0 then 'PARTIAL'
          else 'SENT'
        end as status
      from facts
    )
    insert into invoice_standing as known (id, connection_id, invoice_id, source_id, order_number, status, total, paid, credited, due, invoice_on, due_on,
        paid_on, method, revision, tell_at, attempts)
    select id, ${connectionId}::uuid, invoice_id, source_id, order_number, status, total, paid, credited, due, invoice_on, due_on, paid_on, method, 1,
      ${now}::timestamptz, 0
    from standing
    on conflict (id) do update set connection_id = excluded.connection_id, invoice_id = excluded.invoice_id, invoice_on = excluded.invoice_on, status = excluded.status, total = excluded.total, paid = excluded.paid,
        credited = excluded.credited, due = excluded.due, due_on = excluded.due_on, paid_on = excluded.paid_on, method = excluded.method,
        revision = known.revision + 1, tell_at = excluded.tell_at, attempts = 0
      where (known.status, known.total, known.paid, known.credited, known.due_on, known.paid_on, known.method)
        is distinct from (excluded.status, excluded.total, excluded.paid, excluded.credited, excluded.due_on, excluded.paid_on, excluded.method)`)
}

/**
 * Takes standings that the CRM is to be told now, so that nobody else tells them for a while: of orders that know their invoice, and drafts. An
 * order has one place for it: where a correction posted another invoice, that one speaks, whatever becomes of those before.
 */
export function claimStandings(
  database: Database,
  args: { limit: number; leaseSeconds: number; now: Date },
): Promise<InvoiceStanding[]> {
  return database.entities(
    InvoiceStanding,
    sql`update invoice_standing set tell_at = ${args.now}::timestamptz + make_interval(secs => ${args.leaseSeconds})
        where id = any(array(
          select id from invoice_standing s where tell_at <= ${args.now}
            and exists (
              select from posting p where p.id = s.id
                and case when s.invoice_id is null then p.state not in ('POSTED', 'PROCESSED') else p.state = 'PROCESSED' end and not exists (
                select from posting newer where newer.source_id = p.source_id and newer.kind = p.kind and newer.state = 'PROCESSED'
                  and newer.generation > p.generation))
          order by tell_at limit ${args.limit} for update skip locked))
        returning *`,
  )
}

/** What came of telling one standing: `until` null when the CRM was seen to know it. */
export interface ToldStanding {
  id: string
  revision: number
  until: Date | null
  trouble: string | null
}

/** Notes what the CRM was told. A standing that changed meanwhile is told again, as it was asked for. */
export async function noteTold(database: Database, args: { told: ToldStanding[]; now: Date }): Promise<void> {
  if (args.told.length === 0) return
  await database.run(sql`
    update invoice_standing set tell_at = told.until, trouble = told.trouble,
      attempts = case when told.until is null then 0 else attempts + 1 end,
      told_at = case when told.until is null and told.trouble is null then ${args.now} else told_at end
    from jsonb_to_recordset(${recordset(args.told)}::jsonb) as told (id uuid, revision int, until timestamptz, trouble text)
    where invoice_standing.id = told.id and invoice_standing.revision = told.revision`)
}

/** What is said of one, in the order in which `drafts` says it. */
const COLUMNS = sql`id, connection_id, invoice_id, source_id, order_number, status, total, paid, credited, due, invoice_on, due_on, paid_on,
  method`

/** Orders whose first invoice QuickBooks does not have: drafts, or cancelled when none is to be made any more. */
function drafts(which: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select p.id, p.connection_id, null as invoice_id, p.source_id, coalesce(p.order_number, p.document ->> 'orderNumber') as order_number,
      case when p.state in ('SKIPPED', 'CANCELLED') then 'CANCELLED' else 'DRAFT' end as status, coalesce(p.total, 0)::numeric(18, 2) as total, 0.00 as paid,
      0.00 as credited, 0.00 as due, (p.document ->> 'date')::date as invoice_on, nullif(p.document ->> 'dueDate', '')::date as due_on,
      null::date as paid_on, null as method
    from posting p
    where p.kind = 'INVOICE' and p.state <> 'PROCESSED' and p.state <> 'POSTED' and ${which} and p.quick_books_id is null
      and coalesce(p.order_number, p.document ->> 'orderNumber') is not null
      and not exists (select from posting older where older.source_id = p.source_id and older.kind = p.kind and older.generation < p.generation)`
}

/**
 * Makes the standings of drafts that the CRM is to be told: of orders that wait since `waitingSince`, and of those that it was told
 * and that will not be invoiced. One that is posted sooner never shows as a draft.
 */
export async function refreshDrafts(
  database: Database,
  { waitingSince, now }: { waitingSince: Date; now: Date },
): Promise<void> {
  const told = sql`exists (select from invoice_standing s where s.id = p.id and s.invoice_id is null)`
  await database.run(sql`
    insert into invoice_standing as known (${COLUMNS}, revision, tell_at, attempts)
    select draft.*, 1, ${now}::timestamptz, 0
    from (${drafts(sql`(${told} or p.state not in ('SKIPPED', 'CANCELLED') and p.created_at <= ${waitingSince})`)}) as draft
    on conflict (id) do update set connection_id = excluded.connection_id, status = excluded.status, total = excluded.total,
        revision = known.revision + 1, tell_at = excluded.tell_at,
        attempts = 0
      where known.invoice_id is null and (known.status, known.total) is distinct from (excluded.status, excluded.total)`)
}

/** The standings of an order's invoices; one that QuickBooks does not have is a draft, whether or not the CRM is told of it. */
export function findStandings(database: Database, args: { orderNumber: string }): Promise<InvoiceStanding[]> {
  return database.entities(
    InvoiceStanding,
    sql`select * from (
          select ${COLUMNS}, revision, tell_at, attempts, told_at, trouble from invoice_standing where order_number = ${args.orderNumber}
          union all
          select draft.*, 1, null, 0, null, null
          from (${drafts(sql`p.order_number = ${args.orderNumber} and p.state not in ('SKIPPED', 'CANCELLED')`)}) as draft
          where not exists (select from invoice_standing s where s.id = draft.id)
        ) as standings order by id limit 100`,
  )
}
