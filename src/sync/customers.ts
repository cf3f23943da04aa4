import type { ChangeCursor, CrmAccount } from '../creatio/creatio.ts'
import { toCustomer } from '../creatio/to-document.ts'
import { type Connection, isShadow } from '../domain/connection.ts'
import { contentHash } from '../domain/document.ts'
import { PostingKind } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import { defaultConnection } from '../storage/connections.ts'
import { findLinks } from '../storage/links.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { acceptPostings, findPostings, type PostingDraft } from '../storage/postings.ts'
import { readCursor, writeCursor } from '../storage/sync-runs.ts'
import { afterOf } from './apply-credits.ts'
import { onceADay } from './business-day.ts'
import { assertMayWrite } from './may-write.ts'
import { headOf } from './read-documents.ts'
import { readAccounts } from './read-orders.ts'
import type { Road } from './road.ts'

const CURSOR = 'customers'
const PAGE_ROWS_MAX = 200
/** A record that was written before another may become visible after it. */
const OVERLAP_SECONDS = 60
const ZERO_ID = '00000000-0000-0000-0000-000000000000'

export interface TakenCustomers {
  /** Accounts that were read. */
  read: number
  /** Postings that were made: creations, updates, deactivations. */
  accepted: number
}

/** Takes the customers' changes once a day, from the hour on, in the business's time zone; null when that is done, or not yet due. */
export async function takeCustomersDaily(road: Road, { hour }: { hour: number }): Promise<TakenCustomers | null> {
  return onceADay(road, { name: 'customers-daily', hour, work: () => takeCustomers(road) })
}

/**
 * Reads the accounts that changed since the last time, and makes a posting of each whose customer QuickBooks should be told of:
 * those that are linked. The first time it only notes where the changes begin. One whose last change is still under way is
 * met again the next time.
 */
export async function takeCustomers(road: Road): Promise<TakenCustomers> {
  const connection = await defaultConnection(road.database)
  if (!connection || isShadow(connection)) return { read: 0, accepted: 0 }
  const mark = await readCursor(road.database, CURSOR)
  const taken: TakenCustomers = { read: 0, accepted: 0 }
  const began = new Date(road.now().getTime() - OVERLAP_SECONDS * 1000)
  let after: ChangeCursor | null = { modifiedOn: mark?.modifiedOn ?? began.toISOString(), id: mark?.id ?? ZERO_ID }
  let reached: ChangeCursor = after
  let held: ChangeCursor | null = null
  while (after !== null && !road.signal.aborted) {
    const page = await road.crm.changedAccounts({ after, limit: PAGE_ROWS_MAX })
    const { accepted, busy } = await take(road, { connection, ids: page.changed.map(({ id }) => id), linkedOnly: true })
    taken.read += page.changed.length
    taken.accepted += accepted
    held ??= page.changed.find(({ id }) => busy.has(id)) ?? null
    reached = page.next ?? reached
    after = page.next
  }
  await writeCursor(road.database, { name: CURSOR, value: { ...(held ? before(held) : reached) }, now: road.now() })
  if (taken.accepted > 0) road.wake()
  return taken
}

/** So that the record itself comes again. */
function before({ modifiedOn }: ChangeCursor): ChangeCursor {
  const at = Date.parse(modifiedOn)
  return { modifiedOn: Number.isNaN(at) ? modifiedOn : new Date(at - 1).toISOString(), id: ZERO_ID }
}

/** Puts one account's customer on the road now, linked or not, and gives its posting. Throws InvalidRequest. */
export async function syncCustomer(road: Road, accountId: string): Promise<Posting> {
  const connection = await defaultConnection(road.database)
  if (!connection) throw new Error('There is no QuickBooks connection yet.')
  assertMayWrite(connection)
  await take(road, { connection, ids: [accountId], linkedOnly: false })
  road.wake()
  const [posting] = await findPostings(road.database, { kind: PostingKind.CUSTOMER, sourceIds: [accountId] })
  if (!posting) throw new InvalidRequest(`The CRM has no account ${accountId}, or it has no name.`)
  return posting
}

async function take(
  road: Road,
  { connection, ids, linkedOnly }: { connection: Connection; ids: string[]; linkedOnly: boolean },
): Promise<{ accepted: number; busy: Set<string> }> {
  const { database } = road
  const connectionId = connection.id
  const linked = await findLinks(database, { connectionId, kind: LinkKind.CUSTOMER, sourceIds: ids })
  const wanted = linkedOnly ? ids.filter((id) => linked.has(id)) : ids
  if (wanted.length === 0) return { accepted: 0, busy: new Set() }
  const { found } = await readAccounts(road, wanted)
  const known = await findPostings(database, { kind: PostingKind.CUSTOMER, sourceIds: wanted })
  const last = new Map(known.map((posting) => [posting.sourceId, posting]))
  const now = road.now()
  const drafts = [...found.values()].flatMap((account) =>
    draftOf(account, { connectionId, last: last.get(account.id) }),
  )
  const accepted = await acceptPostings(database, { drafts, now })
  const busy = drafts.filter(({ sourceId }) => !accepted.has(sourceId)).map(({ sourceId }) => sourceId)
  return { accepted: accepted.size, busy: new Set(busy) }
}

/** What an account asks for; nothing when it says what its last posting said. */
function draftOf(
  account: CrmAccount,
  { connectionId, last }: { connectionId: string; last: Posting | undefined },
): PostingDraft[] {
  const document = toCustomer(account, last?.document?.kind === 'CUSTOMER' ? last.document : null)
  if (document === null) return []
  const hash = contentHash(document)
  if (last && last.contentHash === hash && last.state !== PostingState.CANCELLED) return []
  return [
    {
      connectionId,
      kind: PostingKind.CUSTOMER,
      sourceId: account.id,
      ...headOf(document),
      document,
      contentHash: hash,
      state: PostingState.PENDING,
      reason: null,
      after: last ? afterOf(last) : 0,
    },
  ]
}
