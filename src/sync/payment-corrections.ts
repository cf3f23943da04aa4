import type { Connection } from '../domain/connection.ts'
import { CorrectionCause } from '../domain/correction.ts'
import { contentHash } from '../domain/document.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import { type CorrectionDraft, withdrawProposals } from '../storage/corrections.ts'
import { postedPayments } from '../storage/posted-payments.ts'
import { differencesOf } from './correction-differences.ts'
import { proposeCorrections } from './corrections.ts'
import { paymentReadingOf, type ReadPayments, readPayments } from './read-orders.ts'
import type { Road } from './road.ts'

const PAGE_ROWS_MAX = 200

/**
 * Proposes corrections of payments that the CRM changed or deleted after they were posted, and withdraws those of payments that
 * say again what was posted. Gives how many were proposed.
 */
export async function correct(
  road: Road,
  args: { connection: Connection; read: ReadPayments; postings: Posting[] },
): Promise<number> {
  const { connection, read } = args
  const now = road.now()
  const drafts: CorrectionDraft[] = []
  const unchanged: string[] = []
  for (const posting of args.postings.filter(({ state }) => state === PostingState.PROCESSED)) {
    const draft = draftOf(road, { posting, read })
    if (draft === 'unchanged') unchanged.push(posting.id)
    else if (draft) drafts.push(draft)
  }
  await withdrawProposals(road.database, { postingIds: unchanged, now })
  if (drafts.length === 0) return 0
  await road.database.transaction((transaction) =>
    proposeCorrections({ ...road, database: transaction }, { connection, drafts, now }),
  )
  return drafts.length
}

/** Holds every payment that was posted against the CRM, page by page. Throws CreatioError. */
export async function findChangedPayments(
  road: Road,
  { connection, taken }: { connection: Connection; taken: { corrected: number } },
): Promise<void> {
  let after: string | null = null
  do {
    road.signal.throwIfAborted()
    const connectionId = connection.id
    const postings: Posting[] = await postedPayments(road.database, { connectionId, after, limit: PAGE_ROWS_MAX })
    const ids = postings.map(({ sourceId }) => sourceId)
    const read = await readPayments(road, ids)
    taken.corrected += await correct(road, { connection, read, postings })
    after = ids.length === PAGE_ROWS_MAX ? (ids.at(-1) ?? null) : null
  } while (after !== null)
}

/** What is to be corrected; nothing where nobody can tell, or the payment must be put right in the CRM first. */
function draftOf(
  road: Road,
  { posting, read }: { posting: Posting; read: ReadPayments },
): CorrectionDraft | 'unchanged' | null {
  const before = posting.document
  if (before?.kind !== 'PAYMENT') return null
  const { sourceId: id, documentNumber: number } = posting
  const reading = paymentReadingOf(road, { read, id, number })
  if (reading === null) return { posting, before, cause: CorrectionCause.DELETED, after: null }
  if (reading.kind === 'not-eligible') return { posting, before, cause: CorrectionCause.CANCELLED, after: null }
  if (reading.kind !== 'document') return null
  const { document } = reading
  const isSame = contentHash(document) === posting.contentHash || differencesOf(before, document).length === 0
  return isSame ? 'unchanged' : { posting, before, cause: CorrectionCause.EDITED, after: document }
}
