// The road back: what customers paid, as QuickBooks tells it, becomes what reps have earned. `collect` takes events in,
// `rates` and `splits` are the plan, `report` and `statement` read, `periods` locks, `cases` is what people add. What an
// application earns is derived in storage/commission-derivation.ts, from the ledger, in one place for all of them.
import { defaultConnection, listConnections } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { InvalidRequest, idFrom } from '../storage/pages.ts'

/** What the room works with. */
export interface Books {
  database: Database
  /** The business's: it decides which month is over. */
  timeZone: string
  now: () => Date
}

/** The connection that is meant: the named one, or the default. Throws InvalidRequest. */
export async function connectionMeant(database: Database, id: string | null | undefined): Promise<string> {
  if (!id) {
    const found = (await defaultConnection(database)) ?? null
    if (found) return found.id
    throw new InvalidRequest('There is no default connection: name one as "connectionId".')
  }
  const wanted = idFrom({ id, what: 'connection' })
  if ((await listConnections(database)).some((one) => one.id === wanted)) return wanted
  throw new InvalidRequest(`There is no connection ${wanted}: the query "connections" lists them.`)
}
