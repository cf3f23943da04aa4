import type { CrmLogRow, CrmOrder, LogCursor } from '../creatio/creatio.ts'
import { toDocument } from '../creatio/to-document.ts'
import type { Connection } from '../domain/connection.ts'
import { PostingKind } from '../domain/kinds.ts'
import { type LogRow, LogStatus } from '../domain/log-row.ts'
import type { Posting } from '../domain/posting.ts'
import { LIVE_STATES, PostingState } from '../domain/transitions.ts'
import { findLogRows, type SeenLogRow, saveLogRows } from '../storage/log-rows.ts'
import { acceptPostings, changePostings, findPostings, type PostingDraft } from '../storage/postings.ts'
import { readCursor, writeCursor } from '../storage/sync-runs.ts'
import { type Decision, decide } from './eligibility.ts'
import type { Road } from './road.ts'

const CURSOR = 'order-log'
const STATUSES = [LogStatus.PENDING, LogStatus.RE_PROCESS, LogStatus.PROCESSING]

export interface IntakeCount {
  read: number
  accepted: number
  skipped: number
}

/**
 * Sweeps the order log by status, page by page, from where the last sweep stopped; at the end it begins anew. So a
 * backlog of any size is read in bounded steps, and a row whose ModifiedOn nobody maintained is still seen.
 */
export async function intake(road: Road, { connection }: { connection: Connection }): Promise<IntakeCount> {
  const count: IntakeCount = { read: 0, accepted: 0, skipped: 0 }
  let after = (await readCursor(road.database, CURSOR)) as LogCursor | null
  const startedAtTop = after === null
  do {
    const page = await road.crm.logRows({ statuses: STATUSES, after, limit: road.limits.intakePageRowsMax })
    const taken = await takePage(road, { connection, rows: page.rows, next: page.next })
    count.read += page.rows.length
    count.accepted += taken.accepted
    count.skipped += taken.skipped
    if (taken.accepted > 0) road.wake()
    after = page.next
  } while (after !== null && count.read < road.limits.intakeRowsMax)
  return startedAtTop || count.read > 0 ? count : intake(road, { connection })
}

async function takePage(
  road: Road,
  { connection, rows, next }: { connection: Connection; rows: CrmLogRow[]; next: LogCursor | null },
): Promise<{ accepted: number; skipped: number }> {
  const now = road.now()
  const fresh = await newRows(road, rows)
  const records = recordIds(fresh)
  const orders = await road.crm.orders(records)
  return road.database.transaction(async (transaction) => {
    const postings = await findPostings(transaction, { kind: PostingKind.INVOICE, sourceIds: records })
    const postingOf = new Map(postings.map((posting) => [posting.sourceId, posting]))
    const decided = fresh.map((row) => ({
      row,
      decision: decideRow(road, {
        row,
        connection,
        order: orders.get(row.recordId ?? ''),
        posting: postingOf.get(row.recordId ?? ''),
      }),
    }))
    const drafts = draftsOf(decided.map(({ decision }) => decision))
    const acceptedIds = await acceptPostings(transaction, { drafts, now })
    await changePostings(transaction, {
      changes: decided.flatMap(({ decision }) =>
        decision.kind === 'tell-again' ? [{ id: decision.postingId, to: PostingState.POSTED }] : [],
      ),
      now,
    })
    await saveLogRows(transaction, { rows: decided.flatMap((one) => seen(one, acceptedIds)), now })
    await writeCursor(transaction, { name: CURSOR, value: next === null ? null : { ...next }, now })
    const accepted = drafts.filter((draft) => draft.state === PostingState.PENDING).length
    return { accepted, skipped: decided.filter(({ decision }) => decision.kind !== 'later').length - accepted }
  })
}

/** The rows about which something is to be decided: not those that were understood and have not changed since. */
async function newRows(road: Road, rows: CrmLogRow[]): Promise<CrmLogRow[]> {
  const known = new Map(
    (
      await findLogRows(
        road.database,
        rows.map((row) => row.id),
      )
    ).map((row) => [row.id, row]),
  )
  const postings = await findPostings(road.database, {
    kind: PostingKind.INVOICE,
    sourceIds: recordIds(rows.filter((row) => known.has(row.id) || row.status === LogStatus.PROCESSING)),
  })
  const postingOf = new Map(postings.map((posting) => [posting.sourceId, posting]))
  return rows.filter((row) => {
    const posting = postingOf.get(row.recordId ?? '')
    if (
      row.status === LogStatus.PROCESSING &&
      !isOrphan(row, { posting, now: road.now(), seconds: road.limits.orphanSeconds })
    ) {
      return false
    }
    const before = known.get(row.id)
    return !(before && isUnderstood(row, { before, posting }))
  })
}

function isUnderstood(row: CrmLogRow, { before, posting }: { before: LogRow; posting: Posting | undefined }): boolean {
  if (before.writeBackAt !== null) return true
  if (before.postingId !== null && posting && isLive(posting)) {
    return before.modifiedOn === row.modifiedOn && before.status === row.status
  }
  const leftAlone = before.reasonCode !== null && before.wantedStatus === null && before.postingId === null
  return leftAlone && before.modifiedOn === row.modifiedOn && before.status === row.status
}

/** A Processing row that no living posting owns: the system before us, or a crash, left it there. */
function isOrphan(row: CrmLogRow, args: { posting: Posting | undefined; now: Date; seconds: number }): boolean {
  if (args.posting && isLive(args.posting)) return false
  return args.now.getTime() - Date.parse(row.modifiedOn) > args.seconds * 1000
}

function isLive(posting: Posting): boolean {
  return (LIVE_STATES as readonly PostingState[]).includes(posting.state)
}

function recordIds(rows: CrmLogRow[]): string[] {
  return [...new Set(rows.filter((row) => row.type === 'CUSTOMER_ORDER').flatMap((row) => row.recordId ?? []))]
}

function decideRow(
  road: Road,
  args: { row: CrmLogRow; connection: Connection; order: CrmOrder | undefined; posting: Posting | undefined },
): Decision {
  const reading = args.order ? toDocument(args.order, { profile: road.crm.profile, timeZone: road.crm.timeZone }) : null
  return decide({
    row: args.row,
    reading,
    orderNumber: args.order?.number ?? null,
    posting: args.posting ?? null,
    connectionId: args.connection.id,
  })
}

/** One draft for each order: several rows of one order ask for one posting. */
function draftsOf(decisions: Decision[]): PostingDraft[] {
  const drafts = decisions.flatMap((decision) => (decision.kind === 'post' ? [decision.draft] : []))
  return [...new Map(drafts.map((draft) => [draft.sourceId, draft])).values()]
}

function seen(
  { row, decision }: { row: CrmLogRow; decision: Decision },
  acceptedIds: Map<string, string>,
): SeenLogRow[] {
  if (decision.kind === 'later') return []
  const common = {
    id: row.id,
    type: row.type ?? row.rawType,
    action: row.action ?? row.rawAction,
    sourceId: row.recordId,
    status: row.status ?? LogStatus.PENDING,
    message: row.message,
    createdOn: row.createdOn,
    modifiedOn: row.modifiedOn,
  }
  if (decision.kind === 'answer') {
    const reason = { code: decision.reason, detail: decision.detail }
    return [{ ...common, postingId: decision.postingId, reason, wantedStatus: decision.wantedStatus }]
  }
  const postingId = decision.kind === 'post' ? acceptedIds.get(decision.draft.sourceId) : decision.postingId
  return postingId ? [{ ...common, postingId, reason: null, wantedStatus: null }] : []
}
