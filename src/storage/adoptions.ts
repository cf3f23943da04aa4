import { sql } from 'kysely'
import type { Adoption } from '../domain/adoption.ts'
import { contentHash, type InvoiceDocument } from '../domain/document.ts'
import type { Database } from './database.ts'

/** Says of a posting that a person linked under which number QuickBooks has it, and, where it differs, who accepted that and why. */
export async function saveAdopted(
  transaction: Database,
  args: {
    id: string
    document: InvoiceDocument
    adopts: Adoption | null
    accepted: { author: string; note: string } | null
  },
): Promise<void> {
  const { id, document, adopts, accepted } = args
  await transaction.run(sql`
    update posting set accepted_by = ${accepted?.author ?? null}, acceptance_note = ${accepted?.note ?? null} where id = ${id}`)
  if (adopts === null) return
  await transaction.run(sql`
    update posting set adopts = ${JSON.stringify(adopts)}::jsonb, document = ${JSON.stringify(document)}::jsonb,
        document_number = ${document.number}, content_hash = ${contentHash(document)}
    where id = ${id}`)
}
