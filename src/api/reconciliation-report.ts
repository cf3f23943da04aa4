import { type PdfColumn, paragraphs, pdfLinesMax, pdfOf, table } from '../commission/pdf-table.ts'
import { workbookRowsMax, workbookWith } from '../commission/workbook.ts'
import type { Connection } from '../domain/connection.ts'
import { spreadsheetNumber } from '../domain/money.ts'
import type { Reconciliation } from '../domain/reconciliation.ts'
import type { Database } from '../storage/database.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { type SignedCount, type SignedRow, signedRows } from '../storage/reconciliations.ts'

const ROWS_MAX = 500

type Cell = string | number

const COLUMNS = [
  ...['kind', 'state', 'document_number', 'order_number', 'quick_books_id', 'date', 'our_total', 'their_total'],
  ...['differences', 'proposal', 'resolution', 'resolved_by', 'note', 'found_at'],
]
const KIND_COLUMNS = ['seen', 'kind', 'count', 'open', 'ours', 'theirs', 'cents']

/** A reconciliation that was signed off, with all that its forms show besides the list itself. */
export interface SignedReconciliation {
  database: Database
  reconciliation: Reconciliation
  connection: Connection
  counts: SignedCount[]
}

/** Piece by piece: the head, what was seen by kind, then each discrepancy as it stood then. */
export async function* reportCsv(signed: SignedReconciliation): AsyncGenerator<string> {
  yield [...headOf(signed), [], KIND_COLUMNS, ...kindRows(signed), [], COLUMNS].map(lineOf).join('')
  for await (const rows of pagesOf(signed)) yield rows.map((row) => lineOf(cellsOf(row))).join('')
}

/** The same in two sheets. A text that a table would take for a formula is marked as in the CSV. Throws InvalidRequest. */
export async function reportWorkbook(signed: SignedReconciliation): Promise<Buffer> {
  const rows = await allRows(signed, { rowsMax: workbookRowsMax })
  const guarded = (cells: Cell[]) => cells.map((cell) => (typeof cell === 'number' ? cell : guard(cell)))
  const head = [...headOf(signed), [], KIND_COLUMNS, ...kindRows(signed)]
  return workbookWith([
    { sheet: 'Reconciliation', columns: null, rows: head.map(guarded) },
    { sheet: 'Discrepancies', columns: COLUMNS, rows: rows.map((row) => guarded(cellsOf(row))) },
  ])
}

/** The same to print. Throws InvalidRequest. */
export async function reportPdf(signed: SignedReconciliation): Promise<Buffer> {
  const { firstDay, lastDay, signedAt, signedBy, note, ...found } = signed.reconciliation
  const { name, kind, environment } = signed.connection
  const rows = await allRows(signed, { rowsMax: pdfLinesMax })
  return pdfOf({
    title: `Reconciliation of ${name}, ${firstDay} to ${lastDay}`,
    now: signedAt ?? signed.reconciliation.createdAt,
    draw: (page) => {
      paragraphs(page, [
        `${kind}, ${environment}; reconciliation ${found.id}, finished ${found.finishedAt?.toISOString() ?? ''}`,
        `Signed off by ${signedBy ?? ''} at ${signedAt?.toISOString() ?? ''}: ${note ?? ''}`,
      ])
      table(page, { columns: SIDES, rows: sidesOf(signed) })
      page.moveDown()
      table(page, { columns: KINDS, rows: signed.counts })
      page.moveDown()
      if (rows.length === 0) paragraphs(page, ['The three sides agree: there are no discrepancies.'])
      else table(page, { columns: LIST, rows })
    },
  })
}

