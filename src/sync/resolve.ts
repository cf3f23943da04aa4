import type { Author } from '../domain/access.ts'
import { type Discrepancy, DiscrepancyResolution, DiscrepancyState } from '../domain/discrepancy.ts'
import { MirrorEntity } from '../domain/mirror.ts'
import type { Posting } from '../domain/posting.ts'
import { LIVE_STATES, PostingState } from '../domain/transitions.ts'
import type { Database } from '../storage/database.ts'
import { decideDiscrepancy, findDiscrepancy } from '../storage/discrepancies.ts'
import { InvalidRequest, idFrom } from '../storage/pages.ts'
import { changePostings, findPostingsById } from '../storage/postings.ts'
import { beginVoiding } from '../storage/void-targets.ts'
import { assertConnectionMayWrite } from './may-write.ts'
import { adopt } from './resolve-adopt.ts'
import { repost } from './resolve-repost.ts'
import { voiding } from './resolve-void.ts'
import type { Road } from './road.ts'

const NOTE_LENGTH_MAX = 2_000

/** What it takes to decide about a discrepancy. */
export type ResolvingRoad = Pick<Road, 'database' | 'crm' | 'ledgerOf' | 'log' | 'now' | 'wake'>

/**
 * Decides about a discrepancy that is open and still what was looked at. Whatever it sets going is set going in the
 * transaction that writes the decision down. Throws InvalidRequest when it may not be, with what to do instead; CreatioError.
 */
export async function resolveDiscrepancy(
  road: ResolvingRoad,
  args: { id: string; resolution: DiscrepancyResolution; note: string; author: Author },
): Promise<Discrepancy> {
  const { resolution, author } = args
  const note = args.note.trim()
  if (note === '' || note.length > NOTE_LENGTH_MAX)
    throw new InvalidRequest(`"note" says why, in 1 to ${NOTE_LENGTH_MAX} characters.`)
  const discrepancy = await findDiscrepancy(road.database, idFrom({ id: args.id, what: 'discrepancy' }))
  if (!discrepancy || (author.connectionIds && !author.connectionIds.includes(discrepancy.connectionId)))
    throw new InvalidRequest(`There is no discrepancy ${args.id}.`)
  if (discrepancy.state !== DiscrepancyState.OPEN)
    throw new InvalidRequest(`The discrepancy is ${discrepancy.state}: there is nothing to decide.`)
  const undone = await voidThatFailed(road.database, discrepancy)
  const decide = await decisionOf(road, { discrepancy, resolution, note, author, undone })
  const decided = await road.database.transaction(async (transaction) => {
    const done = await decide(transaction)
    if (!done) throw new InvalidRequest('The discrepancy has just changed: look at it again.')
    return done
  })
  road.wake()
  return decided
}

interface Decision {
  discrepancy: Discrepancy
  resolution: DiscrepancyResolution
  note: string
  author: Author
  /** A void that was decided before and could not be made. */
  undone: Posting | null
}

/** Null where the discrepancy is another one by then. */
type Decide = (transaction: Database) => Promise<Discrepancy | null>

async function decisionOf(road: ResolvingRoad, decision: Decision): Promise<Decide> {
  const { discrepancy: seen, resolution, note, author, undone } = decision
  if (resolution === DiscrepancyResolution.VOID) {
    mustBeInvoice(seen)
    const begin = await voiding(road, seen)
    return async (transaction) => {
      const postingId = await begin(transaction, { author: author.name })
      return beginVoiding(transaction, { seen, postingId, author, note })
    }
  }
  const effect = await effectOf(road, { discrepancy: seen, resolution, author: author.name, note })
  return async (transaction) => {
    const now = road.now()
    const done = await decideDiscrepancy(transaction, { seen, resolution, author: author.name, note, now })
    if (!done) return null
    if (undone) {
      const reason = { code: 'VOID_CALLED_OFF' as const, detail: { documentNumber: undone.documentNumber } }
      await changePostings(transaction, { changes: [{ id: undone.id, to: PostingState.CANCELLED, reason }], now })
    }
    await effect(transaction)
    return done
  }
}

/** While it is being voided nothing else can be decided; a void that could not be made leaves the decision open again. */
async function voidThatFailed(database: Database, { resolutionPostingId: id }: Discrepancy): Promise<Posting | null> {
  const [posting] = id ? await findPostingsById(database, [id]) : []
  if (!posting) return null
  if (posting.state === PostingState.PROCESSED)
    throw new InvalidRequest('It was voided: this ends when the mirror has seen it, with the next sync.')
  if ((LIVE_STATES as readonly PostingState[]).includes(posting.state))
    throw new InvalidRequest(`It is being voided: its posting is ${posting.state}.`)
  return posting.state === PostingState.CANCELLED ? null : posting
}

export type Effect = (transaction: Database) => Promise<void>

const NOTHING: Effect = () => Promise.resolve()

async function effectOf(
  road: ResolvingRoad,
  {
    resolution,
    ...asked
  }: {
    discrepancy: Discrepancy
    resolution: Exclude<DiscrepancyResolution, DiscrepancyResolution.VOID>
    author: string
    note: string
  },
): Promise<Effect> {
  const { discrepancy } = asked
  switch (resolution) {
    case DiscrepancyResolution.IGNORE:
      return NOTHING
    case DiscrepancyResolution.ACCEPT:
      if (discrepancy.quickBooksId === null)
        throw new InvalidRequest('There is nothing in QuickBooks to accept: REPOST it, or IGNORE it.')
      return NOTHING
    case DiscrepancyResolution.ADOPT:
      mustBeInvoice(discrepancy)
      return adopt(road, asked)
    case DiscrepancyResolution.REPOST:
      mustBeInvoice(discrepancy)
      await assertConnectionMayWrite(road.database, discrepancy.connectionId)
      return repost(road, discrepancy)
  }
}

function mustBeInvoice({ entity }: Discrepancy): void {
  if (entity !== MirrorEntity.INVOICE)
    throw new InvalidRequest(`A ${entity} is not posted from here: ACCEPT or IGNORE it, or put it right in QuickBooks.`)
}
