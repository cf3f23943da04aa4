import type { Connection } from '../domain/connection.ts'
import { type CreditMemoDocument, contentHash, type PaymentDocument } from '../domain/document.ts'
import { PostingKind } from '../domain/kinds.ts'
import { ZERO } from '../domain/money.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import type { Database } from '../storage/database.ts'
import { acceptPostings, findPostings, findPostingsById, type PostingDraft } from '../storage/postings.ts'
import { headOf } from './read-documents.ts'

/**
 * A credit memo that corrects an invoice is applied to it as soon as QuickBooks has it: by a payment of 0.00, which is a posting
 * of its own, made in the same transaction. Whether anything is left to apply is seen when it is sent.
 */
export async function applyCredits(
  database: Database,
  { postings, now }: { postings: Posting[]; now: Date },
): Promise<void> {
  const ids = postings.flatMap(({ id, document }) =>
    document?.kind === 'CREDIT_MEMO' && document.corrects !== null ? [id] : [],
  )
  if (ids.length === 0) return
  const posted = (await findPostingsById(database, ids)).filter(({ quickBooksId }) => quickBooksId !== null)
  const sourceIds = posted.map(({ sourceId }) => sourceId)
  const before = await findPostings(database, { kind: PostingKind.PAYMENT, sourceIds })
  const after = new Map(before.map((posting) => [posting.sourceId, afterOf(posting)]))
  const drafts = posted.flatMap((posting) => draftOf(posting, after.get(posting.sourceId) ?? 0))
  await acceptPostings(database, { drafts, now })
}

/** The generation that a new posting of the same record follows: the last one that is done. */
export function afterOf({ state, generation }: Posting): number {
  return state === PostingState.PROCESSED ? generation : 0
}

/** By source: the generations that postings of another company made. What that company has is made in this one too, as the next one. */
export function afterElsewhere(before: Posting[], { id }: Pick<Connection, 'id'>): Map<string, number> {
  return new Map(
    before.flatMap((posting) =>
      posting.connectionId === id ? [] : [[posting.sourceId, afterOf(posting)] as [string, number]],
    ),
  )
}

function draftOf(
  { document, quickBooksId, connectionId, sourceId, correctionId }: Posting,
  after: number,
): PostingDraft[] {
  if (document?.kind !== 'CREDIT_MEMO' || quickBooksId === null) return []
  const application = applicationOf(document, quickBooksId)
  if (application === null) return []
  return [
    {
      connectionId,
      kind: PostingKind.PAYMENT,
      sourceId,
      ...headOf(application),
      document: application,
      contentHash: contentHash(application),
      state: PostingState.PENDING,
      reason: null,
      after,
      ...(correctionId ? { correctionId } : {}),
    },
  ]
}

/** What applies a credit memo to the invoice that it corrects; null when the CRM does not say which that is. */
export function applicationOf(document: CreditMemoDocument, quickBooksId?: string): PaymentDocument | null {
  const { sourceId, orderNumber, number, customer, date, currency, total, corrects } = document
  if (corrects === null) return null
  const credit = { kind: 'CREDIT_MEMO' as const, sourceId, number, ...(quickBooksId ? { quickBooksId } : {}) }
  const applications = [{ invoice: corrects, amount: total, credit }]
  return { kind: 'PAYMENT', sourceId, orderNumber, number, customer, date, currency, amount: ZERO, applications }
}
