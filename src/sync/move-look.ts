import type { Connection } from '../domain/connection.ts'
import { isSale } from '../domain/document.ts'
import type { MoveTerms } from '../domain/move-terms.ts'
import { ResetAction } from '../domain/reset-plan.ts'
import type { Database } from '../storage/database.ts'
import { foundInOld } from '../storage/moves.ts'
import type { AskedRow, RowDecision } from '../storage/reset-plans.ts'

/** What a look in the new company means for orders of a move, beside what is known of the old one. */
export async function movedDecisions(
  database: Database,
  args: { connection: Connection; move: MoveTerms; rows: AskedRow[]; found: RowDecision[] },
): Promise<RowDecision[]> {
  const { connection, move, rows, found } = args
  const asked = rows.flatMap(({ id, quickBooksId, document, documentNumber: number }) =>
    quickBooksId === null && isSale(document) ? [{ id, kind: document.kind, number }] : [],
  )
  const inOld = await foundInOld(database, { fromId: move.fromId, toId: connection.id, asked })
  const foundOf = new Map(found.map((one) => [one.id, one]))
  return rows.flatMap((row) => {
    const one = foundOf.get(row.id)
    return one ? [movedDecision(row, { found: one, inOld: inOld.get(row.id) ?? null, move })] : []
  })
}

/**
 * What we posted to the old company stays there, unless its history was copied: then an equal invoice of the new one takes its
 * place. What others entered there is for a person. What neither has, and is dated before the cutover, belongs to the books of
 * before. Pure.
 */
function movedDecision(
  row: AskedRow,
  { found, inOld, move }: { found: RowDecision; inOld: string | null; move: MoveTerms },
): RowDecision {
  const { quickBooksId: oursInOld, documentNumber, orderNumber, document } = row
  const refused = (reasonCode: RowDecision['reasonCode'], reasonDetail: RowDecision['reasonDetail']): RowDecision => ({
    ...found,
    ...{ action: ResetAction.REFUSE, reasonCode, reasonDetail },
  })
  const oldId = oursInOld ?? inOld
  const detail = { documentNumber, orderNumber, quickBooksId: oldId }
  if (found.action === ResetAction.ADOPT && oldId !== null && !move.historyCopied)
    return refused('MOVE_IN_BOTH', { ...detail, otherId: found.quickBooksId })
  if (found.action !== ResetAction.CREATE) return found
  if (oursInOld !== null)
    return { ...found, action: ResetAction.STAY, reasonCode: 'MOVE_STAYS', reasonDetail: detail, quickBooksId: oldId }
  if (inOld !== null) return refused('MOVE_FOUND_IN_OLD', detail)
  const date = isSale(document) ? document.date : ''
  const isBefore = date < move.cutover && !move.earlierToo
  return isBefore ? refused('MOVE_BEFORE_CUTOVER', { documentNumber, orderNumber, date }) : found
}
