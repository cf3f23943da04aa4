import { Decimal } from 'decimal.js'
import type { Books, Fields } from './books.ts'

/** An invoice as a bookkeeper reads it, whichever QuickBooks has it. Amounts to the penny, quantities and rates exactly. */
export interface BookedInvoice {
  number: string
  customer: string
  date: string
  dueDate: string
  order: string
  total: string
  tax: string
  shipping: string
  lines: { item: string; description: string; quantity: string; rate: string; amount: string; taxable: boolean }[]
}

type Part = Record<string, unknown>

/** The invoices of QuickBooks Online, read from the sandbox's own tables, by number. */
export async function bookedOnline(books: Books): Promise<BookedInvoice[]> {
  const [invoices, customers] = await Promise.all([books.records('qbo.Invoice'), books.records('qbo.Customer')])
  const nameOf = new Map(customers.map(({ Id, DisplayName }) => [Id, String(DisplayName)]))
  return invoices.map((invoice) => onlineInvoice({ invoice, nameOf })).sort(byNumber)
}

/** The same of QuickBooks Desktop. */
export async function bookedDesktop(books: Books): Promise<BookedInvoice[]> {
  return (await books.records('quickbooksDesktop.invoices')).map(desktopInvoice).sort(byNumber)
}

function onlineInvoice({ invoice, nameOf }: { invoice: Fields; nameOf: Map<string, string> }): BookedInvoice {
  const lines = partsOf(invoice.Line)
    .filter(({ DetailType }) => DetailType === 'SalesItemLineDetail')
    .map((line) => ({ line, detail: line.SalesItemLineDetail as Part }))
  const isShipping = ({ detail }: { detail: Part }) => (detail.ItemRef as Part).value === 'SHIPPING_ITEM_ID'
  return {
    number: String(invoice.DocNumber),
    customer: nameOf.get(String((invoice.CustomerRef as Part).value)) ?? '',
    date: String(invoice.TxnDate),
    dueDate: String(invoice.DueDate),
    order: orderIn(invoice.PrivateNote),
    total: pennies(invoice.TotalAmt),
    tax: pennies((invoice.TxnTaxDetail as Part | undefined)?.TotalTax),
    shipping: totalOf(lines.filter(isShipping).map(({ line }) => line.Amount)),
    lines: lines
      .filter((one) => !isShipping(one))
      .map(({ line, detail }) => ({
        item: String((detail.ItemRef as Part).name),
        description: String(line.Description),
        quantity: exact(detail.Qty),
        rate: exact(detail.UnitPrice),
        amount: pennies(line.Amount),
        taxable: (detail.TaxCodeRef as Part).value === 'TAX',
      })),
  }
}

/** What QuickBooks' own tax differs from the order's by stands in lines of an item of its own. */
function desktopInvoice(invoice: Fields): BookedInvoice {
  const lines = partsOf(invoice.InvoiceLineRet)
  const itemOf = ({ ItemRef }: Part) => String((ItemRef as Part).FullName)
  const amountsOf = (item: string) => lines.filter((line) => itemOf(line) === item).map(({ Amount }) => Amount)
  return {
    number: String(invoice.RefNumber),
    customer: String((invoice.CustomerRef as Part).FullName),
    date: String(invoice.TxnDate),
    dueDate: String(invoice.DueDate),
    order: orderIn(invoice.Memo),
    total: totalOf([invoice.Subtotal, invoice.SalesTaxTotal]),
    tax: totalOf([invoice.SalesTaxTotal, ...amountsOf('Sales tax rounding')]),
    shipping: totalOf(amountsOf('Shipping')),
    lines: lines
      .filter((line) => !['Shipping', 'Sales tax rounding'].includes(itemOf(line)))
      .map((line) => ({
        item: itemOf(line),
        description: String(line.Desc),
        quantity: exact(line.Quantity),
        rate: exact(line.Rate),
        amount: pennies(line.Amount),
        taxable: (line.SalesTaxCodeRef as Part).FullName === 'Tax',
      })),
  }
}

function byNumber(one: BookedInvoice, other: BookedInvoice): number {
  return one.number.localeCompare(other.number)
}

function partsOf(value: unknown): Part[] {
  return Array.isArray(value) ? value : []
}

function orderIn(note: unknown): string {
  return /ORD-\d+/.exec(String(note))?.[0] ?? ''
}

/** A number as the sandbox keeps it: text, or a literal that JSON must not touch. */
function decimal(value: unknown): Decimal {
  const isLiteral = typeof value === 'object' && value !== null && 'rawJSON' in value
  return new Decimal(String((isLiteral ? value.rawJSON : value) ?? '0'))
}

function exact(value: unknown): string {
  return decimal(value).toString()
}

function pennies(value: unknown): string {
  return decimal(value).toFixed(2)
}

function totalOf(values: unknown[]): string {
  return Decimal.sum(0, ...values.map(decimal)).toFixed(2)
}
