import { sql } from 'kysely'
import type { SalesDocument } from '../domain/document.ts'
import type { Database } from './database.ts'
import { firstIdAt } from './pages.ts'

/** A posting of a sales document, as far as account mappings look at it. */
export interface PastSale {
  id: string
  connectionId: string
  orderNumber: string | null
  documentNumber: string | null
  document: SalesDocument
  /** Read with the places only: what decided by which tax it was taxed, where it was chosen. */
  taxBasis?: string | null
}

/** What is not sent elsewhere goes to the customer's own address. */
const WITH_PLACES = sql`(document - 'customer') || jsonb_build_object('shipTo', coalesce(document -> 'shipTo', document #> '{customer,billing}', '{}')) as document,
  (select choice ->> 'basis' from jsonb_array_elements(case when jsonb_typeof(mapping) = 'array' then mapping else '[]' end) choice
    where choice ->> 'lineKind' = 'TAX' and choice ->> 'targetKind' <> 'METRIC' limit 1) as "taxBasis"`

/** Postings that are read at once: what is in memory is no more than this. */
const PAGE_ROWS_MAX = 2_000

/**
 * The sales documents of postings that were created since a time, page by page, oldest first; of one connection, or of those that
 * the caller may see. What was skipped or called off is left out. The addresses of customers are not read, unless they are asked for.
 */
export async function* pastSales(
  database: Database,
  args: { connectionId: string | null; since: Date; rowsMax?: number; withPlaces?: boolean },
): AsyncGenerator<PastSale[]> {
  const { connectionId, since, rowsMax = PAGE_ROWS_MAX, withPlaces = false } = args
  const document = withPlaces ? WITH_PLACES : sql`document - 'customer' as document`
  let after = firstIdAt(since)
  for (let isFirst = true; ; isFirst = false) {
    const rows = await database.rows(sql<PastSale>`
      select id, connection_id as "connectionId", order_number as "orderNumber", document_number as "documentNumber",
          ${document}
      from posting
      where id ${isFirst ? sql`>=` : sql`>`} ${after}::uuid and (${connectionId}::uuid is null or connection_id = ${connectionId}::uuid)
        and kind in ('INVOICE', 'CREDIT_MEMO', 'REFUND') and state not in ('SKIPPED', 'CANCELLED') and document is not null
      order by id limit ${rowsMax}`)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (!last || rows.length < rowsMax) return
    after = last.id
  }
}
