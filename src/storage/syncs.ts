import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Author } from '../domain/access.ts'
import { BulkOperation, BulkOperationKind } from '../domain/bulk-operation.ts'
import type { MirroredEntity } from '../domain/mirror.ts'
import { type SyncMode, SyncPortion } from '../domain/sync-cursor.ts'
import { type Database, recordset } from './database.ts'
import { InvalidRequest } from './pages.ts'

export interface PortionDraft {
  entity: MirroredEntity
  mode: SyncMode
  /** Only what changed since; null for every record. */
  changedSince: Date | null
}

/**
 * Begins to bring the mirror up to date, kind by kind. The same author's same request, while it runs or is paused, is given
 * the one that runs. Nothing is read here: whoever has the lane of the connection does it, page by page.
 */
export async function beginSync(
  database: Database,
  args: { connectionId: string; portions: PortionDraft[]; author: Author; now: Date },
): Promise<BulkOperation> {
  const { connectionId, portions, author, now } = args
  const filter = {
    connectionId,
    entities: portions.map(({ entity }) => entity),
    modes: portions.map(({ mode }) => mode),
  }
  const fingerprint = createHash('sha256').update(JSON.stringify(filter)).digest('hex')
  const id = uuidv7({ msecs: now.getTime() })
  const kind = BulkOperationKind.SYNC
  return database.transaction(async (transaction) => {
    const begun = await transaction.run(sql`
      insert into bulk_operation (id, kind, state, filter, fingerprint, author, author_key_id, connection_ids, summary, created_at)
      values (${id}, ${kind}, 'RUNNING', ${JSON.stringify(filter)}::jsonb, ${fingerprint}, ${author.name}, ${author.keyId},
          ${[connectionId]}::uuid[], '{}', ${now})
      on conflict (kind, author, fingerprint) where state in ('RUNNING', 'PAUSED') do nothing`)
    if (begun > 0) await addPortions(transaction, { operationId: id, connectionId, portions })
    const [operation] = await transaction.entities(
      BulkOperation,
      sql`select * from bulk_operation where kind = ${kind} and author = ${author.name} and fingerprint = ${fingerprint}
          and state in ('RUNNING', 'PAUSED')`,
    )
    if (!operation) throw new InvalidRequest('The same operation has just ended: ask again.')
    return operation
  })
}

async function addPortions(
  database: Database,
  args: { operationId: string; connectionId: string; portions: PortionDraft[] },
): Promise<void> {
  const rows = args.portions.map(({ entity, mode, changedSince }, place) => ({
    entity,
    mode,
    place,
    changed_since: changedSince?.toISOString() ?? null,
  }))
  await database.run(sql`
    insert into sync_portion (operation_id, connection_id, entity, mode, place, changed_since, state)
    select ${args.operationId}::uuid, ${args.connectionId}::uuid, entity, mode, place, changed_since, 'READING'
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as draft (entity text, mode text, place int, changed_since timestamptz)`)
}

/** The portion that is to be read next: of the oldest operation of this connection that runs. */
export async function nextPortion(
  database: Database,
  args: { connectionId: string; now: Date },
): Promise<SyncPortion | null> {
  const [portion] = await database.entities(
    SyncPortion,
    sql`select portion.* from sync_portion portion join bulk_operation operation on operation.id = portion.operation_id
        where portion.connection_id = ${args.connectionId} and portion.state <> 'DONE' and operation.state = 'RUNNING'
          and (operation.lease_until is null or operation.lease_until <= ${args.now})
        order by operation.id, portion.place limit 1`,
  )
  return portion ?? null
}

/** The kinds that an operation is at, or that wait for one which a person has paused. */
export async function kindsUnderWay(database: Database, args: { connectionId: string }): Promise<MirroredEntity[]> {
  const rows = await database.rows(sql<{ entity: MirroredEntity }>`
    select distinct portion.entity from sync_portion portion join bulk_operation operation on operation.id = portion.operation_id
    where portion.connection_id = ${args.connectionId} and portion.state <> 'DONE' and operation.state in ('RUNNING', 'PAUSED')`)
  return rows.map(({ entity }) => entity)
}

/** The other portions of the operation that are still to be read. */
export function openPortions(database: Database, args: { operationId: string }): Promise<SyncPortion[]> {
  return database.entities(
    SyncPortion,
    sql`select * from sync_portion where operation_id = ${args.operationId} and state <> 'DONE' order by place`,
  )
}

/** What a portion becomes with its next step. */
export type PortionStep = Partial<
  Pick<SyncPortion, 'state' | 'position' | 'lastId' | 'startedAt' | 'changedSince' | 'mode'>
> & { rows?: number; total?: number }

/**
 * Moves a portion on, in the transaction of the records themselves, and the progress of its operation with it. False when
 * somebody else moved it since it was read: then nothing of this step may count.
 */
export async function movePortion(
  transaction: Database,
  { portion, step }: { portion: SyncPortion; step: PortionStep },
): Promise<boolean> {
  const next = { ...portion, ...step }
  const { rows = 0, total = 0 } = step
  const moved = await transaction.run(sql`
    update sync_portion set state = ${next.state}, position = ${next.position}, last_id = ${next.lastId}, mode = ${next.mode},
        started_at = ${next.startedAt}, changed_since = ${next.changedSince}, rows_read = rows_read + ${rows}
    where operation_id = ${portion.operationId} and entity = ${portion.entity} and state = ${portion.state}
      and position = ${portion.position} and last_id is not distinct from ${portion.lastId}`)
  if (moved === 0) return false
  await transaction.run(sql`
    update bulk_operation set done = done + ${rows}, total = greatest(total + ${total}, done + ${rows}), attempts = 0, error = null
    where id = ${portion.operationId}`)
  return true
}

/** Ends the operation when nothing of it is left to read; gives the kinds that it read in full when it did. */
export async function finishSync(
  database: Database,
  args: { operationId: string; now: Date },
): Promise<MirroredEntity[]> {
  const ended = await database.run(sql`
    update bulk_operation set state = 'DONE', finished_at = ${args.now}, rested_at = ${args.now}, error = null, lease_until = null,
        total = done, summary = (select coalesce(array_agg(entity || ': ' || rows_read || ' records read' order by place), '{}')
          from sync_portion where operation_id = bulk_operation.id)
    where id = ${args.operationId} and state = 'RUNNING'
      and not exists (select from sync_portion where operation_id = bulk_operation.id and state <> 'DONE')`)
  if (ended === 0) return []
  const rows = await database.rows(sql<{ entity: MirroredEntity }>`
    select entity from sync_portion where operation_id = ${args.operationId} and mode = 'FULL'`)
  return rows.map(({ entity }) => entity)
}

/** The operation goes on at `until`, or, when it can never be answered, a person must look at it. */
export async function delaySync(
  database: Database,
  args: { operationId: string; error: string; until: Date | null },
): Promise<void> {
  await database.run(sql`
    update bulk_operation set error = ${args.error}, lease_until = ${args.until}, attempts = attempts + 1,
        state = case when ${args.until}::timestamptz is null then 'FAILED' else state end
    where id = ${args.operationId} and state = 'RUNNING'`)
}
