import type { Author } from '../domain/access.ts'
import { BulkItemResult, type BulkOperation, BulkOperationKind } from '../domain/bulk-operation.ts'
import { PostingState } from '../domain/transitions.ts'
import { writeAudit } from '../storage/audit.ts'
import { beginBulkOperation, recordBatch } from '../storage/bulk-operations.ts'
import type { Database } from '../storage/database.ts'
import { InvalidRequest } from '../storage/pages.ts'
import type { PostingSelection } from '../storage/posting-pages.ts'
import { setGoing } from './retry.ts'

/** What may be retried by the hundred. The rest is retried by name, or, like UNKNOWN, settles itself. */
const STATES = [PostingState.FAILED, PostingState.MISMATCHED]

/** Begins the retry of all postings that a filter selects: the FAILED ones, unless it names states. Throws InvalidRequest. */
export async function retryFailedPostings(
  database: Database,
  { selection, author, now }: { selection: PostingSelection; author: Author; now: Date },
): Promise<BulkOperation> {
  const states = selection.states?.length ? [...new Set(selection.states)].sort() : [PostingState.FAILED]
  const wrong = states.find((state) => !STATES.includes(state))
  if (wrong) {
    throw new InvalidRequest(
      `"states" has ${wrong}, which is not retried in bulk: FAILED and MISMATCHED are; an UNKNOWN one is looked up by itself.`,
    )
  }
  const named = Object.entries(selection).filter(([, value]) => value !== null && value !== undefined)
  return beginBulkOperation(database, {
    kind: BulkOperationKind.RETRY_FAILED,
    selection: { ...Object.fromEntries(named), states },
    author,
    now,
  })
}

/** Visits one batch, within the transaction that also records the visit, and leaves an audit entry of the author. */
export async function retryBatch(
  transaction: Database,
  args: { operation: BulkOperation; postingIds: string[]; leaseUntil: Date; now: Date },
): Promise<void> {
  const { operation, postingIds, leaseUntil, now } = args
  const { refused } = await setGoing(transaction, { ids: postingIds, from: STATES, now })
  const reasonOf = new Map(refused.map(({ id, reason }) => [id, reason]))
  const results = postingIds.map((postingId) => {
    const reason = reasonOf.get(postingId) ?? null
    return { postingId, result: reason === null ? BulkItemResult.SET_GOING : BulkItemResult.REFUSED, reason }
  })
  await recordBatch(transaction, { id: operation.id, results, cursor: postingIds.at(-1) ?? '', leaseUntil })
  const going = results.filter(({ reason }) => reason === null).map(({ postingId }) => postingId)
  if (going.length === 0) return
  await writeAudit(transaction, {
    author: operation.author,
    keyId: operation.authorKeyId,
    connectionIds: operation.connectionIds,
    action: 'retryPostings',
    subject: `bulk operation ${operation.id}: ids ${going.join(' ')}`,
    result: 'OK',
    now,
  })
}
