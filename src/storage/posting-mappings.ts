import { sql } from 'kysely'
import type { LineMapping } from '../domain/account-mapping.ts'
import { COMMIT_WITHOUT_WAITING, type Database, recordset } from './database.ts'

/** What was chosen for a claimed posting; `generation` grows when what was sent before was booked otherwise. */
export interface ChosenMapping {
  id: string
  generation: number
  mapping: LineMapping[] | null
}

/**
 * Keeps what account mappings chose for claimed postings, before anything of them is sent. The commit does not wait for the
 * disk: that of the sending, which comes after it, does.
 */
export async function saveMappings(
  database: Database,
  args: { chosen: ChosenMapping[]; claimToken: string; now: Date },
): Promise<void> {
  if (args.chosen.length === 0) return
  await database.transaction(async (transaction) => {
    await transaction.rows(COMMIT_WITHOUT_WAITING)
    await transaction.run(sql`
      update posting set mapping = chosen.mapping, generation = chosen.generation, updated_at = ${args.now}
      from jsonb_to_recordset(${recordset(args.chosen)}::jsonb) as chosen (id uuid, generation int, mapping jsonb)
      where posting.id = chosen.id and posting.state = 'CLAIMED' and posting.claim_token = ${args.claimToken}`)
  })
}
