import type { KeyCursor } from '../creatio/keyed-page.ts'
import { toDocument } from '../creatio/to-document.ts'
import type { Charge, ChargeRole, MappedSale, SalesDocument } from '../domain/document.ts'
import type { Quantity } from '../domain/money.ts'
import type { Ledger } from '../ledgers/ledger.ts'
import { later, type Road } from './road.ts'
import { problemsOf } from './validate.ts'

const PAGE_ROWS_MAX = 500
const EXAMPLES_MAX = 5

/** A kind of QuickBooks to compare: nobody is asked, so that no company of that kind is needed. */
export type ComparedLedger = Pick<Ledger, 'limits' | 'needs' | 'problems' | 'losses'> & { name: string }

/** What one kind of QuickBooks would refuse, or keep otherwise than the order says it: how often, and for which orders. */
export interface LedgerDifference {
  what: string
  orders: number
  /** The first few, each with what happens to it. */
  examples: { orderNumber: string; detail: string }[]
}

export interface LedgerReport {
  name: string
  /** Orders that would be posted as they are, with or without losses. */
  fit: number
  refused: LedgerDifference[]
  losses: LedgerDifference[]
}

/**
 * Holds every order that can be invoiced against what each kind of QuickBooks takes: which it would refuse, and what it
 * would keep otherwise. Reads the CRM page by page; asks no QuickBooks and writes nothing. `salesTaxPercent` is the rate
 * that a QuickBooks would compute with which computes sales tax itself. Throws CreatioError.
 */
export async function diffLedgers(
  road: Road,
  args: { ledgers: ComparedLedger[]; salesTaxPercent: Quantity | null; report?: (orders: number) => void },
): Promise<{ orders: number; ledgers: LedgerReport[] }> {
  const tallies = args.ledgers.map((ledger) => ({ ledger, fit: 0, refused: new Tally(), losses: new Tally() }))
  let orders = 0
  for await (const document of documents(road)) {
    orders += 1
    for (const tally of tallies) {
      const mapped = pretendMapped(document, { ledger: tally.ledger, salesTaxPercent: args.salesTaxPercent })
      const refusals = refusalsOf(mapped, tally.ledger)
      for (const { what, detail } of refusals) tally.refused.add({ what, detail, orderNumber: document.orderNumber })
      for (const { what, detail } of tally.ledger.losses(mapped))
        tally.losses.add({ what, detail, orderNumber: document.orderNumber })
      if (refusals.length === 0) tally.fit += 1
    }
    if (orders % PAGE_ROWS_MAX === 0) args.report?.(orders)
  }
  return {
    orders,
    ledgers: tallies.map(({ ledger, fit, refused, losses }) => ({
      name: ledger.name,
      fit,
      refused: refused.differences(),
      losses: losses.differences(),
    })),
  }
}

async function* documents(road: Road): AsyncGenerator<SalesDocument> {
  const since = road.crm.profile.difference.ordersSince
  const before = later(road.now(), 0).toISOString()
  let after: KeyCursor | null = null
  do {
    road.signal.throwIfAborted()
    const page = await road.crm.orderKeys({ since, before, after, limit: PAGE_ROWS_MAX })
    const orders = await road.crm.orders(page.orders.map(({ id }) => id))
    for (const order of orders.values()) {
      const reading = toDocument(order, { profile: road.crm.profile, timeZone: road.crm.timeZone })
      if (reading.kind === 'document') yield reading.document
    }
    after = page.next
  } while (after !== null)
}

/** The document as if every name had been found: what is compared is what a kind of QuickBooks can keep, not what one company has. */
function pretendMapped(
  document: SalesDocument,
  { ledger, salesTaxPercent }: { ledger: ComparedLedger; salesTaxPercent: Quantity | null },
): MappedSale {
  const charges: Partial<Record<ChargeRole, Charge>> = {}
  for (const need of ledger.needs(document)) {
    if ('charge' in need) charges[need.role] = need.charge
    if (!('name' in need)) continue
    if (need.role !== 'SALES_TAX') charges[need.role] = { id: need.name }
    else if (salesTaxPercent !== null) charges.SALES_TAX = { id: need.name, ratePercent: salesTaxPercent }
  }
  const itemIds = document.lines.map(({ item }) => item.name)
  return { kind: document.kind, document, customerId: document.customer.name, itemIds, charges } as MappedSale
}

function refusalsOf(sale: MappedSale, ledger: ComparedLedger): { what: string; detail: string }[] {
  const { document } = sale
  const { currency } = document
  const rules = { connection: { currency }, limits: ledger.limits, problems: ledger.problems }
  const customer = { kind: 'CUSTOMER' as const, document: document.customer }
  return [sale, customer]
    .flatMap((mapped) => problemsOf(mapped.document, { rules, mapped }))
    .map(({ problem }) => ({ what: kindOf(problem), detail: problem }))
}

/** Problems that differ in their figures and names alone are of one kind. */
function kindOf(problem: string): string {
  return problem.replace(/"[^"]*"/g, '"…"').replace(/\d[\d.,-]*/g, '…')
}

/** Counts what happens, and keeps the first few orders of each. */
class Tally {
  readonly #found = new Map<string, LedgerDifference>()

  add({ what, detail, orderNumber }: { what: string; detail: string; orderNumber: string }): void {
    const known = this.#found.get(what) ?? { what, orders: 0, examples: [] }
    known.orders += 1
    if (known.examples.length < EXAMPLES_MAX) known.examples.push({ orderNumber, detail })
    this.#found.set(what, known)
  }

  differences(): LedgerDifference[] {
    return [...this.#found.values()].sort((one, other) => other.orders - one.orders)
  }
}
