import type { Connection } from '../domain/connection.ts'
import { ConnectionState } from '../domain/kinds.ts'
import { listConnections, saveCompany, stopConnection } from '../storage/connections.ts'
import type { Lane } from '../storage/lanes.ts'
import { NotAnswered } from './ask.ts'
import { dispatch } from './dispatch.ts'
import { withLane } from './lane.ts'
import { rescue } from './rescue.ts'
import type { Road } from './road.ts'
import { writeBack } from './write-back.ts'

/** Moves everything that can move: for each connection looks for lost answers, then posts until nothing is left to post. */
export async function work(road: Road): Promise<void> {
  const connections = await listConnections(road.database)
  await Promise.all(
    connections
      .filter(({ state }) => state !== ConnectionState.PAUSED)
      .map((connection) => withLane(road, { connection }, (lane) => workOn(road, { connection, lane }))),
  )
}

/** Tells the CRM until there is nothing left to tell. */
export async function tell(road: Road): Promise<void> {
  while (!road.signal.aborted && (await writeBack(road)).told > 0);
}

async function workOn(road: Road, { connection, lane }: { connection: Connection; lane: Lane }): Promise<void> {
  const company = await checkCompany(road, connection)
  if (!company) return
  try {
    await rescue(road, { connection: company, lane })
    while (!road.signal.aborted && (await dispatch(road, { connection: company, lane })) > 0) road.wake()
  } catch (error) {
    if (!(error instanceof NotAnswered)) throw error
    road.log.warn({ connection: connection.name, error: error.message }, 'QuickBooks did not answer; asked again later')
  }
}

const checked = new WeakMap<object, Connection>()

/**
 * Asks once in the life of a ledger whether this is the right company and fit to post to, before anything is written to
 * it. A company that must not be written to stops its connection; it is asked again with the next tick.
 */
async function checkCompany(road: Road, connection: Connection): Promise<Connection | null> {
  const ledger = road.ledgerOf(connection)
  const before = checked.get(ledger)
  if (before && connection.state === ConnectionState.ACTIVE) return before
  const company = await ledger.check()
  if (company.stop) {
    await stopConnection(road.database, { id: connection.id, reason: company.stop.reason, detail: company.stop.detail })
    road.log.error({ connection: connection.name, ...company.stop }, 'the connection was stopped')
    return null
  }
  await saveCompany(road.database, { id: connection.id, name: company.companyName, currency: company.currency })
  const fit = Object.assign(connection, {
    name: company.companyName,
    currency: company.currency,
    state: ConnectionState.ACTIVE,
  })
  checked.set(ledger, fit)
  return fit
}
