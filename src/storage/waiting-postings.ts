import { sql } from 'kysely'
import type { ReasonCode } from '../domain/reason.ts'
import type { Database } from './database.ts'

/**
 * Lets postings go now that wait for a time because of a reason. One that waits for another posting goes on waiting for it.
 * Gives the ids of those that were let go.
 */
export async function freeWaiting(
  database: Database,
  { ids, reasonCode, now }: { ids: string[]; reasonCode: ReasonCode; now: Date },
): Promise<Set<string>> {
  const rows = await database.rows(sql<{ id: string }>`
    update posting set not_before = null, waiting_for = null, reason_code = null, reason_detail = null, attempts = 0,
        write_back_at = ${now}, revision = revision + 1, updated_at = ${now}
    where id = any(${ids}::uuid[]) and state = 'PENDING' and blocked_by_id is null and reason_code = ${reasonCode}
    returning id`)
  return new Set(rows.map(({ id }) => id))
}
