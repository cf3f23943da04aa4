import type { Connection } from '../domain/connection.ts'
import { type CompiledMappings, compileMappings } from '../domain/mapping-choice.ts'
import type { Ledger } from '../ledgers/ledger.ts'
import { versionsFor } from '../storage/account-mappings.ts'
import type { Road } from './road.ts'

interface Known {
  key: string
  compiled: CompiledMappings
}

/** The rules of each company as they were compiled last: what a version says never changes, only its end. */
const known = new WeakMap<Ledger, Known>()

/** The rules of a connection as they are now, ready to be asked; compiled anew only when one of them has changed. */
export async function mappingRules(
  road: Pick<Road, 'database' | 'ledgerOf'>,
  connection: Connection,
): Promise<CompiledMappings> {
  const ledger = road.ledgerOf(connection)
  const versions = await versionsFor(road.database, { connectionId: connection.id })
  const key = versions.map(({ id, version, effectiveTo }) => `${id} ${version} ${effectiveTo ?? ''}`).join()
  const before = known.get(ledger)
  if (before?.key === key) return before.compiled
  const compiled = compileMappings(versions)
  known.set(ledger, { key, compiled })
  return compiled
}
