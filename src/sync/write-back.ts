import type { LogRowWrite, QuickBooksIdWrite, WriteResult } from '../creatio/creatio.ts'
import { CreatioError } from '../creatio/creatio-error.ts'
import type { Profile } from '../creatio/profile.ts'
import { isShadow } from '../domain/connection.ts'
import { appliesCredit, takesBackItsOwn } from '../domain/document.ts'
import { PostingKind } from '../domain/kinds.ts'
import { type LogRow, LogStatus } from '../domain/log-row.ts'
import type { Posting } from '../domain/posting.ts'
import { reasonText } from '../domain/reason.ts'
import { PostingState } from '../domain/transitions.ts'
import { defaultConnection } from '../storage/connections.ts'
import {
  claimLogRowWriteBacks,
  confirmLogRows,
  keepLogRowWriteBacks,
  logRowsOfPostings,
  postponeLogRows,
} from '../storage/log-rows.ts'
import {
  claimWriteBacks,
  confirmWriteBacks,
  keepWriteBacks,
  postponeWriteBacks,
  type Untold,
} from '../storage/write-backs.ts'
import { isOutage } from './crm-outage.ts'
import { assertNever, later, type Road } from './road.ts'

/** Waits between tries of what the CRM refuses double up to this. */
const RETRY_SECONDS_MAX = 900
/** Wait before a CRM that is out is told again: short, so that it knows within a minute of its return. */
const OUTAGE_SECONDS = 15

interface Results {
  /** By the id of the posting. */
  records: Map<string, WriteResult>
  /** By the id of the log row. */
  rows: Map<string, WriteResult>
}

/**
 * Tells the CRM what became of its records: the QuickBooks id to the record, then status and message to its log rows;
 * each write is read back. Only then does a POSTED posting become PROCESSED. What could not be told is told again later,
 * and never dropped. Gives how many were told.
 */
export async function writeBack(road: Road): Promise<{ processed: number; told: number }> {
  // Another system tells the CRM what it posted: beside it, nothing at all is written there.
  const connection = await defaultConnection(road.database)
  if (connection && isShadow(connection)) return { processed: 0, told: 0 }
  const { writeBackMax: limit, writeBackLeaseSeconds: leaseSeconds } = road.limits
  let postings = await claimWriteBacks(road.database, { limit, leaseSeconds, now: road.now() })
  let ownRows = await claimLogRowWriteBacks(road.database, { limit, leaseSeconds, now: road.now() })
  if (postings.length + ownRows.length === 0) return { processed: 0, told: 0 }
  try {
    const records = await tellRecords(road, postings)
    // The CRM may have been slow: what another process has taken over meanwhile is its to tell.
    const lease = { leaseSeconds, now: road.now() }
    postings = await keepWriteBacks(road.database, { postings, ...lease })
    ownRows = await keepLogRowWriteBacks(road.database, { rows: ownRows, ...lease })
    const postingRows = await logRowsOfPostings(
      road.database,
      postings.map(({ id }) => id),
    )
    const writes = [...rowWrites({ postings, rows: postingRows, records }), ...ownRows.flatMap(ownRowWrite)]
    const rows = await road.crm.writeLogRows(writes)
    await confirmLogRows(road.database, { rows: writes.filter(({ id }) => isSettled(rows.get(id))) })
    await postponeLogRows(road.database, { rows: ownRows.flatMap((row) => untoldRow(road, row, rows.get(row.id))) })
    const processed = await settlePostings(road, { postings, postingRows, results: { records, rows } })
    return { processed, told: postings.length + ownRows.length }
  } catch (error) {
    if (!(error instanceof CreatioError)) throw error
    if (!isOutage(error)) road.log.warn({ error: error.message }, 'the CRM could not be told; it is told again later')
    await postponeAll(road, { postings, ownRows })
    return { processed: 0, told: 0 }
  }
}

/** Writes the QuickBooks id to the records of POSTED postings. */
async function tellRecords(road: Road, postings: Posting[]): Promise<Map<string, WriteResult>> {
  const posted = postings.filter(({ state, quickBooksId }) => state === PostingState.POSTED && quickBooksId)
  const places = posted.map((posting) => ({ posting, kind: placeOf(posting, road.crm.profile) }))
  const writes = places.flatMap(({ posting: { sourceId, quickBooksId }, kind }) =>
    kind && quickBooksId ? [{ kind, sourceId, quickBooksId }] : [],
  )
  const results = writes.length === 0 ? new Map<string, WriteResult>() : await road.crm.writeQuickBooksIds(writes)
  return new Map(
    places.flatMap(({ posting: { id, sourceId }, kind }): [string, WriteResult][] => {
      // Where the CRM has no place for the id, there is nothing that it could be told.
      const result = kind === null ? { kind: 'confirmed' as const } : results.get(sourceId)
      return result ? [[id, result]] : []
    }),
  )
}

