import type { Connection } from '../domain/connection.ts'
import { isSale } from '../domain/document.ts'
import { MirrorEntity } from '../domain/mirror.ts'
import { ResetAction, type ResetPlan, type ResetPlanRow } from '../domain/reset-plan.ts'
import { SyncMode } from '../domain/sync-cursor.ts'
import type { Ledger, LedgerRecord } from '../ledgers/ledger.ts'
import { ourselves } from '../storage/api-keys.ts'
import { findBulkOperation } from '../storage/bulk-operations.ts'
import type { Lane } from '../storage/lanes.ts'
import { saveLinks } from '../storage/links.ts'
import {
  awaitMirror,
  decideLikely,
  failPlan,
  type LikelyDecision,
  likelyPairs,
  numbersOfPlan,
  planRowsById,
} from '../storage/reset-likely.ts'
import type { AskedRow } from '../storage/reset-plans.ts'
import { beginSync } from '../storage/syncs.ts'
import { ask, type Question } from './ask.ts'
import { type Assignment, assignCandidates } from './assign-candidates.ts'
import { type KnownNumbers, likelyInvoices, type NameSource, type Unnumbered } from './likely-invoices.ts'
import { APART_FROM } from './likeness.ts'
import { namesBy } from './reference-names.ts'
import type { Road } from './road.ts'

const ROWS_MAX = 1_000

/**
 * Brings the mirror of invoices up to date for a plan, in which documents without our number are looked for. `waits` while
 * it is read, `failed` when it cannot be; then the plan says so. Where invoices are not mirrored there is nothing to wait for.
 */
export async function mirrorFor(
  road: Road,
  { connection, plan }: { connection: Connection; plan: ResetPlan },
): Promise<'ready' | 'waits' | 'failed'> {
  if (!road.ledgerOf(connection).mirror?.kinds.includes(MirrorEntity.INVOICE)) return 'ready'
  if (plan.syncOperationId === null) {
    askedInVain.delete(road.ledgerOf(connection))
    const portions = [{ entity: MirrorEntity.INVOICE, mode: SyncMode.INCREMENTAL, changedSince: null } as const]
    const author = ourselves(`reset plan ${plan.id}`)
    const sync = await beginSync(road.database, { connectionId: connection.id, portions, author, now: road.now() })
    await awaitMirror(road.database, { planId: plan.id, operationId: sync.id })
    return 'waits'
  }
  const sync = await findBulkOperation(road.database, plan.syncOperationId)
  if (sync?.state === 'DONE') return 'ready'
  if (sync?.state === 'RUNNING' || sync?.state === 'PAUSED') return 'waits'
  const error = `The invoices of QuickBooks could not be read: ${sync?.error ?? 'it was called off'}. Plan it again.`
  await failPlan(road.database, { planId: plan.id, error })
  return 'failed'
}

/** For rows that no number found: what they may have become all the same, by the row. Throws NotAnswered, CreatioError. */
export function likelyForRows(
  road: Road,
  { rows, planId, ...held }: { connection: Connection; lane: Lane; planId: string; rows: AskedRow[] },
): ReturnType<typeof likelyInvoices> {
  const sales = rows.flatMap(({ id, sourceId, document, workedOnAt }): Unnumbered[] =>
    isSale(document) && sourceId ? [{ id, sourceId, document, workedOnAt: workedOnAt ?? [] }] : [],
  )
  const { connection } = held
  const ledger = road.ledgerOf(connection)
  const inVain = askedInVain.get(ledger) ?? new Set()
  askedInVain.set(ledger, inVain)
  const namesOf: NameSource = async (named) => {
    const look = (questions: Question[]) => askOnce(road, { ...held, questions, inVain })
    const { names, links } = await namesBy(road, { connection, ...named, look })
    await saveLinks(road.database, { connectionId: connection.id, links, now: road.now() })
    return names
  }
  const knownNumbers: KnownNumbers = (numbers) => numbersOfPlan(road.database, { planId, numbers })
  return likelyInvoices(road, { connection, sales, namesOf, knownNumbers })
}

/**
 * What a ledger was asked for since the last plan began, and what it found is linked: names that QuickBooks does not have are
 * those of many orders, and a question for each part of them would be as many batches as go in minutes.
 */
const askedInVain = new WeakMap<Ledger, Set<string>>()

async function askOnce(
  road: Road,
  args: { connection: Connection; lane: Lane; questions: Question[]; inVain: Set<string> },
): Promise<LedgerRecord[]> {
  const { inVain, ...held } = args
  const keyOf = ({ entity, by }: Question, value: string) => `${entity} ${by} ${value}`
  const questions = args.questions.map((question) => ({
    ...question,
    values: question.values.filter((value) => !inVain.has(keyOf(question, value))),
  }))
  const found = await ask(road, { ...held, questions })
  for (const question of questions) for (const value of question.values) inVain.add(keyOf(question, value))
  return found
}

/** When every row is known: which order adopts which invoice, and what a person must decide. */
export async function decideLikelyRows(road: Pick<Road, 'database'>, planId: string): Promise<void> {
  const assigned = [...assignCandidates(await likelyPairs(road.database, planId))]
  for (let from = 0; from < assigned.length; from += ROWS_MAX) {
    const some = new Map(assigned.slice(from, from + ROWS_MAX))
    const rows = await planRowsById(road.database, [...some.keys()])
    const decisions = rows.flatMap((row) => {
      const assignment = some.get(row.id)
      return assignment ? decisionOf(row, assignment) : []
    })
    await decideLikely(road.database, decisions)
  }
}

function decisionOf(row: ResetPlanRow, assignment: Assignment): LikelyDecision[] {
  const { id, orderNumber, documentNumber, candidates } = row
  const [best] = candidates
  if (!best) return []
  const common = { orderNumber, documentNumber }
  if (assignment.kind === 'adopt') {
    const { quickBooksId } = assignment
    const { number = '', score = 0 } = candidates.find((one) => one.quickBooksId === quickBooksId) ?? {}
    const reasonDetail = { ...common, otherNumber: number, score, quickBooksId }
    return [{ id, action: ResetAction.ADOPT, reasonCode: 'FOUND_UNNUMBERED', reasonDetail, quickBooksId }]
  }
  if (assignment.why === 'several') {
    const near = candidates.filter(({ score }) => best.score - score < APART_FROM)
    const otherNumbers = near.map(({ number, quickBooksId }) => number || quickBooksId).join(', ')
    const reasonDetail = { ...common, count: near.length, otherNumbers }
    return [{ id, action: ResetAction.REFUSE, reasonCode: 'LIKELY_SEVERAL', reasonDetail, quickBooksId: null }]
  }
  const { quickBooksId, number, score } = best
  const against = [
    ...best.differences,
    ...(best.namedByOrder ? [`order ${best.namedByOrder} names it as its own`] : []),
  ]
  const differences = against.join('; ') || 'nothing but its number and the time of its creation'
  const reasonDetail = { ...common, otherNumber: number || quickBooksId, score, differences, quickBooksId }
  return [{ id, action: ResetAction.REFUSE, reasonCode: 'LIKELY_FOUND', reasonDetail, quickBooksId }]
}
