import type { AdoptionCandidate } from '../domain/adoption.ts'
import type { Connection } from '../domain/connection.ts'
import type { SalesDocument } from '../domain/document.ts'
import { MirrorEntity } from '../domain/mirror.ts'
import { decimal, roundToCents } from '../domain/money.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import {
  type FreeInvoice,
  freeInvoices,
  hasFreeInvoices,
  rawRecords,
  type WantedInvoice,
} from '../storage/free-invoices.ts'
import { differencesButNumber, likeness, likenessAtMost, SHOWN_FROM, type Sought } from './likeness.ts'
import { mappingRules } from './mapping-rules.ts'
import { type Names, nameKey } from './reference-names.ts'
import { mapWith } from './references.ts'
import type { Road } from './road.ts'
import { chooseForDocument, planSale, type SalePlan } from './sale-plan.ts'
import { taxesFor } from './taxes.ts'

/** Invoices are looked for so many days around the day of the document, and of the same customer with so much more or less. */
const AROUND_DAYS = 45
const TOTAL_PART = '0.25'
/** Of each order the nearest are judged, and the likeliest shown. */
const JUDGED_MAX = 20
const SHOWN_MAX = 5
const DAY_MS = 86_400_000

/** A sale of which QuickBooks has no invoice under its number. */
export interface Unnumbered {
  id: string
  sourceId: string
  document: SalesDocument
  workedOnAt: string[]
}

type LookingRoad = Pick<Road, 'database' | 'crm' | 'ledgerOf'>

/** Who says what the names of documents are in QuickBooks: itself, or the mirror. */
export type NameSource = (args: { documents: SalesDocument[]; plans: SalePlan[] }) => Promise<Names>

/** Which numbers those who ask know to be an order's own: the CRM need not be asked about them, nor the invoices read. */
export type KnownNumbers = (numbers: string[]) => Promise<Set<string>>

/**
 * For invoices that no number found: those of the mirror that may be what they became, the likeliest first. An invoice that an
 * order of the CRM names by its number is that order's. Reads only. Throws what `namesOf` throws, and CreatioError.
 */
export async function likelyInvoices(
  road: LookingRoad,
  args: { connection: Connection; sales: Unnumbered[]; namesOf: NameSource; knownNumbers?: KnownNumbers },
): Promise<Map<string, AdoptionCandidate[]>> {
  const { connection, namesOf } = args
  const sales = args.sales.filter(({ document }) => document.kind === 'INVOICE')
  const reader = road.ledgerOf(connection).mirror
  const none = new Map<string, AdoptionCandidate[]>()
  if (sales.length === 0 || !reader?.kinds.includes(MirrorEntity.INVOICE)) return none
  if (!(await hasFreeInvoices(road.database, { connectionId: connection.id }))) return none
  // Only its customer is needed to look for an invoice; what its lines are booked with, of those alone that something comes near.
  const { customers } = await namesOf({
    documents: sales.map(({ document }) => ({ ...document, lines: [] })),
    plans: [],
  })
  const ofSale = await nearInvoices(road, { ...args, sales, customers })
  const close = sales.filter(({ id }) => ofSale.has(id))
  if (close.length === 0) return none
  const plans = await plansOf(road, { connection, sales: close })
  const names = await namesOf({ documents: close.map(({ document }) => document), plans })
  const raws = await rawRecords(road.database, [...new Set([...ofSale.values()].flat().map(({ id }) => id))])
  const records = new Map(
    [...raws].map(([id, raw]) => [id, reader.recordOf({ entity: MirrorEntity.INVOICE, raw })] as const),
  )
  const judged = close.flatMap((sale, index) => {
    const plan = plans[index]
    const mapped = plan && mapWith(sale.document, { names, plan })
    const sought = soughtOf(sale, { plan, names })
    return (ofSale.get(sale.id) ?? []).flatMap(({ id }) => {
      const record = records.get(id)
      return record ? judge({ sale, sought, mapped: mapped && !('missing' in mapped) ? mapped : null, record }) : []
    })
  })
  return shownOf(await unclaimed(road, judged))
}

