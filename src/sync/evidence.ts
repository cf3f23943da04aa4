import type { LineMapping } from '../domain/account-mapping.ts'
import { DiscrepancyKind } from '../domain/discrepancy.ts'
import { type Document, isSale, type MappedDocument, type MappedSale } from '../domain/document.ts'
import { PostingKind, Verification } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import { type MirrorDraft, MirrorEntity, type MirroredEntity } from '../domain/mirror.ts'
import type { Posting } from '../domain/posting.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import type { Database } from '../storage/database.ts'
import { type DiscrepancyDraft, noteEvidence, postingsProvenBy, voidedByUs } from '../storage/discrepancies.ts'
import { findLinks } from '../storage/links.ts'
import { compare } from './compare.ts'
import type { MirrorLane } from './pull.ts'
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
    const confirmed: string[] = []
    const contradicted: DiscrepancyDraft[] = []
    for (const posting of postings) {
      const draft = byId.get(posting.quickBooksId ?? '')
      const found = draft ? contradiction({ posting, draft, record: held.reader.recordOf(draft), links }) : null
      if (found && draft) contradicted.push({ ...found, entity, posting, theirTotal: draft.total })
      else confirmed.push(posting.id)
    }
    const ours = await voidedByUs(transaction, { connectionId, quickBooksIds: idsOf(contradicted) })
    const news = contradicted.filter(
      (one) => one.kind !== DiscrepancyKind.VOIDED || !ours.has(one.posting.quickBooksId ?? ''),
    )
    await noteEvidence(transaction, { connectionId, confirmed, contradicted: news, now })
  }
}

function idsOf(drafts: DiscrepancyDraft[]): string[] {
  return drafts.flatMap(({ kind, posting }) => (kind === DiscrepancyKind.VOIDED ? (posting.quickBooksId ?? []) : []))
}

type Links = Record<'customers' | 'items', Map<string, string>>

async function linksOf(
  database: Database,
  { connectionId, postings }: { connectionId: string; postings: Posting[] },
): Promise<Links> {
  const sales = postings.flatMap(({ document }) => (isSale(document) ? [document] : []))
  const customerIds = sales.map(({ customer }) => customer.sourceId)
  const products = sales.flatMap(({ lines }) => lines.map(({ item }) => item.sourceId))
  const chosen = postings.flatMap(({ mapping }) => chosenNames(mapping))
  const itemIds = [...new Set([...products, ...chosen])]
  return {
    customers: await findLinks(database, { connectionId, kind: LinkKind.CUSTOMER, sourceIds: customerIds }),
    items: await findLinks(database, { connectionId, kind: LinkKind.ITEM, sourceIds: itemIds }),
  }
}

function contradiction(args: {
  posting: Posting
  draft: MirrorDraft
  record: LedgerRecord | null
  links: Links
}): Pick<DiscrepancyDraft, 'kind' | 'differences'> | null {
  const { posting, draft, record, links } = args
  if (draft.deleted) return { kind: DiscrepancyKind.DELETED, differences: ['it was deleted in QuickBooks'] }
  if (record?.sale?.voided || record?.payment?.voided)
    return { kind: DiscrepancyKind.VOIDED, differences: ['it was voided in QuickBooks'] }
  // A person looked at it and accepted the difference; only that it vanished would be news.
  if (posting.verification === Verification.ACCEPTED || !posting.document || !record) return null
  const mapped = mappedTo({ document: posting.document, choices: posting.mapping, record, links })
  const differences = mapped ? compare(mapped, record) : []
  return differences.length > 0 ? { kind: DiscrepancyKind.EDITED, differences } : null
}

/** The document as it was mapped; where a link was forgotten since, the record itself says what it was mapped to. */
function mappedTo(args: {
  document: Document
  choices: LineMapping[] | null
  record: LedgerRecord
  links: Links
}): MappedDocument | null {
  const { document, choices, record, links } = args
  if (document.kind === 'CUSTOMER') return { kind: 'CUSTOMER', document }
  if (!isSale(document)) return null
  const theirs = record.sale
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
