import type { Author } from '../domain/access.ts'
import type { Reconciliation } from '../domain/reconciliation.ts'
import type { Database } from '../storage/database.ts'
import { InvalidRequest, idFrom } from '../storage/pages.ts'
import { findReconciliation, signOffReconciliation } from '../storage/reconciliations.ts'

const NOTE_LENGTH_MAX = 2_000

/** Signs off a reconciliation that is DONE, with what it saw as it stands now. Throws InvalidRequest. */
export async function signOff(
  database: Database,
  args: { id: string; note: string; author: Author; now: Date },
): Promise<Reconciliation> {
  const { author, now } = args
  const note = args.note.trim()
  if (note === '' || note.length > NOTE_LENGTH_MAX)
    throw new InvalidRequest(`"note" says what was looked at, in 1 to ${NOTE_LENGTH_MAX} characters.`)
  const found = await findReconciliation(database, idFrom({ id: args.id, what: 'reconciliation' }))
  if (!found || (author.connectionIds && !author.connectionIds.includes(found.connectionId)))
    throw new InvalidRequest(`There is no reconciliation ${args.id}.`)
  const signed = await signOffReconciliation(database, { id: found.id, author, note, now })
  if (!signed) throw new InvalidRequest(`The reconciliation is ${found.state}: only one that is DONE is signed off.`)
  return signed
}
