import { type Connection, isShadow } from '../domain/connection.ts'
import { ConnectionState, WaitingFor } from '../domain/kinds.ts'
import { listConnections } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import type { Lane } from '../storage/lanes.ts'
import { areNamesDue } from '../storage/name-look-ups.ts'
import { countUnfinished } from '../storage/posting-pages.ts'
import { letWait } from '../storage/postings.ts'
import { planUnderWay } from '../storage/reset-plans.ts'
import { countDuePredictions } from '../storage/shadow.ts'
import { NotAnswered } from './ask.ts'
import { checkCompany } from './company.ts'
import { allSettled, NotAllowed } from './deliver.ts'
import { withLane } from './lane.ts'
import { askLaidNames } from './lint-names-laid.ts'
import { mirrorStep } from './mirror.ts'
import { metricStep } from './pull-metrics.ts'
import { withBreaker } from './quickbooks-outage.ts'
import { rescue } from './rescue.ts'
import { resetStep } from './reset-look.ts'
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
 * while it still listens. Ends when nothing is left to ask, or with the conversation: whoever calls next finds the lane free.
 */
export async function converse(road: Road, connectionId: string): Promise<void> {
  const connections = await listConnections(road.database)
  const connection = connections.find(({ id }) => id === connectionId)
  if (!connection || connection.state === ConnectionState.PAUSED) return
  const ended = road.ledgerOf(connection).mailbox?.current()?.ended
  if (!ended) return
  const signal = AbortSignal.any([road.signal, ended])
  const patience = later(road.now(), 2 * road.limits.laneLeaseSeconds)
  // Whoever holds the lane was cut off, or is about to end: one conversation follows the other.
  while (!signal.aborted && road.now() < patience) {
    if (await workFor({ ...road, signal }, connection, { passes: 2 })) return
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

/**
 * How much there is to do in a conversation: postings that have not come to rest, a plan or a lint that asks for QuickBooks,
 * predictions to compare.
 */
export async function backlogOf(
  database: Database,
  { connectionId, now }: { connectionId: string; now: Date },
): Promise<number> {
  const plan = await planUnderWay(database, connectionId)
  const predicted = await countDuePredictions(database, { connectionId, now })
  const asked = (plan ? 1 : 0) + ((await areNamesDue(database, { connectionId })) ? 1 : 0)
  return (await countUnfinished(database, { connectionId })) + asked + predicted
}

/** Tells the CRM until there is nothing left to tell. */
export async function tell(road: Road): Promise<void> {
  while (!road.signal.aborted && (await writeBack(road)).told > 0);
}

const LANE_WAIT_MS = 500

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
    } while (!road.signal.aborted && (await aside(road, { connection: company, lane })))
  } catch (error) {
    if (error instanceof NotAllowed) return
    if (!(error instanceof NotAnswered)) throw error
    road.log.warn({ connection: connection.name, error: error.message }, 'QuickBooks did not answer; asked again later')
  }
}

/** One step of what may wait while there is something to post: what lint wants to know, a plan that a person looks at, the mirror, figures. */
async function aside(road: Road, held: { connection: Connection; lane: Lane }): Promise<boolean> {
  return (
    (await askLaidNames(road, held)) ||
    (await resetStep(road, held)) ||
    (await mirrorStep(road, held)) ||
    (await metricStep(road, held))
  )
}
