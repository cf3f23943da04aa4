import { sql } from 'kysely'
import { MirrorEntity, SETTLING, type SettlingRecord } from '../domain/mirror.ts'
import type { Database } from './database.ts'

/** A mirrored record whose newest version was not collected yet: what settles invoices, and invoices. */
type UncollectedRecord = Omit<SettlingRecord, 'currency'>

/**
 * Takes up to `limit` of them, and marks them as collected: belongs in the transaction that saves what was made of them. Who
 * mirrors a newer version meanwhile waits, and unmarks it.
 */
export function takeUncollected(
  transaction: Database,
  { connectionId, limit }: { connectionId: string; limit: number },
): Promise<UncollectedRecord[]> {
  const kinds = sql.join([...SETTLING, MirrorEntity.INVOICE].map((entity) => sql.lit(entity)))
  return transaction.rows(sql<UncollectedRecord>`
    update mirror_record set collected = true
    where id = any(array(
      select id from mirror_record where connection_id = ${connectionId} and not collected and entity in (${kinds})
      order by id limit ${limit} for update))
    returning entity, quick_books_id as "quickBooksId", raw::text as raw, changed_at as "changedAt", deleted_at as "deletedAt"`)
}
