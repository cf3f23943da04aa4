import type { MirrorDraft, MirroredEntity } from '../domain/mirror.ts'
import type { Database } from '../storage/database.ts'
import { mirrorRecords } from '../storage/mirror.ts'
import { weighEvidence } from './evidence.ts'
import type { Haul, MirrorLane } from './pull.ts'
import { endVoided } from './seen-void.ts'

/**
 * Takes what a pull brought into the mirror, with what it proves about postings, in the caller's transaction. `gone` are
 * records that were asked for and that QuickBooks does not have.
 */
export async function takeRecords(
  transaction: Database,
  args: { held: MirrorLane; haul: Haul; gone?: { entity: MirroredEntity; id: string }[]; now: Date },
): Promise<void> {
  const { held, haul, gone = [], now } = args
  const records = [...haul.records, ...gone.map(goneRecord)]
  const { askedAt } = haul
  const taken = await mirrorRecords(transaction, { connectionId: held.connection.id, records, askedAt, now })
  await endVoided(transaction, { held, records: taken, now })
  await weighEvidence(transaction, { held, records: taken, now })
}

function goneRecord({ entity, id }: { entity: MirroredEntity; id: string }): MirrorDraft {
  const nothing = { syncToken: null, changedAt: null, number: null, name: null, partyId: null, date: null }
  return { entity, quickBooksId: id, deleted: true, active: false, total: null, balance: null, raw: '{}', ...nothing }
}
