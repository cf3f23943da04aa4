import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Author } from '../domain/access.ts'
import {
  type AskedBulkState,
  BULK_STATES_BEFORE,
  type BulkItemResult,
  BulkOperation,
  type BulkOperationKind,
} from '../domain/bulk-operation.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'
import { LIVE_STATES } from '../domain/transitions.ts'
import { type Database, recordset } from './database.ts'
import { allOf, InvalidRequest, idFrom, type KeysetPage, keysetPage, type PageRequest } from './pages.ts'
import { conditionsOf, type PostingSelection } from './posting-pages.ts'

/** Postings that one operation may visit. */
const TOTAL_MAX = 100_000

/**
 * Begins an operation over the postings that the selection has now: the list is fixed, so that its progress is exact and
 * a posting that fails anew is not visited again. An author whose same request still runs, or is paused, is given that
 * one. Throws InvalidRequest when the selection is too large.
 */
export async function beginBulkOperation(
  database: Database,
  args: { kind: BulkOperationKind; selection: PostingSelection; author: Author; now: Date },
): Promise<BulkOperation> {
  const { kind, selection, author, now } = args
  const { connectionId } = selection
  if (connectionId && author.connectionIds && !author.connectionIds.includes(connectionId)) {
    throw new InvalidRequest(`There is no connection ${connectionId.slice(0, 60)}.`)
  }
  const connectionIds = connectionId ? [idFrom({ id: connectionId, what: 'connection' })] : author.connectionIds
  const fingerprint = createHash('sha256').update(JSON.stringify({ selection, connectionIds })).digest('hex')
  const id = uuidv7({ msecs: now.getTime() })
  return database.transaction(async (transaction) => {
    const begun = await transaction.run(sql`
      insert into bulk_operation (id, kind, state, filter, fingerprint, author, author_key_id, connection_ids, summary, created_at)
      values (${id}, ${kind}, 'RUNNING', ${JSON.stringify(selection)}::jsonb, ${fingerprint}, ${author.name}, ${author.keyId},
          ${connectionIds}::uuid[], '{}', ${now})
      on conflict (kind, author, fingerprint) where state in ('RUNNING', 'PAUSED') do nothing`)
    if (begun === 0) {
      const [alike] = await transaction.entities(
        BulkOperation,
        sql`select * from bulk_operation where kind = ${kind} and author = ${author.name} and fingerprint = ${fingerprint}
            and state in ('RUNNING', 'PAUSED')`,
      )
      if (!alike) throw new InvalidRequest('The same operation has just ended: ask again.')
      return alike
    }
    await chooseItems(transaction, { id, selection, connectionIds })
    const operation = await findBulkOperation(transaction, id)
    if (!operation) throw new Error('The operation was not begun')
    return operation
  })
}

async function chooseItems(
  database: Database,
  { id, selection, connectionIds }: { id: string; selection: PostingSelection; connectionIds: string[] | null },
): Promise<void> {
  const within = connectionIds ? [sql`connection_id = any(${connectionIds}::uuid[])`] : []
  const total = await database.run(sql`
    insert into bulk_operation_item (operation_id, posting_id, result)
    select ${id}::uuid, id, 'WAITING' from posting where ${allOf([...conditionsOf(selection), ...within])} limit ${TOTAL_MAX + 1}`)
  if (total > TOTAL_MAX) {
    throw new InvalidRequest(`The filter selects more than ${TOTAL_MAX} postings: narrow it, by reason or by time.`)
  }
  await database.run(sql`update bulk_operation set total = ${total} where id = ${id}`)
}

export async function findBulkOperation(database: Database, id: string): Promise<BulkOperation | null> {
  const [operation] = await database.entities(BulkOperation, sql`select * from bulk_operation where id = ${id}`)
  return operation ?? null
}

export function bulkOperationPage(
  database: Database,
  { request }: { request: PageRequest },
): Promise<KeysetPage<BulkOperation>> {
  return keysetPage(database, {
    entity: BulkOperation,
    table: sql`bulk_operation`,
    columns: sql`*`,
    conditions: [],
    request,
  })
}

/** A change of state that a person asks for; null when the operation is in no state from which it may come. */
export async function changeBulkOperation(
  database: Database,
  { id, to, now }: { id: string; to: AskedBulkState; now: Date },
): Promise<BulkOperation | null> {
  const [changed] = await database.entities(
    BulkOperation,
    sql`update bulk_operation set state = ${to}, attempts = 0, error = null, lease_until = null, claim_token = null,
            finished_at = case when ${to} = 'CANCELLED' then ${now}::timestamptz end
        where id = ${id} and state = any(${[...BULK_STATES_BEFORE[to]]}::text[]) returning *`,
  )
  return changed ?? null
}

/** Takes one operation that runs and that nobody works on, so that nobody else does until the lease ends. */
export async function claimBulkOperation(
  database: Database,
  args: { claimToken: string; leaseSeconds: number; now: Date },
): Promise<BulkOperation | null> {
  const [claimed] = await database.entities(
    BulkOperation,
    sql`update bulk_operation set claim_token = ${args.claimToken},
            lease_until = ${args.now}::timestamptz + make_interval(secs => ${args.leaseSeconds})
        where id = (select id from bulk_operation where kind <> 'SYNC' and state = 'RUNNING' and (lease_until is null or lease_until <= ${args.now})
                      and not exists (select from reconciliation waiting join bulk_operation sync on sync.id = waiting.sync_operation_id
                        where waiting.operation_id = bulk_operation.id and sync.state in ('RUNNING', 'PAUSED'))
                    order by id limit 1 for update skip locked)
        returning *`,
  )
  return claimed ?? null
}

/**
 * Within a transaction: the operation, locked, if it still runs and is still ours; and the next records to visit. No
 * records means that every one was visited.
 */
