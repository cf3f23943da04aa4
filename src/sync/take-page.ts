import type { CrmLogRow, CrmOrder, LogCursor } from '../creatio/creatio.ts'
import type { Connection } from '../domain/connection.ts'
import { LogStatus } from '../domain/log-row.ts'
import type { Posting } from '../domain/posting.ts'
import { LIVE_STATES, PostingState } from '../domain/transitions.ts'
import { defaultConnection } from '../storage/connections.ts'
import { type CorrectionDraft, withdrawProposals } from '../storage/corrections.ts'
import { resolveUnloggedOrders } from '../storage/differences.ts'
import { findKnownRows, type KnownLogRow, postingStates, type SeenLogRow, saveLogRows } from '../storage/log-rows.ts'
import { acceptPostings, changePostings, findOrderPostings, type PostingDraft } from '../storage/postings.ts'
import { writeCursor } from '../storage/sync-runs.ts'
import { proposeCorrections } from './corrections.ts'
import { type Decision, decide } from './eligibility.ts'
import { askForPayments } from './mirror-schedule.ts'
import { type Read, readingOf, readOrders } from './read-orders.ts'
import type { Road } from './road.ts'

export interface TakenPage {
  /** Postings created or set going again. */
  accepted: number
  /** Rows that need no posting. */
  skipped: number
}

interface Decided {
  row: CrmLogRow
  decision: Decision
}

/** Log rows as they were read, and those of them about which something is to be decided, with their orders. */
export interface ReadRows {
  rows: CrmLogRow[]
  fresh: CrmLogRow[]
  sourceIds: string[]
  orders: Read<CrmOrder>
}

/** Reads what is needed to decide about log rows. Nothing is changed. Throws CreatioError. */
export async function readRows(road: Road, rows: CrmLogRow[]): Promise<ReadRows> {
  const fresh = await newRows(road, rows)
  const sourceIds = recordIds(fresh)
  return { rows, fresh, sourceIds, orders: await readOrders(road, sourceIds) }
}

/** Decides about log rows that were read, and saves postings, rows and the reader's cursor in one transaction. */
export async function saveRows(
  road: Road,
  args: { connection: Connection; read: ReadRows; cursor?: { name: string; value: LogCursor | null } },
): Promise<TakenPage> {
  const now = road.now()
  const { read, cursor } = args
  return road.database.transaction(async (transaction) => {
    // A move may have turned orders to another company since the page was read.
    const connection = (await defaultConnection(transaction)) ?? args.connection
    const taken =
      read.fresh.length === 0
        ? { accepted: 0, skipped: 0 }
        : await save({ ...road, database: transaction }, { connection, ...read, now })
    if (cursor) await writeCursor(transaction, { ...cursor, value: cursor.value && { ...cursor.value }, now })
    return taken
  })
}

async function save(
  road: Road,
  args: { connection: Connection; fresh: CrmLogRow[]; sourceIds: string[]; orders: Read<CrmOrder>; now: Date },
): Promise<TakenPage> {
  const { connection, fresh, sourceIds, orders, now } = args
  const { database } = road
  const postings = bySource(await findOrderPostings(database, sourceIds))
  const decided = deletesLast(
    fresh.map((row) => {
      const posting = postings.get(row.recordId ?? '')
      return { row, decision: decideRow(road, { row, connection, orders, posting }) }
    }),
  )
  const drafts = draftsOf(decided)
  const acceptedIds = await acceptPostings(database, { drafts, now })
  await changePostings(database, { changes: toldAgain(decided), now })
  const spokenFor = await proposeCorrections(road, { connection, drafts: correctionsOf(decided), now })
  await withdrawProposals(database, { postingIds: echoed(decided), now })
  await saveLogRows(database, { rows: decided.flatMap((one) => seen(one, { acceptedIds, spokenFor })), now })
  await resolveUnloggedOrders(database, { sourceIds, now })
  if (fresh.some(({ type }) => type === 'COMMISSION')) await askForPayments(road, { connection, now })
  const accepted = drafts.filter(({ state, sourceId }) => state === PostingState.PENDING && acceptedIds.has(sourceId))
  return { accepted: accepted.length, skipped: decided.filter(needsNoPosting).length }
}

/** The rows about which something is to be decided: not those that were understood and have not changed since. */
async function newRows(road: Road, rows: CrmLogRow[]): Promise<CrmLogRow[]> {
  if (rows.length === 0) return []
  const known = await findKnownRows(
    road.database,
    rows.map((row) => row.id),
  )
  const asked = rows.filter((row) => known.has(row.id) || row.status === LogStatus.PROCESSING)
  const states = await postingStates(road.database, recordIds(asked))
  return rows.filter((row) => {
    const state = states.get(row.recordId ?? '')
    const isOwned = state !== undefined && (LIVE_STATES as readonly PostingState[]).includes(state)
    const before = known.get(row.id)
    if (before && isUnderstood(row, { before, isOwned })) return false
    return row.status !== LogStatus.PROCESSING || (!isOwned && isOrphan(road, row))
  })
}

