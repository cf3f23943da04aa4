import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { ExchangePurpose } from '../domain/kinds.ts'
import { COMMIT_WITHOUT_WAITING, type Database, recordset, withoutNul } from './database.ts'
import type { Lane } from './lanes.ts'
import { countingReads } from './read-meter.ts'

/** An exchange to be recorded: what it asks, and on whose behalf. */
export interface ExchangeDraft {
  id: string
  postingId: string | null
  /** Its place in the delivery, as it was packed. */
  position: number
  purpose: ExchangePurpose
  operation: string
  idempotencyKey: string
  request: string
}

export interface DeliveryDraft {
  method: string
  path: string
  body: string
  exchanges: ExchangeDraft[]
}

/** Records deliveries and their exchanges before anything is sent. Gives the delivery ids, in order. */
export function recordDeliveries(
  database: Database,
  { lane, deliveries, now }: { lane: Lane; deliveries: DeliveryDraft[]; now: Date },
): Promise<string[]> {
  const { connectionId, epoch } = lane
  return database.transaction((transaction) => insert(transaction, { connectionId, epoch, deliveries, now }))
}

/**
 * Records a question that writes nothing and needs no lane, as sent, and counts it among the month's reads. Gives the ids of
 * the delivery and of its exchanges.
 */
export async function recordRead(
  database: Database,
  args: {
    connectionId: string
    envelope: Omit<DeliveryDraft, 'exchanges'> & {
      exchanges: Pick<ExchangeDraft, 'position' | 'purpose' | 'operation' | 'request'>[]
    }
    now: Date
  },
): Promise<{ deliveryId: string; exchangeIds: string[] }> {
  const { connectionId, envelope, now } = args
  const exchanges = envelope.exchanges.map((exchange) => {
    const id = uuidv7()
    return { ...exchange, id, idempotencyKey: id, postingId: null }
  })
  return database.transaction(async (transaction) => {
    const [connection] = await transaction.rows(sql<{ epoch: number }>`
      select lane_epoch as epoch from connection where id = ${connectionId}`)
    const epoch = connection?.epoch ?? 0
    const deliveries = [{ ...envelope, exchanges }]
    const [deliveryId = ''] = await insert(transaction, { connectionId, epoch, deliveries, now })
    await transaction.run(sql`update delivery set sent_at = ${now} where id = ${deliveryId}`)
    await transaction.run(countingReads({ connectionId, reads: sql`select ${exchanges.length}::int`, now }))
    return { deliveryId, exchangeIds: exchanges.map(({ id }) => id) }
  })
}

async function insert(
  transaction: Database,
  args: { connectionId: string; epoch: number; deliveries: DeliveryDraft[]; now: Date },
): Promise<string[]> {
  const { connectionId, epoch, now } = args
  const deliveries = args.deliveries.map((draft) => ({
    id: uuidv7(),
    method: draft.method,
    path: draft.path,
    body_hash: createHash('sha256').update(draft.body).digest('hex'),
    size: draft.exchanges.length,
    carries: carriedBy(draft.exchanges),
  }))
  const exchanges = args.deliveries.flatMap((draft, index) =>
    draft.exchanges.map((exchange) => ({
      id: exchange.id,
      posting_id: exchange.postingId,
      delivery_id: deliveries[index]?.id,
      position: exchange.position,
      purpose: exchange.purpose,
      operation: exchange.operation,
      idempotency_key: exchange.idempotencyKey,
      request: exchange.request,
    })),
  )
  await transaction.run(sql`
    insert into delivery (id, connection_id, lane_epoch, method, path, body_hash, size, carries, created_at)
    select id, ${connectionId}, ${epoch}, method, path, body_hash, size, carries, ${now}
    from jsonb_to_recordset(${recordset(deliveries)}::jsonb)
      as draft (id uuid, method text, path text, body_hash text, size int, carries text)`)
  await transaction.run(sql`
    insert into exchange (id, connection_id, posting_id, delivery_id, position, purpose, operation, idempotency_key, request, created_at)
    select id, ${connectionId}, posting_id, delivery_id, position, purpose, operation, idempotency_key, request, ${now}
    from jsonb_to_recordset(${recordset(exchanges)}::jsonb) as draft (id uuid, posting_id uuid, delivery_id uuid, position int,
      purpose text, operation text, idempotency_key text, request text)`)
  return deliveries.map(({ id }) => id)
}

function carriedBy(exchanges: ExchangeDraft[]): ExchangePurpose {
  const writes = exchanges.some(({ purpose }) => purpose === ExchangePurpose.POST)
  return writes ? ExchangePurpose.POST : (exchanges[0]?.purpose ?? ExchangePurpose.PULL)
}

/**
 * The guard of law 11: a delivery may go only once, only by the owner of the lane, and only while the lease outlasts
 * the time in which it must leave and its answer may come; a connection that is read-only, or in shadow mode, is never written to. Moves the claimed
 * postings that travel in it to SENT, in the same transaction. The lane is held until then, so that whoever takes it
 * over sees what was sent.
 */
