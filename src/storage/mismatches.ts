import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import type { Database } from './database.ts'

export interface Acceptance {
  id: string
  author: string
  note: string
  now: Date
}

/**
 * A person lets a difference stand: the posting has the record that differs, verified as ACCEPTED, and both sides are kept
 * as they were seen. Gives null when it is not MISMATCHED, when its reason names no record, or when another posting has
 * that record already: one record of QuickBooks is never two of the CRM's.
 */
export async function saveAcceptance(database: Database, args: Acceptance): Promise<Posting | null> {
  const { id, author, note, now } = args
  const [posting] = await database.entities(
    Posting,
    sql`update posting set state = ${PostingState.POSTED}, quick_books_id = reason_detail ->> 'quickBooksId',
          verification = 'ACCEPTED', verified_at = ${now}, posted_at = ${now}, accepted_by = ${author}, acceptance_note = ${note},
          accepted_comparison = reason_detail -> 'comparison', reason_code = null, reason_detail = null, claim_token = null,
          waiting_for = null, not_before = null, blocked_by_id = null, write_back_attempts = 0, write_back_at = ${now},
          revision = revision + 1, updated_at = ${now}
        where id = ${id} and state = ${PostingState.MISMATCHED} and coalesce(reason_detail ->> 'quickBooksId', '') <> ''
          and not exists (select from posting other where other.connection_id = posting.connection_id and other.kind = posting.kind
            and other.id <> posting.id and (other.kind <> 'CUSTOMER' or other.source_id <> posting.source_id) and other.quick_books_id = posting.reason_detail ->> 'quickBooksId')
        returning *`,
  )
  if (!posting) return null
  // What was voided has a link of its own kind already.
  if (posting.kind !== 'VOID') {
    await database.run(sql`
      insert into link (id, connection_id, kind, source_id, quick_books_id, name, updated_at)
      values (${uuidv7()}, ${posting.connectionId}, ${posting.kind}, ${posting.sourceId}, ${posting.quickBooksId},
          ${posting.documentNumber ?? ''}, ${now})
      on conflict (connection_id, kind, source_id) do update
        set quick_books_id = excluded.quick_books_id, name = excluded.name, updated_at = excluded.updated_at`)
  }
  return posting
}