function isUnderstood(row: CrmLogRow, { before, isOwned }: { before: KnownLogRow; isOwned: boolean }): boolean {
  if (before.isToBeTold) return true
  const unchanged =
    before.modifiedOn === row.modifiedOn &&
    before.status === row.status &&
    // A type or action that the profile has learnt since is read anew.
    before.type === (row.type ?? row.rawType) &&
    before.action === (row.action ?? row.rawAction)
  if (before.postingId !== null) return isOwned && unchanged
  return before.hasReason && before.wantedStatus === null && unchanged
}

/** A Processing row that no living posting owns: the system before us, or a crash, left it there. */
function isOrphan(road: Road, row: CrmLogRow): boolean {
  // Not every writer maintains ModifiedOn; where neither time can be read, nobody can say that the row is young.
  const [touchedAt] = [row.modifiedOn, row.createdOn].map(Date.parse).filter((at) => at > 0)
  return touchedAt === undefined || road.now().getTime() - touchedAt > road.limits.orphanSeconds * 1000
}

function recordIds(rows: CrmLogRow[]): string[] {
  return [...new Set(rows.filter((row) => row.type === 'CUSTOMER_ORDER').flatMap((row) => row.recordId ?? []))]
}

function bySource(postings: Posting[]): Map<string, Posting> {
  return new Map(postings.map((posting) => [posting.sourceId, posting]))
}

function decideRow(
  road: Road,
  args: { row: CrmLogRow; connection: Connection; orders: Read<CrmOrder>; posting: Posting | undefined },
): Decision {
  const { row, connection, orders, posting } = args
  const id = row.recordId ?? ''
  const orderNumber = orders.found.get(id)?.number ?? posting?.orderNumber ?? null
  return decide({
    row,
    reading: readingOf(road, { orders, id, orderNumber }),
    orderNumber,
    posting: posting ?? null,
    connectionId: connection.id,
  })
}

/** A Delete is answered only when what its order's other rows asked for has come to rest. */
function deletesLast(decided: Decided[]): Decided[] {
  const asked = new Set(decided.flatMap(({ decision }) => (decision.kind === 'post' ? [decision.draft.sourceId] : [])))
  return decided.map((one) =>
    one.row.action === 'DELETE' && asked.has(one.row.recordId ?? '')
      ? { row: one.row, decision: { kind: 'later' as const } }
      : one,
  )
}

/** One draft for each order: several rows of one order ask for one posting. */
function draftsOf(decided: Decided[]): PostingDraft[] {
  const drafts = decided.flatMap(({ decision }) => (decision.kind === 'post' ? [decision.draft] : []))
  return [...new Map(drafts.map((draft) => [draft.sourceId, draft])).values()]
}

function correctionsOf(decided: Decided[]): CorrectionDraft[] {
  return decided.flatMap(({ decision }) =>
    decision.kind === 'answer' && decision.correction ? [decision.correction] : [],
  )
}

/** The postings whose orders say again what was posted. */
function echoed(decided: Decided[]): string[] {
  return decided.flatMap(({ decision }) =>
    decision.kind === 'answer' && decision.reason === 'ECHO' && decision.postingId ? [decision.postingId] : [],
  )
}

function toldAgain(decided: Decided[]) {
  const ids = decided.flatMap(({ decision }) => (decision.kind === 'tell-again' ? [decision.postingId] : []))
  return [...new Set(ids)].map((id) => ({ id, to: PostingState.POSTED }))
}

function needsNoPosting({ decision }: Decided): boolean {
  return decision.kind === 'answer' || (decision.kind === 'post' && decision.draft.state !== PostingState.PENDING)
}

function seen(
  { row, decision }: Decided,
  { acceptedIds, spokenFor }: { acceptedIds: Map<string, string>; spokenFor: Map<string, string> },
): SeenLogRow[] {
  const common = {
    id: row.id,
    type: row.type ?? row.rawType,
    action: row.action ?? row.rawAction,
    sourceId: row.recordId,
    status: row.status,
    message: row.message,
    createdOn: row.createdOn,
    modifiedOn: row.modifiedOn,
  }
  switch (decision.kind) {
    case 'later':
      return []
    case 'answer': {
      const postingId = decision.correction && spokenFor.get(decision.correction.posting.sourceId)
      if (postingId) return [{ ...common, postingId, reason: null, wantedStatus: null }]
      const reason = { code: decision.reason, detail: decision.detail }
      return [{ ...common, postingId: decision.postingId, reason, wantedStatus: decision.wantedStatus }]
    }
    case 'post': {
      const postingId = acceptedIds.get(decision.draft.sourceId)
      return postingId ? [{ ...common, postingId, reason: null, wantedStatus: null }] : []
    }
    case 'tell-again':
      return decision.joins ? [{ ...common, postingId: decision.postingId, reason: null, wantedStatus: null }] : []
    case 'join':
      return [{ ...common, postingId: decision.postingId, reason: null, wantedStatus: null }]
  }
}