/** Where the CRM keeps the id of what a posting became; null where it does not. */
function placeOf(
  { kind, correctionId, document }: Posting,
  { payment, product }: Profile,
): QuickBooksIdWrite['kind'] | null {
  switch (kind) {
    case PostingKind.INVOICE:
      return 'ORDER'
    case PostingKind.CREDIT_MEMO:
    case PostingKind.REFUND:
      // What takes an invoice back must not stand in the place of the invoice.
      return correctionId !== null && takesBackItsOwn(document) ? null : 'ORDER'
    case PostingKind.CUSTOMER:
      return 'ACCOUNT'
    case PostingKind.ITEM:
      return product.fromQuickBooks.quickBooksId === null ? null : 'PRODUCT'
    case PostingKind.PAYMENT:
      return appliesCredit(document) || payment.quickBooksId === null ? null : 'PAYMENT'
    case PostingKind.VOID:
      return null
    default:
      return assertNever(kind)
  }
}

/** The writes that the log rows of postings need. A row is told Processed only when its record was seen to have the id. */
function rowWrites(args: { postings: Posting[]; rows: LogRow[]; records: Map<string, WriteResult> }): LogRowWrite[] {
  const postingOf = new Map(args.postings.map((posting) => [posting.id, posting]))
  return args.rows.flatMap((row) => {
    const posting = postingOf.get(row.postingId ?? '')
    if (!posting || (posting.state === PostingState.POSTED && !isConfirmed(args.records.get(posting.id)))) return []
    const wanted = statusFor(posting, row)
    return wanted && (wanted.status !== row.status || wanted.message !== row.message) ? [{ id: row.id, ...wanted }] : []
  })
}

/** What a log row says of a posting in each state; null leaves the row as it is. */
function statusFor(posting: Posting, row: { status: LogStatus | null }): { status: LogStatus; message: string } | null {
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

function untoldRow(road: Road, row: LogRow, result: WriteResult | undefined) {
  if (isSettled(result)) return []
  const refused = result?.kind === 'refused'
  return [{ id: row.id, until: nextTry(road, row.writeBackAttempts), refused }]
}

/** What is refused again and again is asked ever more seldom, and never given up. */
function nextTry(road: Road, attempts: number): Date {
  return later(road.now(), Math.min(road.limits.writeBackRetrySeconds * 2 ** attempts, RETRY_SECONDS_MAX))
}

async function settlePostings(
  road: Road,
  args: { postings: Posting[]; postingRows: LogRow[]; results: Results },
): Promise<number> {
  const rowsOf = Map.groupBy(args.postingRows, ({ postingId }) => postingId)
  const told: Posting[] = []
  const untold: Untold[] = []
  for (const posting of args.postings) {
    const trouble = troubleOf(posting, { rows: rowsOf.get(posting.id) ?? [], results: args.results })
    if (trouble === null) told.push(posting)
    else untold.push(untoldPosting(road, posting, trouble))
  }
  const now = road.now()
  await postponeWriteBacks(road.database, { postings: untold, now })
  return confirmWriteBacks(road.database, { postings: told.map(({ id, revision }) => ({ id, revision })), now })
}

interface Trouble {
  detail: string
  refused: boolean
  /** It cannot pass by itself. */
  final: boolean
}

function untoldPosting(road: Road, posting: Posting, { detail, refused, final }: Trouble): Untold {
  const { id, revision, writeBackAttempts: attempts } = posting
  const last = final || (refused && attempts + 1 >= road.limits.writeBackAttemptsMax)
  return posting.state === PostingState.POSTED && last
    ? { id, revision, refused, until: road.now(), fail: { record: recordName(posting), detail } }
    : { id, revision, refused, until: nextTry(road, attempts), fail: null }
}

function recordName({ kind, documentNumber }: Posting): string {
  return kind === PostingKind.CUSTOMER || kind === PostingKind.ITEM
    ? `${kind.toLowerCase()} "${documentNumber}"`
    : `${kind.toLowerCase().replace('_', ' ')} ${documentNumber}`
}

/** Why a posting has not been told to the CRM; null when it has. */
function troubleOf(posting: Posting, args: { rows: LogRow[]; results: Results }): Trouble | null {
  if (posting.state === PostingState.POSTED) {
    const result = args.results.records.get(posting.id)
    if (result?.kind === 'gone') return { detail: 'the record no longer exists in the CRM', refused: true, final: true }
    if (result?.kind !== 'confirmed') return trouble(result)
  }
  const untold = args.rows.flatMap(({ id }) => args.results.rows.get(id) ?? []).filter((one) => !isSettled(one))
  // What was refused says more than what was lost.
  const [first] = untold.toSorted((a, b) => Number(b.kind === 'refused') - Number(a.kind === 'refused'))
  return first ? trouble(first) : null
}

function trouble(result: WriteResult | undefined): Trouble {
  const detail = result && 'detail' in result ? result.detail : 'nothing came back'
  return { detail, refused: result?.kind === 'refused', final: false }
}

async function postponeAll(road: Road, args: { postings: Posting[]; ownRows: LogRow[] }): Promise<void> {
  const until = later(road.now(), OUTAGE_SECONDS)
  const postings = args.postings.map(({ id, revision }) => ({ id, revision, until, refused: false, fail: null }))
  await postponeWriteBacks(road.database, { postings, now: road.now() })
  await postponeLogRows(road.database, { rows: args.ownRows.map(({ id }) => ({ id, until, refused: false })) })
}
