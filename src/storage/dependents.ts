import { sql } from 'kysely'
import type { Database } from './database.ts'
import { isOursToMake } from './take-over.ts'

/**
 * Lets go, or fails, the postings of a connection that wait for others: freed by those that QuickBooks has, failed by
 * those that failed. One that was failed so still knows whom it waited for, and is freed when that one is posted after
 * all. A customer or item of another company is waited for until that company is done with it, or can do nothing more: then it is
 * this one's turn to make it. Without `blockerIds` all that wait are looked at.
 */
export async function resolveDependents(
  database: Database,
  args: { connectionId: string; blockerIds?: string[]; now: Date },
): Promise<{ freed: number; failed: number }> {
  const theirs = args.blockerIds ? sql`blocker.id = any(${args.blockerIds}::uuid[])` : sql`true`
  const waiting = sql`posting.blocked_by_id = blocker.id and posting.connection_id = ${args.connectionId} and ${theirs}`
  const isOthers = sql`(blocker.kind in ('CUSTOMER', 'ITEM') and blocker.connection_id <> posting.connection_id)`
  const freed = await database.run(sql`
    update posting set state = 'PENDING', blocked_by_id = null, waiting_for = null, reason_code = null, reason_detail = null,
        attempts = 0, write_back_at = ${args.now}, revision = posting.revision + 1, updated_at = ${args.now}
    from posting blocker
    where ${waiting} and posting.state in ('PENDING', 'FAILED')
      and case when ${isOthers} then ${isOursToMake} else blocker.quick_books_id is not null end`)
  const failed = await database.run(sql`
    update posting set state = 'FAILED', waiting_for = null,
        reason_code = case blocker.kind when 'CUSTOMER' then 'CUSTOMER_FAILED' when 'ITEM' then 'ITEM_FAILED' else 'DOCUMENT_FAILED' end,
        reason_detail = case
          when blocker.kind = 'CUSTOMER'
          then jsonb_build_object('customerName', blocker.document ->> 'name', 'orderNumber', posting.order_number)
          when blocker.kind = 'ITEM'
          then jsonb_build_object('item', blocker.document ->> 'name', 'orderNumber', posting.order_number)
          else jsonb_build_object('documentNumber', posting.document_number, 'orderNumber', posting.order_number,
            'target', lower(replace(blocker.kind, '_', ' ')) || ' ' || coalesce(blocker.document_number, 'without a number')) end,
        write_back_at = ${args.now}, revision = posting.revision + 1, updated_at = ${args.now}
    from posting blocker
    where ${waiting} and posting.state = 'PENDING' and blocker.state in ('FAILED', 'MISMATCHED', 'CANCELLED', 'SKIPPED')`)
  return { freed, failed }
}
