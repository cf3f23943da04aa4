import type { Connection } from '../domain/connection.ts'
import { type DifferenceLine, DiscrepancyKind, DiscrepancyResolution } from '../domain/discrepancy.ts'
import type { Document, InvoiceDocument } from '../domain/document.ts'
import type { DiscrepancyDraft } from '../storage/discrepancies.ts'
import { mirroredInvoices } from '../storage/three-sides.ts'
import { answersOfMirror } from './answers-of-mirror.ts'
import { linksOf, mappedInvoice } from './evidence.ts'
import { invoiceFindings, inWords } from './invoice-findings.ts'
import { likelyInvoices, type Unnumbered } from './likely-invoices.ts'
import { namesBy } from './reference-names.ts'
import type { BulkRoad } from './road.ts'
import { theirInvoice } from './sweep-page.ts'

const MISSING: DiscrepancyKind[] = [DiscrepancyKind.MISSING_IN_QUICKBOOKS, DiscrepancyKind.FALSE_PROCESSED]

/**
 * What is missing under its number and may be there under another: its discrepancy proposes to adopt the likeliest invoice, and
 * shows line by line where that differs. A person decides. Reads only. Throws CreatioError.
 */
export async function withLikely(
  road: BulkRoad,
  args: { connection: Connection; drafts: DiscrepancyDraft[]; documents: Map<string, Document | null> },
): Promise<DiscrepancyDraft[]> {
  const { connection, drafts, documents } = args
  const sales = await unnumbered(road, { drafts, documents })
  if (sales.length === 0) return drafts
  const look: Parameters<typeof namesBy>[1]['look'] = (questions) => answersOfMirror(road, { connection, questions })
  const likely = await likelyInvoices(road, {
    ...{ connection, sales },
    namesOf: async (named) => (await namesBy(road, { connection, look, ...named })).names,
  })
  if (likely.size === 0) return drafts
  const ids = [...likely.values()].flatMap(([best]) => best?.quickBooksId ?? [])
  const { byId } = await mirroredInvoices(road.database, { connectionId: connection.id, ids, numbers: [] })
  const links = await linksOf(road.database, { connectionId: connection.id, postings: sales })
  const reader = road.ledgerOf(connection).mirror
  return drafts.map((draft): DiscrepancyDraft => {
    const sale = sales.find(({ sourceId }) => isMissing(draft) && sourceId === draft.sourceId)
    const [best] = (sale && likely.get(sale.id)) ?? []
    const mirrored = byId.get(best?.quickBooksId ?? '')
    const record = mirrored && theirInvoice(mirrored, reader).record
    if (!sale || !best || !record) return draft
    const document = { ...(sale.document as InvoiceDocument), number: best.number }
    const mapped = mappedInvoice({ document, choices: null, record, links })
    const found = mapped ? invoiceFindings(mapped, record).flatMap(({ lines }) => lines) : []
    const lines = [
      shown({ field: 'likeness, of 100', ours: null, theirs: String(best.score) }),
      shown({ field: 'number', ours: sale.document.number, theirs: best.number }),
      ...found,
    ]
    const { quickBooksId, total: theirTotal } = best
    const proposal = DiscrepancyResolution.ADOPT
    return { ...draft, quickBooksId, theirTotal, proposal, lines, differences: lines.map(inWords) }
  })
}

function isMissing({ kind, quickBooksId }: DiscrepancyDraft): boolean {
  return MISSING.includes(kind) && quickBooksId === null
}

async function unnumbered(
  road: BulkRoad,
  { drafts, documents }: { drafts: DiscrepancyDraft[]; documents: Map<string, Document | null> },
): Promise<Unnumbered[]> {
  const missing = drafts.filter(isMissing).flatMap(({ sourceId }) => {
    const document = documents.get(sourceId ?? '')
    return sourceId && document?.kind === 'INVOICE' ? [{ id: sourceId, sourceId, document }] : []
  })
  if (missing.length === 0) return []
  const rows = await road.crm.logRowsOfRecords(missing.map(({ sourceId }) => sourceId))
  const rowsOf = Map.groupBy(rows, ({ recordId }) => recordId)
  return missing.map((one) => ({
    ...one,
    workedOnAt: (rowsOf.get(one.sourceId) ?? []).flatMap(({ createdOn, modifiedOn }) => [createdOn, modifiedOn]),
  }))
}

function shown(line: Pick<DifferenceLine, 'field' | 'ours' | 'theirs'>): DifferenceLine {
  return { ...line, line: null, cents: null }
}
