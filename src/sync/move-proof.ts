import { Environment } from '../domain/kinds.ts'
import { type Money, sum, ZERO } from '../domain/money.ts'
import { MovePlace, MoveProof, MoveProofRow } from '../domain/move-proof.ts'
import type { MoveTerms } from '../domain/move-terms.ts'
import { ResetAction, type ResetPlan, type ResetPlanRow } from '../domain/reset-plan.ts'
import { PostingState } from '../domain/transitions.ts'
import { findConnection } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { invoicesReadSince, type MoveFacts, moveFacts, unplannedPostings } from '../storage/move-proof.ts'
import { InvalidRequest, idFrom, type KeysetPage, type PageRequest } from '../storage/pages.ts'
import { findResetPlan, resetRowPage } from '../storage/reset-plans.ts'

const PAGE_ROWS = 200
const UNPROVEN_MAX = 200

interface Moved {
  plan: ResetPlan
  move: MoveTerms
  /** The old company is a sandbox and the new one is not: what the old one has counts for nothing. */
  isCopyOnly: boolean
  /** Up to when the invoices of each are known, by a reading after the move; null when there was none yet. */
  oldReadAt: Date | null
  newReadAt: Date | null
}

/** Says where every order of a move is, by its posting and by what the mirrors of both companies have. Throws InvalidRequest. */
export async function moveProof(database: Database, planId: string): Promise<MoveProof> {
  const moved = await movedOf(database, planId)
  const { plan, oldReadAt, newReadAt } = moved
  const counts = new Map<string, { place: MovePlace; currency: string | null; totals: Money[] }>()
  const unproven: MoveProofRow[] = []
  for await (const row of proofRows(database, planId)) {
    const key = `${row.place} ${row.currency}`
    const count = counts.get(key) ?? { place: row.place, currency: row.currency, totals: [] }
    count.totals.push(row.total ?? ZERO)
    counts.set(key, count)
    if (!isInOrder(row) && unproven.length < UNPROVEN_MAX) unproven.push(row)
  }
  const { strays, waiting } = await unplannedPostings(database, moved)
  // What a sandbox has counts for nothing, and nobody can ask it any more.
  const isRead = (oldReadAt !== null || moved.isCopyOnly) && newReadAt !== null
  return Object.assign(new MoveProof(), {
    planId: plan.id,
    isProven: plan.state === 'DONE' && unproven.length === 0 && strays === 0 && isRead,
    ...{ oldReadAt, newReadAt, strays, waiting, unproven },
    counts: [...counts.values()].map(({ place, currency, totals }) => ({
      ...{ place, currency, count: totals.length, total: sum(totals) },
    })),
  })
}

/** One page of the rows of a proof. Throws InvalidRequest. */
export async function moveProofPage(
  database: Database,
  { planId, request }: { planId: string; request: PageRequest },
): Promise<KeysetPage<MoveProofRow>> {
  const moved = await movedOf(database, planId)
  const page = await resetRowPage(database, { planId: moved.plan.id, action: null, request })
  return { ...page, nodes: await judged(database, { moved, rows: page.nodes }) }
}

/** All rows of a proof, page by page. Throws InvalidRequest. */
export async function* proofRows(database: Database, planId: string): AsyncGenerator<MoveProofRow> {
  for (let after: string | null = null; ; ) {
    const page: KeysetPage<MoveProofRow> = await moveProofPage(database, {
      planId,
      request: { first: PAGE_ROWS, after },
    })
    yield* page.nodes
    after = page.endCursor
    if (!page.hasNextPage) return
  }
}

async function movedOf(database: Database, planId: string): Promise<Moved> {
  const plan = await findResetPlan(database, idFrom({ id: planId, what: 'plan of a move' }))
  if (!plan?.move) throw new InvalidRequest(`There is no plan ${planId} of a move.`)
  const { move } = plan
  const [from, to] = [
    await findConnection(database, { id: move.fromId }),
    await findConnection(database, { id: plan.connectionId }),
  ]
  const isCopyOnly = from?.environment === Environment.SANDBOX && to?.environment === Environment.PRODUCTION
  const oldReadAt = await invoicesReadSince(database, { plan, connectionId: move.fromId })
  const newReadAt = await invoicesReadSince(database, { plan, connectionId: plan.connectionId })
  return { plan, move, isCopyOnly, oldReadAt, newReadAt }
}

