import { sql } from 'kysely'
import type { Posting } from '../domain/posting.ts'
import { type Database, recordset } from './database.ts'

/** Saves the documents of claimed postings as the CRM has them now, before anything of them is sent. */
export async function saveDocuments(
  database: Database,
  args: { postings: Posting[]; claimToken: string; now: Date },
): Promise<void> {
  if (args.postings.length === 0) return
  const rows = args.postings.map((posting) => ({
    id: posting.id,
    generation: posting.generation,
    order_number: posting.orderNumber,
    document_number: posting.documentNumber,
    total: posting.total,
    currency: posting.currency,
    document: posting.document,
    content_hash: posting.contentHash,
  }))
  await database.run(sql`
    update posting set generation = fresh.generation, order_number = fresh.order_number, document_number = fresh.document_number, total = fresh.total,
        currency = fresh.currency, document = fresh.document, content_hash = fresh.content_hash, updated_at = ${args.now}
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as fresh (id uuid, generation int, order_number text, document_number text,
        total numeric(18, 2), currency text, document jsonb, content_hash text)
    where posting.id = fresh.id and posting.state = 'CLAIMED' and posting.claim_token = ${args.claimToken}`)
}
