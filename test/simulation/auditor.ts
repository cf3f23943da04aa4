// The auditor believes nobody: it reads the sandbox's own tables and log, and the database with a client of its own, and
// knows only what must be true at the end. It shares no code with what it audits, not even the words for states.
import pg from 'pg'
import type { RunningSandbox } from '../sandbox/spawn.ts'

interface Order {
  Id: string
  Number: string
  Amount: string
  BGNumberInvoice: string
  BGQuickBooksId: string
}

interface Invoice {
  Id: string
  DocNumber?: string
  PrivateNote?: string
  TotalAmt: string
}

interface Customer {
  Id: string
  DisplayName: string
}

interface PostingRow {
  id: string
  kind: string
  state: string
  source_id: string
  reason_code: string | null
  quick_books_id: string | null
  total: string | null
}

export interface Audit {
  /** What is wrong, one sentence each; empty when all is well. */
  wrong: string[]
  /** How many postings came to rest in each state, such as `INVOICE PROCESSED`. */
  atRest: Record<string, number>
  orders: number
  invoices: number
}

const END = new Set(['PROCESSED', 'FAILED', 'SKIPPED', 'MISMATCHED', 'CANCELLED'])

/** Holds CRM, QuickBooks and database against one another. */
export async function audit({ sandbox, url }: { sandbox: RunningSandbox; url: string }): Promise<Audit> {
  const [orders, invoices, customers, postings] = await Promise.all([
    sandbox.fetchControl<Order[]>('/records/creatio.Order'),
    sandbox.fetchControl<Invoice[]>('/records/qbo.Invoice'),
    sandbox.fetchControl<Customer[]>('/records/qbo.Customer'),
    readPostings(url),
  ])
  const wrong = [
    ...twice(customers.map(({ DisplayName }) => DisplayName.toLowerCase())).map(
      (name) => `two customers are called ${name}`,
    ),
    ...twice(invoices.map(orderOf)).map((note) => `two invoices are for ${note}`),
    ...twice(postings.flatMap((row) => (row.quick_books_id ? [`${row.kind} ${row.quick_books_id}`] : []))).map(
      (record) => `two postings claim ${record}`,
    ),
    ...invoices
      .filter((invoice) => !orders.some(({ Number: number }) => number === orderOf(invoice)))
      .map(({ Id }) => `invoice ${Id} belongs to no order`),
    ...postings.flatMap(restless),
  ]
  const invoiceOf = new Map(invoices.map((invoice) => [orderOf(invoice), invoice]))
  const postingOf = new Map(postings.filter(({ kind }) => kind === 'INVOICE').map((row) => [row.source_id, row]))
  for (const order of orders) {
    wrong.push(...wrongWith({ order, invoice: invoiceOf.get(order.Number), posting: postingOf.get(order.Id) }))
  }
  const atRest: Record<string, number> = {}
  for (const { kind, state } of postings) atRest[`${kind} ${state}`] = (atRest[`${kind} ${state}`] ?? 0) + 1
  return { wrong, atRest, orders: orders.length, invoices: invoices.length }
}

/** The order number stands in the private note, alone or after a word. */
function orderOf({ PrivateNote = '' }: Invoice): string {
  return /ORD-[\w-]+/.exec(PrivateNote)?.[0] ?? PrivateNote
}

async function readPostings(url: string): Promise<PostingRow[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    const { rows } = await client.query<PostingRow>(
      'select id, kind, state, source_id, reason_code, quick_books_id, total::text from posting',
    )
    return rows
  } finally {
    await client.end()
  }
}

function restless(row: PostingRow): string[] {
  if (!END.has(row.state))
    return [`posting ${row.id} (${row.kind}) has not come to rest: ${row.state} ${row.reason_code}`]
  return row.state === 'PROCESSED' || row.reason_code ? [] : [`posting ${row.id} is ${row.state} without a reason`]
}

function wrongWith(args: { order: Order; invoice: Invoice | undefined; posting: PostingRow | undefined }): string[] {
  const { order, invoice, posting } = args
  const name = `order ${order.Number}`
  if (!posting) return [`${name} has no posting`]
  if (posting.state !== 'PROCESSED') {
    return order.BGQuickBooksId && posting.state !== 'FAILED' ? [`${name} has an id and is ${posting.state}`] : []
  }
  if (!invoice) return [`${name} is PROCESSED and QuickBooks has no invoice`]
  return [
    ...(invoice.Id === posting.quick_books_id
      ? []
      : [`${name} is linked to ${posting.quick_books_id}, not ${invoice.Id}`]),
    ...(invoice.Id === order.BGQuickBooksId
      ? []
      : [`the CRM knows ${name} as ${order.BGQuickBooksId}, not ${invoice.Id}`]),
    ...(invoice.DocNumber === order.BGNumberInvoice ? [] : [`${name} has number ${invoice.DocNumber} in QuickBooks`]),
    ...(new Set([order.Amount, invoice.TotalAmt, posting.total ?? ''].map(pennies)).size === 1
      ? []
      : [`${name} is ${order.Amount}, its invoice ${invoice.TotalAmt}, its posting ${posting.total}`]),
  ]
}

/** A decimal as whole pennies, so that 12.5 equals 12.50. */
function pennies(amount: string | number): string {
  const [whole = '0', part = ''] = String(amount).split('.')
  return `${whole}${part.slice(0, 2).padEnd(2, '0')}${part.slice(2).replace(/0+$/, '')}`
}

function twice(values: string[]): string[] {
  const seen = new Set<string>()
  return values.filter((value) => seen.size === seen.add(value).size)
}

interface Witnessed {
  sequence: number
  method: string
  path: string
  receivedAt: string
  answeredAt: string | null
  worker?: string
}

/** When a process ended, so that it could no longer send, nor wait for an answer. */
export interface WorkerEnd {
  pid: number
  at: number
}

/**
 * The pairs of requests that two workers had under way in QuickBooks at once, by the sandbox's own log. A request is under
 * way until it is answered, its worker gives it up, or its worker dies; what a dead worker left in a socket arrives after it.
 */
export async function overlaps(args: {
  sandbox: RunningSandbox
  ends: WorkerEnd[]
  answerTimeoutSeconds: number
}): Promise<string[]> {
  const log = await args.sandbox.fetchControl<Witnessed[]>('/log?system=quickbooks-online')
  const spans = log.map((entry) => {
    const from = Date.parse(entry.receivedAt)
    const givenUp = from + args.answerTimeoutSeconds * 1000
    const died = Math.max(from, args.ends.find(({ pid }) => entry.worker?.includes(`#${pid}#`))?.at ?? givenUp)
    const answered = entry.answeredAt === null ? givenUp : Date.parse(entry.answeredAt)
    return { entry, from, until: Math.min(givenUp, answered, died) }
  })
  return spans.flatMap((one, index) =>
    spans
      .slice(index + 1)
      .filter((other) => other.entry.worker !== one.entry.worker && other.from < one.until)
      .map((other) => `${saidOf(one.entry)}, and ${saidOf(other.entry)}`),
  )
}

function saidOf({ sequence, method, path, worker, receivedAt, answeredAt }: Witnessed): string {
  return `${sequence} ${method} ${path} of ${worker} from ${receivedAt} to ${answeredAt}`
}
