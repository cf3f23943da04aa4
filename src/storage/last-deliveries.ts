import { sql } from 'kysely'
import { ExchangePurpose } from '../domain/kinds.ts'
import type { Database } from './database.ts'

/** A delivery that was sent to write something, with all that travelled in it. */
export interface LastDelivery {
  path: string
  /** The answer, if one was stored: nothing says yet that somebody understood it. */
  answer: { status: number; body: string; intuitTid: string | null; durationMs: number } | null
  exchanges: {
    id: string
    postingId: string | null
    position: number
    purpose: ExchangePurpose
    operation: string
    idempotencyKey: string
    request: string
    /** What its answer was understood as; null when nobody has. */
    outcome: string | null
  }[]
}

/** The deliveries in which postings were last sent, each once, with its exchanges in their order. */
export async function lastDeliveries(database: Database, args: { postingIds: string[] }): Promise<LastDelivery[]> {
  if (args.postingIds.length === 0) return []
  const rows = await database.rows(sql<{
    path: string
    status: number | null
    response: string | null
    intuit_tid: string | null
    duration_ms: number | null
    exchanges: LastDelivery['exchanges']
  }>`
    select delivery.path, delivery.status, delivery.response, delivery.intuit_tid, delivery.duration_ms,
        jsonb_agg(jsonb_build_object('id', exchange.id, 'postingId', exchange.posting_id, 'position', exchange.position,
          'purpose', exchange.purpose, 'operation', exchange.operation, 'idempotencyKey', exchange.idempotency_key,
          'request', exchange.request, 'outcome', exchange.outcome) order by exchange.position) as exchanges
    from delivery join exchange on exchange.delivery_id = delivery.id
    where delivery.id in (
      select distinct on (exchange.posting_id) exchange.delivery_id
      from exchange join delivery on delivery.id = exchange.delivery_id
      where exchange.posting_id = any(${args.postingIds}::uuid[]) and exchange.purpose = ${ExchangePurpose.POST}
        and delivery.sent_at is not null
      order by exchange.posting_id, exchange.id desc)
    group by delivery.id order by delivery.sent_at`)
  return rows.map(({ path, status, response, intuit_tid: intuitTid, duration_ms: durationMs, exchanges }) => ({
    path,
    answer:
      status === null || response === null ? null : { status, body: response, intuitTid, durationMs: durationMs ?? 0 },
    exchanges,
  }))
}
