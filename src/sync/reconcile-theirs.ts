import { MirrorEntity } from '../domain/mirror.ts'
import type { DiscrepancyDraft } from '../storage/discrepancies.ts'
import { unappliedPayments, unownedInvoices } from '../storage/three-sides.ts'
import { type Finding, inWords } from './invoice-findings.ts'
import { duplicateFinding, paymentFinding, unknownFinding } from './reconcile-classify.ts'
import type { BulkRoad } from './road.ts'
import { NOTHING_SWEPT, type Sweep, type Sweeping, theirInvoice } from './sweep-page.ts'

const INVOICES_MAX = 1_000
/** For each of these the CRM may have to be asked by name. */
const UNOWNED_MAX = 100
const PAYMENTS_MAX = 500

/** The invoices of QuickBooks that are nobody's: one too many of a number, or unknown to the CRM. Throws CreatioError. */
export const invoicesSweep: Sweep<Awaited<ReturnType<typeof readUnowned>>> = {
  read: readUnowned,
  async judge(road, { connection }, { invoices }) {
    const reader = road.ledgerOf(connection).mirror
    const drafts: DiscrepancyDraft[] = []
    for (const one of invoices) {
      const theirs = theirInvoice(one, reader)
      if (theirs.record?.sale?.voided) continue
      const { number, date } = one
      const draft = (finding: Finding) => draftOf({ finding, entity: MirrorEntity.INVOICE, number, date })
      if (one.owner?.isLinked) drafts.push(draft(duplicateFinding(theirs)))
      else if (one.owner === null && !(await isKnownToCrm(road, one))) drafts.push(draft(unknownFinding(theirs)))
    }
    return {
      ...NOTHING_SWEPT,
      drafts,
      subjects: invoices.map(({ quickBooksId }) => `INVOICE:${quickBooksId}`),
      visited: invoices.length,
    }
  },
}

async function readUnowned(road: BulkRoad, { reconciliation, after }: Sweeping) {
  const { invoices, next } = await unownedInvoices(road.database, {
    ...reconciliation,
    reconciliationId: reconciliation.id,
    after: after?.id ?? null,
    limit: INVOICES_MAX,
    unownedMax: UNOWNED_MAX,
  })
  return { invoices, next: next === null ? null : { createdOn: '', id: next } }
}

/** An order of another time may account for it: by its number, or by the id that it shows. */
async function isKnownToCrm(
  road: BulkRoad,
  { number, quickBooksId }: { number: string | null; quickBooksId: string },
): Promise<boolean> {
  if (!number) return false
  const { found } = await road.crm.searchOrders(number)
  return found.some((order) => order.otherName === number || order.quickBooksId === quickBooksId)
}

/** Payments of which something pays no invoice. */
export const paymentsSweep: Sweep<Awaited<ReturnType<typeof readUnapplied>>> = {
  read: readUnapplied,
  async judge(_road, _sweeping, { payments }) {
    const drafts = payments.map((payment) => {
      const { number, date } = payment
      return draftOf({ finding: paymentFinding(payment), entity: MirrorEntity.PAYMENT, number, date })
    })
    return { ...NOTHING_SWEPT, drafts, visited: payments.length }
  },
}

async function readUnapplied(road: BulkRoad, { reconciliation, after }: Sweeping) {
  const asked = { ...reconciliation, after: after?.id ?? null, limit: PAYMENTS_MAX }
  const payments = await unappliedPayments(road.database, asked)
  const last = payments.length < PAYMENTS_MAX ? undefined : payments.at(-1)
  return { payments, next: last ? { createdOn: '', id: last.id } : null }
}

function draftOf(args: {
  finding: Finding
  entity: MirrorEntity.INVOICE | MirrorEntity.PAYMENT
  number: string | null
  date: string | null
}): DiscrepancyDraft {
  const { finding, entity, number, date } = args
  const { kind, lines, proposal, quickBooksId, theirTotal } = finding
  return {
    ...{ kind, lines, proposal, quickBooksId, theirTotal, entity, date },
    subject: `${entity}:${quickBooksId}`,
    postingId: null,
    sourceId: null,
    orderNumber: null,
    documentNumber: number,
    ourTotal: null,
    differences: lines.map(inWords),
  }
}
