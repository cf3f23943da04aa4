import { sql } from 'kysely'
import { Posting } from '../domain/posting.ts'
import { type Database, recordset } from './database.ts'

/** Postings that were sent and whose answer was lost, whose next look is due. */
export function findUnknown(
  database: Database,
  args: { connectionId: string; limit: number; now: Date },
): Promise<Posting[]> {
  return database.entities(
    Posting,
    sql`select * from posting
        where connection_id = ${args.connectionId} and state = 'UNKNOWN' and (not_before is null or not_before <= ${args.now})
        order by id limit ${args.limit}`,
  )
}

/** A look that found nothing of an UNKNOWN posting: how many such looks count as proof so far, and when it is looked for again. */
export interface Look {
  id: string
  absences: number
  notBefore: Date
}

/** Saves looks. It stays UNKNOWN, so there is nothing to tell the CRM. */
export async function saveLooks(database: Database, args: { looks: Look[]; now: Date }): Promise<void> {
  if (args.looks.length === 0) return
  const rows = args.looks.map(({ id, absences, notBefore }) => ({ id, absences, not_before: notBefore }))
  await database.run(sql`
    update posting set absences = look.absences, not_before = look.not_before, revision = posting.revision + 1, updated_at = ${args.now}
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as look (id uuid, absences int, not_before timestamptz)
    where posting.id = look.id and posting.state = 'UNKNOWN'`)
}

/**
 * What a new owner of the lane finds: postings that the old one claimed and never sent are let go; those that it sent
 * and whose answer nobody saved become UNKNOWN.
 */
export async function inheritPostings(
  database: Database,
  args: { connectionId: string; epoch: number; now: Date },
): Promise<{ released: number; unknown: number }> {
  const released = await database.run(sql`
    update posting set state = 'PENDING', claim_token = null, revision = revision + 1, updated_at = ${args.now}
    where connection_id = ${args.connectionId} and state = 'CLAIMED' and claim_epoch < ${args.epoch}`)
  const unknown = await database.run(sql`
    update posting set state = 'UNKNOWN', reason_code = 'ANSWER_LOST',
        reason_detail = jsonb_build_object('detail', 'Countersign stopped while it waited for the answer.'),
        absences = 0, not_before = null, write_back_at = ${args.now}, revision = revision + 1, updated_at = ${args.now}
    where connection_id = ${args.connectionId} and state = 'SENT' and claim_epoch < ${args.epoch}`)
  return { released, unknown }
}
