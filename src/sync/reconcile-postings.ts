import { postingsOfPeriod } from '../storage/three-sides.ts'
import { linksOf, mappedInvoice, postingDraft, subjectOf } from './evidence.ts'
import { postingFindings } from './reconcile-classify.ts'
import { withLikely } from './reconcile-likely.ts'
import type { BulkRoad } from './road.ts'
import { NOTHING_SWEPT, type Sweep, type Sweeping } from './sweep-page.ts'
import { sidesOf } from './their-sides.ts'

const PAGE_ROWS_MAX = 500

/** Our postings, each against the invoice that it became. What was posted since the mirror was read, its own answer proves. */
export const postingsSweep: Sweep<Awaited<ReturnType<typeof readPostings>>> = {
  read: readPostings,
  async judge(road, { connection, readAt }, { postings, sides, links }) {
    const readable = postings.filter(({ postedAt }) => postedAt === null || postedAt < readAt)
    const found = readable.flatMap((posting) => {
      const theirs = sides.of({ quickBooksId: posting.quickBooksId, number: posting.documentNumber })
      const record = theirs.linked?.record ?? theirs.alike[0]?.record ?? null
      const mapped = mappedInvoice({ document: posting.document, choices: posting.mapping, record, links })
      return postingFindings({ posting, mapped, theirs }).map((finding) => postingDraft(posting, finding))
    })
    const documents = new Map(postings.map(({ sourceId, document }) => [sourceId, document]))
    return {
      ...NOTHING_SWEPT,
      drafts: await withLikely(road, { connection, drafts: found, documents }),
      subjects: readable.map(({ id }) => subjectOf(id)),
      visited: postings.length,
    }
  },
}

async function readPostings(road: BulkRoad, { reconciliation, connection, after }: Sweeping) {
  const { connectionId } = reconciliation
  const asked = { ...reconciliation, after: after?.id ?? null, limit: PAGE_ROWS_MAX }
  const postings = await postingsOfPeriod(road.database, asked)
  const sides = await sidesOf(road, {
    connection,
    ids: postings.flatMap(({ quickBooksId }) => quickBooksId ?? []),
    numbers: postings.flatMap(({ documentNumber }) => documentNumber ?? []),
  })
  const links = await linksOf(road.database, { connectionId, postings })
  const last = postings.length < PAGE_ROWS_MAX ? undefined : postings.at(-1)
  return { postings, sides, links, next: last ? { createdOn: '', id: last.id } : null }
}
