import type { Connection } from '../domain/connection.ts'
import { type CustomerDocument, contentHash, type Document, type ItemDocument } from '../domain/document.ts'
import type { PostingKind } from '../domain/kinds.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import { acceptPostings, findPostings } from '../storage/postings.ts'
import { takeOver } from '../storage/take-over.ts'
import { afterElsewhere } from './apply-credits.ts'
import type { Road } from './road.ts'

/** Another company is at it: of one record there is one open posting. */
const UNDER_WAY: PostingState[] = [
  PostingState.PENDING,
  PostingState.CLAIMED,
  PostingState.SENT,
  PostingState.UNKNOWN,
  PostingState.POSTED,
]

/**
 * Makes a posting for each customer or item that a company's sales need and that its QuickBooks lacks; gives the posting to wait
 * for, by the record's CRM id. While another company makes the same for itself, that is waited for: then this one's turn comes. One
 * that was made here before, and that QuickBooks no longer has, is never made twice by itself.
 */
export async function postNeeded(
  road: Pick<Road, 'database' | 'now'>,
  args: {
    connection: Connection
    kind: PostingKind.CUSTOMER | PostingKind.ITEM
    /** By their CRM ids. */
    missing: Map<string, CustomerDocument | ItemDocument>
  },
): Promise<Map<string, string>> {
  const { connection, kind, missing } = args
  if (missing.size === 0) return new Map()
  const { database } = road
  const sourceIds = [...missing.keys()]
  const isElsewhere = ({ connectionId, state }: Posting) =>
    connectionId !== connection.id && state !== PostingState.PROCESSED
  let before = await findPostings(database, { kind, sourceIds })
  if (before.some(isElsewhere)) {
    await takeOver(database, { connectionId: connection.id, kind, sourceIds, now: road.now() })
    before = await findPostings(database, { kind, sourceIds })
  }
  const elsewhere = new Set(before.filter(isElsewhere).map(({ sourceId }) => sourceId))
  const after = afterElsewhere(before, connection)
  const drafts = [...missing.values()].flatMap((document) =>
    elsewhere.has(document.sourceId)
      ? []
      : {
          ...{
            connectionId: connection.id,
            kind,
            sourceId: document.sourceId,
            after: after.get(document.sourceId) ?? 0,
          },
          ...{ orderNumber: null, documentNumber: document.name, total: null, currency: null },
          document: document as Document,
          contentHash: contentHash(document),
          state: PostingState.PENDING as const,
          reason: null,
        },
  )
  await acceptPostings(database, { drafts, now: road.now() })
  const blockers = await findPostings(database, { kind, sourceIds })
  const waitedFor = blockers.filter((blocker) =>
    isElsewhere(blocker) ? UNDER_WAY.includes(blocker.state) : !blocker.quickBooksId,
  )
  return new Map(waitedFor.map((blocker) => [blocker.sourceId, blocker.id]))
}
