// The auditor of the office reads the sandbox's own tables and the database, and knows only what must be true: see auditor.ts.
// It shares no code with what it audits.
import { sql } from 'kysely'
import type { Fields } from '../scenario/books.ts'
import type { Story } from '../scenario/road.ts'

interface Audited {
  story: Story
  orders: Fields[]
}

interface PostingRow {
  kind: string
  state: string
  source_id: string
  reason_code: string | null
  quick_books_id: string | null
  total: string | null
}

/** What must be true at any moment: no duplicate, and nothing that says more than QuickBooks has. */
export async function wrongNow({ story, orders }: Audited): Promise<string[]> {
  const gathered = await Promise.all(orders.map((order) => gather({ story, order })))
  return [...new Set(gathered.flatMap(wrongWith))]
}

/** What must be true when the office was left in peace: each order is PROCESSED, with its invoice, to the penny. */
export async function wrongAtEnd({ story, orders }: Audited): Promise<string[]> {
  const gathered = await Promise.all(orders.map((order) => gather({ story, order })))
  const restless = await story.database.rows(sql<PostingRow>`
    select * from posting where state in ('PENDING', 'CLAIMED', 'SENT', 'UNKNOWN', 'POSTED')`)
  const wrong = restless.map(({ kind, state, source_id }) => `${kind} ${source_id} has not come to rest: ${state}`)
  return [...new Set([...wrong, ...gathered.flatMap(wrongWith), ...gathered.flatMap(unfinishedWith)])]
}

/** What must be true of the whole company file, whoever asked for it: one invoice for an order, one customer of a name. */
export async function wrongInBooks(story: Story): Promise<string[]> {
  const [invoices, customers] = await Promise.all([
    story.books.records('quickbooksDesktop.invoices'),
    story.books.records('quickbooksDesktop.customers'),
  ])
  return [
    ...twice(invoices.map(({ RefNumber }) => `invoices have the number ${RefNumber}`)),
    ...twice(invoices.map(({ Memo }) => `invoices are for ${/ORD-\d+/.exec(String(Memo))?.[0] ?? Memo}`)),
    ...twice(customers.map(({ Name }) => `customers are called ${String(Name).toLowerCase()}`)),
  ].map((what) => `two ${what}`)
}

interface Gathered {
  order: Fields
  invoices: Fields[]
  customers: Fields[]
  posting: PostingRow | undefined
  statusIds: unknown[]
}

const PROCESSED_STATUS = 'e7428193-4cf1-4d1b-abae-00e93ab5e1c5'

async function gather({ story, order: known }: { story: Story; order: Fields }): Promise<Gathered> {
  const find = (table: string, field: string, value: unknown) =>
    story.sandbox.fetchControl<Fields[]>(`/records/${table}?${new URLSearchParams({ [field]: String(value) })}`)
  const [order = known] = await find('creatio.Order', 'Id', known.Id)
  const [account] = await find('creatio.Account', 'Id', order.AccountId)
  const [invoices, customers, rows, postings] = await Promise.all([
    find('quickbooksDesktop.invoices', 'RefNumber', order.BGNumberInvoice),
    find('quickbooksDesktop.customers', 'Name', account?.BGQBName),
    find('creatio.BGQuickBooksIntegrationLogDetail', 'BGRecordId', order.Id),
    story.database.rows(sql<PostingRow>`
      select kind, state, source_id, reason_code, quick_books_id, total::text from posting
      where kind = 'INVOICE' and source_id = ${order.Id}`),
  ])
  return { order, invoices, customers, posting: postings[0], statusIds: rows.map(({ BGStatusId }) => BGStatusId) }
}

function wrongWith({ order, invoices, customers, posting, statusIds }: Gathered): string[] {
  const name = `order ${order.Number}`
  const [invoice] = invoices
  const isDone = posting?.state === 'PROCESSED' || statusIds.includes(PROCESSED_STATUS)
  return [
    ...(invoices.length > 1 ? [`${name} has ${invoices.length} invoices`] : []),
    ...(customers.length > 1 ? [`two customers are called ${customers[0]?.Name}`] : []),
    ...(isDone && !invoice ? [`${name} is said to be PROCESSED, and QuickBooks has no invoice`] : []),
    ...[order.BGQuickBooksId, posting?.quick_books_id]
      .filter((id) => id && id !== invoice?.Id)
      .map((id) => `${name} is said to be ${id}, and is ${invoice?.Id}`),
  ]
}

function unfinishedWith({ order, invoices, posting }: Gathered): string[] {
  const name = `order ${order.Number}`
  if (posting?.state !== 'PROCESSED')
    return [`${name} is ${posting?.state ?? 'lost'} ${posting?.reason_code ?? 'without a reason'}`]
  const amounts = [order.Amount, posting.total, ...invoices.map(sumOf)]
  return [
    ...(order.BGQuickBooksId ? [] : [`the CRM does not know the id of ${name}`]),
    ...(new Set(amounts.map(pennies)).size === 1 ? [] : [`${name} is ${amounts.join(', its posting and invoice ')}`]),
  ]
}

function sumOf({ Subtotal, SalesTaxTotal }: Fields): string {
  const cents = [Subtotal, SalesTaxTotal].reduce<bigint>((sum, amount) => sum + BigInt(pennies(amount)), 0n)
  return `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`
}

/** A decimal as whole pennies, so that 12.5 equals 12.50. */
function pennies(amount: unknown): string {
  const [whole = '0', part = ''] = String(amount).split('.')
  return `${whole}${part.slice(0, 2).padEnd(2, '0')}${part.slice(2).replace(/0+$/, '')}`.replace(/^0+(?=\d)/, '')
}

function twice(values: string[]): string[] {
  const seen = new Set<string>()
  return values.filter((value) => seen.size === seen.add(value).size)
}
