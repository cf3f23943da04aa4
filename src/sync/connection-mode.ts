import type { Connection } from '../domain/connection.ts'
import type { ConnectionMode } from '../domain/kinds.ts'
import { findConnection, saveConnectionMode } from '../storage/connections.ts'
import { InvalidRequest } from '../storage/pages.ts'
import type { Road } from './road.ts'

/**
 * Lets a connection write, or only predict and compare. What is under way when it goes into the shadow is still looked for, and
 * the CRM is told of it when the connection writes again. Throws InvalidRequest.
 */
export async function setConnectionMode(
  road: Pick<Road, 'database' | 'wake'>,
  { connectionId, mode }: { connectionId: string; mode: ConnectionMode },
): Promise<Connection> {
  await saveConnectionMode(road.database, { id: connectionId, mode })
  const connection = await findConnection(road.database, { id: connectionId })
  if (!connection) throw new InvalidRequest(`There is no connection ${connectionId}.`)
  road.wake()
  return connection
}
