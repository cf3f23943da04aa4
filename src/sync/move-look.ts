import type { MoveTerms } from '../domain/move-terms.ts'
import { ResetAction, type ResetPlanRow } from '../domain/reset-plan.ts'
import type { RowDecision } from '../storage/reset-plans.ts'

/**
 * What a look in the new company means for an order of a move. What the old company has stays there, unless its history was
 * copied: then an equal invoice of the new one takes its place. Pure.
 */
export function movedDecision(
  row: ResetPlanRow,
  { found, move }: { found: RowDecision; move: MoveTerms },
): RowDecision {
  const { quickBooksId: oldId, documentNumber, orderNumber } = row
  if (oldId === null) return found
  const detail = { documentNumber, orderNumber, quickBooksId: oldId }
  switch (found.action) {
    case ResetAction.CREATE:
      return { ...found, action: ResetAction.STAY, reasonCode: 'MOVE_STAYS', reasonDetail: detail, quickBooksId: oldId }
    case ResetAction.ADOPT:
      if (move.historyCopied) return found
      return {
        ...found,
        action: ResetAction.REFUSE,
        reasonCode: 'MOVE_IN_BOTH',
        reasonDetail: { ...detail, otherId: found.quickBooksId },
      }
    default:
      return found
  }
}
