import type { Author } from '../domain/access.ts'
import type { BulkOperation } from '../domain/bulk-operation.ts'
import { type Connection, isShadow } from '../domain/connection.ts'
import { ConnectionState, Environment } from '../domain/kinds.ts'
import { MirrorEntity } from '../domain/mirror.ts'
import type { MoveTerms } from '../domain/move-terms.ts'
import { ResetCause, type ResetPlan } from '../domain/reset-plan.ts'
import { SyncMode } from '../domain/sync-cursor.ts'
import { ourselves } from '../storage/api-keys.ts'
import { listConnections } from '../storage/connections.ts'
import { beginMove } from '../storage/moves.ts'
import { InvalidRequest, idFrom } from '../storage/pages.ts'
import { createResetPlan, findResetPlan } from '../storage/reset-plans.ts'
import { beginSync } from '../storage/syncs.ts'
import { appliedAlready, isDay, mustBeApplicable } from './reset.ts'
import type { Road } from './road.ts'

export interface MoveRequest {
  from: string
  to: string
  cutover: string
  historyCopied?: boolean | null
  earlierToo?: boolean | null
  oldStaysOpen?: boolean | null
}

type MovingRoad = Pick<Road, 'database' | 'ledgerOf' | 'now'>

/**
 * Begins the plan of a move from one company to another: what is to become of each order, found out by the next rounds. The new
 * company is asked by number, so the plan is complete once it could be asked. Reads the invoices of both, and changes nothing
 * else. Throws InvalidRequest.
 */
export async function planMove(
  road: MovingRoad,
  { request, author }: { request: MoveRequest; author: Author },
): Promise<ResetPlan> {
  const { from, to } = await companies(road, { fromId: request.from, toId: request.to, author })
  if (!isDay(request.cutover))
    throw new InvalidRequest(`"cutover" is a day, yyyy-mm-dd: "${request.cutover.slice(0, 40)}" is none.`)
  const move: MoveTerms = {
    fromId: from.id,
    cutover: request.cutover,
    historyCopied: request.historyCopied ?? false,
    earlierToo: request.earlierToo ?? false,
    oldStaysOpen: request.oldStaysOpen ?? false,
  }
  // An installation speaks to companies of one environment: of a sandbox that was left, the mirror is what was read before.
  if (from.environment === to.environment) await readSalesOf(road, { connection: from, author: ourselves('move') })
  const selection = { causes: [ResetCause.MOVE], reasonCodes: [], orderNumbers: [], from: null, to: null }
  return createResetPlan(road.database, { connectionId: to.id, selection, move, author, now: road.now() })
}

/**
 * Begins to do just what the plan says, and turns orders to the new company at once. Both mirrors of invoices are brought up to
 * date for the proof. Throws InvalidRequest when there is no such plan, it is not ready, was applied, or the new company cannot
 * be written to.
 */
export async function applyMove(
  road: MovingRoad,
  { planId, planHash, author }: { planId: string; planHash: string; author: Author },
): Promise<BulkOperation> {
  const { database } = road
  const plan = await findResetPlan(database, idFrom({ id: planId, what: 'plan of a move' }))
  if (!plan?.move) throw new InvalidRequest(`There is no plan ${planId} of a move.`)
  const { move } = plan
  const { to } = await companies(road, { fromId: move.fromId, toId: plan.connectionId, author })
  mustBeApplicable(plan, planHash)
  if (to.state !== ConnectionState.ACTIVE)
    throw new InvalidRequest(
      `"${to.name}" is ${to.state}: nothing could be posted there. ${to.stateReason?.remedy ?? ''}`,
    )
  const operation = await beginMove(database, { plan, move, author, now: road.now() })
  if (!operation) throw appliedAlready((await findResetPlan(database, plan.id)) ?? plan)
  return operation
}

/** Brings what is known of the sales of both companies up to date, so that the proof of a move rests on what is there now. */
export async function readBoth(
  road: Pick<MovingRoad, 'database' | 'ledgerOf' | 'now'>,
  { id, connectionId: toId, move }: ResetPlan,
): Promise<void> {
  const all = await listConnections(road.database)
  const [from, to] = [move?.fromId, toId].map((one) => all.find((connection) => connection.id === one))
  // Under a name of its own, lest a reading that began before be taken for it.
  const author = ourselves(`move ${id}`)
  if (from && from.environment === to?.environment) await readSalesOf(road, { connection: from, author })
  if (to) await readSalesOf(road, { connection: to, author })
}

const SALES = [MirrorEntity.INVOICE, MirrorEntity.CREDIT_MEMO, MirrorEntity.REFUND_RECEIPT] as const

async function readSalesOf(
  road: MovingRoad,
  { connection, author }: { connection: Connection; author: Author },
): Promise<void> {
  const { kinds = [] } = road.ledgerOf(connection).mirror ?? {}
  const portions = SALES.flatMap((entity) =>
    kinds.includes(entity) ? [{ entity, mode: SyncMode.INCREMENTAL, changedSince: null }] : [],
  )
  if (portions.length === 0) return
  await beginSync(road.database, { connectionId: connection.id, portions, author, now: road.now() })
}

/** Both companies, where orders may go from one to the other. Throws InvalidRequest. */
async function companies(
  road: MovingRoad,
  { fromId, toId, author }: { fromId: string; toId: string; author: Author },
): Promise<{ from: Connection; to: Connection }> {
  const all = await listConnections(road.database)
  const named = (id: string) => {
    const connection = all.find((one) => one.id === id)
    if (!connection || (author.connectionIds && !author.connectionIds.includes(id)))
      throw new InvalidRequest(`There is no connection ${id.slice(0, 60)}: the query "connections" lists them.`)
    return connection
  }
  const [from, to] = [named(fromId), named(toId)]
  if (from.id === to.id) throw new InvalidRequest('"from" and "to" are the same company: there is nothing to move.')
  if (from.environment === Environment.PRODUCTION && to.environment === Environment.SANDBOX)
    throw new InvalidRequest('What production has never goes to a sandbox: connect the production company to move to.')
  if (isShadow(to)) throw new InvalidRequest(`"${to.name}" is in shadow mode and posts nothing: let it write first.`)
  return { from, to }
}
