import { sql } from 'kysely'
import { type Database, recordset } from './database.ts'

/** An order of which the CRM is to be asked who earns on it. */
export interface EarnersDue {
  connectionId: string
  invoiceId: string
  orderNumber: string
  /** The CRM's id of the order. */
  sourceId: string
}

/** Orders of which it was never asked, or not since `readBefore`; those first that were never. */
export function earnersDue(database: Database, args: { readBefore: Date; limit: number }): Promise<EarnersDue[]> {
  return database.rows(sql<EarnersDue>`
    select i.connection_id as "connectionId", i.invoice_id as "invoiceId", i.order_number as "orderNumber", p.source_id as "sourceId"
    from commission_invoice i join posting p on p.id = i.posting_id
    where i.earners_read_at is null or i.earners_read_at < ${args.readBefore}
    order by i.earners_read_at nulls first, i.invoice_id limit ${args.limit}`)
}

/** Notes that the CRM was asked. An invoice of before `lastDay` is asked of no more. */
export async function noteEarnersRead(
  database: Database,
  args: { read: (EarnersDue & { trouble: string | null })[]; lastDay: string; now: Date },
): Promise<void> {
  const rows = args.read.map(({ connectionId, invoiceId, trouble }) => ({
    connection_id: connectionId,
    invoice_id: invoiceId,
    trouble,
  }))
  await database.run(sql`
    update commission_invoice as i set earners_trouble = read.trouble,
      earners_read_at = case when i.invoice_on < ${args.lastDay}::date then 'infinity' else ${args.now}::timestamptz end
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as read (connection_id uuid, invoice_id text, trouble text)
    where i.connection_id = read.connection_id and i.invoice_id = read.invoice_id`)
}
