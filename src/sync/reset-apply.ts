import type { CrmLogRow } from '../creatio/creatio.ts'
import type { Adoption } from '../domain/adoption.ts'
import type { BulkOperation } from '../domain/bulk-operation.ts'
import { LogStatus } from '../domain/log-row.ts'
import { ResetAction, type ResetPlan, type ResetPlanRow, ResetResult } from '../domain/reset-plan.ts'
import { PostingState } from '../domain/transitions.ts'
import { writeAuditEntries } from '../storage/audit.ts'
import type { Database } from '../storage/database.ts'
import { resolveUnloggedOrders } from '../storage/differences.ts'
import { type SeenLogRow, saveLogRows } from '../storage/log-rows.ts'
import { acceptPostings, changePostings, findOrderPostings } from '../storage/postings.ts'
import { holdOperation, recordResults, settleRows, unappliedRows } from '../storage/reset-apply.ts'
import { adoptedElsewhere, nameAdoptions } from '../storage/reset-likely.ts'
import { readCandidates } from './reset-candidates.ts'
import { type Candidate, classify, type Verdict, worldOf } from './reset-classify.ts'
import type { BulkRoad } from './road.ts'

interface Visit {
  planned: ResetPlanRow
  candidate: Candidate
  verdict: Verdict
}

interface Applying {
  operation: BulkOperation
  plan: ResetPlan
  claimToken: string
  rowsMax: number
  leaseUntil: Date
}

/**
 * Applies the next rows of a plan. Each is held against the world that it was planned in; one whose world is another is
 * left alone, and says so. What is set going goes the road of every posting, which looks before it writes. Gives false when
 * nothing is left, or the operation is no longer ours. Throws CreatioError.
 */
export async function applyRows(road: BulkRoad, args: Applying): Promise<boolean> {
  const planned = await unappliedRows(road.database, { planId: args.plan.id, limit: args.rowsMax })
  if (planned.length === 0) return false
  const fresh = planned.filter(({ result }) => result === null)
  const visits = await visit(road, { plan: args.plan, rows: fresh })
  const done = await road.database.transaction(async (transaction) => {
    if (!(await holdOperation(transaction, { id: args.operation.id, claimToken: args.claimToken }))) return null
    return setGoing(transaction, { ...args, rows: fresh, visits, now: road.now() })
  })
  if (done === null) return false
  road.wake()
  const applied = planned.filter(({ id, result }) => result === ResetResult.APPLIED || done.has(id))
  await tellCrm(road, applied)
  await settleRows(road.database, { ids: planned.map(({ id }) => id), now: road.now() })
  return true
}

/** The rows with the world as it is now; one whose log row or order is gone has a candidate that says so. */
async function visit(road: BulkRoad, { plan, rows }: { plan: ResetPlan; rows: ResetPlanRow[] }): Promise<Visit[]> {
  const sourceIds = [...new Set(rows.flatMap(({ sourceId }) => sourceId ?? []))]
  const logged = sourceIds.length > 0 ? await road.crm.logRowsOfRecords(sourceIds) : []
  const rowOf = new Map(logged.map((row) => [row.id, row]))
  const loggedIds = new Set(logged.map(({ recordId }) => recordId))
  const { connectionId } = plan
  const candidates = await readCandidates(road, {
    connectionId,
    rows: rows.flatMap(({ logRowId }) => rowOf.get(logRowId ?? '') ?? []),
    unlogged: rows.flatMap(({ logRowId, sourceId }) =>
      logRowId === null && sourceId && !loggedIds.has(sourceId) ? [sourceId] : [],
    ),
  })
  const candidateOf = new Map(candidates.map((one) => [one.row?.id ?? one.sourceId, one]))
  return rows.flatMap((planned) => {
    const candidate = candidateOf.get(planned.logRowId ?? planned.sourceId)
    return candidate ? [{ planned, candidate, verdict: classify(candidate) }] : []
  })
}

