import type { WriteResult } from '../creatio/creatio.ts'
import { CreatioError } from '../creatio/creatio-error.ts'
import { type LogRow, LogStatus } from '../domain/log-row.ts'
import type { Posting } from '../domain/posting.ts'
import { type ReasonDetail, reasonText } from '../domain/reason.ts'
import { PostingState } from '../domain/transitions.ts'
import { claimLogRowWriteBacks, confirmLogRows, logRowsOfPostings, postponeLogRows } from '../storage/log-rows.ts'
import { claimWriteBacks, confirmWriteBacks, postponeWriteBacks } from '../storage/write-backs.ts'
import { assertNever, later, type Road } from './road.ts'

interface LogRowWrite {
  id: string
  status: LogStatus
  message: string
}

/**
 * Tells the CRM what became of its records: the QuickBooks id to the record, then status and message to its log rows;
 * each write is read back. Only then does a POSTED posting become PROCESSED. Gives how many were told.
 */
export async function writeBack(road: Road): Promise<{ processed: number; told: number }> {
  const { writeBackMax: limit, writeBackLeaseSeconds: leaseSeconds } = road.limits
  const postings = await claimWriteBacks(road.database, { limit, leaseSeconds, now: road.now() })
  const ownRows = await claimLogRowWriteBacks(road.database, { limit, leaseSeconds, now: road.now() })
  const postingRows = await logRowsOfPostings(
    road.database,
    postings.map(({ id }) => id),
  )
  try {
    const known = await tellRecords(road, postings)
    const writes = [...rowWrites({ postings, rows: postingRows, known }), ...ownRows.flatMap(ownRowWrite)]
    const results = await road.crm.writeLogRows(writes)
    await confirmLogRows(road.database, { rows: writes.filter(({ id }) => isSettled(results.get(id))) })
    await settleOwnRows(road, { rows: ownRows, results })
    const processed = await settlePostings(road, { postings, rows: postingRows, known, results })
    return { processed, told: postings.length + ownRows.length }
  } catch (error) {
    if (!(error instanceof CreatioError)) throw error
    road.log.warn({ error: error.message }, 'the CRM could not be told; it is told again later')
    await postponeAll(road, { postings, ownRows })
    return { processed: 0, told: 0 }
  }
}

/** Writes the QuickBooks id to the records of POSTED postings. */
async function tellRecords(road: Road, postings: Posting[]): Promise<Map<string, WriteResult>> {
  const writes = postings.flatMap(({ state, kind, sourceId, quickBooksId }) =>
    state === PostingState.POSTED && quickBooksId ? [{ kind, sourceId, quickBooksId }] : [],
  )
  return road.crm.writeQuickBooksIds(writes)
}

/** The writes that the log rows of postings need. A row is told Processed only when its record was seen to have the id. */
function rowWrites(args: { postings: Posting[]; rows: LogRow[]; known: Map<string, WriteResult> }): LogRowWrite[] {
  const postingOf = new Map(args.postings.map((posting) => [posting.id, posting]))
  return args.rows.flatMap((row) => {
    const posting = postingOf.get(row.postingId ?? '')
    if (!posting || (posting.state === PostingState.POSTED && !isConfirmed(args.known.get(posting.sourceId)))) return []
    const wanted = statusFor(posting, row)
    return wanted && (wanted.status !== row.status || wanted.message !== row.message) ? [{ id: row.id, ...wanted }] : []
  })
}

