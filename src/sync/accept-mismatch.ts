import type { Author } from '../domain/access.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import { writeAudit } from '../storage/audit.ts'
import { findConnection } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { resolveDependents } from '../storage/dependents.ts'
import { saveAcceptance } from '../storage/mismatches.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { findPostingsById } from '../storage/postings.ts'
import { applyCredits } from './apply-credits.ts'
import { assertMayTell, assertMayWrite } from './may-write.ts'
import type { Road } from './road.ts'

const NOTE_LENGTH_MAX = 2_000

/**
 * A person accepts that QuickBooks has something else than the CRM sold, and says why. The posting goes on as POSTED; what
 * waited for it is let go, and the CRM is told. All of it, with its audit entry, is one transaction. Throws InvalidRequest.
 */
export async function acceptMismatch(
  road: Pick<Road, 'database' | 'now' | 'wake'>,
  args: { id: string; note: string; author: Author },
): Promise<Posting> {
  const { id, author } = args
  const note = args.note.trim()
  if (note === '') throw new InvalidRequest('"note" says why the difference may stand: it cannot be empty.')
  if (note.length > NOTE_LENGTH_MAX) throw new InvalidRequest(`"note" is longer than ${NOTE_LENGTH_MAX} characters.`)
  const now = road.now()
  const accepted = await road.database.transaction(async (transaction) => {
    const [held] = await findPostingsById(transaction, [id])
    if (held) await assertAcceptable(transaction, held)
    const posting = await saveAcceptance(transaction, { id, author: author.name, note, now })
    if (posting === null) return null
    await resolveDependents(transaction, { connectionId: posting.connectionId, blockerIds: [id], now })
    await applyCredits(transaction, { postings: [posting], now })
    await writeAudit(transaction, {
      author: author.name,
      keyId: author.keyId,
      connectionIds: author.connectionIds,
      action: 'acceptMismatch',
      subject: `posting ${id}, QuickBooks id ${posting.quickBooksId}, note ${note}`,
      result: 'OK',
      now,
    })
    return posting
  })
  if (accepted === null) throw new InvalidRequest(await whyNot(road, id))
  road.wake()
  return accepted
}

/** The CRM is told, and nothing is written to QuickBooks, but for a credit memo that is then applied to its invoice. */
async function assertAcceptable(transaction: Database, { connectionId, document }: Posting): Promise<void> {
  const connection = await findConnection(transaction, { id: connectionId })
  if (!connection) return
  if (document?.kind === 'CREDIT_MEMO' && document.corrects !== null) assertMayWrite(connection)
  else assertMayTell(connection)
}

async function whyNot({ database }: Pick<Road, 'database'>, id: string): Promise<string> {
  const [posting] = await findPostingsById(database, [id])
  if (!posting) return `There is no posting ${id}.`
  if (posting.state !== PostingState.MISMATCHED) return `It is ${posting.state}: there is no difference to accept.`
  return posting.reasonDetail?.quickBooksId
    ? `QuickBooks id ${posting.reasonDetail.quickBooksId} belongs to another posting already: it cannot stand for this one too.`
    : 'It names no single QuickBooks record that could be accepted: void or renumber the wrong one, then retry.'
}
