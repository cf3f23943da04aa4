import type { Connection } from '../domain/connection.ts'
import { ConnectionState } from '../domain/kinds.ts'
import type { CompanyCheck } from '../ledgers/ledger.ts'
import { listConnections, saveCompany, stopConnection } from '../storage/connections.ts'
import type { Lane } from '../storage/lanes.ts'
import { NotAnswered } from './ask.ts'
import { allSettled, NotAllowed } from './deliver.ts'
import { dispatch } from './dispatch.ts'
import { withLane } from './lane.ts'
import { rescue } from './rescue.ts'
import { later, type Road } from './road.ts'
import { writeBack } from './write-back.ts'

/** Moves everything that can move: for each connection looks for lost answers, then posts until nothing is left to post. */
export async function work(road: Road): Promise<void> {
  const connections = await listConnections(road.database)
  await allSettled(
    connections
      .filter(({ state }) => state !== ConnectionState.PAUSED)
      .map((connection) =>
        withLane(road, { connection }, (held) => workOn(held.road, { connection, lane: held.lane })),
      ),
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
    if (error instanceof NotAllowed) return
    if (!(error instanceof NotAnswered)) throw error
    road.log.warn({ connection: connection.name, error: error.message }, 'QuickBooks did not answer; asked again later')
  }
}

/** What QuickBooks said of its company; all else of a connection is as the database has it now. */
const checked = new WeakMap<object, Pick<Connection, 'name' | 'currency'>>()

/**
 * Asks once in the life of a ledger whether this is the right company and fit to post to, before anything is written to
 * it. A company that must not be written to stops its connection; it is asked again with the next tick.
 */
async function checkCompany(road: Road, connection: Connection): Promise<Connection | null> {
  const ledger = road.ledgerOf(connection)
  const known = checked.get(ledger)
  if (known && connection.state === ConnectionState.ACTIVE) return Object.assign(connection, known)
  // Asked while the lane is freshly ours: the answer comes, or is given up, before the lease ends.
  const before = later(road.now(), road.limits.laneLeaseSeconds - ledger.limits.answerTimeoutSeconds)
  const company = await ledger.check({ before })
  const stop = company.stop ?? unfit(company)
  if (stop) {
    await stopConnection(road.database, { id: connection.id, ...stop, now: road.now() })
    road.log.error({ connection: connection.name, ...stop }, 'the connection was stopped')
    return null
  }
  const { companyName: name, currency } = company
  await saveCompany(road.database, { id: connection.id, name, currency, now: road.now() })
  checked.set(ledger, { name, currency })
  return Object.assign(connection, { name, currency, state: ConnectionState.ACTIVE })
}

/** Without numbers of our own an invoice whose answer was lost could never be found again, and might be sent twice. */
function unfit(company: CompanyCheck): CompanyCheck['stop'] {
  return company.customTransactionNumbers ? null : { reason: 'CUSTOM_NUMBERS_OFF', detail: {} }
}
