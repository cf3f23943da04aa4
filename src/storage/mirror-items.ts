import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Rows of the mirror that are in memory at once, beside what is made of them. */
const PAGE_ROWS_MAX = 5_000
/** More items than any company keeps; beyond them the rest is left out. */
const PAGES_MAX = 40

/** An item as the mirror has it. */
export interface MirroredItemRow {
  id: string
  quickBooksId: string
  name: string
  stockNumber: string | null
  active: boolean
  /** The record as JSON. */
  raw: string
}

/** The items of a company that are not deleted, page by page, the oldest of the mirror first. */
export async function* mirroredItems(
  database: Database,
  { connectionId }: { connectionId: string },
): AsyncGenerator<MirroredItemRow[]> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const rows = await database.rows(sql<MirroredItemRow>`
      select id, quick_books_id as "quickBooksId", name, number as "stockNumber", active, raw::text as raw
      from mirror_record
      where connection_id = ${connectionId} and entity = 'ITEM' and deleted_at is null and name is not null
        and id > ${after}::uuid
      order by id limit ${PAGE_ROWS_MAX}`)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (!last || rows.length < PAGE_ROWS_MAX) return
    after = last.id
  }
}
