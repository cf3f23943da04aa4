import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import { type Change, changePostings, findPostingsById } from '../storage/postings.ts'
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
  const postings = new Map((await findPostingsById(road.database, ids)).map((posting) => [posting.id, posting]))
  const changes: Change[] = []
  const refused: Retried['refused'] = []
  for (const id of new Set(ids)) {
    const posting = postings.get(id)
    if (!posting) refused.push({ id, reason: 'There is no such posting.' })
    else if (!RETRYABLE.includes(posting.state))
      refused.push({ id, reason: `It is ${posting.state}: there is nothing to retry.` })
    else changes.push(again(posting))
  }
  const moved = await changePostings(road.database, { changes, now: road.now() })
  road.wake()
  for (const { id } of changes)
    if (!moved.has(id)) refused.push({ id, reason: 'It has just changed: look at it again.' })
  return { retried: [...moved], refused }
}

function again(posting: Posting): Change {
  const to = posting.quickBooksId ? PostingState.POSTED : PostingState.PENDING
  return { id: posting.id, to, attempts: 0, absences: 0 }
}