/** In one transaction: postings, log rows, the trail, and what came of each row. Gives the rows that were set going. */
async function setGoing(
  transaction: Database,
  args: Applying & { rows: ResetPlanRow[]; visits: Visit[]; now: Date },
): Promise<Set<string>> {
  const { operation, plan, rows, visits, leaseUntil, now } = args
  const unchanged = visits.filter(({ planned, candidate, verdict }) => worldOf(candidate, verdict) === planned.world)
  const same = await stillFree(transaction, { plan, visits: unchanged })
  const drafts = same.flatMap(({ verdict }) => (verdict.kind === 'look' ? [verdict.draft] : []))
  const accepted = await acceptPostings(transaction, { drafts, now })
  const adoptions = same.flatMap(({ planned, verdict }) => {
    const postingId = verdict.kind === 'look' ? accepted.get(verdict.draft.sourceId) : undefined
    return postingId ? [{ postingId, adopts: adoptionOf(planned) }] : []
  })
  await nameAdoptions(transaction, { adoptions, now })
  const again = same.flatMap(({ verdict }) =>
    verdict.kind === 'tell' && verdict.how === 'POSTING' ? [{ id: verdict.posting.id, to: PostingState.POSTED }] : [],
  )
  const told = await changePostings(transaction, { changes: again, now })
  const postingOf = new Map(
    same.flatMap(({ planned, verdict }): [string, string][] => {
      if (verdict.kind === 'rest') return []
      const id = verdict.kind === 'look' ? accepted.get(verdict.draft.sourceId) : verdict.posting.id
      const moved = id !== undefined && (verdict.kind === 'look' || verdict.how === 'RECORD' || told.has(id))
      return moved ? [[planned.id, id]] : []
    }),
  )
  await saveLogRows(transaction, {
    rows: same.flatMap(({ planned, candidate }) => seen(candidate.row, postingOf.get(planned.id))),
    now,
  })
  const sourceIds = same.flatMap(({ candidate }) => candidate.sourceId ?? [])
  await resolveUnloggedOrders(transaction, { sourceIds, now })
  const results = rows.map(({ id }) => {
    const postingId = postingOf.get(id) ?? null
    return { id, postingId, result: postingId ? ResetResult.APPLIED : ResetResult.CHANGED }
  })
  await recordResults(transaction, { operationId: operation.id, results, leaseUntil })
  const subjectOf = new Map(rows.map((row) => [row.id, subject(plan, row)]))
  await writeAuditEntries(transaction, {
    author: operation.author,
    keyId: operation.authorKeyId,
    connectionIds: operation.connectionIds,
    action: 'applyReset',
    entries: results.map(({ id, result }) => ({ subject: `${subjectOf.get(id)}: ${result}` })),
    now,
  })
  return new Set(postingOf.keys())
}

/** What a row adopts under another number than its own; null for one that is posted, or found by its own. */
function adoptionOf({ action, quickBooksId, candidates }: ResetPlanRow): Adoption | null {
  const candidate = candidates.find((one) => one.quickBooksId === quickBooksId)
  return action === ResetAction.ADOPT && candidate
    ? { quickBooksId: candidate.quickBooksId, number: candidate.number }
    : null
}

/** Without rows whose invoice another posting became since the plan was made: they are not to be posted instead. */
async function stillFree(
  transaction: Database,
  { plan: { connectionId }, visits }: { plan: ResetPlan; visits: Visit[] },
): Promise<Visit[]> {
  const wanted = visits.flatMap(({ planned }) => {
    const adopts = adoptionOf(planned)
    return adopts && planned.sourceId ? [{ sourceId: planned.sourceId, quickBooksId: adopts.quickBooksId }] : []
  })
  const taken = await adoptedElsewhere(transaction, { connectionId, wanted })
  return visits.filter(({ planned }) => !taken.has(planned.sourceId ?? '') || adoptionOf(planned) === null)
}

function subject({ id: planId }: ResetPlan, { orderNumber, action, documentNumber, logRowId }: ResetPlanRow): string {
  return `reset plan ${planId}: order ${orderNumber ?? 'without a number'}, ${action} ${documentNumber ?? ''}, log row ${logRowId ?? 'none'}`
}

function seen(row: CrmLogRow | null, postingId: string | undefined): SeenLogRow[] {
  if (row === null || postingId === undefined) return []
  const { id, type, rawType, action, rawAction, recordId: sourceId, status, message, createdOn, modifiedOn } = row
  const common = {
    id,
    type: type ?? rawType,
    action: action ?? rawAction,
    sourceId,
    status,
    message,
    createdOn,
    modifiedOn,
  }
  return [{ ...common, postingId, reason: null, wantedStatus: null }]
}

/**
 * What only the CRM still says wrongly: a row that claims Processed for what is on its way, an order without a log row, a
 * record whose id is gone. All of it may be done twice.
 */
async function tellCrm(road: BulkRoad, applied: ResetPlanRow[]): Promise<void> {
  const sourceIds = applied.flatMap(({ sourceId }) => sourceId ?? [])
  const postings = await findOrderPostings(road.database, sourceIds)
  const postingOf = new Map(postings.map((posting) => [posting.sourceId, posting]))
  const pending = applied.filter(({ sourceId }) => postingOf.get(sourceId ?? '')?.state === PostingState.PENDING)
  const claims = pending.flatMap(({ logRowId }) =>
    logRowId ? [{ id: logRowId, status: LogStatus.PENDING, message: '' }] : [],
  )
  if (claims.length > 0) await road.crm.writeLogRows(claims)
  const missing = applied.flatMap(({ id, logRowId, sourceId, orderNumber }) =>
    logRowId === null && sourceId ? [{ id, orderId: sourceId, orderNumber }] : [],
  )
  if (missing.length > 0) await road.crm.addMissingLogRows(missing)
  const lost = applied.flatMap(({ action, sourceId, quickBooksId }) =>
    action === ResetAction.UPDATE &&
    sourceId &&
    quickBooksId &&
    postingOf.get(sourceId)?.state === PostingState.PROCESSED
      ? [{ kind: 'ORDER' as const, sourceId, quickBooksId }]
      : [],
  )
  if (lost.length > 0) await road.crm.writeQuickBooksIds(lost)
}
