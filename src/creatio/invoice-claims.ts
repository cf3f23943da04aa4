import type { CrmTables } from './crm-tables.ts'
import { chunks, textLiteral } from './odata.ts'
import type { Profile } from './profile.ts'
import { present, readGuid, readText } from './values.ts'

/** An order that says which invoice is its own, by number or by QuickBooks id. */
export interface InvoiceClaim {
  orderId: string
  orderNumber: string | null
  invoiceNumber: string | null
  quickBooksId: string | null
}

/** The orders that name invoices of these numbers or QuickBooks ids. Throws CreatioError. */
export async function invoiceClaims(args: {
  tables: CrmTables
  profile: Profile
  numbers: string[]
  quickBooksIds: string[]
}): Promise<InvoiceClaim[]> {
  const { tables, profile, numbers, quickBooksIds } = args
  const { order, limits } = profile
  const numberColumns = present([order.number, order.invoiceNumber])
  const conditions = [
    ...new Set([
      ...numbers.flatMap((number) => numberColumns.map((column) => equal(column, number))),
      ...quickBooksIds.map((id) => equal(order.quickBooksId, id)),
    ]),
  ]
  const queries = chunks(conditions, limits.idsPerFilterMax).map((some) => ({
    set: order.set,
    select: ['Id', ...numberColumns, order.quickBooksId],
    filter: some.join(' or '),
    orderBy: ['Id'],
    top: limits.pageRowsMax,
  }))
  const rows = queries.length === 0 ? [] : (await tables.all(queries)).flat()
  return rows.map((row) => ({
    orderId: readGuid(row.Id) ?? '',
    orderNumber: readText(row[order.number]),
    invoiceNumber: order.invoiceNumber === null ? null : readText(row[order.invoiceNumber]),
    quickBooksId: readText(row[order.quickBooksId]),
  }))
}

function equal(column: string, text: string): string {
  return `${column} eq ${textLiteral(text)}`
}
