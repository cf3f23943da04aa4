// What a business earns and spends, month by month: profit and loss and headcount, as QuickBooks tells them, counted by the
// account mappings. `collect` takes answers in that the road brought, `count` is the pure arithmetic, `recount` follows a
// change of the rules without asking anybody, and `report` reads. Nothing here sends anything.
import { createHash } from 'node:crypto'
import { type AccountMapping, MappingTargetKind } from '../domain/account-mapping.ts'
import type { Connection } from '../domain/connection.ts'
import { type CompiledMappings, compileMappings } from '../domain/mapping-choice.ts'
import type { Ledger } from '../ledgers/ledger.ts'
import { versionsFor } from '../storage/account-mappings.ts'
import type { Database } from '../storage/database.ts'

/** What the room works with. */
export interface MetricBooks {
  database: Database
  /** The business's: it decides which day it is. */
  timeZone: string
  now: () => Date
  ledgerOf(connection: Connection): Pick<Ledger, 'figures'>
}

/** The rules by which figures are counted, and a fingerprint that changes when one of them does. */
export interface MetricRules {
  compiled: CompiledMappings
  fingerprint: string
}

/** The rules of a connection and those for all that look at accounts of the books. */
export async function metricRules(
  database: Database,
  { connectionId }: { connectionId: string },
): Promise<MetricRules> {
  const versions = (await versionsFor(database, { connectionId })).filter(
    ({ targetKind, account }) => targetKind === MappingTargetKind.METRIC && account !== null,
  )
  const fingerprint = createHash('sha256')
    .update(JSON.stringify(versions.map(wordsOf)))
    .digest('hex')
  return { compiled: compileMappings(versions), fingerprint }
}

/** What a version says never changes; only its end is set. */
function wordsOf({ id, version, effectiveTo }: AccountMapping): unknown[] {
  return [id, version, effectiveTo]
}