const SIDES: PdfColumn<Cell[]>[] = [
  { title: 'Side', width: 120, of: ([side]) => textOf(side) },
  { title: 'Count', width: 70, right: true, of: ([, count]) => textOf(count) },
  { title: 'Total', width: 110, right: true, of: ([, , total]) => textOf(total) },
]
const KINDS: PdfColumn<SignedCount>[] = [
  { title: 'Kind', width: 170, of: ({ kind }) => kind },
  { title: 'Count', width: 70, right: true, of: ({ count }) => String(count) },
  { title: 'Open', width: 70, right: true, of: ({ open }) => String(open) },
  { title: 'Ours', width: 110, right: true, of: ({ ours }) => ours },
  { title: 'Theirs', width: 110, right: true, of: ({ theirs }) => theirs },
  { title: 'Cents', width: 110, right: true, of: ({ cents }) => cents },
]
const LIST: PdfColumn<SignedRow>[] = [
  { title: 'Kind', width: 80, of: ({ kind }) => textOf(kind).replaceAll('_', ' ') },
  { title: 'State', width: 52, of: ({ state }) => textOf(state) },
  { title: 'Number', width: 48, of: (row) => textOf(row.document_number) },
  { title: 'Order', width: 54, of: (row) => textOf(row.order_number) },
  { title: 'QuickBooks id', width: 84, of: (row) => textOf(row.quick_books_id) },
  { title: 'Date', width: 50, of: ({ date }) => textOf(date) },
  { title: 'Ours', width: 58, right: true, of: (row) => textOf(row.our_total) },
  { title: 'Theirs', width: 62, right: true, of: (row) => textOf(row.their_total) },
  { title: 'Differences', width: 120, of: ({ differences }) => textOf(differences) },
  { title: 'Decision', width: 104, of: decisionOf },
]

function decisionOf(row: SignedRow): string {
  const found = `found ${textOf(row.found_at).slice(0, 10)}`
  if (!row.resolution) return `${row.proposal ? `proposed: ${row.proposal}; ` : ''}${found}`
  return `${textOf(row.resolution)} by ${textOf(row.resolved_by)}: ${textOf(row.note)}; ${found}`
}

function headOf(signed: SignedReconciliation): Cell[][] {
  const { id, firstDay, lastDay, signedBy, signedAt, note } = signed.reconciliation
  return [
    ['reconciliation', id],
    ['from', firstDay, 'to', lastDay],
    ...sidesOf(signed),
    ['signed off by', signedBy ?? '', signedAt?.toISOString() ?? '', note ?? ''],
    ['company', signed.connection.name, signed.connection.kind, signed.connection.environment],
  ]
}

function sidesOf({ reconciliation: found }: SignedReconciliation): Cell[][] {
  return [
    ['orders', found.orders, found.ordersTotal],
    ['posted', found.posted, found.postedTotal],
    ['invoices', found.invoices, found.invoicesTotal],
  ]
}

function kindRows({ counts }: SignedReconciliation): Cell[][] {
  return counts.map(({ kind, count, open, ours, theirs, cents }) => {
    return ['', kind, count, open, ours, theirs, spreadsheetNumber(cents)]
  })
}

async function* pagesOf({ database, reconciliation }: SignedReconciliation): AsyncGenerator<SignedRow[]> {
  for (let after: string | null = null; ; ) {
    const rows = await signedRows(database, { id: reconciliation.id, after, limit: ROWS_MAX })
    if (rows.length > 0) yield rows.map(({ signed }) => signed)
    after = rows.at(-1)?.id ?? null
    if (rows.length < ROWS_MAX) return
  }
}

async function allRows(signed: SignedReconciliation, { rowsMax }: { rowsMax: number }): Promise<SignedRow[]> {
  const all: SignedRow[] = []
  for await (const rows of pagesOf(signed)) {
    all.push(...rows)
    if (all.length > rowsMax)
      throw new InvalidRequest(`There are more than ${rowsMax} discrepancies: ask for them as CSV.`)
  }
  return all
}

function cellsOf(row: SignedRow): string[] {
  return COLUMNS.map((column) => textOf(row[column]))
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return Array.isArray(value) ? value.join('; ') : String(value)
}

/** A cell that a table would take for a formula is told to be text. */
function guard(cell: string): string {
  return /^[=+@\t\r]|^-(?!\d)/.test(cell) ? `'${cell}` : cell
}

export function lineOf(cells: Cell[]): string {
  return `${cells
    .map((cell) => guard(String(cell)))
    .map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join()}\r\n`
}
