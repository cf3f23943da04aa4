import type { Connection } from '../domain/connection.ts'
import { PostingKind } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import type { Lane } from '../storage/lanes.ts'
import { findUnknown, type Look, saveLooks } from '../storage/lost-postings.ts'
import type { Change } from '../storage/postings.ts'
import { ask } from './ask.ts'
import { mapSent } from './references.ts'
import { later, type Road } from './road.ts'
import { apply, type TakenPosting, verified } from './settle.ts'
import type { MappedPosting } from './step.ts'

const ABSENCES_THAT_PROVE = 2

/** Between the two looks that prove absence lies this part of the time that QuickBooks may take: 15 s of 120 s. */
const LOOKS_APART = 1 / 8

/**
 * Looks for what was sent and never answered, all of it in one query for each kind. What QuickBooks has is settled at
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
  const records = await find(road, { ...args, postings: unknown })
  const mappedOf = new Map(mapped.map((one) => [one.posting.id, one]))
  const looks: Look[] = []
  const changes = unknown.flatMap((posting): Change[] => {
    const matches = matchesOf(posting, records)
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

/** QuickBooks says that a number or name is taken: what has it is ours and equal, and adopted, or a person decides. */
export async function lookUpTaken(
  road: Road,
  args: { connection: Connection; lane: Lane; claimToken: string; taken: TakenPosting[] },
): Promise<void> {
  if (args.taken.length === 0) return
  const records = await find(road, { ...args, postings: args.taken.map(({ posting }) => posting) })
  const changes = args.taken.map((one): Change => {
    const matches = matchesOf(one.posting, records)
    if (matches.length > 0) return found(one, { matches, adopted: true })
    const detail = {
      customerName: one.posting.documentNumber,
      documentNumber: one.posting.documentNumber,
      ...one.detail,
    }
    return { id: one.posting.id, to: PostingState.FAILED, reason: { code: one.reason, detail } }
  })
  await apply(road, { connection: args.connection, claimToken: args.claimToken, changes, mapped: args.taken })
}

async function mappedAgain(
  road: Road,
  args: { connection: Connection; lane: Lane; postings: Posting[] },
): Promise<MappedPosting[]> {
  const invoices = await mapSent(road, args)
  return args.postings.flatMap((posting): MappedPosting[] => {
    if (posting.document?.kind === 'CUSTOMER')
      return [{ posting, mapped: { kind: 'CUSTOMER', document: posting.document } }]
    const mapped = invoices.get(posting.id)
    return mapped ? [{ posting, mapped }] : []
  })
}

function find(road: Road, args: { connection: Connection; lane: Lane; postings: Posting[] }): Promise<LedgerRecord[]> {
  const namesOf = (kind: PostingKind) =>
    args.postings.filter((posting) => posting.kind === kind).flatMap(({ documentNumber }) => documentNumber ?? [])
  return ask(road, {
    ...args,
    questions: [
      { entity: LinkKind.INVOICE, by: 'NUMBER', values: namesOf(PostingKind.INVOICE) },
      { entity: LinkKind.CUSTOMER, by: 'NAME', values: namesOf(PostingKind.CUSTOMER) },
    ],
  })
}

function matchesOf(posting: Posting, records: LedgerRecord[]): LedgerRecord[] {
  if (posting.kind === PostingKind.INVOICE) {
    return records.filter((record) => record.invoice?.number === posting.documentNumber)
  }
  const name = posting.documentNumber?.toLowerCase()
  return records.filter((record) => record.entity === LinkKind.CUSTOMER && record.name?.toLowerCase() === name)
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
  const settledAt = later(posting.sentAt ?? posting.updatedAt, road.limits.sendWithinSeconds + settleSeconds)
  if (now < settledAt) return { id, absences: 0, notBefore: settledAt }
  const absences = posting.absences + 1
  if (absences < ABSENCES_THAT_PROVE) return { id, absences, notBefore: later(now, settleSeconds * LOOKS_APART) }
  return posting.reasonCode === 'QUICKBOOKS_REJECTED'
    ? {
        id,
        to: PostingState.FAILED,
        absences,
        reason: { code: posting.reasonCode, detail: posting.reasonDetail ?? {} },
      }
    : { id, to: PostingState.PENDING, absences }
}
