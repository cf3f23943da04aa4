import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { MirroredEntity } from '../domain/mirror.ts'
import { SyncCursor } from '../domain/sync-cursor.ts'
import { type Database, recordset } from './database.ts'

/** How far the mirror of each kind has come; a kind that was never read has none. */
export function syncCursors(database: Database, args: { connectionId: string }): Promise<SyncCursor[]> {
  return database.entities(
    SyncCursor,
    sql`select * from sync_cursor where connection_id = ${args.connectionId} order by entity`,
  )
}

/** Asks for the changes of these kinds; whoever has the lane of the connection fetches them. */
export async function askForChanges(
  database: Database,
  args: { connectionIds: string[]; entities: readonly MirroredEntity[]; countToo: boolean; now: Date },
): Promise<void> {
  const rows = args.connectionIds.flatMap((connectionId) =>
    args.entities.map((entity) => ({ id: uuidv7(), connection_id: connectionId, entity })),
  )
  await database.run(sql`
    insert into sync_cursor (id, connection_id, entity, changes_due_at, count_due)
    select id, connection_id, entity, ${args.now}::timestamptz, ${args.countToo}
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as draft (id uuid, connection_id uuid, entity text)
    on conflict (connection_id, entity) do update set changes_due_at = coalesce(sync_cursor.changes_due_at, excluded.changes_due_at),
        count_due = sync_cursor.count_due or excluded.count_due`)
}

/** The kinds whose changes are to be asked for now. */
export function dueCursors(database: Database, args: { connectionId: string; now: Date }): Promise<SyncCursor[]> {
  return database.entities(
    SyncCursor,
    sql`select * from sync_cursor where connection_id = ${args.connectionId} and changes_due_at <= ${args.now} order by entity`,
  )
}

/** Whether somebody waits for records: for an operation that was begun, or for changes that were asked for before `askedBefore`. */
export async function isReadDue(
  database: Database,
  args: { connectionId: string; askedBefore: Date },
): Promise<boolean> {
  const [row] = await database.rows(sql<{ due: boolean }>`
    select exists (
      select from sync_cursor where connection_id = ${args.connectionId} and changes_due_at <= ${args.askedBefore}
    ) or exists (
      select from sync_portion portion join bulk_operation operation on operation.id = portion.operation_id
      where portion.connection_id = ${args.connectionId} and portion.state <> 'DONE' and operation.state = 'RUNNING'
    ) as due`)
  return row?.due === true
}

/** Every change of these kinds until `through` is in the mirror. */
export async function noteChanges(
  database: Database,
  args: { connectionId: string; entities: readonly MirroredEntity[]; through: Date },
): Promise<void> {
  await database.run(sql`
    update sync_cursor set changed_through = greatest(changed_through, ${args.through}), changes_due_at = null, error = null
    where connection_id = ${args.connectionId} and entity = any(${[...args.entities]}::text[])`)
}

/** Nothing is asked for now: it was handed to an operation, or is asked for again later. */
export async function postponeChanges(
  database: Database,
  args: { connectionId: string; entities: readonly MirroredEntity[]; until: Date | null; error: string | null },
): Promise<void> {
  await database.run(sql`
    update sync_cursor set changes_due_at = ${args.until}, error = ${args.error}
    where connection_id = ${args.connectionId} and entity = any(${[...args.entities]}::text[])`)
}

/** The numbers of records on both sides were compared. */
export async function noteCounted(
  database: Database,
  args: { connectionId: string; entity: MirroredEntity },
): Promise<void> {
  await database.run(sql`
    update sync_cursor set count_due = false where connection_id = ${args.connectionId} and entity = ${args.entity}`)
}

/** A kind was read to the end: in full, or all that changed. What happened since `through` is for the next changes. */
export async function noteRead(
  database: Database,
  args: { connectionId: string; entity: MirroredEntity; through: Date; full: boolean; now: Date },
): Promise<void> {
  const fullAt = args.full ? args.now : null
  await database.run(sql`
    insert into sync_cursor (id, connection_id, entity, last_full_at, changed_through, count_due)
    values (${uuidv7()}, ${args.connectionId}, ${args.entity}, ${fullAt}, ${args.through}, false)
    on conflict (connection_id, entity) do update set last_full_at = coalesce(excluded.last_full_at, sync_cursor.last_full_at),
        changed_through = greatest(sync_cursor.changed_through, excluded.changed_through), error = null`)
}

export async function noteWebhook(
  database: Database,
  args: { connectionId: string; entities: MirroredEntity[]; now: Date },
): Promise<void> {
  await database.run(sql`
    update sync_cursor set last_webhook_at = ${args.now}
    where connection_id = ${args.connectionId} and entity = any(${args.entities}::text[])`)
}

/** Takes the work of a day for one process: true once for each day and name, unless the day was given back. */
export async function claimDay(database: Database, args: { name: string; day: string; now: Date }): Promise<boolean> {
  const value = JSON.stringify({ day: args.day })
  const claimed = await database.run(sql`
    insert into cursor (name, value, updated_at) values (${args.name}, ${value}::jsonb, ${args.now})
    on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at
      where cursor.value is distinct from excluded.value`)
  return claimed === 1
}

/** The work of a day was not done after all: whoever looks next may take it. */
export async function giveDayBack(database: Database, { name, day }: { name: string; day: string }): Promise<void> {
  await database.run(sql`delete from cursor where name = ${name} and value = ${JSON.stringify({ day })}::jsonb`)
}
