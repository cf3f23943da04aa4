import { type Connection, isShadow } from '../domain/connection.ts'
import { ConnectionState, WaitingFor } from '../domain/kinds.ts'
import type { CompanyCheck } from '../ledgers/ledger.ts'
import { listConnections, saveCompany, stopConnection } from '../storage/connections.ts'
import type { Lane } from '../storage/lanes.ts'
import { letWait } from '../storage/postings.ts'
import { NotAnswered } from './ask.ts'
import { allSettled, NotAllowed } from './deliver.ts'
import { withLane } from './lane.ts'
import { mirrorStep } from './mirror.ts'
import { withBreaker } from './quickbooks-outage.ts'
import { rescue } from './rescue.ts'
import { later, type Road } from './road.ts'
import { dispatchAll } from './rounds.ts'
import { compareShadow } from './shadow-compare.ts'
import { writeBack } from './write-back.ts'

/**
 * Moves everything that can move: for each connection looks for lost answers, then posts until nothing is left to post.
 * What belongs to a QuickBooks that calls us waits for the call.
 */
export async function work(road: Road): Promise<void> {
  const connections = await listConnections(road.database)
  await allSettled(
    connections
      .filter(({ state }) => state !== ConnectionState.PAUSED)
      .map((connection) => (road.ledgerOf(connection).mailbox ? wait(road, connection) : workFor(road, connection))),
  )
}

/**
 * Moves what can move in the conversation that is open with a QuickBooks that calls us. What is lost on the way is looked for
 * while it still listens. Ends when nothing is left to ask.
 */
export async function converse(road: Road, connectionId: string): Promise<void> {
  const connections = await listConnections(road.database)
  const connection = connections.find(({ id }) => id === connectionId)
  if (!connection || connection.state === ConnectionState.PAUSED) return
  const ledger = road.ledgerOf(connection)
  const caller = ledger.reach()
  const patience = later(road.now(), 2 * road.limits.laneLeaseSeconds)
  // Whoever holds the lane was cut off, or is about to end: one conversation follows the other.
  while (caller && ledger.reach() === caller && !road.signal.aborted && road.now() < patience) {
    if (await workFor(road, connection, { passes: 2 })) return
    await road.sleep(LANE_WAIT_MS)
  }
}

/**
 * Gives whether the lane was to be had. After the last pass what was lost waits for the next round: one that spoils every
 * set it is in must not be sent for ever.
 */
async function workFor(road: Road, connection: Connection, { passes = 1 } = {}): Promise<boolean> {
  const worked = await withLane(road, { connection }, async (held) => {
    const { lane } = held
    await withBreaker(held.road, { connection, lane }, () => workOn(held.road, { connection, lane, passes }))
    return true
  })
  return worked ?? false
}

async function wait(road: Road, { id: connectionId }: Connection): Promise<void> {
  await letWait(road.database, { connectionId, waitingFor: WaitingFor.WEB_CONNECTOR, now: road.now() })
}

/** Tells the CRM until there is nothing left to tell. */
export async function tell(road: Road): Promise<void> {
  while (!road.signal.aborted && (await writeBack(road)).told > 0);
}

async function workOn(
  road: Road,
  { connection, lane, passes }: { connection: Connection; lane: Lane; passes: number },
): Promise<void> {
  const company = await checkCompany(road, connection)
  if (!company) return
  try {
    do {
      for (let pass = 1; pass <= passes; pass += 1) {
        while (!road.signal.aborted && (await rescue(road, { connection: company, lane })) > 0);
        await dispatchAll(road, { connection: company, lane })
      }
      while (isShadow(company) && !road.signal.aborted && (await compareShadow(road, { connection: company, lane })));
      // One question at a time, so that what is to be posted never waits behind the mirror.
    } while (!road.signal.aborted && (await mirrorStep(road, { connection: company, lane })))
  } catch (error) {
    if (error instanceof NotAllowed) return
    if (!(error instanceof NotAnswered)) throw error
    road.log.warn({ connection: connection.name, error: error.message }, 'QuickBooks did not answer; asked again later')
  }
}

/** What QuickBooks said of its company; all else of a connection is as the database has it now. */
const checked = new WeakMap<object, Pick<Connection, 'name' | 'currency'>>()

const LANE_WAIT_MS = 500

/**
 * Asks once of whoever is at the other end whether this is the right company and fit to post to, before anything is written to
 * it. A company that must not be written to stops its connection; it is asked again with the next tick.
 */
async function checkCompany(road: Road, connection: Connection): Promise<Connection | null> {
  const ledger = road.ledgerOf(connection)
  const reached = ledger.reach()
  if (!reached) return null
  const known = checked.get(reached)
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
  checked.set(reached, { name, currency })
  return Object.assign(connection, { name, currency, state: ConnectionState.ACTIVE })
}

/** Without numbers of our own an invoice whose answer was lost could never be found again, and might be sent twice. */
function unfit(company: CompanyCheck): CompanyCheck['stop'] {
  return company.customTransactionNumbers ? null : { reason: 'CUSTOM_NUMBERS_OFF', detail: {} }
}
