import type { Connection } from '../domain/connection.ts'
import { LinkKind } from '../domain/link.ts'
import { PostingState } from '../domain/transitions.ts'
import type { Lane } from '../storage/lanes.ts'
import type { Change } from '../storage/postings.ts'
import { ask } from './ask.ts'
import type { Road } from './road.ts'
import { verified } from './settle.ts'
import type { MappedPosting, Step } from './step.ts'

/**
 * Sets aside what is to adopt an invoice of another number instead of being posted: the invoice is read in QuickBooks now, and
 * is adopted when it is equal to the penny. One that differs, is void or gone is for a person, and nothing is posted in its
 * place. Throws NotAnswered.
 */
export async function adoptNamed(
  road: Road,
  args: { connection: Connection; lane: Lane; postings: MappedPosting[] },
): Promise<Step<MappedPosting>> {
  const ids = args.postings.flatMap(({ posting }) => posting.adopts?.quickBooksId ?? [])
  if (ids.length === 0) return { ready: args.postings, aside: [] }
  const records = await ask(road, { ...args, questions: [{ entity: LinkKind.INVOICE, by: 'ID', values: ids }] })
  const byId = new Map(records.map((record) => [record.quickBooksId, record]))
  const step: Step<MappedPosting> = { ready: [], aside: [] }
  for (const one of args.postings) {
    const { adopts } = one.posting
    if (!adopts) step.ready.push(one)
    else {
      const record = byId.get(adopts.quickBooksId)
      step.aside.push(record?.sale && !record.sale.voided ? verified(one, { record, adopted: true }) : gone(one))
    }
  }
  return step
}

function gone({ posting: { id, orderNumber, adopts } }: MappedPosting): Change {
  const detail = { orderNumber, otherNumber: adopts?.number ?? null, quickBooksId: adopts?.quickBooksId ?? null }
  return { id, to: PostingState.FAILED, reason: { code: 'ADOPTED_GONE', detail } }
}