/** Of each sale that has any: the free invoices that may be shown for it, by what is known without reading them. */
async function nearInvoices(
  road: LookingRoad,
  args: { connection: Connection; sales: Unnumbered[]; customers: Names['customers']; knownNumbers?: KnownNumbers },
): Promise<Map<string, FreeInvoice[]>> {
  const { connection, sales, customers, knownNumbers } = args
  const customerOf = ({ document }: Unnumbered) => customers.get(document.customer.sourceId) ?? null
  const found = await freeInvoices(road.database, {
    connectionId: connection.id,
    wanted: sales.map((sale) => wantedOf(sale, customerOf(sale))),
    perWantedMax: JUDGED_MAX,
  })
  const saleOf = new Map(sales.map((sale) => [sale.id, sale]))
  const near = found.filter((one) => {
    const sale = saleOf.get(one.wantedId)
    return sale && likenessAtMost({ document: sale.document, customerId: customerOf(sale) }, one) >= SHOWN_FROM
  })
  const known = await knownNumbers?.([...new Set(near.flatMap(({ number }) => number ?? []))])
  return Map.groupBy(
    near.filter(({ number }) => number === null || !known?.has(number)),
    ({ wantedId }) => wantedId,
  )
}

interface Judged {
  sale: Unnumbered
  candidate: AdoptionCandidate
}

async function plansOf(
  road: LookingRoad,
  { connection, sales }: { connection: Connection; sales: Unnumbered[] },
): Promise<SalePlan[]> {
  const rules = await mappingRules(road, connection)
  const { needs } = road.ledgerOf(connection)
  const taxes = await taxesFor(road, { connection, documents: sales.map(({ document }) => document) })
  return sales.map(({ document }) =>
    planSale(document, { choices: chooseForDocument(document, { rules, needs: needs(document), taxes }), needs }),
  )
}

function wantedOf({ id, document }: Unnumbered, customerId: string | null): WantedInvoice {
  const { total, date } = document
  const apart = decimal(total).abs().times(TOTAL_PART)
  const day = (days: number) => new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10)
  return {
    id,
    customerId,
    total,
    totalMin: roundToCents(decimal(total).minus(apart)),
    totalMax: roundToCents(decimal(total).plus(apart)),
    firstDay: day(-AROUND_DAYS),
    lastDay: day(AROUND_DAYS),
  }
}

function soughtOf(
  { document, workedOnAt }: Unnumbered,
  { plan, names }: { plan: SalePlan | undefined; names: Names },
): Sought {
  return {
    document,
    customerId: names.customers.get(document.customer.sourceId) ?? null,
    itemIds: document.lines.map(({ item }, index) => {
      const chosen = plan?.lines[index]?.item
      return (chosen && names.named.get(nameKey(chosen))) ?? names.items.get(item.sourceId) ?? null
    }),
    workedOnAt,
  }
}

function judge(args: {
  sale: Unnumbered
  sought: Sought
  mapped: Parameters<typeof differencesButNumber>[0] | null
  record: LedgerRecord
}): Judged[] {
  const { sale, sought, mapped, record } = args
  const { score, scoreMax, evidence } = likeness(sought, record)
  if (score < SHOWN_FROM || !record.sale) return []
  const { number, date, total } = record.sale
  const differences = mapped
    ? differencesButNumber(mapped, record)
    : ['its customer, an item or an account of ours is not known in QuickBooks']
  const { quickBooksId, revision } = record
  const found = { quickBooksId, number, date, total, revision }
  return [{ sale, candidate: { ...found, score, scoreMax, evidence, differences, namedByOrder: null } }]
}

/** Without those that another order names by their number; one that another order names by its id alone says so. */
async function unclaimed(road: LookingRoad, judged: Judged[]): Promise<Judged[]> {
  if (judged.length === 0) return []
  const candidates = judged.map(({ candidate }) => candidate)
  const claims = await road.crm.invoiceClaims({
    numbers: candidates.map(({ number }) => number).filter((number) => number !== ''),
    quickBooksIds: candidates.map(({ quickBooksId }) => quickBooksId),
  })
  const byNumber = new Set(claims.flatMap(({ invoiceNumber, orderNumber }) => [invoiceNumber, orderNumber]))
  const byId = Map.groupBy(claims, ({ quickBooksId }) => quickBooksId)
  return judged.flatMap(({ sale, candidate }) => {
    if (byNumber.has(candidate.number)) return []
    const other = byId.get(candidate.quickBooksId)?.find(({ orderId }) => orderId !== sale.sourceId)
    return [
      { sale, candidate: { ...candidate, namedByOrder: other ? (other.orderNumber ?? 'without a number') : null } },
    ]
  })
}

function shownOf(judged: Judged[]): Map<string, AdoptionCandidate[]> {
  return new Map(
    [...Map.groupBy(judged, ({ sale }) => sale.id)].map(([id, ofSale]) => [
      id,
      ofSale
        .map(({ candidate }) => candidate)
        .sort((one, other) => other.score - one.score || one.quickBooksId.localeCompare(other.quickBooksId))
        .slice(0, SHOWN_MAX),
    ]),
  )
}
