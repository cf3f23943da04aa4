import type { Connection } from '../domain/connection.ts'
import { PostingKind } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import { Posting } from '../domain/posting.ts'
import { ResetAction, type ResetPlan, type ResetPlanRow } from '../domain/reset-plan.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import type { Lane } from '../storage/lanes.ts'
import { decideRows, finishPlan, planUnderWay, type RowDecision, undecidedRows } from '../storage/reset-plans.ts'
import { ask } from './ask.ts'
import { compare } from './compare.ts'
import { mapSent } from './references.ts'
import { gatherPage } from './reset-gather.ts'
import type { Road } from './road.ts'

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
  if (plan.gatheredAt === null) await gatherPage(road, plan)
  else await look(road, { ...held, plan })
  return true
}

async function look(road: Road, { plan, ...held }: Held & { plan: ResetPlan }): Promise<void> {
  const rows = await undecidedRows(road.database, { planId: plan.id, limit: LOOK_ROWS_MAX })
  if (rows.length === 0) {
    await finishPlan(road.database, { planId: plan.id, now: road.now() })
    return
  }
  const numbers = rows.flatMap(({ documentNumber }) => documentNumber ?? [])
  const records = await ask(road, {
    ...held,
    questions: [{ entity: LinkKind.INVOICE, by: 'NUMBER', values: numbers }],
  })
  const byNumber = Map.groupBy(records, ({ invoice }) => invoice?.number)
  const found = rows.filter(({ documentNumber }) => byNumber.has(documentNumber ?? ''))
  const mapped = await mapSent(road, { ...held, postings: found.map(standIn) })
  await decideRows(
    road.database,
    rows.map((row) => {
      const matches = byNumber.get(row.documentNumber ?? '') ?? []
      const [record, second] = matches
      if (!record) return decision(row, { action: ResetAction.CREATE, code: 'NOT_IN_QUICKBOOKS' })
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

/** The posting that the row would become, for what maps postings. */
function standIn(row: ResetPlanRow): Posting {
  const { id, connectionId, documentNumber, document } = row
  return Object.assign(new Posting(), {
    id,
    connectionId,
    documentNumber,
    document,
    kind: PostingKind.INVOICE,
    sourceId: row.sourceId ?? '',
  })
}
