import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { MirrorDraft, MirroredEntity } from '../domain/mirror.ts'
import { type Database, recordset } from './database.ts'

/**
 * Takes records into the mirror, each only if it is not older than what is there: by sync token, then by QuickBooks' time of
 * change, then by the time of the question. Gives those that were taken; what is left out was overtaken by newer news.
 */
export async function mirrorRecords(
  database: Database,
  args: { connectionId: string; records: MirrorDraft[]; askedAt: Date; now: Date },
): Promise<MirrorDraft[]> {
  const records = newestOfEach(args.records)
  const alive = [...records.values()].filter(({ deleted }) => !deleted)
  const dead = [...records.values()].filter(({ deleted }) => deleted)
  const taken = [
    ...(await saveAlive(database, { ...args, records: alive })),
    ...(await saveDeleted(database, { ...args, records: dead })),
  ]
  if (taken.length < records.size) await markSeen(database, { ...args, records: alive })
  return taken.flatMap((row) => records.get(keyOf(row.entity, row.quick_books_id)) ?? [])
}

interface Taken {
  entity: string
  quick_books_id: string
}

type Saving = { connectionId: string; records: MirrorDraft[]; askedAt: Date; now: Date }

async function saveAlive(database: Database, { connectionId, records, askedAt, now }: Saving): Promise<Taken[]> {
  if (records.length === 0) return []
  const rows = records.map((record) => ({
    id: uuidv7({ msecs: now.getTime() }),
    entity: record.entity,
    quick_books_id: record.quickBooksId,
    sync_token: record.syncToken,
    changed_at: record.changedAt,
    active: record.active,
    number: record.number,
    name: record.name,
    party_id: record.partyId,
    date: record.date,
    total: record.total,
    balance: record.balance,
    raw: withoutEscapedNul(record.raw),
  }))
  return database.rows(sql<Taken>`
    insert into mirror_record (id, connection_id, entity, quick_books_id, sync_token, changed_at, active, number, name, party_id,
        date, total, balance, raw, seen_at, updated_at)
    select id, ${connectionId}::uuid, entity, quick_books_id, sync_token, changed_at, active, number, name, party_id,
        date, total, balance, raw::jsonb, ${askedAt}::timestamptz, ${now}::timestamptz
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as draft (id uuid, entity text, quick_books_id text, sync_token int,
        changed_at timestamptz, active boolean, number text, name text, party_id text, date text, total numeric(18, 2),
        balance numeric(18, 2), raw text)
    on conflict (connection_id, entity, quick_books_id) do update set
        sync_token = excluded.sync_token, changed_at = excluded.changed_at, active = excluded.active, number = excluded.number,
        name = excluded.name, party_id = excluded.party_id, date = excluded.date, total = excluded.total,
        balance = excluded.balance, raw = excluded.raw, seen_at = greatest(mirror_record.seen_at, excluded.seen_at),
        updated_at = excluded.updated_at, deleted_at = null, merged_into_id = null,
        collected = mirror_record.collected and mirror_record.deleted_at is null and mirror_record.raw = excluded.raw
      where (mirror_record.deleted_at is null or mirror_record.deleted_at < excluded.seen_at)
        and (coalesce(excluded.sync_token, -1), coalesce(excluded.changed_at, '-infinity'), excluded.seen_at)
          >= (coalesce(mirror_record.sync_token, -1), coalesce(mirror_record.changed_at, '-infinity'),
            case when mirror_record.deleted_at is null then mirror_record.seen_at else '-infinity' end)
    returning entity, quick_books_id`)
}