export async function markSent(
  database: Database,
  args: {
    deliveryId: string
    lane: Lane
    postingIds: string[]
    writes: boolean
    /** How long after `now` its last byte may still leave, and its answer may come. */
    outSeconds: number
    now: Date
  },
): Promise<boolean> {
  const { connectionId, epoch, owner } = args.lane
  // One statement, so that whoever waits for it at the other end waits for one commit and nothing else.
  const [row] = await database.rows(sql<{ size: number }>`
    with lane as materialized (
      select id from connection
      where id = ${connectionId} and lane_epoch = ${epoch} and lane_owner = ${owner}
        and state = 'ACTIVE' and not ((read_only or mode = 'SHADOW') and ${args.writes})
        and lane_lease_until > ${args.now}::timestamptz + make_interval(secs => ${args.outSeconds})
      for share),
    sent as (
      update delivery set sent_at = ${args.now}
      where id = ${args.deliveryId} and exists (select from lane) and sent_at is null and connection_id = ${connectionId} and lane_epoch = ${epoch}
      returning size),
    moved as (
      update posting set state = 'SENT', sent_at = ${args.now}, revision = revision + 1, updated_at = ${args.now}
      where id = any(${args.postingIds}::uuid[]) and exists (select from sent) and state = 'CLAIMED' and claim_epoch = ${epoch}),
    metered as (${countingReads({ connectionId, reads: sql`select size from sent where not ${args.writes}::boolean`, now: args.now })})
    select size from sent`)
  return row !== undefined
}

export interface StoredAnswer {
  status: number | null
  body: string | null
  intuitTid: string | null
  lostReason: string | null
  durationMs: number
}

/**
 * Saves what came back, as it came (but for NUL characters), before anybody tries to understand it. The commit does not wait
 * for the disk itself: it stands in PostgreSQL's log before all that is made of the answer, so that none of that is on the
 * disk without it, and a crash before then is the same as one before the answer came.
 */
export async function saveAnswer(
  database: Database,
  args: { deliveryId: string; answer: StoredAnswer; now: Date },
): Promise<void> {
  await database.run(sql`
    with unhurried as materialized (${COMMIT_WITHOUT_WAITING})
    update delivery set answered_at = ${args.now}, status = ${args.answer.status}, response = ${args.answer.body && withoutNul(args.answer.body)},
        intuit_tid = ${args.answer.intuitTid}, lost_reason = ${args.answer.lostReason}, duration_ms = ${Math.round(args.answer.durationMs)}
    from unhurried where id = ${args.deliveryId} and answered_at is null`)
}

/**
 * Saves what each exchange's part of the answer was, and what it meant. The commit does not wait for the disk: the answer is
 * on it already, and would only be read again.
 */
export async function saveOutcomes(
  database: Database,
  args: { outcomes: { id: string; outcome: string; response: string | null }[] },
): Promise<void> {
  await database.run(sql`
    with unhurried as materialized (${COMMIT_WITHOUT_WAITING})
    update exchange set outcome = understood.outcome, response = understood.response
    from jsonb_to_recordset(${recordset(args.outcomes)}::jsonb) as understood (id uuid, outcome text, response text), unhurried
    where exchange.id = understood.id`)
}

/** What was last sent for a posting: the item, and the path of the delivery that it travelled in. */
export interface SentExchange {
  postingId: string
  path: string
  position: number
  operation: string
  idempotencyKey: string
  request: string
  /** Whether anything came back, if only a complaint about the whole delivery. */
  answered: boolean
}

/** The newest exchange of each posting that was sent to write it, by posting; none whose bytes are kept no longer. */
export async function lastSent(database: Database, args: { postingIds: string[] }): Promise<Map<string, SentExchange>> {
  if (args.postingIds.length === 0) return new Map()
  const rows = await database.rows(sql<{
    posting_id: string
    path: string
    position: number
    operation: string
    idempotency_key: string
    request: string
    answered: boolean
  }>`
    select distinct on (exchange.posting_id) exchange.posting_id, delivery.path, exchange.position, exchange.operation,
        exchange.idempotency_key, exchange.request, delivery.status is not null as answered
    from exchange join delivery on delivery.id = exchange.delivery_id
    where exchange.posting_id = any(${args.postingIds}::uuid[]) and exchange.purpose = 'POST' and delivery.sent_at is not null
      and delivery.pruned_at is null
    order by exchange.posting_id, exchange.id desc`)
  return new Map(
    rows.map(({ posting_id: postingId, idempotency_key: idempotencyKey, ...row }) => [
      postingId,
      { postingId, idempotencyKey, ...row },
    ]),
  )
}

/** What was sent in the last minute, whoever owned the lane: a new owner fills its rate window from it. */
export async function recentDeliveries(
  database: Database,
  args: { connectionId: string; since: Date },
): Promise<{ sentAt: Date; path: string; throttledAt: Date | null }[]> {
  const rows = await database.rows(sql<{ sent_at: string; path: string; throttled_at: string | null }>`
    select sent_at, path, case when status = 429 then answered_at end as throttled_at
    from delivery where connection_id = ${args.connectionId} and sent_at >= ${args.since} order by sent_at`)
  return rows.map(({ sent_at, path, throttled_at }) => ({
    sentAt: new Date(sent_at),
    path,
    throttledAt: throttled_at === null ? null : new Date(throttled_at),
  }))
}
