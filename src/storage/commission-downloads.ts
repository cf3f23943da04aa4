import { sql } from 'kysely'
import { CommissionDownload } from '../domain/commission-download.ts'
import type { Money } from '../domain/money.ts'
import { type Database, recordset } from './database.ts'

/** Set while the CRM's table is kept: without it nothing is marked. */
const SWITCH = 'commission-download'

/** Begins to keep the CRM's table, with all that was earned so far; or leaves it alone from now on. */
export async function keepDownloads(
  database: Database,
  { isKept, now }: { isKept: boolean; now: Date },
): Promise<void> {
  if (!isKept) {
    await database.run(sql`delete from cursor where name = ${SWITCH}`)
    return
  }
  await database.transaction(async (transaction) => {
    const begun = await transaction.run(sql`
      insert into cursor (name, value, updated_at) values (${SWITCH}, '{}', ${now}) on conflict (name) do nothing`)
    if (begun === 0) return
    await transaction.run(sql`
      insert into commission_download (connection_id, invoice_id, written, tell_at, revision, attempts)
      select connection_id, invoice_id, '[]', '-infinity', 1, 0 from commission_invoice
      on conflict (connection_id, invoice_id) do update set tell_at = '-infinity', revision = commission_download.revision + 1`)
  })
}

/** Marks invoices, or with null all of the company, whose entries were derived again. Belongs in that transaction. */
export async function markDownloads(
  transaction: Database,
  { connectionId, invoiceIds }: { connectionId: string; invoiceIds: string[] | null },
): Promise<void> {
  await transaction.run(sql`
    insert into commission_download (connection_id, invoice_id, written, tell_at, revision, attempts)
    select connection_id, invoice_id, '[]', '-infinity', 1, 0 from commission_invoice
    where connection_id = ${connectionId} and exists (select from cursor where name = ${SWITCH})
      ${invoiceIds === null ? sql`` : sql`and invoice_id = any(${invoiceIds}::text[])`}
    on conflict (connection_id, invoice_id) do update set tell_at = '-infinity', revision = commission_download.revision + 1, attempts = 0`)
}

/** Takes invoices that the CRM is to be told of, so that nobody else tells it for a while. */
export function claimDownloads(
  database: Database,
  args: { limit: number; leaseSeconds: number; now: Date },
): Promise<CommissionDownload[]> {
  return database.entities(
    CommissionDownload,
    sql`update commission_download set tell_at = ${args.now}::timestamptz + make_interval(secs => ${args.leaseSeconds})
        where id = any(array(
          select id from commission_download where tell_at <= ${args.now} order by tell_at limit ${args.limit} for update skip locked))
        returning *`,
  )
}

/** What one payment of an invoice earns one rep now. */
export interface EarnedRow {
  connectionId: string
  invoiceId: string
  documentNumber: string
  /** The CRM's id of the order. */
  sourceId: string
  recordKind: string
  recordId: string
  /** Null is the house account. */
  rep: string | null
  /** The day of the payment. */
  effectiveOn: string
  base: Money
  amount: Money
}

/** All that these invoices earn, payment by payment and rep by rep. */
export function earnedRows(
  database: Database,
  invoices: { connectionId: string; invoiceId: string }[],
): Promise<EarnedRow[]> {
  const wanted = invoices.map(({ connectionId, invoiceId }) => ({ connection_id: connectionId, invoice_id: invoiceId }))
  return database.rows(sql<EarnedRow>`
    select e.connection_id as "connectionId", e.invoice_id as "invoiceId", i.document_number as "documentNumber",
      p.source_id as "sourceId", e.record_kind as "recordKind", e.record_id as "recordId", e.rep,
      min(e.effective_on)::text as "effectiveOn", sum(e.base)::numeric(18, 2)::text as base, sum(e.amount)::numeric(18, 2)::text as amount
    from jsonb_to_recordset(${recordset(wanted)}::jsonb) as wanted (connection_id uuid, invoice_id text)
    join commission_entry e on e.connection_id = wanted.connection_id and e.invoice_id = wanted.invoice_id and e.kind = 'EARNED'
    join commission_invoice i on i.connection_id = e.connection_id and i.invoice_id = e.invoice_id
    join posting p on p.id = i.posting_id
    group by e.connection_id, e.invoice_id, i.document_number, p.source_id, e.record_kind, e.record_id, e.rep
    having sum(e.base) <> 0 or sum(e.amount) <> 0`)
}

/** Notes which rows the CRM may be about to have, before it is told of them. */
export async function noteWriting(database: Database, rows: { id: string; written: string[] }[]): Promise<void> {
  await database.run(sql`
    update commission_download set written = writing.written
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as writing (id uuid, written jsonb)
    where commission_download.id = writing.id`)
}

/** What came of telling: `until` null when the CRM was seen to know. */
export interface ToldDownload {
  id: string
  revision: number
  written: string[]
  until: Date | null
  trouble: string | null
}

/** An invoice that was marked again meanwhile stays marked. */
export async function noteDownloaded(database: Database, told: ToldDownload[]): Promise<void> {
  await database.run(sql`
    update commission_download as d set written = told.written, trouble = told.trouble,
      attempts = case when told.until is null then 0 else d.attempts + 1 end,
      tell_at = case when d.revision = told.revision then told.until else d.tell_at end
    from jsonb_to_recordset(${recordset(told)}::jsonb) as told (id uuid, revision int, written jsonb, until timestamptz, trouble text)
    where d.id = told.id`)
}
