import type { Connection } from '../domain/connection.ts'
import type { CustomerDocument, MappedCustomer } from '../domain/document.ts'
import { PostingKind } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import type { Lane } from '../storage/lanes.ts'
import { findLinks, lastQuickBooksIds } from '../storage/links.ts'
import { ask } from './ask.ts'
import type { Road } from './road.ts'
import { type Aside, alone, type MappedPosting, type Step } from './step.ts'

/**
 * Decides what a customer's posting does: one that QuickBooks has, by link or because we posted it, is updated at the revision
 * that is read now, and left alone when it says the same already; any other is created.
 */
export async function mapCustomers(
  road: Road,
  args: { connection: Connection; lane: Lane; postings: Posting[] },
): Promise<Step<MappedPosting>> {
  const step: Step<MappedPosting> = { ready: [], aside: [] }
  if (args.postings.length === 0) return step
  const ids = await customerIds(road, args)
  const found = await ask(road, {
    ...args,
    questions: [{ entity: LinkKind.CUSTOMER, by: 'ID', values: [...ids.values()] }],
  })
  const records = new Map(found.map((record) => [record.quickBooksId, record]))
  for (const posting of args.postings) {
    const result = alone(posting, () => mapOne(posting, { id: ids.get(posting.sourceId) ?? null, records }))
    if ('to' in result) step.aside.push(result)
    else step.ready.push({ posting, mapped: result })
  }
  return step
}

/** The QuickBooks ids of customers that are there already, by their CRM id. A link that was forgotten says nothing of what we posted. */
export async function customerIds(
  road: Road,
  { connection, postings }: { connection: Connection; postings: Pick<Posting, 'sourceId'>[] },
): Promise<Map<string, string>> {
  const sourceIds = [...new Set(postings.map(({ sourceId }) => sourceId))]
  if (sourceIds.length === 0) return new Map()
  const connectionId = connection.id
  const links = await findLinks(road.database, { connectionId, kind: LinkKind.CUSTOMER, sourceIds })
  const unlinked = sourceIds.filter((sourceId) => !links.has(sourceId))
  const posted = await lastQuickBooksIds(road.database, {
    connectionId,
    kind: PostingKind.CUSTOMER,
    sourceIds: unlinked,
  })
  return new Map([...posted, ...links])
}

function mapOne(
  posting: Posting,
  { id, records }: { id: string | null; records: Map<string, LedgerRecord> },
): MappedCustomer | Aside {
  const { document } = posting
  if (document?.kind !== 'CUSTOMER') throw new Error(`Posting ${posting.id} carries no customer`)
  const detail = { customerName: document.name }
  if (id === null) {
    if (document.active !== false) return { kind: 'CUSTOMER', document }
    return { id: posting.id, to: PostingState.SKIPPED, reason: { code: 'NOTHING_TO_DEACTIVATE', detail } }
  }
  const record = records.get(id)
  // Never created twice by itself: what QuickBooks no longer lists, a person looks for.
  if (!record) return { id: posting.id, to: PostingState.FAILED, reason: { code: 'CUSTOMER_VANISHED', detail } }
  if (saysTheSame(document, record)) {
    return { id: posting.id, to: PostingState.POSTED, posted: { quickBooksId: id, adopted: true } }
  }
  return { kind: 'CUSTOMER', document, update: { quickBooksId: id, revision: record.revision ?? '' } }
}

/** Whether QuickBooks has all that a customer's document says. What the answer does not tell is not believed. */
export function saysTheSame(document: CustomerDocument, record: LedgerRecord): boolean {
  const { customer } = record
  if (!customer || record.active !== (document.active ?? true)) return false
  const same = (ours: string | undefined, theirs: string | null) =>
    ours === undefined || spelled(ours) === spelled(theirs)
  const { billing } = document
  const lines = billing?.lines.join('\n')
  return (
    same(document.name, record.name) &&
    same(document.companyName, customer.companyName) &&
    same(document.email, customer.email) &&
    same(document.phone, customer.phone) &&
    same(lines, customer.billing?.lines.join('\n') ?? null) &&
    (['city', 'state', 'postalCode', 'country'] as const).every((part) =>
      same(billing?.[part], customer.billing?.[part] ?? null),
    )
  )
}

function spelled(text: string | null): string {
  return (text ?? '').trim()
}
