import type { LineMapping } from '../domain/account-mapping.ts'
import { DiscrepancyKind, DiscrepancyResolution } from '../domain/discrepancy.ts'
import { type Document, isSale, type MappedDocument, type MappedInvoice, type MappedSale } from '../domain/document.ts'
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
  voidedByUs,
} from '../storage/discrepancies.ts'
import { findLinks } from '../storage/links.ts'
import { compare } from './compare.ts'
import { type Finding, inWords } from './invoice-findings.ts'
import type { MirrorLane } from './pull.ts'
import { postingFindings } from './reconcile-classify.ts'
import { chosenItem, chosenNames } from './sale-plan.ts'

const POSTED: readonly { entity: MirroredEntity; kind: PostingKind }[] = [
  { entity: MirrorEntity.INVOICE, kind: PostingKind.INVOICE },
  { entity: MirrorEntity.CUSTOMER, kind: PostingKind.CUSTOMER },
  { entity: MirrorEntity.CREDIT_MEMO, kind: PostingKind.CREDIT_MEMO },
  { entity: MirrorEntity.REFUND_RECEIPT, kind: PostingKind.REFUND },
  { entity: MirrorEntity.PAYMENT, kind: PostingKind.PAYMENT },
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
    const ours = await voidedByUs(transaction, { connectionId, quickBooksIds: idsOf(drafts) })
    const news = drafts.filter((one) => one.kind !== DiscrepancyKind.VOIDED || !ours.has(one.quickBooksId ?? ''))
    await saveDiscrepancies(transaction, { connectionId, subjects, drafts: news, now })
  }
}

function idsOf(drafts: DiscrepancyDraft[]): string[] {
  return drafts.flatMap(({ kind, quickBooksId }) => (kind === DiscrepancyKind.VOIDED ? (quickBooksId ?? []) : []))
}

export function subjectOf(postingId: string): string {
  return `posting:${postingId}`
}

/** A document, and what the account mappings chose for it, where it was mapped before. */
interface Mapped {
  document: Document | null
  mapping?: LineMapping[] | null
}

/** What CRM records are known as in QuickBooks. */
export type Links = Record<'customers' | 'items', Map<string, string>>

export async function linksOf(
  database: Database,
  { connectionId, postings }: { connectionId: string; postings: Mapped[] },
): Promise<Links> {
  const sales = postings.flatMap(({ document }) => (isSale(document) ? [document] : []))
  const customerIds = sales.map(({ customer }) => customer.sourceId)
  const products = sales.flatMap(({ lines }) => lines.map(({ item }) => item.sourceId))
  const chosen = postings.flatMap(({ mapping }) => chosenNames(mapping ?? null))
  const itemIds = [...new Set([...products, ...chosen])]
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
  if (posting.kind !== PostingKind.INVOICE) return otherContradictions({ posting, draft, record, links })
  const linked = { quickBooksId: draft.quickBooksId, deleted: draft.deleted, record }
  const mapped = mappedInvoice({ document: posting.document, choices: posting.mapping, record, links })
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

/** What is no invoice: gone, void, or edited, in words. */
function otherContradictions(args: {
  posting: Posting
  draft: MirrorDraft
  record: LedgerRecord | null
  links: Links
}): DiscrepancyDraft[] {
  const { posting, draft, record, links } = args
  const contradicted = (kind: DiscrepancyKind, differences: string[]): DiscrepancyDraft[] => {
    const proposal = kind === DiscrepancyKind.EDITED ? DiscrepancyResolution.ACCEPT : DiscrepancyResolution.IGNORE
    const finding: Finding = { kind, lines: [], proposal, quickBooksId: posting.quickBooksId, theirTotal: draft.total }
    return [{ ...postingDraft(posting, finding), entity: draft.entity, differences }]
  }
  if (draft.deleted) return contradicted(DiscrepancyKind.DELETED, ['it was deleted in QuickBooks'])
  if (record?.sale?.voided || record?.payment?.voided)
    return contradicted(DiscrepancyKind.VOIDED, ['it was voided in QuickBooks'])
  // A person looked at it and accepted the difference; only that it vanished would be news.
  if (posting.verification === 'ACCEPTED' || !posting.document || !record) return []
  const mapped = mappedTo({ document: posting.document, choices: posting.mapping, record, links })
  const differences = mapped ? compare(mapped, record) : []
  return differences.length > 0 ? contradicted(DiscrepancyKind.EDITED, differences) : []
}

interface Choosing {
  choices: LineMapping[] | null
  record: LedgerRecord | null
  links: Links
}

/** The invoice as it was mapped; null for what is none. */
export function mappedInvoice({
  document,
  ...choosing
}: { document: Document | null } & Choosing): MappedInvoice | null {
  if (document?.kind !== 'INVOICE') return null
  const mapped = mappedTo({ document, ...choosing })
  return mapped?.kind === 'INVOICE' ? mapped : null
}

/** The document as it was mapped; where a link was forgotten since, the record itself says what it was mapped to. */
function mappedTo({ document, choices, record, links }: { document: Document } & Choosing): MappedDocument | null {
  if (document.kind === 'CUSTOMER') return { kind: 'CUSTOMER', document }
  if (!isSale(document)) return null
  const theirs = record?.sale
  return {
    kind: document.kind,
    document,
    customerId: links.customers.get(document.customer.sourceId) ?? theirs?.customerId ?? '',
    itemIds: document.lines.map(
      ({ item, position }, index) =>
        links.items.get(chosenItem(choices, position) ?? item.sourceId) ?? theirs?.lines[index]?.itemId ?? '',
    ),
    charges: {},
  } as MappedSale
}