/** What a log row says of a posting in each state; null leaves the row as it is. */
export function statusFor(posting: Posting, row: { status: LogStatus }): { status: LogStatus; message: string } | null {
  const text = posting.reasonCode ? reasonText(posting.reasonCode, posting.reasonDetail ?? {}) : ''
  switch (posting.state) {
    case PostingState.PENDING:
      return posting.waitingFor === null && row.status !== LogStatus.ERROR
        ? null
        : { status: LogStatus.PENDING, message: text }
    case PostingState.CLAIMED:
    case PostingState.SENT:
      return null
    case PostingState.UNKNOWN:
      return { status: LogStatus.PROCESSING, message: text }
    case PostingState.POSTED:
    case PostingState.PROCESSED:
      return { status: LogStatus.PROCESSED, message: '' }
    case PostingState.FAILED:
    case PostingState.MISMATCHED:
    case PostingState.SKIPPED:
    case PostingState.CANCELLED:
      return { status: LogStatus.ERROR, message: text }
    default:
      return assertNever(posting.state)
  }
}

function ownRowWrite(row: LogRow): LogRowWrite[] {
  if (row.wantedStatus === null || row.reasonCode === null) return []
  const message = row.wantedStatus === LogStatus.PROCESSED ? '' : reasonText(row.reasonCode, row.reasonDetail ?? {})
  return [{ id: row.id, status: row.wantedStatus, message }]
}

function isConfirmed(result: WriteResult | undefined): boolean {
  return result?.kind === 'confirmed'
}

/** A row that is gone needs to be told nothing more. */
function isSettled(result: WriteResult | undefined): boolean {
  return result?.kind === 'confirmed' || result?.kind === 'gone'
}

async function settleOwnRows(road: Road, args: { rows: LogRow[]; results: Map<string, WriteResult> }): Promise<void> {
  const ids = args.rows.filter(({ id }) => !isSettled(args.results.get(id))).map(({ id }) => id)
  await postponeLogRows(road.database, { ids, until: later(road.now(), road.limits.writeBackRetrySeconds) })
}

async function settlePostings(
  road: Road,
  args: { postings: Posting[]; rows: LogRow[]; known: Map<string, WriteResult>; results: Map<string, WriteResult> },
): Promise<number> {
  const now = road.now()
  const until = later(now, road.limits.writeBackRetrySeconds)
  const refusals = args.postings.map((posting) => ({ posting, refusal: refusalOf(posting, args) }))
  const told = refusals.filter(({ refusal }) => refusal === null).map(({ posting }) => posting)
  const untold = refusals.flatMap(({ posting, refusal }) => {
    if (refusal === null) return []
    const last = refusal.final || posting.writeBackAttempts + 1 >= road.limits.writeBackAttemptsMax
    const fail: ReasonDetail | null = last ? { documentNumber: posting.documentNumber, detail: refusal.detail } : null
    return [{ id: posting.id, revision: posting.revision, until, refused: true, fail }]
  })
  await postponeWriteBacks(road.database, { postings: untold, now })
  return confirmWriteBacks(road.database, { postings: told.map(({ id, revision }) => ({ id, revision })), now })
}

/** Why a posting has not been told to the CRM; null when it has. */
function refusalOf(
  posting: Posting,
  args: { rows: LogRow[]; known: Map<string, WriteResult>; results: Map<string, WriteResult> },
): { detail: string; final: boolean } | null {
  if (posting.state === PostingState.POSTED) {
    const result = args.known.get(posting.sourceId)
    if (result?.kind === 'gone') return { detail: 'the record no longer exists in the CRM', final: true }
    if (result?.kind !== 'confirmed') return { detail: result?.detail ?? 'nothing came back', final: false }
  }
  const refused = args.rows
    .filter(({ postingId }) => postingId === posting.id)
    .map(({ id }) => args.results.get(id))
    .find((result) => result?.kind === 'refused')
  return refused?.kind === 'refused' ? { detail: refused.detail, final: false } : null
}

async function postponeAll(road: Road, args: { postings: Posting[]; ownRows: LogRow[] }): Promise<void> {
  const now = road.now()
  const until = later(now, road.limits.writeBackRetrySeconds)
  await postponeWriteBacks(road.database, {
    postings: args.postings.map(({ id, revision }) => ({ id, revision, until, refused: false, fail: null })),
    now,
  })
  await postponeLogRows(road.database, { ids: args.ownRows.map(({ id }) => id), until })
}
