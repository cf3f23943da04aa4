import { sql } from 'kysely'
import { LogRow, type LogStatus } from '../domain/log-row.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'
import type { PostingState } from '../domain/transitions.ts'
import { type Database, recordset } from './database.ts'
import { OF_ORDERS } from './postings.ts'

/** A log row as read from the CRM, with what was decided about it. */
export interface SeenLogRow {
  id: string
  postingId: string | null
  type: string
  action: string
  sourceId: string | null
  /** Null: a status that the profile does not know. */
  status: LogStatus | null
  message: string
  createdOn: string
  modifiedOn: string
  reason: { code: ReasonCode; detail: ReasonDetail } | null
  /** What the CRM is to be told when no posting speaks for the row; null leaves the row as it is. */
  wantedStatus: LogStatus | null
}

/** What a sweep needs to know of a row that it meets again, and no more: a backlog is swept many times. */
export interface KnownLogRow {
  type: string
  action: string
  status: LogStatus | null
  modifiedOn: string
  postingId: string | null
  /** Something was decided about it that no posting speaks for. */
  hasReason: boolean
  wantedStatus: LogStatus | null
  /** The CRM is still to be told about it. */
  isToBeTold: boolean
}

/** By the id of the row. */
export async function findKnownRows(database: Database, ids: string[]): Promise<Map<string, KnownLogRow>> {
  const rows = await database.rows(sql<KnownLogRow & { id: string }>`
    select id, type, action, status, modified_on as "modifiedOn", posting_id as "postingId", reason_code is not null as "hasReason",
        wanted_status as "wantedStatus", write_back_at is not null as "isToBeTold"
    from log_row where id = any(${ids}::uuid[])`)
  return new Map(rows.map((row) => [row.id, row]))
}

/** The state of each order's newest posting, by the order. */
export async function postingStates(database: Database, sourceIds: string[]): Promise<Map<string, PostingState>> {
  const rows = await database.rows(sql<{ source_id: string; state: PostingState }>`
    select distinct on (source_id) source_id, state from posting
    where source_id = any(${sourceIds}::uuid[]) and ${OF_ORDERS} order by source_id, id desc`)
  return new Map(rows.map((row) => [row.source_id, row.state]))
}

/** Saves what was seen and decided. A row that points to a posting makes that posting tell the CRM again. */
export async function saveLogRows(database: Database, args: { rows: SeenLogRow[]; now: Date }): Promise<void> {
  if (args.rows.length === 0) return
  const rows = args.rows.map((row) => ({
    id: row.id,
    posting_id: row.postingId,
    type: row.type,
    action: row.action,
    source_id: row.sourceId,
    status: row.status,
    message: row.message,
    created_on: row.createdOn,
    modified_on: row.modifiedOn,
    reason_code: row.reason?.code ?? null,
    reason_detail: row.reason?.detail ?? null,
    wanted_status: row.wantedStatus,
  }))
  await database.run(sql`
    insert into log_row (id, posting_id, type, action, source_id, status, message, created_on, modified_on, reason_code, reason_detail,
        wanted_status, write_back_at, write_back_attempts, seen_at)
    select id, posting_id, type, action, source_id, status, message, created_on, modified_on, reason_code, reason_detail,
        wanted_status, case when wanted_status is not null then ${args.now}::timestamptz end, 0, ${args.now}
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as seen (id uuid, posting_id uuid, type text, action text, source_id uuid, status text,
        message text, created_on text, modified_on text, reason_code text, reason_detail jsonb, wanted_status text)
    on conflict (id) do update set posting_id = excluded.posting_id, type = excluded.type, action = excluded.action,
        source_id = excluded.source_id, status = excluded.status, message = excluded.message, modified_on = excluded.modified_on,
        reason_code = excluded.reason_code, reason_detail = excluded.reason_detail, wanted_status = excluded.wanted_status,
        write_back_at = excluded.write_back_at, write_back_attempts = 0, seen_at = excluded.seen_at`)
}

export function logRowsOfPostings(database: Database, postingIds: string[]): Promise<LogRow[]> {
  return database.entities(
    LogRow,
    sql`select * from log_row where posting_id = any(${postingIds}::uuid[]) and wanted_status is null order by id`,
  )
}

/** Takes rows whose own write-back is due, so that nobody else writes them for a while. */
export function claimLogRowWriteBacks(
  database: Database,
  args: { limit: number; leaseSeconds: number; now: Date },
): Promise<LogRow[]> {
  return database.entities(
    LogRow,
    sql`update log_row set write_back_at = ${args.now}::timestamptz + make_interval(secs => ${args.leaseSeconds})
        where id = any(array(select id from log_row where write_back_at <= ${args.now} order by write_back_at limit ${args.limit} for update skip locked))
        returning *`,
  )
}

/** The CRM was seen to have these statuses and messages. */
export async function confirmLogRows(
  database: Database,
  args: { rows: { id: string; status: LogStatus; message: string }[] },
): Promise<void> {
  await database.run(sql`
    update log_row set status = told.status, message = told.message, write_back_at = null, write_back_attempts = 0
    from jsonb_to_recordset(${recordset(args.rows)}::jsonb) as told (id uuid, status text, message text)
    where log_row.id = told.id`)
}

/** The CRM could not be told; it is tried again later. Only a refusal counts as an attempt: silence says nothing of the row. */
export async function postponeLogRows(
  database: Database,
  args: { rows: { id: string; until: Date; refused: boolean }[] },
): Promise<void> {
  if (args.rows.length === 0) return
  await database.run(sql`
    update log_row set write_back_at = late.until, write_back_attempts = write_back_attempts + case when late.refused then 1 else 0 end
    from jsonb_to_recordset(${recordset(args.rows)}::jsonb) as late (id uuid, until timestamptz, refused boolean)
    where log_row.id = late.id`)
}

/** Keeps claimed rows for another lease, before they are written; gives those that are still ours. */
export async function keepLogRowWriteBacks(
  database: Database,
  args: { rows: LogRow[]; leaseSeconds: number; now: Date },
): Promise<LogRow[]> {
  if (args.rows.length === 0) return []
  const claimed = args.rows.map(({ id, writeBackAt }) => ({ id, at: writeBackAt }))
  return database.entities(
    LogRow,
    sql`update log_row set write_back_at = ${args.now}::timestamptz + make_interval(secs => ${args.leaseSeconds})
        from jsonb_to_recordset(${recordset(claimed)}::jsonb) as claimed (id uuid, at timestamptz)
        where log_row.id = claimed.id and log_row.write_back_at = claimed.at
        returning log_row.*`,
  )
}
