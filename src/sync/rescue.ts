import type { Connection } from '../domain/connection.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import type { LedgerRecord, Outcome } from '../ledgers/ledger.ts'
import type { Lane } from '../storage/lanes.ts'
import { findUnknown, type Look, saveLooks } from '../storage/lost-postings.ts'
import type { Change } from '../storage/postings.ts'
import { lookFor, mappedAgain } from './look-for.ts'
import { recover } from './recover.ts'
import { later, type Road } from './road.ts'
import { apply, changeOf, type TakenPosting, verified } from './settle.ts'
import type { MappedPosting, Step } from './step.ts'

const ABSENCES_THAT_PROVE = 2

/** Between the two looks that prove absence lies this part of the time that QuickBooks may take: 15 s of 120 s. */
const LOOKS_APART = 1 / 8

/**
 * Settles what was sent and never answered. First comes what needs no looking: an answer that is stored already, or that
 * QuickBooks repeats. The rest is looked for, all of it in one query for each kind. What QuickBooks has is settled at
 * once, for that needs no proof. What it lacks is believed absent only after QuickBooks' own timeout has passed and two
 * more looks found nothing; then it goes back to be sent again: the identical bytes under the identical key, unless its
 * content has changed in the CRM (see `deliver`). Gives how many were looked at.
 */
export async function rescue(road: Road, args: { connection: Connection; lane: Lane }): Promise<number> {
  const ledger = road.ledgerOf(args.connection)
  const unknown = await findUnknown(road.database, {
    connectionId: args.connection.id,
    limit: road.limits.claimMax,
    now: road.now(),
  })
  if (unknown.length === 0) return 0
  const mapped = await mappedAgain(road, { ...args, postings: unknown })
  const mappedOf = new Map(mapped.map((one) => [one.posting.id, one]))
  const told = await recover(road, { ...args, postings: unknown })
  const settled = unknown.flatMap((posting) => settledBy(told.get(posting.id), { road, one: mappedOf.get(posting.id) }))
  await apply(road, { connection: args.connection, changes: settled, mapped })
  const done = new Set(settled.map(({ id }) => id))
  const open = unknown.filter(({ id }) => !done.has(id))
  for (const posting of open) if (told.get(posting.id)?.kind === 'absent') posting.absences += 1
  const sighting = await lookFor(road, { ...args, postings: open, mapped })
  const looks: Look[] = []
  const changes = open.flatMap((posting): Change[] => {
    const matches = sighting.matchesOf(posting)
    if (matches.length === 0) {
      const result = absent(posting, { road, settleSeconds: ledger.limits.settleSeconds })
      if ('to' in result) return [result]
      looks.push(result)
      return []
    }
    const one = mappedOf.get(posting.id)
    return [one ? found(one, { matches, adopted: false }) : foundUnmapped(posting, matches)]
  })
  await saveLooks(road.database, { looks, now: road.now() })
  await apply(road, { connection: args.connection, changes, mapped })
  return unknown.length
}

/** What an answer that came after all settles; nothing when it says too little, or that the number is taken: then one looks. */
function settledBy(
  outcome: Outcome | undefined,
  { road, one }: { road: Road; one: MappedPosting | undefined },
): Change[] {
  if (!outcome || !one || !['posted', 'rejected', 'deferred'].includes(outcome.kind)) return []
  const change = changeOf({ ...one, outcome }, { now: road.now(), limits: road.limits, random: road.random })
  return change ? [change] : []
}

/**
 * Where QuickBooks takes two documents of one number and says nothing, what has the number already is found before anything
 * is written: it is ours and equal, and adopted, or a person decides.
 */
export async function lookBefore(
  road: Road,
  args: { connection: Connection; lane: Lane; postings: MappedPosting[] },
): Promise<Step<MappedPosting>> {
  const ledger = road.ledgerOf(args.connection)
  if (ledger.refusesTakenNumbers) return { ready: args.postings, aside: [] }
  // A name of a customer or an item is refused when it is taken, and what changes a record may be done twice.
  const isNamed = ({ mapped }: MappedPosting) => mapped.kind === 'CUSTOMER' || mapped.kind === 'ITEM'
  const making = args.postings.filter((one) => !isNamed(one) && ledger.idOf(one.mapped) === null)
  if (making.length === 0) return { ready: args.postings, aside: [] }
  const sighting = await lookFor(road, { ...args, postings: making.map(({ posting }) => posting), mapped: making })
  const step: Step<MappedPosting> = { ready: [], aside: [] }
  for (const one of args.postings) {
    const matches = making.includes(one) ? sighting.matchesOf(one.posting) : []
    if (matches.length === 0) step.ready.push(one)
    else step.aside.push(found(one, { matches, adopted: true }))
  }
  return step
}

