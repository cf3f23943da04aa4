import { sql } from 'kysely'
import type { ExchangePurpose } from '../domain/kinds.ts'
import type { Database } from './database.ts'

/**
 * Deletes the bodies of the oldest answered deliveries that carry this and were sent before a time, and what their exchanges
 * kept of them; a pull keeps its question, which is small. All else of them stays. Gives how many it were, at most `limit`.
 */
export function pruneBodies(
  database: Database,
  args: { carries: ExchangePurpose; sentBefore: Date; limit: number; now: Date },
): Promise<number> {
  const { carries, sentBefore, limit, now } = args
  return database.transaction(async (transaction) => {
    const pruned = await transaction.rows(sql<{ id: string }>`
      update delivery set response = null, pruned_at = ${now}
      where id = any(array(
        select id from delivery where carries = ${carries} and response is not null and sent_at < ${sentBefore}
        order by sent_at limit ${limit} for update skip locked))
      returning id`)
    await transaction.run(sql`
      update exchange set request = '', response = null
      where delivery_id = any(${pruned.map(({ id }) => id)}::uuid[]) and purpose <> 'PULL'`)
    return pruned.length
  })
}
