import type { Row } from '../../src/creatio/values.ts'
import type { RandomLine, RandomOrder } from './random-orders.ts'

/** The lookups of the CRM's site, as the facts of the tenant give them. */
const SALES = 'b4494f26-26c2-4aa6-951c-658d0828d0d0'
const CREDIT_MEMO = 'c26d3478-7ac1-49e9-97f9-1c0809552f1f'

/** The columns of the CRM's table of orders that a random order fills. */
export function orderColumns(order: RandomOrder): Record<string, unknown> {
  const { number, invoiceNumber, date, dueDate, purchaseOrderNumber, shipping, taxed, tax, amount, kind } = order
  return {
    Number: number,
    Date: midnight(date),
    Amount: amount,
    BGNumberInvoice: invoiceNumber,
    BGInvoiceDate: midnight(date),
    BGInvoiceDueDate: midnight(dueDate),
    BGPONumber: purchaseOrderNumber,
    BGShippingCharge: shipping,
    BGTaxCheckbox: taxed,
    BGTaxAmount: tax,
    BGTransactionTypeId: kind === 'INVOICE' ? SALES : CREDIT_MEMO,
  }
}

/** The columns of the CRM's table of order lines. */
export function lineColumns({ name, price, quantity, discountPercent, taxable }: RandomLine): Record<string, unknown> {
  return {
    Name: name,
    BGItemPrice: price,
    BGItemQuantity: quantity,
    Quantity: quantity,
    BGItemDiscount: discountPercent,
    DiscountPercent: discountPercent,
    BGTaxable: taxable,
  }
}

/** What OData would answer about it, with what it names. */
export function answeredRows(order: RandomOrder): { row: Row; lineRows: Row[] } {
  const row = {
    Id: uuid(1),
    ModifiedOn: '2026-03-02T10:00:00Z',
    ...orderColumns(order),
    BGQuickBooksId: '',
    Account: { Id: uuid(2), Name: 'Alder Interiors', BGQBName: 'Alder Interiors' },
    Currency: { Id: uuid(3), ShortName: order.currency },
    Status: { Id: uuid(4), Name: 'Confirmed' },
    PaymentStatus: { Id: uuid(5), Name: order.kind === 'REFUND' ? 'Refunded' : 'Not paid' },
  }
  const lineRows = order.lines.map((line, at) => ({
    Id: uuid(100 + at),
    ...lineColumns(line),
    Product: { Id: uuid(10_000 + at), Code: `WARE-${at}` },
  }))
  return { row, lineRows }
}

function uuid(at: number): string {
  return `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`
}

/** Midnight in New York, where the business is, as the CRM stores it. */
function midnight(day: string): string {
  return `${day}T${day < '2026-03-08' ? '05' : '04'}:00:00Z`
}
