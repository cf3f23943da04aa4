import type { Author } from '../domain/access.ts'
import type { Posting } from '../domain/posting.ts'
import { ResetAction } from '../domain/reset-plan.ts'
import { writeAudit } from '../storage/audit.ts'
import { InvalidRequest, idFrom } from '../storage/pages.ts'
import { findPostingsById } from '../storage/postings.ts'
import { noteAdopted, planRowsById } from '../storage/reset-likely.ts'
import { adoptInvoice } from './adopt-invoice.ts'
import type { ResolvingRoad } from './resolving-road.ts'

const NOTE_LENGTH_MAX = 2_000

/**
 * A person decides that one of the invoices which a plan shows for a refused row is the order's. It is linked as it was shown,
 * under its own number; where it differs, the difference is accepted in his name, with the note. Throws InvalidRequest when it
 * was shown otherwise, or is another posting's by now; CreatioError.
 */
export async function adoptCandidate(
  road: ResolvingRoad,
  args: { rowId: string; quickBooksId: string; note: string; author: Author },
): Promise<Posting> {
  const { author, quickBooksId } = args
  const note = args.note.trim()
  if (note === '' || note.length > NOTE_LENGTH_MAX)
    throw new InvalidRequest(`"note" says why it is this one, in 1 to ${NOTE_LENGTH_MAX} characters.`)
  const [row] = await planRowsById(road.database, [idFrom({ id: args.rowId, what: 'row of a reset plan' })])
  if (!row || (author.connectionIds && !author.connectionIds.includes(row.connectionId)))
    throw new InvalidRequest(`There is no row ${args.rowId} of a reset plan.`)
  if (row.action !== ResetAction.REFUSE || row.result !== null)
    throw new InvalidRequest('Only a row that the plan refuses, and that nobody has decided about, waits for a person.')
  const candidate = row.candidates.find((one) => one.quickBooksId === quickBooksId)
  if (!candidate || !row.sourceId)
    throw new InvalidRequest(`The plan does not show invoice ${quickBooksId.slice(0, 60)} for this row.`)
  const effect = await adoptInvoice(road, {
    ...{ connectionId: row.connectionId, sourceId: row.sourceId, quickBooksId, author: author.name, note },
    mustBeShown: ({ record: { revision } }) => {
      if (revision !== candidate.revision)
        throw new InvalidRequest('The invoice was changed in QuickBooks since the plan was made: plan it anew.')
    },
  })
  const posting = await road.database.transaction(async (transaction) => {
    const now = road.now()
    const id = await effect(transaction)
    await noteAdopted(transaction, { rowId: row.id, now })
    await writeAudit(transaction, {
      author: author.name,
      keyId: author.keyId,
      connectionIds: [row.connectionId],
      action: 'adoptCandidate',
      subject: `order ${row.orderNumber}: invoice ${candidate.number} (${quickBooksId}), ${candidate.score} of 100, note ${note}`,
      result: 'OK',
      now,
    })
    const [adopted] = await findPostingsById(transaction, [id])
    return adopted
  })
  if (!posting) throw new Error('The posting was not linked')
  road.wake()
  return posting
}
