import { sql } from 'kysely'

/** What still takes back the record that a draft is about, within the upsert of drafts; null where nothing does. */
export const TAKEN_BACK_BY = sql`(select void.id from posting void where excluded.state = 'PENDING' and excluded.kind <> 'VOID'
    and void.source_id = excluded.source_id and void.kind = 'VOID' and void.quick_books_id is null and void.state not in ('SKIPPED', 'CANCELLED'))`
