import { sql } from 'kysely'
import type { LedgerRecord } from '../domain/ledger-record.ts'
import type { LinkKind } from '../domain/link.ts'
import { NameLookUp } from '../domain/name-look-up.ts'
import { type Database, recordset } from './database.ts'

interface Named {
  entity: LinkKind
  name: string
}

/** Nobody has asked for a name for so many days: it is forgotten. */
const FORGOTTEN_AFTER_DAYS = 30

/** Lays questions for names, to be asked when QuickBooks calls next. */
export async function layNames(
  database: Database,
  args: { connectionId: string; names: Named[]; now: Date },
): Promise<void> {
  const { connectionId, names, now } = args
  await database.run(sql`
    insert into name_look_up (connection_id, entity, key, name, asked_at)
    select ${connectionId}::uuid, entity, key, max(name), ${now}::timestamptz
    from jsonb_to_recordset(${recordset(rowsOf(names))}::jsonb) as wanted (entity text, key text, name text) group by entity, key
    on conflict (connection_id, entity, key) do update set asked_at = excluded.asked_at`)
  await database.run(sql`
    delete from name_look_up where connection_id = ${connectionId}
      and asked_at < ${now}::timestamptz - make_interval(days => ${FORGOTTEN_AFTER_DAYS})`)
}

/** Names that QuickBooks was not asked for since they were laid, those first that wait longest. */
export function dueNames(
  database: Database,
  { connectionId, limit }: { connectionId: string; limit: number },
): Promise<NameLookUp[]> {
  return database.entities(
    NameLookUp,
    sql`select * from name_look_up where connection_id = ${connectionId} and (answered_at is null or asked_at > answered_at)
        order by asked_at, entity, key limit ${limit}`,
  )
}

/** Whether QuickBooks is to be asked for names. */
export async function areNamesDue(database: Database, { connectionId }: { connectionId: string }): Promise<boolean> {
  return (await dueNames(database, { connectionId, limit: 1 })).length > 0
}

/** Remembers what QuickBooks said of names, and when; null: it has none of the name. */
export async function saveNames(
  database: Database,
  args: { connectionId: string; answers: (Named & { record: LedgerRecord | null })[]; answeredAt: Date },
): Promise<void> {
  const { connectionId, answers, answeredAt } = args
  if (answers.length === 0) return
  const rows = answers.map(({ record, ...named }) => ({ ...rowsOf([named])[0], record }))
  await database.run(sql`
    insert into name_look_up (connection_id, entity, key, name, asked_at, answered_at, record)
    select distinct on (entity, key) ${connectionId}::uuid, entity, key, name, ${answeredAt}::timestamptz, ${answeredAt}::timestamptz, record
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as answer (entity text, key text, name text, record jsonb)
    on conflict (connection_id, entity, key) do update set answered_at = excluded.answered_at, record = excluded.record`)
}

/** What is remembered of names; those that were never answered are absent. */
export function rememberedNames(
  database: Database,
  { connectionId, names }: { connectionId: string; names: Named[] },
): Promise<NameLookUp[]> {
  return database.entities(
    NameLookUp,
    sql`select known.* from name_look_up known
        join jsonb_to_recordset(${recordset(rowsOf(names))}::jsonb) as wanted (entity text, key text)
          on known.entity = wanted.entity and known.key = wanted.key
        where known.connection_id = ${connectionId} and known.answered_at is not null`,
  )
}

function rowsOf(names: Named[]) {
  return names.map(({ entity, name }) => ({ entity, key: name.toLowerCase(), name }))
}
