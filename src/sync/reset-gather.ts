import type { CrmLogRow, LogCursor } from '../creatio/creatio.ts'
import { LogStatus } from '../domain/log-row.ts'
import {
  ResetAction,
  ResetCause,
  type ResetPlan,
  type ResetProgress,
  type ResetSelection,
} from '../domain/reset-plan.ts'
import { PostingState } from '../domain/transitions.ts'
import { unloggedIds } from '../storage/differences.ts'
import { addResetRows, failTooLarge, finishGathering, type ResetRowDraft } from '../storage/reset-plans.ts'
import { findUnloggedOrders } from './difference.ts'
import { oneAhead } from './one-ahead.ts'
import { readCandidates } from './reset-candidates.ts'
import { type Candidate, classify, worldOf } from './reset-classify.ts'
import type { Road } from './road.ts'

const PAGE_ROWS_MAX = 400
/** Pages of one step: what is to be posted waits no longer than they take. */
const STEP_PAGES_MAX = 8
/** Rows that one plan may have. */
const PLAN_ROWS_MAX = 250_000

const STATUS_OF = {
  [ResetCause.FALSE_PROCESSED]: LogStatus.PROCESSED,
  [ResetCause.STUCK]: LogStatus.PROCESSING,
  [ResetCause.ERROR]: LogStatus.ERROR,
} as const satisfies Partial<Record<ResetCause, LogStatus>>

/** Some pages of what the CRM has to say about a plan, each saved with how far the reading is then. Throws CreatioError. */
export async function gather(road: Road, plan: ResetPlan): Promise<void> {
  for await (const page of oneAhead(gatheredPages(road, plan))) {
    await save(road, { plan, ...page })
    if (page.progress.rows > PLAN_ROWS_MAX || road.signal.aborted) break
  }
}

interface Gathered {
  rows: ResetRowDraft[]
  progress: ResetProgress
}

/** What was decided about page after page; the one after it is on its way meanwhile. */
async function* gatheredPages(road: Road, plan: ResetPlan): AsyncGenerator<Gathered> {
  const { selection, connectionId } = plan
  // A plan that an earlier release began did not count.
  let rowsSoFar = plan.progress?.rows ?? 0
  for await (const { cause, place, page } of oneAhead(logPages(road, plan))) {
    const candidates = await readCandidates(road, { connectionId, ...page })
    const rows = candidates.flatMap((one) => (isMeant(road, one, { cause, selection }) ? [draftOf(one, cause)] : []))
    rowsSoFar += rows.length
    yield { rows, progress: { ...place, rows: rowsSoFar } }
  }
}

type Place = Pick<ResetProgress, 'cause' | 'after'>

/** The pages of one step, each with the place from which the reading goes on after it. */
async function* logPages(
  road: Road,
  { selection, progress }: ResetPlan,
): AsyncGenerator<{ cause: ResetCause; place: Place; page: Page }> {
  let place: Place = progress ?? { cause: 0, after: null }
  for (let read = 0; read < STEP_PAGES_MAX; read += 1) {
    const cause = selection.causes[place.cause]
    if (cause === undefined) return
    const page = await pageOf(road, { selection, cause, after: place.after })
    place = page.next ? { cause: place.cause, after: page.next } : { cause: place.cause + 1, after: null }
    yield { cause, place, page }
  }
}

function save(road: Road, { plan, rows, progress }: Gathered & { plan: ResetPlan }): Promise<void> {
  return road.database.transaction(async (transaction) => {
    if (progress.rows > PLAN_ROWS_MAX) return failTooLarge(transaction, { planId: plan.id, rowsMax: PLAN_ROWS_MAX })
    const now = road.now()
    await addResetRows(transaction, { plan, rows, progress, now })
    if (progress.cause >= plan.selection.causes.length) await finishGathering(transaction, { plan, now })
  })
}

interface Page {
  rows: CrmLogRow[]
  unlogged: string[]
  next: LogCursor | null
}

