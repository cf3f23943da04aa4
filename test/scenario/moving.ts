import type { Author } from '../../src/domain/access.ts'
import type { BulkOperation } from '../../src/domain/bulk-operation.ts'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import type { ResetPlan, ResetPlanRow } from '../../src/domain/reset-plan.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { findResetPlan, resetRowPage } from '../../src/storage/reset-plans.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { applyMove, type MoveRequest, planMove } from '../../src/sync/move.ts'
import { syncConnection } from '../../src/sync/read-mirror.ts'
import type { Story } from './road.ts'

const author: Author = { name: 'ada', keyId: null, connectionIds: null }

/** A plan of a move, as it stands after one round of work. */
export async function plannedMove(story: Story, request: MoveRequest): Promise<ResetPlan> {
  const begun = await planMove(story.road, { request, author })
  await story.work()
  return (await findResetPlan(story.database, begun.id)) as ResetPlan
}

/** Applies a plan, and works until what it set going has come to rest. */
export async function appliedMove(story: Story, plan: ResetPlan): Promise<void> {
  await begunMove(story, plan)
  await carriedMove(story)
}

export async function begunMove(story: Story, { id, hash }: ResetPlan): Promise<BulkOperation> {
  return applyMove(story.road, { planId: id, planHash: hash ?? '', author })
}

/** What a worker of a process does with a move that was begun. */
export async function carriedMove(story: Story): Promise<void> {
  await runBulkOperations(story.road)
  await story.work()
  await story.work()
}

export async function movedRows({ database }: Story, { id }: ResetPlan): Promise<ResetPlanRow[]> {
  return (await resetRowPage(database, { planId: id, action: null, request: { first: 100, after: null } })).nodes
}

/** How many rows have each action, with its reason: `STAY MOVE_STAYS`. */
export async function plannedActions(story: Story, plan: ResetPlan): Promise<Record<string, number>> {
  const counted: Record<string, number> = {}
  for (const { action, reasonCode } of await movedRows(story, plan)) {
    const key = `${action} ${reasonCode}`
    counted[key] = (counted[key] ?? 0) + 1
  }
  return counted
}

/** Brings the mirror of a company's invoices up to date. */
export async function readInvoices(story: Story, connectionId: string): Promise<void> {
  const asked = { connectionId, entity: MirrorEntity.INVOICE, mode: SyncMode.INCREMENTAL, author }
  await syncConnection(story.road, asked)
  await story.work()
}
