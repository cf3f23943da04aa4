import type { Connection } from '../domain/connection.ts'
import { WaitingFor } from '../domain/kinds.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import { listConnections } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { type Change, changePostings, findPostingsById } from '../storage/postings.ts'
import { whyNotTelling, whyNotWriting } from './may-write.ts'
import type { Road } from './road.ts'

export interface Retried {
  retried: string[]
  refused: { id: string; reason: string }[]
}

const RETRYABLE: PostingState[] = [
  PostingState.FAILED,
  PostingState.MISMATCHED,
  PostingState.SKIPPED,
  PostingState.CANCELLED,
]

/**
 * Sets postings going again. One whose invoice is in QuickBooks already only tells the CRM again; one that is under way
 * or done is refused, with the reason.
 */
export async function retryPostings(road: Road, ids: string[]): Promise<Retried> {
  const retried = await setGoing(road.database, { ids, now: road.now() })
  road.wake()
  return retried
}

/** The same, as a part of a transaction, and of postings in the given states only. Nobody is woken. */
export async function setGoing(
  database: Database,
  { ids, from = RETRYABLE, now }: { ids: string[]; from?: PostingState[]; now: Date },
): Promise<Retried> {
  const postings = new Map((await findPostingsById(database, ids)).map((posting) => [posting.id, posting]))
  const connections = new Map((await listConnections(database)).map((one) => [one.id, one]))
  const changes: Change[] = []
  const refused: Retried['refused'] = []
  for (const id of new Set(ids)) {
    const posting = postings.get(id)
    const why = posting ? whyNot(posting, connections.get(posting.connectionId)) : null
    if (!posting) refused.push({ id, reason: 'There is no such posting.' })
    else if (!from.includes(posting.state))
      refused.push({ id, reason: `It is ${posting.state}: there is nothing to retry.` })
    else if (why !== null) refused.push({ id, reason: why })
    else changes.push(again(posting))
  }
  const moved = await changePostings(database, { changes, now })
  for (const { id } of changes)
    if (!moved.has(id)) refused.push({ id, reason: 'It has just changed: look at it again.' })
  return { retried: [...moved], refused }
}

/** Why this posting is not set going, in a sentence; null when it may be. What is in QuickBooks already is only told to the CRM. */
function whyNot(posting: Posting, connection: Connection | undefined): string | null {
  if (!connection) return null
  return posting.quickBooksId ? whyNotTelling(connection) : whyNotWriting(connection)
}

function again(posting: Posting): Change {
  const to = posting.quickBooksId ? PostingState.POSTED : PostingState.PENDING
  // What a correction posts anew goes only after what it replaces was taken back.
  const waits =
    posting.correctionId && posting.blockedById && to === PostingState.PENDING
      ? { blockedById: posting.blockedById, waitingFor: WaitingFor.DOCUMENT }
      : {}
  return { id: posting.id, to, attempts: 0, absences: 0, ...waits }
}
