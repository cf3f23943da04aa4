import { type Connection, isShadow } from '../domain/connection.ts'
import { findConnection } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { InvalidRequest } from '../storage/pages.ts'

/** Why the CRM is not told of a connection, in a sentence; null when it is: a company that is merely read-only has what it has. */
export function whyNotTelling({ name, mode }: Pick<Connection, 'name' | 'mode'>): string | null {
  return whyNotWriting({ name, mode, readOnly: false })
}

/** Why nothing is set going on a connection, in a sentence; null when it writes. */
export function whyNotWriting({ name, mode, readOnly }: Pick<Connection, 'name' | 'mode' | 'readOnly'>): string | null {
  if (isShadow({ mode }))
    return `The connection "${name}" is in shadow mode and posts nothing: see dryRun, or let it write (setConnectionMode).`
  return readOnly ? `The connection "${name}" is read-only: nothing is ever written to its company.` : null
}

/** Refuses what would tell the CRM of a connection beside which another system tells it. Throws InvalidRequest. */
export function assertMayTell({ name, mode }: Pick<Connection, 'name' | 'mode'>): void {
  const why = whyNotTelling({ name, mode })
  if (why !== null) throw new InvalidRequest(why)
}

/** Refuses what would queue a write on a connection that never writes. Throws InvalidRequest. */
export function assertMayWrite(connection: Pick<Connection, 'name' | 'mode' | 'readOnly'>): void {
  const why = whyNotWriting(connection)
  if (why !== null) throw new InvalidRequest(why)
}

/** The same, of a connection by its id; one that is gone is no matter of this. Throws InvalidRequest. */
export async function assertConnectionMayWrite(database: Database, id: string): Promise<void> {
  const connection = await findConnection(database, { id })
  if (connection) assertMayWrite(connection)
}
