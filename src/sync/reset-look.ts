import type { Connection } from '../domain/connection.ts'
import { isSale } from '../domain/document.ts'
import { PostingKind } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import { Posting } from '../domain/posting.ts'
import { ResetAction, type ResetPlan, type ResetPlanRow } from '../domain/reset-plan.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import type { Lane } from '../storage/lanes.ts'
import { decideRows, finishPlan, planUnderWay, type RowDecision, undecidedRows } from '../storage/reset-plans.ts'
import { ask } from './ask.ts'
import { compare } from './compare.ts'
import { mappingRules } from './mapping-rules.ts'
import { mapSent } from './references.ts'
import { gatherPage } from './reset-gather.ts'
import { decideLikelyRows, likelyForRows, mirrorFor } from './reset-likely.ts'
import type { Road } from './road.ts'
import { chooseForDocument } from './sale-plan.ts'

/** Rows that QuickBooks is asked about in one step: few calls, and what is to be posted does not wait long. */
const LOOK_ROWS_MAX = 1_000

interface Held {
  connection: Connection
  lane: Lane
}

/**
 * One step of the oldest plan that is not complete, by whoever has the lane: a page of the CRM, then look-ups in
 * QuickBooks. False when there is none. On Desktop a plan so waits for the Web Connector to call. Nothing is written
 * outside. Throws NotAnswered, NotAllowed, CreatioError.
 */
export async function resetStep(road: Road, held: Held): Promise<boolean> {
  const plan = await planUnderWay(road.database, held.connection.id)
  if (!plan) return false
  if (plan.gatheredAt === null) {
    await gatherPage(road, plan)
    return true
  }
  const mirror = await mirrorFor(road, { connection: held.connection, plan })
  if (mirror === 'ready') await look(road, { ...held, plan })
  // While the mirror is read, the lane is the mirror's.
  return mirror !== 'waits'
}

async function look(road: Road, { plan, ...held }: Held & { plan: ResetPlan }): Promise<void> {
  const rows = await undecidedRows(road.database, { planId: plan.id, limit: LOOK_ROWS_MAX })
  if (rows.length === 0) {
    await decideLikelyRows(road, plan.id)
    await finishPlan(road.database, { planId: plan.id, now: road.now() })
    return
  }
  const questions = [...Map.groupBy(rows, kindOf)].map(([kind, ofKind]) => ({
    entity: LinkKind[kind],
    by: 'NUMBER' as const,
    values: ofKind.flatMap(({ documentNumber }) => documentNumber ?? []),
  }))
  const records = await ask(road, { ...held, questions })
  const byNumber = Map.groupBy(records, ({ entity, sale }) => nameOf({ kind: entity, number: sale?.number }))
  const nameOfRow = (row: ResetPlanRow) => nameOf({ kind: kindOf(row), number: row.documentNumber })
  const found = rows.filter((row) => byNumber.has(nameOfRow(row)))
  const mapped = await mapSent(road, { ...held, postings: await standIns(road, { ...held, rows: found }) })
  const likely = await likelyForRows(road, { ...held, rows: rows.filter((row) => !byNumber.has(nameOfRow(row))) })
  await decideRows(
    road.database,
    rows.map((row) => {
      const matches = byNumber.get(nameOfRow(row)) ?? []
      const [record, second] = matches
      if (!record) {
        const created = decision(row, { action: ResetAction.CREATE, code: 'NOT_IN_QUICKBOOKS' })
        return { ...created, likely: likely.get(row.id) ?? null }
      }
      if (second)
        return decision(row, { action: ResetAction.REFUSE, code: 'FOUND_TWICE', detail: { count: matches.length } })
      return verdictOf(row, { record, mapped: mapped.get(row.id) })
    }),
  )
}

/** One record bears the number: it is ours and equal, or a person decides. */
function verdictOf(
  row: ResetPlanRow,
  { record, mapped }: { record: LedgerRecord; mapped: Parameters<typeof compare>[0] | undefined },
): RowDecision {
  const differences = mapped
    ? compare(mapped, record)
    : ['its customer, an item or an account of ours is not known in QuickBooks']
  const { quickBooksId } = record
  return differences.length === 0
    ? { ...decision(row, { action: ResetAction.ADOPT, code: 'FOUND_EQUAL' }), quickBooksId }
    : {
        ...decision(row, {
          action: ResetAction.REFUSE,
          code: 'INVOICE_DIFFERS',
          detail: { differences: differences.join('; ') },
        }),
        quickBooksId,
      }
}

function decision(
  { id, documentNumber }: ResetPlanRow,
  {
    action,
    code,
    detail = {},
  }: { action: ResetAction; code: NonNullable<RowDecision['reasonCode']>; detail?: Record<string, string | number> },
): RowDecision {
  return { id, action, reasonCode: code, reasonDetail: { documentNumber, ...detail }, quickBooksId: null }
}

function kindOf({ document }: ResetPlanRow) {
  return isSale(document) ? document.kind : 'INVOICE'
}

/** Numbers of one kind are its own: a credit memo may bear the number of an invoice. */
function nameOf({ kind, number }: { kind: string; number: string | null | undefined }): string {
  return `${kind} ${number ?? ''}`
}

/** The postings that the rows would become, with what account mappings would choose for them now. */
async function standIns(
  road: Road,
  { connection, rows }: { connection: Connection; rows: ResetPlanRow[] },
): Promise<Posting[]> {
  const rules = await mappingRules(road, connection)
  const { needs } = road.ledgerOf(connection)
  return rows.map((row) => {
    const { id, connectionId, documentNumber, document } = row
    const mapping = isSale(document) ? chooseForDocument(document, { rules, needs: needs(document) }) : null
    const known = { id, connectionId, documentNumber, document, mapping, sourceId: row.sourceId ?? '' }
    return Object.assign(new Posting(), { ...known, kind: PostingKind[kindOf(row)] })
  })
}