/** QuickBooks says that a number or name is taken: what has it is ours and equal, and adopted, or a person decides. */
export async function lookUpTaken(
  road: Road,
  args: { connection: Connection; lane: Lane; claimToken: string; taken: TakenPosting[] },
): Promise<void> {
  if (args.taken.length === 0) return
  const sighting = await lookFor(road, {
    ...args,
    postings: args.taken.map(({ posting }) => posting),
    mapped: args.taken,
  })
  const changes = args.taken.map((one): Change => {
    const matches = sighting.matchesOf(one.posting)
    if (matches.length > 0) return found(one, { matches, adopted: true })
    const { id, documentNumber } = one.posting
    const detail = { customerName: documentNumber, documentNumber, item: documentNumber, ...one.detail }
    const code = one.mapped.kind === 'ITEM' ? 'ITEM_NAME_TAKEN' : one.reason
    return { id, to: PostingState.FAILED, reason: { code, detail } }
  })
  await apply(road, { connection: args.connection, claimToken: args.claimToken, changes, mapped: args.taken })
}

function found(one: MappedPosting, args: { matches: LedgerRecord[]; adopted: boolean }): Change {
  const [record, second] = args.matches
  if (record && !second) return verified(one, { record, adopted: args.adopted })
  const detail = { count: args.matches.length, documentNumber: one.posting.documentNumber }
  return { id: one.posting.id, to: PostingState.MISMATCHED, reason: { code: 'FOUND_TWICE', detail } }
}

/** QuickBooks has it, and no longer has the customer or an item that it was made with: nobody can say that it is equal. */
function foundUnmapped(posting: Posting, matches: LedgerRecord[]): Change {
  const detail = {
    documentNumber: posting.documentNumber,
    quickBooksId: matches[0]?.quickBooksId ?? null,
    differences: 'its customer, an item or the discount account is no longer known in QuickBooks',
  }
  return { id: posting.id, to: PostingState.MISMATCHED, reason: { code: 'INVOICE_DIFFERS', detail } }
}

/** One more look that found nothing; the last one that was needed is proof. */
function absent(posting: Posting, { road, settleSeconds }: { road: Road; settleSeconds: number }): Change | Look {
  const { id } = posting
  const now = road.now()
  // Where QuickBooks does one thing after the other, whatever it answers comes after all that was asked before.
  const openSeconds = settleSeconds === 0 ? 0 : road.limits.sendWithinSeconds + settleSeconds
  const settledAt = later(posting.sentAt ?? posting.updatedAt, openSeconds)
  if (now < settledAt) return { id, absences: 0, notBefore: settledAt }
  const absences = posting.absences + 1
  if (absences < ABSENCES_THAT_PROVE) return { id, absences, notBefore: later(now, settleSeconds * LOOKS_APART) }
  if (posting.reasonCode === 'QUICKBOOKS_REJECTED') {
    const reason = { code: posting.reasonCode, detail: posting.reasonDetail ?? {} }
    return { id, to: PostingState.FAILED, absences, reason }
  }
  return brokeDownOver(posting) ? triedAgain(posting, { road, absences }) : { id, to: PostingState.PENDING, absences }
}

/** It travelled alone, and QuickBooks broke down with a code: it may be the cause. */
function brokeDownOver({ reasonCode, reasonDetail }: Posting): boolean {
  return reasonCode === 'ANSWER_LOST' && reasonDetail?.code !== undefined
}

/** Not for ever: the last try that fails is for a person to look at. */
function triedAgain(posting: Posting, { road, absences }: { road: Road; absences: number }): Change {
  const { id } = posting
  const attempts = posting.attempts + 1
  const wait = road.limits.retrySeconds[posting.attempts]
  if (wait !== undefined)
    return { id, to: PostingState.PENDING, absences, attempts, notBefore: later(road.now(), wait) }
  const detail = { attempts, detail: String(posting.reasonDetail?.detail ?? '') }
  return { id, to: PostingState.FAILED, absences, attempts, reason: { code: 'RETRIES_EXHAUSTED', detail } }
}
