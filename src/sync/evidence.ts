import { DiscrepancyKind, DiscrepancyResolution } from '../domain/discrepancy.ts'
import type { Document, MappedInvoice } from '../domain/document.ts'
import { PostingKind } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import { type MirrorDraft, MirrorEntity, type MirroredEntity } from '../domain/mirror.ts'
import type { Posting } from '../domain/posting.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import type { Database } from '../storage/database.ts'
import {
  confirmPostings,
  type DiscrepancyDraft,
  postingsProvenBy,
  saveDiscrepancies,
} from '../storage/discrepancies.ts'
import { findLinks } from '../storage/links.ts'
import { compare } from './compare.ts'
import { type Finding, inWords } from './invoice-findings.ts'
import type { MirrorLane } from './pull.ts'
import { postingFindings } from './reconcile-classify.ts'

const POSTED: readonly { entity: MirroredEntity; kind: PostingKind }[] = [
  { entity: MirrorEntity.INVOICE, kind: PostingKind.INVOICE },
  { entity: MirrorEntity.CUSTOMER, kind: PostingKind.CUSTOMER },
]

/**
 * What the mirror has newly learnt confirms or contradicts postings that are PROCESSED: a record that still says what was
 * posted is evidence; one that was voided, deleted or edited is a discrepancy, which ends by itself when it is equal again.
 */
export async function weighEvidence(
  transaction: Database,
  { held, records, now }: { held: MirrorLane; records: MirrorDraft[]; now: Date },
): Promise<void> {
  const connectionId = held.connection.id
  for (const { entity, kind } of POSTED) {
    const byId = new Map(records.filter((one) => one.entity === entity).map((one) => [one.quickBooksId, one]))
    if (byId.size === 0) continue
    const postings = await postingsProvenBy(transaction, { connectionId, kind, quickBooksIds: [...byId.keys()] })
    if (postings.length === 0) continue
    const links = await linksOf(transaction, { connectionId, postings })
    const drafts: DiscrepancyDraft[] = []
    const confirmed: string[] = []
    for (const posting of postings) {
      const draft = byId.get(posting.quickBooksId ?? '')
      const found = draft ? contradictions({ posting, draft, record: held.reader.recordOf(draft), links }) : []
      drafts.push(...found)
      if (found.length === 0) confirmed.push(posting.id)
    }
    await confirmPostings(transaction, { postingIds: confirmed, now })
    const subjects = postings.map(({ id }) => subjectOf(id))
    await saveDiscrepancies(transaction, { connectionId, subjects, drafts, now })
  }
}

export function subjectOf(postingId: string): string {
  return `posting:${postingId}`
}

/** What CRM records are known as in QuickBooks. */
export type Links = Record<'customers' | 'items', Map<string, string>>

export async function linksOf(
  database: Database,
  { connectionId, postings }: { connectionId: string; postings: Pick<Posting, 'document'>[] },
): Promise<Links> {
  const invoices = postings.flatMap(({ document }) => (document?.kind === 'INVOICE' ? [document] : []))
  const customerIds = invoices.map(({ customer }) => customer.sourceId)
  const itemIds = [...new Set(invoices.flatMap(({ lines }) => lines.map(({ item }) => item.sourceId)))]
  return {
    customers: await findLinks(database, { connectionId, kind: LinkKind.CUSTOMER, sourceIds: customerIds }),
    items: await findLinks(database, { connectionId, kind: LinkKind.ITEM, sourceIds: itemIds }),
  }
}

function contradictions(args: {
  posting: Posting
  draft: MirrorDraft
  record: LedgerRecord | null
  links: Links
}): DiscrepancyDraft[] {
  const { posting, draft, record, links } = args
  if (posting.kind === PostingKind.CUSTOMER) return customerContradictions({ posting, draft, record })
  const linked = { quickBooksId: draft.quickBooksId, deleted: draft.deleted, record }
  const mapped = mappedInvoice({ document: posting.document, record, links })
  const found = postingFindings({ posting, mapped, theirs: { linked, alike: [] } })
  return found.map((finding) => postingDraft(posting, finding))
}

/** A finding about an invoice posting, ready to be saved. */
export function postingDraft(posting: Posting, finding: Finding): DiscrepancyDraft {
  const { kind, lines, proposal, quickBooksId, theirTotal } = finding
  return {
    ...{ kind, lines, proposal, theirTotal, entity: MirrorEntity.INVOICE },
    subject: subjectOf(posting.id),
    postingId: posting.id,
    sourceId: posting.sourceId,
    orderNumber: posting.orderNumber,
    quickBooksId: quickBooksId ?? posting.quickBooksId,
    documentNumber: posting.documentNumber,
    date: posting.document?.kind === 'INVOICE' ? posting.document.date : null,
    ourTotal: posting.total,
    differences: kind === DiscrepancyKind.DELETED ? ['it was deleted in QuickBooks'] : lines.map(inWords),
  }
}

function customerContradictions(args: {
  posting: Posting
  draft: MirrorDraft
  record: LedgerRecord | null
}): DiscrepancyDraft[] {
  const { posting, draft, record } = args
  const differences = draft.deleted
    ? ['it was deleted in QuickBooks']
    : posting.document?.kind === 'CUSTOMER' && record && posting.verification !== 'ACCEPTED'
      ? compare({ kind: 'CUSTOMER', document: posting.document }, record)
      : []
  if (differences.length === 0) return []
  const kind = draft.deleted ? DiscrepancyKind.DELETED : DiscrepancyKind.EDITED
  const proposal = draft.deleted ? DiscrepancyResolution.IGNORE : DiscrepancyResolution.ACCEPT
  const finding: Finding = { kind, lines: [], proposal, quickBooksId: posting.quickBooksId, theirTotal: draft.total }
  return [{ ...postingDraft(posting, finding), entity: MirrorEntity.CUSTOMER, differences }]
}

/** The document as it was mapped; where a link was forgotten since, the record itself says what it was mapped to. Null for what is no invoice. */
export function mappedInvoice(args: {
  document: Document | null
  record: LedgerRecord | null
  links: Links
}): MappedInvoice | null {
  const { document, record, links } = args
  if (document?.kind !== 'INVOICE') return null
  const theirs = record?.invoice
  return {
    kind: 'INVOICE',
    document,
    customerId: links.customers.get(document.customer.sourceId) ?? theirs?.customerId ?? '',
    itemIds: document.lines.map(
      ({ item }, index) => links.items.get(item.sourceId) ?? theirs?.lines[index]?.itemId ?? '',
    ),
    charges: {},
  }
}
