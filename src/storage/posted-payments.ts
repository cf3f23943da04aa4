import { sql } from 'kysely'
import { Posting } from '../domain/posting.ts'
import type { Database } from './database.ts'

/**
 * One page of the payments of the CRM that are done, each by its newest posting, by the id of the payment. What applies a credit
 * memo is no payment of the CRM.
 */
export function postedPayments(
  database: Database,
  args: { connectionId: string; after: string | null; limit: number },
): Promise<Posting[]> {
  return database.entities(
    Posting,
    sql`
    select posting.* from posting
    where kind = 'PAYMENT' and connection_id = ${args.connectionId} and state = 'PROCESSED'
      and (${args.after}::uuid is null or source_id > ${args.after}::uuid)
      and not jsonb_path_exists(document, '$.applications[*].credit')
      and not exists (select from posting newer where newer.source_id = posting.source_id and newer.kind = 'PAYMENT'
        and newer.generation > posting.generation)
    order by source_id limit ${args.limit}`,
  )
}