export async function nextBatch(
  transaction: Database,
  args: { id: string; claimToken: string; rowsMax: number },
): Promise<{ operation: BulkOperation; postingIds: string[] } | null> {
  const [operation] = await transaction.entities(
    BulkOperation,
    sql`select * from bulk_operation where id = ${args.id} and state = 'RUNNING' and claim_token = ${args.claimToken} for update`,
  )
  if (!operation) return null
  const rows = await transaction.rows(sql<{ posting_id: string }>`
    select posting_id from bulk_operation_item
    where operation_id = ${args.id} and (${operation.cursor}::uuid is null or posting_id > ${operation.cursor}::uuid)
    order by posting_id limit ${args.rowsMax}`)
  return { operation, postingIds: rows.map((row) => row.posting_id) }
}

/** In the transaction of the effects themselves: what came of each visit, and how far the operation is. */
export async function recordBatch(
  transaction: Database,
  args: {
    id: string
    results: { postingId: string; result: BulkItemResult; reason: string | null }[]
    cursor: string
    leaseUntil: Date
  },
): Promise<void> {
  const rows = args.results.map(({ postingId, result, reason }) => ({ posting_id: postingId, result, reason }))
  const count = (wanted: string) => rows.filter(({ result }) => result === wanted).length
  await transaction.run(sql`
    update bulk_operation_item set result = visited.result, reason = visited.reason
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as visited (posting_id uuid, result text, reason text)
    where operation_id = ${args.id} and bulk_operation_item.posting_id = visited.posting_id`)
  await transaction.run(sql`
    update bulk_operation set done = done + ${rows.length}, set_going = set_going + ${count('SET_GOING')},
        refused = refused + ${count('REFUSED')}, cursor = ${args.cursor}, attempts = 0, error = null, lease_until = ${args.leaseUntil}
    where id = ${args.id}`)
}

/** How often each reason for a refusal was given, most often first. */
export function refusalsOf(database: Database, id: string): Promise<{ reason: string; count: number }[]> {
  return database.rows(sql<{ reason: string; count: number }>`
    select reason, count(*)::int as count from bulk_operation_item
    where operation_id = ${id} and result = 'REFUSED' group by 1 order by 2 desc, 1 limit 10`)
}

/** Every record was visited. */
export async function finishBulkOperation(
  transaction: Database,
  args: { id: string; summary: string[]; now: Date },
): Promise<void> {
  await transaction.run(sql`
    update bulk_operation set state = 'DONE', finished_at = ${args.now}, summary = ${args.summary}::text[], claim_token = null,
        lease_until = null, error = null
    where id = ${args.id}`)
}

/** Gives an operation back, to be claimed at once. */
export async function releaseBulkOperation(
  database: Database,
  args: { id: string; claimToken: string },
): Promise<void> {
  await database.run(sql`
    update bulk_operation set claim_token = null, lease_until = null
    where id = ${args.id} and claim_token = ${args.claimToken} and state = 'RUNNING'`)
}

/** A batch failed: the operation may be claimed again at `until`, or, after as many tries in a row, a person must resume it. */
export async function failBulkBatch(
  database: Database,
  args: { id: string; claimToken: string; error: string; until: Date; triesMax: number },
): Promise<void> {
  await database.run(sql`
    update bulk_operation set claim_token = null, lease_until = ${args.until}, error = ${args.error}, attempts = attempts + 1,
        state = case when attempts + 1 >= ${args.triesMax} then 'FAILED' else state end
    where id = ${args.id} and claim_token = ${args.claimToken} and state = 'RUNNING'`)
}

/** What became of those that an operation set going. */
export interface Rest {
  succeeded: number
  failed: number
  underWay: number
  /** Why those that failed stand where they stand, most often first; the detail is of one of them. */
  reasons: { state: string; code: ReasonCode | null; detail: ReasonDetail | null; count: number }[]
}

/** Operations whose last record has not come to rest, newest first. */
export function unrestedBulkOperations(database: Database, { limit }: { limit: number }): Promise<BulkOperation[]> {
  return database.entities(
    BulkOperation,
    sql`select * from bulk_operation where rested_at is null order by id desc limit ${limit}`,
  )
}

export async function restOf(database: Database, id: string): Promise<Rest> {
  const rows = await database.rows(sql<Rest['reasons'][number]>`
    select posting.state, posting.reason_code as code, count(*)::int as count,
        (array_agg(posting.reason_detail order by posting.id desc))[1] as detail
    from bulk_operation_item item join posting on posting.id = item.posting_id
    where item.operation_id = ${id} and item.result = 'SET_GOING' group by 1, 2 order by 3 desc, 1, 2`)
  const sum = (which: (row: (typeof rows)[number]) => boolean) =>
    rows.filter(which).reduce((total, { count }) => total + count, 0)
  const isLive = (state: string) => (LIVE_STATES as readonly string[]).includes(state)
  const reasons = rows.filter(({ state }) => !isLive(state) && state !== 'PROCESSED')
  return {
    succeeded: sum(({ state }) => state === 'PROCESSED'),
    failed: reasons.reduce((total, { count }) => total + count, 0),
    underWay: sum(({ state }) => isLive(state)),
    reasons,
  }
}

/** Saves how many have come to rest, and, when the last one has, the lines that say so. */
export async function saveRest(
  database: Database,
  args: { id: string; succeeded: number; failed: number; rested: { lines: string[]; now: Date } | null },
): Promise<void> {
  await database.run(sql`
    update bulk_operation set succeeded = ${args.succeeded}, failed = ${args.failed},
        summary = summary || ${args.rested?.lines ?? []}::text[], rested_at = ${args.rested?.now ?? null}
    where id = ${args.id} and rested_at is null`)
}
