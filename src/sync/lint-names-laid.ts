import type { Connection } from '../domain/connection.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import type { Lane } from '../storage/lanes.ts'
import { dueNames, saveNames } from '../storage/name-look-ups.ts'
import { ask } from './ask.ts'
import type { Road } from './road.ts'

const NAMES_MAX = 500

/**
 * Asks a QuickBooks that calls for the names that lint has laid for it, and remembers the answers. False when none was laid. Throws
 * NotAnswered and NotAllowed.
 */
export async function askLaidNames(
  road: Road,
  { connection, lane }: { connection: Connection; lane: Lane },
): Promise<boolean> {
  const ledger = road.ledgerOf(connection)
  if (!ledger.mailbox) return false
  const connectionId = connection.id
  const laid = await dueNames(road.database, { connectionId, limit: NAMES_MAX })
  if (laid.length === 0) return false
  // What is laid while QuickBooks answers is asked anew.
  const answeredAt = road.now()
  const questions = [...Map.groupBy(laid, ({ entity }) => entity)]
    .filter(([entity]) => ledger.answers({ entity, by: 'NAME' }))
    .map(([entity, names]) => ({ entity, by: 'NAME' as const, values: names.map(({ name }) => name) }))
  const records = await ask(road, { connection, lane, questions })
  const answers = laid.map(({ entity, name }) => ({ entity, name, record: recordNamed(records, { entity, name }) }))
  await saveNames(road.database, { connectionId, answers, answeredAt })
  return true
}

/** The record of a name, an active one first; null where there is none. What is known of a person besides is left out. */
export function recordNamed(
  records: LedgerRecord[],
  { entity, name }: Pick<LedgerRecord, 'entity'> & { name: string },
): LedgerRecord | null {
  const named = records.filter((one) => one.entity === entity && one.name?.toLowerCase() === name.toLowerCase())
  const record = named.find(({ active }) => active) ?? named[0]
  if (!record) return null
  const { customer: _, ...kept } = record
  return kept
}
