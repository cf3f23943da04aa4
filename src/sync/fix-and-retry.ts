import type { Author } from '../domain/access.ts'
import { BulkItemResult, type BulkOperation, BulkOperationKind } from '../domain/bulk-operation.ts'
import { meantBy } from '../domain/did-you-mean.ts'
import { isReasonCode, type ReasonCode } from '../domain/reason.ts'
import { REASONS } from '../domain/reasons.ts'
import { PostingState } from '../domain/transitions.ts'
import { writeAudit } from '../storage/audit.ts'
import { beginBulkOperation, recordBatch } from '../storage/bulk-operations.ts'
import type { Database } from '../storage/database.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { findPostingsById } from '../storage/postings.ts'
import { freeWaiting } from '../storage/waiting-postings.ts'
import { assertConnectionMayWrite } from './may-write.ts'
import { setGoing } from './retry.ts'

const FAILED = [PostingState.FAILED, PostingState.MISMATCHED]

/**
 * Begins to set just those postings of a connection going that failed for one reason, or wait because of it: after a person
 * has taken the cause away. Throws InvalidRequest.
 */
export async function fixAndRetry(
  database: Database,
  args: { reasonCode: string; connectionId: string; author: Author; now: Date },
): Promise<BulkOperation> {
  const { reasonCode, connectionId, author, now } = args
  if (!isReasonCode(reasonCode)) {
    const given = reasonCode.slice(0, 60)
    const meant = meantBy({ given, known: Object.keys(REASONS) })
    throw new InvalidRequest(`"${given}" is no reason code: postingCounts(by: REASON) lists those in use.${meant}`)
  }
  await assertConnectionMayWrite(database, connectionId)
  const states = [...FAILED, PostingState.PENDING]
  const selection = { reasonCode, connectionId, states }
  return beginBulkOperation(database, { kind: BulkOperationKind.FIX_AND_RETRY, selection, author, now })
}

/** Visits one batch, within the transaction that also records the visit, and leaves an audit entry of the author. */
export async function fixBatch(
  transaction: Database,
  args: { operation: BulkOperation; postingIds: string[]; leaseUntil: Date; now: Date },
): Promise<void> {
  const { operation, postingIds, leaseUntil, now } = args
  const reasonCode = operation.filter.reasonCode as ReasonCode
  const postings = new Map((await findPostingsById(transaction, postingIds)).map((posting) => [posting.id, posting]))
  const ofReason = postingIds.filter((id) => postings.get(id)?.reasonCode === reasonCode)
  const isWaiting = (id: string) => postings.get(id)?.state === PostingState.PENDING
  const freed = await freeWaiting(transaction, { ids: ofReason.filter(isWaiting), reasonCode, now })
  const { retried, refused } = await setGoing(transaction, {
    ids: ofReason.filter((id) => !isWaiting(id)),
    from: FAILED,
    now,
  })
  const going = new Set([...freed, ...retried])
  const refusals = new Map(refused.map(({ id, reason }) => [id, reason]))
  const results = postingIds.map((postingId) =>
    going.has(postingId)
      ? { postingId, result: BulkItemResult.SET_GOING, reason: null }
      : { postingId, result: BulkItemResult.REFUSED, reason: refusals.get(postingId) ?? MOVED },
  )
  await recordBatch(transaction, { id: operation.id, results, cursor: postingIds.at(-1) ?? '', leaseUntil })
  if (going.size === 0) return
  await writeAudit(transaction, {
    author: operation.author,
    keyId: operation.authorKeyId,
    connectionIds: operation.connectionIds,
    action: 'fixAndRetry',
    subject: `bulk operation ${operation.id}, ${reasonCode}: ids ${[...going].join(' ')}`,
    result: 'OK',
    now,
  })
}

const MOVED = 'It no longer stands for this reason: look at it again.'
