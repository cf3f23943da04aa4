import type { Author } from '../domain/access.ts'
import type { BulkOperation } from '../domain/bulk-operation.ts'
import type { Connection } from '../domain/connection.ts'
import { isReasonCode } from '../domain/reason.ts'
import { ResetCause, type ResetPlan, ResetPlanState, type ResetSelection } from '../domain/reset-plan.ts'
import { defaultConnection, findConnection } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { InvalidRequest, idFrom } from '../storage/pages.ts'
import { beginReset } from '../storage/reset-apply.ts'
import { createResetPlan, findResetPlan } from '../storage/reset-plans.ts'
import { assertConnectionMayWrite } from './may-write.ts'

const ORDER_NUMBERS_MAX = 1_000

/** What may be asked for; what is left out selects all. */
export interface ResetRequest {
  connectionId?: string | null
  causes?: ResetCause[] | null
  reasonCodes?: string[] | null
  orderNumbers?: string[] | null
  from?: string | null
  to?: string | null
}

/** Begins a plan: what would happen to each record, found out by the next rounds. Changes nothing else. Throws InvalidRequest. */
export async function planReset(
  database: Database,
  { request, author, now }: { request: ResetRequest; author: Author; now: Date },
): Promise<ResetPlan> {
  const { connectionId } = request
  const connection = connectionId
    ? await findConnection(database, { id: idFrom({ id: connectionId, what: 'connection' }) })
    : await defaultConnection(database)
  if (!connection || (author.connectionIds && !author.connectionIds.includes(connection.id)))
    throw new InvalidRequest('There is no such connection.')
  mustTakeOrders(connection)
  const selection = selectionOf(request)
  return createResetPlan(database, { connectionId: connection.id, selection, author, now })
}

function selectionOf({ causes, reasonCodes, orderNumbers, from, to }: ResetRequest): ResetSelection {
  for (const day of [from, to]) {
    if (day && !isDay(day)) throw new InvalidRequest(`"${day.slice(0, 40)}" is not a day: write it as yyyy-mm-dd.`)
  }
  if (from && to && from > to) throw new InvalidRequest(`"from" (${from}) is after "to" (${to}).`)
  const unknown = (reasonCodes ?? []).find((code) => !isReasonCode(code))
  if (unknown)
    throw new InvalidRequest(`There is no reason "${unknown.slice(0, 60)}": postingCounts(by: REASON) lists them.`)
  if ((orderNumbers?.length ?? 0) > ORDER_NUMBERS_MAX)
    throw new InvalidRequest(`"orderNumbers" has ${orderNumbers?.length}: name at most ${ORDER_NUMBERS_MAX}.`)
  if (causes?.includes(ResetCause.MOVE)) throw new InvalidRequest('Orders of another company are planned by planMove.')
  const wanted = causes?.length ? causes : Object.values(ResetCause).filter((cause) => cause !== ResetCause.MOVE)
  return {
    causes: Object.values(ResetCause).filter((cause) => wanted.includes(cause)),
    reasonCodes: (reasonCodes ?? []).filter(isReasonCode),
    orderNumbers: [...new Set((orderNumbers ?? []).map((number) => number.trim()))],
    from: from ?? null,
    to: to ?? null,
  }
}

/** A day that the calendar has. */
export function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(`${text}T`)
}

function mustTakeOrders(connection: Connection | null): void {
  if (!connection?.isDefault)
    throw new InvalidRequest(
      `Orders go to another company now, and not to "${connection?.name}": plan a reset there, or move back.`,
    )
}

/** The plan that may be applied now, by its hash. Throws InvalidRequest. */
export function mustBeApplicable(plan: ResetPlan, planHash: string): void {
  if (plan.state === ResetPlanState.PLANNING)
    throw new InvalidRequest('The plan is not complete yet: look at it when it is READY, and apply it then.')
  if (plan.state === ResetPlanState.FAILED) throw new InvalidRequest(`The plan could not be made. ${plan.error}`)
  if (plan.state !== ResetPlanState.READY) throw appliedAlready(plan)
  if (plan.hash !== planHash)
    throw new InvalidRequest(
      '"planHash" is not the hash of this plan: look at its rows again, and pass the hash that it shows.',
    )
}

/**
 * Begins to do just what the plan says. The hash is the one that was looked at, so that nobody applies what he has not seen.
 * Throws InvalidRequest when there is no such plan, it is not ready, or it was applied already.
 */
export async function applyReset(
  database: Database,
  { planId, planHash, author, now }: { planId: string; planHash: string; author: Author; now: Date },
): Promise<BulkOperation> {
  const plan = await findResetPlan(database, idFrom({ id: planId, what: 'reset plan' }))
  if (!plan || (author.connectionIds && !author.connectionIds.includes(plan.connectionId)))
    throw new InvalidRequest(`There is no reset plan ${planId}.`)
  if (plan.move) throw new InvalidRequest('The plan is that of a move: applyMove applies it.')
  mustBeApplicable(plan, planHash)
  mustTakeOrders(await findConnection(database, { id: plan.connectionId }))
  await assertConnectionMayWrite(database, plan.connectionId)
  const operation = await beginReset(database, { plan, author, now })
  if (operation) return operation
  const winner = await findResetPlan(database, plan.id)
  throw appliedAlready(winner ?? plan)
}

export function appliedAlready({ operationId }: ResetPlan): InvalidRequest {
  return new InvalidRequest(`The plan was applied already: bulkOperation ${operationId} shows what came of it.`)
}
