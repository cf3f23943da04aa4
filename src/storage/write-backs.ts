import { sql } from 'kysely'
import { Posting } from '../domain/posting.ts'
import type { ReasonDetail } from '../domain/reason.ts'
import { type Database, recordset } from './database.ts'

/** Takes postings whose write-back is due, so that nobody else tells the CRM about them for a while. */
export function claimWriteBacks(
  database: Database,
  args: { limit: number; leaseSeconds: number; now: Date },
): Promise<Posting[]> {
  return database.entities(
    Posting,
    sql`update posting set write_back_at = ${args.now}::timestamptz + make_interval(secs => ${args.leaseSeconds})
        where id in (select id from posting where write_back_at <= ${args.now} order by write_back_at limit ${args.limit} for update skip locked)
        returning *`,
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
  const seen = JSON.stringify(args.postings)
  const processed = await database.run(sql`
    update posting set state = 'PROCESSED', written_back_at = ${args.now}, processed_at = ${args.now}, write_back_at = null,
        write_back_attempts = 0, revision = posting.revision + 1, updated_at = ${args.now}
    from jsonb_to_recordset(${seen}::jsonb) as seen (id uuid, revision int)
    where posting.id = seen.id and posting.revision = seen.revision and posting.state = 'POSTED'`)
  await database.run(sql`
    update posting set write_back_at = null, write_back_attempts = 0, updated_at = ${args.now}
    from jsonb_to_recordset(${seen}::jsonb) as seen (id uuid, revision int)
    where posting.id = seen.id and posting.revision = seen.revision and posting.state <> 'POSTED'`)
  return processed
}

/**
 * The CRM could not be told, and is told again at `until`. Only a refusal counts as a try. When `fail` is set, a POSTED
 * posting fails with WRITE_BACK, which its log rows are still to say; any other gives up.
 */
export async function postponeWriteBacks(
  database: Database,
  args: {
    postings: { id: string; revision: number; until: Date; refused: boolean; fail: ReasonDetail | null }[]
    now: Date
  },
): Promise<void> {
  const seen = recordset(args.postings)
  await database.run(sql`
    update posting set
        state = case when seen.fail is not null and posting.state = 'POSTED' then 'FAILED' else posting.state end,
        reason_code = case when seen.fail is not null and posting.state = 'POSTED' then 'WRITE_BACK' else posting.reason_code end,
        reason_detail = case when seen.fail is not null and posting.state = 'POSTED' then seen.fail else posting.reason_detail end,
        write_back_at = case when seen.fail is null or posting.state = 'POSTED' then seen.until end,
        write_back_attempts = case when seen.fail is not null then 0
            else posting.write_back_attempts + case when seen.refused then 1 else 0 end end,
        revision = posting.revision + case when seen.fail is not null then 1 else 0 end, updated_at = ${args.now}
    from jsonb_to_recordset(${seen}::jsonb) as seen (id uuid, revision int, until timestamptz, refused boolean, fail jsonb)
    where posting.id = seen.id and posting.revision = seen.revision`)
}
