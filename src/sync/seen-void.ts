import { type MirrorDraft, MirrorEntity } from '../domain/mirror.ts'
import type { Database } from '../storage/database.ts'
import { discrepanciesBeingVoided, endDiscrepancies } from '../storage/void-targets.ts'
import type { MirrorLane } from './pull.ts'

/** A discrepancy that was decided to be voided ends when QuickBooks itself shows the invoice void, or no longer has it. */
export async function endVoided(
  transaction: Database,
  { held, records, now }: { held: MirrorLane; records: MirrorDraft[]; now: Date },
): Promise<void> {
  const invoices = new Map(
    records.filter(({ entity }) => entity === MirrorEntity.INVOICE).map((one) => [one.quickBooksId, one]),
  )
  if (invoices.size === 0) return
  const asked = { connectionId: held.connection.id, quickBooksIds: [...invoices.keys()] }
  const waiting = await discrepanciesBeingVoided(transaction, asked)
  const ended = waiting.filter(({ quickBooksId }) => {
    const draft = invoices.get(quickBooksId)
    return draft && (draft.deleted || held.reader.recordOf(draft)?.sale?.voided === true)
  })
  await endDiscrepancies(transaction, { ids: ended.map(({ id }) => id), now })
}
