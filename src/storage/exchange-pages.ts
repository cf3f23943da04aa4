import { type RawBuilder, sql } from 'kysely'
import type { Author } from '../domain/access.ts'
import { Delivery } from '../domain/delivery.ts'
import { Exchange } from '../domain/exchange.ts'
import type { ExchangePurpose } from '../domain/kinds.ts'
import { writeAudit } from './audit.ts'
import type { Database } from './database.ts'
import { idFrom, type KeysetPage, keysetPage, type PageRequest } from './pages.ts'

/** What is left out filters nothing. */
export interface ExchangeSelection {
  postingId?: string | null
  connectionId?: string | null
  purpose?: ExchangePurpose | null
}

/** The newest exchanges that a posting shows of itself; the rest are a page away. */
export const EXCHANGES_OF_POSTING_MAX = 20

/** Everything of an exchange but its bodies, which are large and personal. */
const WITHOUT_BODIES = sql`id, connection_id, posting_id, delivery_id, position, purpose, operation, idempotency_key, outcome, created_at`

export async function exchangePage(
  database: Database,
  { selection, request }: { selection: ExchangeSelection; request: PageRequest },
): Promise<KeysetPage<Exchange>> {
  const { postingId, connectionId, purpose } = selection
  const conditions: RawBuilder<unknown>[] = [
    ...(postingId ? [sql`posting_id = ${idFrom({ id: postingId, what: 'posting' })}::uuid`] : []),
    ...(connectionId ? [sql`connection_id = ${idFrom({ id: connectionId, what: 'connection' })}::uuid`] : []),
    ...(purpose ? [sql`purpose = ${purpose}`] : []),
  ]
  return keysetPage(database, { entity: Exchange, table: sql`exchange`, columns: WITHOUT_BODIES, conditions, request })
}

/** The newest exchanges of each posting, newest first, without their bodies. */
export function exchangesOfPostings(database: Database, postingIds: readonly string[]): Promise<Exchange[]> {
  return database.entities(
    Exchange,
    sql`select newest.* from unnest(${postingIds}::uuid[]) as wanted (id)
        cross join lateral (
          select ${WITHOUT_BODIES} from exchange where posting_id = wanted.id order by id desc limit ${EXCHANGES_OF_POSTING_MAX}
        ) as newest`,
  )
}

/** Deliveries by their ids, in no order, without the body of the answer. */
export function deliveriesById(database: Database, ids: readonly string[]): Promise<Delivery[]> {
  return database.entities(
    Delivery,
    sql`select id, connection_id, lane_epoch, method, path, body_hash, size, carries, sent_at, answered_at, status, duration_ms,
          intuit_tid, lost_reason, pruned_at, created_at
        from delivery where id = any(${ids}::uuid[])`,
  )
}

/** Which try of the same question each exchange was, from 1: a try that means the same bears the same key. */
export function triesOf(database: Database, ids: readonly string[]): Promise<{ id: string; number: number }[]> {
  return database.rows(sql<{ id: string; number: number }>`
    select asked.id, greatest(1, (
      select count(*) from exchange as earlier
      where earlier.posting_id = asked.posting_id and earlier.id <= asked.id
        and earlier.idempotency_key = asked.idempotency_key))::int as number
    from exchange as asked where asked.id = any(${ids}::uuid[])`)
}

export interface ExchangeBodies {
  id: string
  request: string
  response: string | null
}

/** The action under which the audit trail lists the reading of bodies. */
export const READ_BODIES = 'readExchangeBodies'

/**
 * Reads bodies and leaves one audit entry that names them, or does neither: no reading goes unseen. A reading that fails
 * leaves an entry that says so.
 */
export async function readExchangeBodies(
  database: Database,
  { ids, author, now }: { ids: readonly string[]; author: Author; now: Date },
): Promise<ExchangeBodies[]> {
  const { name, keyId, connectionIds } = author
  const entry = { author: name, keyId, connectionIds, action: READ_BODIES, subject: `exchange ${ids.join(' ')}`, now }
  try {
    return await database.transaction(async (transaction) => {
      const bodies = await transaction.rows(
        sql<ExchangeBodies>`select id, request, response from exchange where id = any(${ids}::uuid[])`,
      )
      await writeAudit(transaction, { ...entry, result: 'OK' })
      return bodies
    })
  } catch (error) {
    await writeAudit(database, { ...entry, result: 'ERROR' })
    throw error
  }
}
