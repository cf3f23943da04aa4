import { sql } from 'kysely'
import type { PostingKind } from '../domain/kinds.ts'
import type { Database } from './database.ts'

/** Whether the company of a posting can make anything of it now. */
const canWrite = (connectionId: ReturnType<typeof sql>) => sql`exists (select from connection
  where connection.id = ${connectionId} and connection.state = 'ACTIVE' and not connection.read_only and connection.mode = 'WRITING')`

/** Whether another company, to which the blocker belongs, is done with it, or can make nothing of it now. */
export const isOursToMake = sql`(blocker.state = 'PROCESSED' or (blocker.state = 'PENDING' and not ${canWrite(sql`blocker.connection_id`)}))`

/**
 * Gives a company the customers or items that another one gave up, or can make nothing of now: they are no record there. They
 * begin a new generation, so that no answer of the other company is ever taken for theirs. The other makes its own when it needs them.
 */
export async function takeOver(
  database: Database,
  args: { connectionId: string; kind: PostingKind.CUSTOMER | PostingKind.ITEM; sourceIds: string[]; now: Date },
): Promise<void> {
  const { connectionId, kind, sourceIds, now } = args
  await database.run(sql`
    update posting set connection_id = ${connectionId}, generation = generation + 1, state = 'PENDING', reason_code = null,
        reason_detail = null, mapping = null, sent_at = null, attempts = 0, absences = 0, not_before = null, waiting_for = null,
        blocked_by_id = null, revision = revision + 1, write_back_attempts = 0, write_back_at = ${now}, updated_at = ${now}
    where kind = ${kind} and source_id = any(${sourceIds}::uuid[]) and connection_id <> ${connectionId} and quick_books_id is null
      and (state in ('FAILED', 'SKIPPED', 'CANCELLED') or (state = 'PENDING' and not ${canWrite(sql`posting.connection_id`)}))`)
}
