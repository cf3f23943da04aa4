import type { InvoiceDocument } from '../../src/domain/document.ts'
import type { Posting } from '../../src/domain/posting.ts'
import type { Fields } from './books.ts'
import { byHand } from './by-hand.ts'
import type { Story } from './road.ts'

export type Line = Record<string, unknown> & {
  Amount: number
  DetailType: string
  SalesItemLineDetail?: Record<string, unknown>
}
export type Invoice = Fields & { Line: Line[]; CustomerRef: { value: string }; TxnTaxDetail?: { TotalTax?: unknown } }

/** One order that was posted, with what QuickBooks has of it. */
export interface Sold {
  posting: Posting
  invoice: Invoice
  document: InvoiceDocument
}

type Cents = number | '-'

/** Takes orders of a clean world one by one, and keeps what was planted in them, under the way in which it was. */
export class Planting {
  readonly story: Story
  /** All invoices as they were before. */
  readonly invoices: Invoice[]
  /** By the way in which it was planted: the order's or invoice's number, the kind, and the cents of its lines added up. */
  readonly planted = new Map<string, string>()
  readonly #left: Posting[]
  readonly #invoiceOf: Map<string, Invoice>

  private constructor({ story, invoices, postings }: { story: Story; invoices: Invoice[]; postings: Posting[] }) {
    this.story = story
    this.invoices = invoices
    this.#left = postings
    this.#invoiceOf = new Map(invoices.map((one) => [one.Id, one]))
  }

  static async begin(story: Story): Promise<Planting> {
    const postings = (await story.books.invoicePostings()).filter(({ state }) => state === 'PROCESSED')
    const invoices = (await story.books.invoices()).map((one) => plainly(one) as Invoice)
    return new Planting({ story, invoices, postings })
  }

  /** An order in which nothing was planted yet. */
  take(fits: (document: InvoiceDocument, invoice: Invoice) => boolean = () => true): Sold {
    const index = this.#left.findIndex(({ document, quickBooksId }) =>
      fits(document as InvoiceDocument, this.#invoiceOf.get(quickBooksId ?? '') as Invoice),
    )
    const [posting] = index < 0 ? [] : this.#left.splice(index, 1)
    if (!posting) throw new Error('the world has no order left that fits')
    const invoice = this.#invoiceOf.get(posting.quickBooksId ?? '') as Invoice
    return { posting, invoice, document: posting.document as InvoiceDocument }
  }

  /** Notes what is to be found. A way counts once, whatever it was planted in. */
  expect(way: string, number: string | null, kind: string, cents: Cents): void {
    if (this.planted.has(way)) throw new Error(`"${way}" was planted already`)
    this.planted.set(way, `${number ?? 'no number'} ${kind} ${cents}`)
  }

  /** Changes the invoice of an order in QuickBooks by hand. */
  async edit(way: string, sold: Sold, change: { body: object; kind: string; cents: Cents }): Promise<void> {
    await byHand({ story: this.story, id: sold.invoice.Id, body: change.body })
    this.expect(way, sold.posting.documentNumber, change.kind, change.cents)
  }

  /** Changes the order itself in the CRM. */
  async order(way: string, { posting }: Pick<Sold, 'posting'>, change: Change): Promise<void> {
    await this.story.books.change('creatio.Order', posting.sourceId, change.fields)
    this.expect(way, posting.documentNumber, change.kind, change.cents)
  }
}

interface Change {
  fields: Record<string, unknown>
  kind: string
  cents: Cents
}

/** The record with its numbers as numbers, as a person's client would send it. */
export function plainly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainly)
  if (typeof value !== 'object' || value === null) return value
  if ('rawJSON' in value) return Number(value.rawJSON)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plainly(inner)]))
}

const itemOf = ({ SalesItemLineDetail: detail }: Line) => (detail?.ItemRef as { value?: string } | undefined)?.value
export const isSale = (line: Line) => line.DetailType === 'SalesItemLineDetail' && itemOf(line) !== 'SHIPPING_ITEM_ID'
export const isShipping = (line: Line) => line.DetailType === 'SalesItemLineDetail' && !isSale(line)
export const isDiscount = (line: Line) => line.DetailType === 'DiscountLineDetail'

export const plus = (amount: unknown, cents: number) => Math.round(Number(amount) * 100 + cents) / 100
export const pennies = (amount: string | null) => Math.round(Number(amount ?? 0) * 100)
export const minus = (amount: string | null) => -pennies(amount)

/** A line sold for so many cents more: one piece, at that price. */
export function dearer(line: Line, cents: number): Line {
  const Amount = plus(line.Amount, cents)
  const Qty = Number(line.SalesItemLineDetail?.Qty)
  return { ...line, Amount, SalesItemLineDetail: { ...line.SalesItemLineDetail, Qty, UnitPrice: Amount / Qty } }
}

/** The lines with the one that fits replaced; none where it is to go. */
export function withLine(lines: Line[], fits: (line: Line) => boolean, change: (line: Line) => Line | null): Line[] {
  const index = lines.findIndex(fits)
  return lines.flatMap((line, at) => (at === index ? (change(line) ?? []) : [line]))
}
