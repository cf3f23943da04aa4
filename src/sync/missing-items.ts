import type { Connection } from '../domain/connection.ts'
import { contentHash, type Document, type ItemDocument, type SalesDocument } from '../domain/document.ts'
import { PostingKind } from '../domain/kinds.ts'
import { PostingState } from '../domain/transitions.ts'
import { acceptPostings, findPostings } from '../storage/postings.ts'
import type { Names } from './reference-names.ts'
import type { Road } from './road.ts'
import type { SalePlan } from './sale-plan.ts'

/** The lines of a document whose products have no item in QuickBooks, and that no rule books with another one. */
export function lackingLines(document: SalesDocument, { names, plan }: { names: Names; plan: SalePlan }) {
  return document.lines.filter(({ item }, index) => !plan.lines[index]?.item && !names.items.has(item.sourceId))
}

/**
 * Makes a posting for each item that QuickBooks lacks, where the connection allows it; gives the posting to wait for, by the
 * product's CRM id. One that was made before, and that QuickBooks no longer has, is never made twice by itself.
 */
export async function postMissingItems(
  road: Pick<Road, 'database' | 'now'>,
  args: { connection: Connection; sales: { document: SalesDocument; plan: SalePlan }[]; names: Names },
): Promise<Map<string, string>> {
  const { connection, sales, names } = args
  if (!connection.createItems) return new Map()
  const missing = new Map<string, ItemDocument>()
  for (const { document, plan } of sales) {
    for (const { item } of lackingLines(document, { names, plan }))
      missing.set(item.sourceId, { kind: 'ITEM', sourceId: item.sourceId, name: item.name, description: '' })
  }
  if (missing.size === 0) return new Map()
  const drafts = [...missing.values()].map((document) => ({
    ...{ connectionId: connection.id, kind: PostingKind.ITEM, sourceId: document.sourceId },
    ...{ orderNumber: null, documentNumber: document.name, total: null, currency: null },
    document: document as Document,
    contentHash: contentHash(document),
    state: PostingState.PENDING as const,
    reason: null,
  }))
  await acceptPostings(road.database, { drafts, now: road.now() })
  const blockers = await findPostings(road.database, { kind: PostingKind.ITEM, sourceIds: [...missing.keys()] })
  // A product has one posting, whichever company it was made in: nobody waits for what another company will have.
  const waitedFor = blockers.filter((one) => one.connectionId === connection.id && !one.quickBooksId)
  return new Map(waitedFor.map((blocker) => [blocker.sourceId, blocker.id]))
}