/** A record that the mirror never had leaves its mark too, so that an older answer does not bring it back. */
function saveDeleted(database: Database, { connectionId, records, askedAt, now }: Saving): Promise<Taken[]> {
  if (records.length === 0) return Promise.resolve([])
  const rows = records.map(({ entity, quickBooksId }) => ({
    id: uuidv7({ msecs: now.getTime() }),
    entity,
    quick_books_id: quickBooksId,
  }))
  return database.rows(sql<Taken>`
    insert into mirror_record (id, connection_id, entity, quick_books_id, active, raw, deleted_at, seen_at, updated_at)
    select id, ${connectionId}::uuid, entity, quick_books_id, false, '{}', ${askedAt}::timestamptz, ${askedAt}::timestamptz, ${now}::timestamptz
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as draft (id uuid, entity text, quick_books_id text)
    on conflict (connection_id, entity, quick_books_id) do update set
        deleted_at = excluded.deleted_at, active = false, updated_at = excluded.updated_at, collected = false
      where mirror_record.deleted_at is null and mirror_record.seen_at <= excluded.seen_at
    returning entity, quick_books_id`)
}

/** What is too old to be taken was there all the same when it was asked for. */
async function markSeen(database: Database, { connectionId, records, askedAt }: Saving): Promise<void> {
  const rows = records.map(({ entity, quickBooksId }) => ({ entity, quick_books_id: quickBooksId }))
  await database.run(sql`
    update mirror_record set seen_at = ${askedAt}
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as seen (entity text, quick_books_id text)
    where connection_id = ${connectionId} and mirror_record.entity = seen.entity
      and mirror_record.quick_books_id = seen.quick_books_id and deleted_at is null and seen_at < ${askedAt}`)
}

/** One record went up into another: it is gone, and says where to. */
export async function markMerged(
  database: Database,
  args: { connectionId: string; merges: { entity: MirroredEntity; goneId: string; intoId: string }[]; now: Date },
): Promise<void> {
  const rows = args.merges.map(({ entity, goneId, intoId }) => ({ entity, gone_id: goneId, into_id: intoId }))
  if (rows.length === 0) return
  await database.run(sql`
    update mirror_record set merged_into_id = merge.into_id, deleted_at = coalesce(deleted_at, ${args.now}), active = false,
        updated_at = ${args.now}, collected = false
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as merge (entity text, gone_id text, into_id text)
    where connection_id = ${args.connectionId} and mirror_record.entity = merge.entity and quick_books_id = merge.gone_id`)
}

/** Records that are in the mirror and that no question since `seenBefore` was answered with. */
export async function unseenRecords(
  database: Database,
  args: { connectionId: string; entity: MirroredEntity; seenBefore: Date; limit: number },
): Promise<string[]> {
  const rows = await database.rows(sql<{ quick_books_id: string }>`
    select quick_books_id from mirror_record
    where connection_id = ${args.connectionId} and entity = ${args.entity} and deleted_at is null and seen_at < ${args.seenBefore}
    order by seen_at limit ${args.limit}`)
  return rows.map((row) => row.quick_books_id)
}

/** Records that the mirror has, the deleted ones left out. */
export async function countMirrored(
  database: Database,
  args: { connectionId: string; entity: MirroredEntity },
): Promise<number> {
  const [row] = await database.rows(sql<{ count: number }>`
    select count(*)::int as count from mirror_record
    where connection_id = ${args.connectionId} and entity = ${args.entity} and deleted_at is null`)
  return row?.count ?? 0
}

function keyOf(entity: string, quickBooksId: string): string {
  return `${entity}:${quickBooksId}`
}

/** One answer may hold a record twice; PostgreSQL takes each row once in a statement. */
function newestOfEach(records: MirrorDraft[]): Map<string, MirrorDraft> {
  const newest = new Map<string, MirrorDraft>()
  for (const record of records) {
    const key = keyOf(record.entity, record.quickBooksId)
    const known = newest.get(key)
    if (!known || record.deleted || (!known.deleted && isNewer(record, known))) newest.set(key, record)
  }
  return newest
}

function isNewer(one: MirrorDraft, other: MirrorDraft): boolean {
  const [left, right] = [one.syncToken ?? -1, other.syncToken ?? -1]
  return left === right ? (one.changedAt ?? '') >= (other.changedAt ?? '') : left > right
}

/** `jsonb` takes no escaped NUL either. */
function withoutEscapedNul(json: string): string {
  return json.replace(/(?<!\\)((?:\\\\)*)\\u0000/g, '$1')
}
