import { sql } from 'kysely'
import type { Database } from './database.ts'

/** More items than any company keeps; beyond them the rest is left out, which the caller is told. */
const ITEMS_MAX = 200_000

/** An item of QuickBooks as the mirror has it. */
export interface MirroredItem {
  quickBooksId: string
  name: string
  stockNumber: string | null
  description: string
  /** A plain decimal, to the last digit; null without a price. */
  price: string | null
  active: boolean
}

/** The products and services of a company; categories, bundles and what is deleted are none. */
export function mirroredItems(
  database: Database,
  { connectionId, types }: { connectionId: string; types: readonly string[] },
): Promise<MirroredItem[]> {
  return database.rows(sql<MirroredItem>`
    select quick_books_id as "quickBooksId", name, number as "stockNumber", coalesce(raw ->> 'Description', '') as description,
        raw ->> 'UnitPrice' as price, active
    from mirror_record
    where connection_id = ${connectionId} and entity = 'ITEM' and deleted_at is null and name is not null
      and raw ->> 'Type' = any(${types}::text[])
    order by id limit ${ITEMS_MAX}`)
}
