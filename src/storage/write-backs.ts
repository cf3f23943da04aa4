import { type RawBuilder, sql } from 'kysely'
import { Posting } from '../domain/posting.ts'
import type { ReasonDetail } from '../domain/reason.ts'
import { type Database, recordset } from './database.ts'

/**
 * Of these postings, those that nobody is changing just now. The road moves many postings in one statement, and so does the
 * write-back: if one waited for the other, each might hold what the other needs. What is passed over keeps its lease, and is told again.
 */
function undisturbed(ids: string[]): RawBuilder<unknown> {
  return sql`posting.id = any(array(select id from posting where id = any(${ids}::uuid[]) for update skip locked))`
}

/** Takes postings whose write-back is due, so that nobody else tells the CRM about them for a while. */
export function claimWriteBacks(
  database: Database,
  args: { limit: number; leaseSeconds: number; now: Date },
): Promise<Posting[]> {
  return database.entities(
    Posting,
    sql`update posting set write_back_at = ${args.now}::timestamptz + make_interval(secs => ${args.leaseSeconds})
        where id = any(array(select id from posting where write_back_at <= ${args.now} order by write_back_at limit ${args.limit} for update skip locked))
        returning *`,
  )
}

/**
 * Keeps claimed postings for another lease, before something more is written for them. Gives those that are still ours
 * at their revision: one whose lease ran out is told by whoever has it now.
 */
export async function keepWriteBacks(
  database: Database,
  args: { postings: Posting[]; leaseSeconds: number; now: Date },
): Promise<Posting[]> {
  if (args.postings.length === 0) return []
  const claimed = args.postings.map(({ id, revision, writeBackAt }) => ({ id, revision, at: writeBackAt }))
  return database.entities(
    Posting,
    sql`update posting set write_back_at = ${args.now}::timestamptz + make_interval(secs => ${args.leaseSeconds})
        from jsonb_to_recordset(${recordset(claimed)}::jsonb) as claimed (id uuid, revision int, at timestamptz)
        where posting.id = claimed.id and posting.revision = claimed.revision and posting.write_back_at = claimed.at
          and ${undisturbed(args.postings.map(({ id }) => id))}
        returning posting.*`,
  )
}

/**
 * The CRM was seen to know. A POSTED posting becomes PROCESSED; any other has told what it had to tell. A posting that
 * changed since (another revision) is left to its next write-back. Gives how many became PROCESSED.
 */
export async function confirmWriteBacks(
  database: Database,
  args: { postings: { id: string; revision: number }[]; now: Date },
): Promise<number> {
  if (args.postings.length === 0) return 0
  const seen = JSON.stringify(args.postings)
  const free = undisturbed(args.postings.map(({ id }) => id))
  const processed = await database.run(sql`
    update posting set state = 'PROCESSED', written_back_at = ${args.now}, processed_at = ${args.now}, write_back_at = null,
        write_back_attempts = 0, revision = posting.revision + 1, updated_at = ${args.now}
    from jsonb_to_recordset(${seen}::jsonb) as seen (id uuid, revision int)
    where posting.id = seen.id and posting.revision = seen.revision and posting.state = 'POSTED' and ${free}`)
  await database.run(sql`
    update posting set write_back_at = null, write_back_attempts = 0, updated_at = ${args.now}
    from jsonb_to_recordset(${seen}::jsonb) as seen (id uuid, revision int)
    where posting.id = seen.id and posting.revision = seen.revision and posting.state <> 'POSTED' and ${free}`)
  return processed
}

/** A posting that the CRM could not be told about. */
export interface Untold {
  id: string
  revision: number
  until: Date
  /** The CRM refused it; else it was silent, which says nothing of this posting and counts as no attempt. */
  refused: boolean
  /** Set to give up: a POSTED posting then fails with WRITE_BACK, and its log rows are told so from `until` on. */
  fail: ReasonDetail | null
}

/** The CRM could not be told: tried again at `until`. What it is to be told is never dropped. */
export async function postponeWriteBacks(database: Database, args: { postings: Untold[]; now: Date }): Promise<void> {
  if (args.postings.length === 0) return
  await database.run(sql`
    update posting set
        state = case when late.fail is null then posting.state else 'FAILED' end,
        reason_code = case when late.fail is null then posting.reason_code else 'WRITE_BACK' end,
        reason_detail = case when late.fail is null then posting.reason_detail else late.fail end,
        write_back_at = late.until,
        write_back_attempts = case when late.fail is not null then 0
          else posting.write_back_attempts + case when late.refused then 1 else 0 end end,
        revision = posting.revision + case when late.fail is null then 0 else 1 end, updated_at = ${args.now}
    from jsonb_to_recordset(${recordset(args.postings)}::jsonb) as late (id uuid, revision int, until timestamptz, refused boolean, fail jsonb)
    where posting.id = late.id and posting.revision = late.revision and (late.fail is null or posting.state = 'POSTED')
      and ${undisturbed(args.postings.map(({ id }) => id))}`)
}