async function pageOf(
  road: Road,
  args: { selection: ResetSelection; cause: ResetCause; after: LogCursor | null },
): Promise<Page> {
  const { selection, cause, after } = args
  if (cause === ResetCause.NO_LOG_ROW) {
    // What was found missing at night may have been logged since, and the reverse.
    if (after === null) await findUnloggedOrders(road)
    const found = await unloggedIds(road.database, { after: after?.id ?? null, limit: PAGE_ROWS_MAX })
    const last = found.at(-1)
    return {
      rows: [],
      unlogged: found.map(({ sourceId }) => sourceId),
      next: last ? { createdOn: '', id: last.id } : null,
    }
  }
  if (cause === ResetCause.MOVE) return { rows: [], unlogged: [], next: null }
  if (selection.orderNumbers.length > 0) return namedRows(road, { selection, cause })
  const { rows, next } = await road.crm.logRows({ statuses: [STATUS_OF[cause]], after, limit: PAGE_ROWS_MAX })
  return { rows, unlogged: [], next }
}

/** Of named orders the rows are asked for directly: a long log is not swept for the sake of a few. */
async function namedRows(
  road: Road,
  { selection, cause }: { selection: ResetSelection; cause: keyof typeof STATUS_OF },
): Promise<Page> {
  const ids: string[] = []
  for (const number of selection.orderNumbers) {
    const id = await road.crm.orderIdByNumber(number)
    if (id !== null) ids.push(id)
  }
  const rows = ids.length > 0 ? await road.crm.logRowsOfRecords(ids) : []
  return { rows: rows.filter(({ status }) => status === STATUS_OF[cause]), unlogged: [], next: null }
}

/** Whether a row that bears the status of a cause is meant by it, and selected. */
function isMeant(
  road: Road,
  candidate: Candidate,
  { cause, selection }: { cause: ResetCause; selection: ResetSelection },
): boolean {
  const { row, order, posting } = candidate
  const day = (row?.createdOn ?? order?.date ?? '').slice(0, 10)
  if (selection.from !== null && day < selection.from) return false
  if (selection.to !== null && day > selection.to) return false
  const number = order?.number ?? posting?.orderNumber ?? ''
  if (selection.orderNumbers.length > 0 && !selection.orderNumbers.includes(number)) return false
  if (selection.reasonCodes.length > 0 && !(posting?.reasonCode && selection.reasonCodes.includes(posting.reasonCode)))
    return false
  // A record that has its id is Processed by right; whether the id is true is for reconciliation to say.
  if (cause === ResetCause.FALSE_PROCESSED) return !order?.quickBooksId
  if (cause === ResetCause.STUCK) return isOld(road, row)
  return cause !== ResetCause.ERROR || posting?.state !== PostingState.PROCESSED
}

function isOld(road: Road, row: CrmLogRow | null): boolean {
  const touched = Date.parse(row?.modifiedOn ?? '')
  return Number.isNaN(touched) || road.now().getTime() - touched > road.limits.orphanSeconds * 1000
}

function draftOf(candidate: Candidate, cause: ResetCause): ResetRowDraft {
  const { row, sourceId, order, posting } = candidate
  const verdict = classify(candidate)
  const document = verdict.kind === 'look' ? verdict.document : null
  const reason = verdict.kind === 'look' ? null : verdict.reason
  return {
    cause,
    logRowId: row?.id ?? null,
    createdOn: row?.createdOn ?? '',
    postingId: null,
    workedOnAt: row ? [row.createdOn, row.modifiedOn] : [],
    sourceId,
    orderNumber: order?.number ?? posting?.orderNumber ?? null,
    documentNumber: document?.number ?? posting?.documentNumber ?? null,
    total: document?.total ?? posting?.total ?? null,
    currency: document?.currency ?? posting?.currency ?? order?.currency ?? null,
    action: verdict.kind === 'look' ? null : verdict.kind === 'tell' ? ResetAction.UPDATE : verdict.action,
    reasonCode: reason?.code ?? null,
    reasonDetail: reason?.detail ?? null,
    quickBooksId: posting?.quickBooksId ?? null,
    world: worldOf(candidate, verdict),
    document,
  }
}
