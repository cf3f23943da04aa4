import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Posting } from '../domain/posting.ts'
import type { PostingState } from '../domain/transitions.ts'
import type { Database } from './database.ts'

/**
 * Begins the next generation of a posting that is PROCESSED and whose record is gone: the same document under a new id, so
 * under a new idempotency key, and its log rows with it. PENDING goes to QuickBooks; FAILED waits for a person who is about
 * to adopt what is there. Null when there is a newer generation, or one is open.
 */
export async function beginGeneration(
  transaction: Database,
  args: { posting: Posting; state: PostingState.PENDING | PostingState.FAILED; now: Date },
): Promise<string | null> {
  const { posting, state, now } = args
  const id = uuidv7({ msecs: now.getTime() })
  const begun = await transaction.run(sql`
    insert into posting (id, connection_id, kind, source_id, generation, state, order_number, document_number, total, currency,
        document, content_hash, adopted, attempts, absences, revision, write_back_attempts, write_back_at, created_at, updated_at)
    select ${id}::uuid, connection_id, kind, source_id, generation + 1, ${state}, order_number, document_number, total, currency,
        document, content_hash, false, 0, 0, 0, 0, ${now}::timestamptz, ${now}::timestamptz, ${now}::timestamptz
    from posting where id = ${posting.id} and state = 'PROCESSED'
      and not exists (select from posting newer where newer.source_id = ${posting.sourceId} and newer.kind = ${posting.kind}
        and newer.generation > ${posting.generation})
    on conflict do nothing`)
  if (begun === 0) return null
  await transaction.run(sql`update log_row set posting_id = ${id} where posting_id = ${posting.id}`)
  return id
}

/** Whether a posting of this connection, other than the given one, already became this invoice. */
export async function isOwned(
  database: Database,
  args: { connectionId: string; quickBooksId: string; exceptId: string | null },
): Promise<boolean> {
  const found = await database.rows(sql`
    select 1 from posting where connection_id = ${args.connectionId} and quick_books_id = ${args.quickBooksId} and kind = 'INVOICE'
      and (${args.exceptId}::uuid is null or id <> ${args.exceptId}::uuid) limit 1`)
  return found.length > 0
}
