import { sql } from 'kysely'
import type { InvoiceDocument } from '../../src/domain/document.ts'
import {
  type PaymentEvent,
  PaymentPart,
  PaymentRecordKind,
  PaymentRecordState,
} from '../../src/domain/payment-application.ts'
import type { Database } from '../../src/storage/database.ts'
import { connectionRow, idAt, insertRows, postingRow, processed } from '../storage/rows.ts'

export const NOW = new Date('2026-06-10T12:00:00Z')

export interface Sale {
  invoiceId: string
  orderNumber: string
  date: string
  customer?: string
  currency?: string
  /** Product and net amount. */
  lines: [string, string][]
  tax?: string
  shipping?: string
}

/** A company of its own, to which postings and payments can be given. */
export async function company(database: Database): Promise<string> {
  const connection = connectionRow({ id: idAt(NOW) })
  await insertRows(database, 'connection', [connection])
  return connection.id
}

/** Postings that QuickBooks has, as the road leaves them. */
export async function sell(database: Database, { connectionId, sales }: { connectionId: string; sales: Sale[] }) {
  const rows = sales.map((sale) =>
    postingRow({
      ...processed('2026-01-01T00:00:00Z'),
      connection_id: connectionId,
      order_number: sale.orderNumber,
      document_number: `N${sale.invoiceId}`,
      quick_books_id: sale.invoiceId,
      posted_at: '2026-01-01T00:00:00Z',
      document: documentOf(sale),
    }),
  )
  await insertRows(database, 'posting', rows)
}

/** A credit memo or refund that we posted, and that takes back what this invoice billed. */
export async function creditFor(
  database: Database,
  args: { connectionId: string; kind: 'CREDIT_MEMO' | 'REFUND'; recordId: string; invoiceId: string },
): Promise<void> {
  const { connectionId: connection_id, kind, recordId: quick_books_id, invoiceId } = args
  const [sold] = await database.rows(
    sql<{
      source_id: string
      document: object
    }>`select source_id, document from posting where quick_books_id = ${invoiceId}`,
  )
  const corrects = { kind: 'INVOICE', sourceId: sold?.source_id, number: `N${invoiceId}` }
  const document = { ...sold?.document, kind, corrects }
  const row = { ...processed('2026-01-02T00:00:00Z'), connection_id, kind, quick_books_id, document }
  await insertRows(database, 'posting', [postingRow(row)])
}

function documentOf(sale: Sale): Partial<InvoiceDocument> & { total: string } {
  const cents = (text: string) => BigInt(text.replace('.', ''))
  const all = [...sale.lines.map(([, net]) => net), sale.tax ?? '0.00', sale.shipping ?? '0.00']
  const total = all.reduce((sum, text) => sum + cents(text), 0n)
  return {
    kind: 'INVOICE',
    orderNumber: sale.orderNumber,
    number: `N${sale.invoiceId}`,
    date: sale.date,
    currency: sale.currency ?? 'USD',
    customer: {
      kind: 'CUSTOMER',
      sourceId: sale.customer ?? 'customer-1',
      name: `Customer ${sale.customer ?? 'customer-1'}`,
    },
    lines: sale.lines.map(([item, net], index) => ({
      position: index + 1,
      item: { sourceId: item, name: item },
      description: '',
      quantity: '1',
      unitPrice: net,
      amount: money(cents(net) + 100n),
      discountPercent: '0',
      discountAmount: '1.00',
      taxable: true,
    })),
    discount: money(100n * BigInt(sale.lines.length)),
    tax: sale.tax ?? '0.00',
    shipping: sale.shipping ?? '0.00',
    total: money(total),
  }
}

/** Cents as an amount: not ours, so that a test does not believe the house. */
export function money(cents: bigint): string {
  const size = cents < 0n ? -cents : cents
  return `${cents < 0n ? '-' : ''}${size / 100n}.${String(size % 100n).padStart(2, '0')}`
}

/** A payment that pays these invoices; what is left out is ordinary. */
export function payment(
  args: Partial<PaymentEvent> & { recordId: string; pays?: [invoiceId: string | null, amount: string][] },
): PaymentEvent {
  const { pays = [], ...rest } = args
  const kind = args.kind ?? PaymentRecordKind.PAYMENT
  const part = { PAYMENT: PaymentPart.CASH, REFUND: PaymentPart.REFUND, CREDIT_MEMO: PaymentPart.CREDIT }[kind]
  const total = pays.reduce((sum, [, amount]) => sum + BigInt(amount.replace('.', '')), 0n)
  return {
    kind,
    version: '0',
    changedAt: new Date('2026-03-05T00:00:00Z'),
    date: '2026-03-05',
    state: PaymentRecordState.LIVE,
    currency: 'USD',
    total: money(total),
    method: null,
    parts: pays.map(([invoiceId, amount]) => ({ part, invoiceId, amount })),
    ...rest,
  }
}