async function judged(
  database: Database,
  { moved, rows }: { moved: Moved; rows: ResetPlanRow[] },
): Promise<MoveProofRow[]> {
  const facts = await moveFacts(database, { ...moved, rows })
  return rows.flatMap((row) => {
    const known = facts.get(row.id)
    if (!known) return []
    const { id, orderNumber, documentNumber, total, currency, action, result } = row
    const { connectionId, state, quickBooksId, verification, inOld, inNew } = known
    const evidenceAt = known.evidenceAt ? new Date(known.evidenceAt) : null
    const shown = { id, orderNumber, documentNumber, total, currency, action, result, connectionId, state }
    const ids = { quickBooksId: quickBooksId ?? (action === ResetAction.STAY ? row.quickBooksId : null), verification }
    return [
      Object.assign(new MoveProofRow(), { ...shown, ...ids, evidenceAt, inOld, inNew }, verdict(row, { known, moved })),
    ]
  })
}

function isInOrder({ place }: MoveProofRow): boolean {
  return place !== MovePlace.LEFT_BEHIND && place !== MovePlace.TWICE
}

type Verdict = Pick<MoveProofRow, 'place' | 'why'>

const POSTED: (PostingState | null)[] = [PostingState.POSTED, PostingState.PROCESSED]
const RESTING: (PostingState | null)[] = [PostingState.SKIPPED, PostingState.CANCELLED]

/** Where an order is, and why that is said. Pure. */
function verdict(row: ResetPlanRow, { known, moved }: { known: MoveFacts; moved: Moved }): Verdict {
  const { plan, move, isCopyOnly } = moved
  const { connectionId, state, quickBooksId } = known
  // The system before us posted it there, and the CRM says so.
  const staysByCrm = row.reasonCode === 'MOVE_STAYS_BY_CRM'
  const isOld = connectionId === move.fromId && (quickBooksId !== null || staysByCrm)
  if (isOld && !isCopyOnly) return verdictOfOld(row, { known, moved, staysByCrm })
  if (connectionId === plan.connectionId && quickBooksId !== null) return verdictOfNew({ known, moved })
  if (RESTING.includes(state))
    return { place: MovePlace.NOT_INVOICED, why: `its posting is ${state}: the reason says why` }
  if (row.action === ResetAction.REFUSE) return left(row.reason?.sentence ?? 'a person must decide')
  if (row.result === 'CHANGED') return left('it had changed since the plan: plan the move once more')
  return left(`its posting is ${state ?? 'not there'}: it is not posted yet`)
}

function verdictOfOld(
  row: ResetPlanRow,
  { known, moved, staysByCrm }: { known: MoveFacts; moved: Moved; staysByCrm: boolean },
): Verdict {
  const { state, quickBooksId, inNew, isThere } = known
  const id = quickBooksId ?? row.quickBooksId
  if (inNew.length > 0)
    return { place: MovePlace.TWICE, why: `the new company has its number too: ${inNew.join(', ')}` }
  if (!staysByCrm && !POSTED.includes(state))
    return left(`its posting is ${state}: bring it to its end in the old company`)
  if (moved.oldReadAt !== null && !isThere) return left(gone({ id, company: 'old', staysByCrm }))
  const why = staysByCrm ? `the CRM names ${id}` : 'posted there and proven'
  return { place: MovePlace.OLD, why: `${why}; the new company has nothing of its number` }
}

function verdictOfNew({ known, moved }: { known: MoveFacts; moved: Moved }): Verdict {
  const { move, isCopyOnly } = moved
  const { state, quickBooksId: id, inOld, inNew, isThere } = known
  const others = inNew.filter((one) => one !== id)
  if (others.length > 0) return { place: MovePlace.TWICE, why: `its number is there twice: ${others.join(', ')}` }
  const counts = !isCopyOnly && !move.historyCopied
  if (counts && inOld.length > 0)
    return { place: MovePlace.TWICE, why: `the old company has its number too: ${inOld.join(', ')}` }
  if (!POSTED.includes(state)) return left(`its posting is ${state}: the reason says what to do`)
  if (moved.newReadAt !== null && !isThere) return left(gone({ id, company: 'new', staysByCrm: false }))
  const beside = isCopyOnly
    ? 'what the sandbox has counts for nothing'
    : 'the old company has nothing of its number that counts'
  return { place: MovePlace.NEW, why: `posted there and proven; ${beside}` }
}

function left(why: string): Verdict {
  return { place: MovePlace.LEFT_BEHIND, why }
}

function gone(args: { id: string | null; company: 'old' | 'new'; staysByCrm: boolean }): string {
  const { id, company, staysByCrm } = args
  return staysByCrm
    ? `the CRM names ${id}, and the ${company} company does not have it: empty the QuickBooks id of the order, and plan the move once more`
    : `posted there as ${id}, which the ${company} company does not have any more: reconcile it`
}
