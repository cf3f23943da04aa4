import type { Author } from '../domain/access.ts'
import { type Discrepancy, DiscrepancyResolution, DiscrepancyState } from '../domain/discrepancy.ts'
import { MirrorEntity } from '../domain/mirror.ts'
import type { Database } from '../storage/database.ts'
import { decideDiscrepancy, findDiscrepancy } from '../storage/discrepancies.ts'
import { InvalidRequest, idFrom } from '../storage/pages.ts'
import { adopt } from './resolve-adopt.ts'
import { repost } from './resolve-repost.ts'
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
  const effect = await effectOf(road, { discrepancy, resolution, author: author.name, note })
  const decided = await road.database.transaction(async (transaction) => {
    const now = road.now()
    const done = await decideDiscrepancy(transaction, { seen: discrepancy, resolution, author: author.name, note, now })
    if (!done) throw new InvalidRequest('The discrepancy has just changed: look at it again.')
    await effect(transaction)
    return done
  })
  road.wake()
  return decided
}

export type Effect = (transaction: Database) => Promise<void>

const NOTHING: Effect = () => Promise.resolve()

function effectOf(
  road: ResolvingRoad,
  {
    resolution,
    ...asked
  }: { discrepancy: Discrepancy; resolution: DiscrepancyResolution; author: string; note: string },
): Promise<Effect> | Effect {
  const { discrepancy } = asked
  switch (resolution) {
    case DiscrepancyResolution.IGNORE:
      return NOTHING
    case DiscrepancyResolution.ACCEPT:
      if (discrepancy.quickBooksId === null)
        throw new InvalidRequest('There is nothing in QuickBooks to accept: REPOST it, or IGNORE it.')
      return NOTHING
    case DiscrepancyResolution.VOID:
      throw new InvalidRequest(
        'Nothing is voided in QuickBooks from here: void it there, and reconcile again; the discrepancy then ends by itself.',
      )
    case DiscrepancyResolution.ADOPT:
      mustBeInvoice(discrepancy)
      return adopt(road, asked)
    case DiscrepancyResolution.REPOST:
      mustBeInvoice(discrepancy)
      return repost(road, discrepancy)
  }
}

function mustBeInvoice({ entity }: Discrepancy): void {
  if (entity !== MirrorEntity.INVOICE)
    throw new InvalidRequest(`A ${entity} is not posted from here: ACCEPT or IGNORE it, or put it right in QuickBooks.`)
}
