import type { CommissionBalance } from '../domain/commission-entry.ts'
import { balancesOf, lockedPeriods } from '../storage/commission-periods.ts'
import type { ReportRow, ReportSelection, StatementLine } from '../storage/commission-report.ts'
import { statementLines } from '../storage/commission-report.ts'
import { findConnection } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { monthFrom } from './months.ts'
import { pdfLinesMax } from './pdf-table.ts'
import { statementPdf } from './statement-pdf.ts'
import { workbookOf, workbookRowsMax } from './workbook.ts'

const PAGE_LINES = 10_000

/** Forms that are made while they are sent. */
export type TextFormat = 'csv' | 'json'

const LINE_COLUMNS = [
  'rep',
  'payableOn',
  'effectiveOn',
  'originOn',
  'kind',
  'recordKind',
  'recordId',
  'documentNumber',
  'invoiceId',
  'orderNumber',
  'customerName',
  'rule',
  'ruleId',
  'base',
  'amount',
] as const satisfies (keyof StatementLine)[]

const ROW_COLUMNS = [
  'key',
  'entries',
  'base',
  'earned',
  'late',
  'adjusted',
  'amount',
] as const satisfies (keyof ReportRow)[]

/** What a rep brings into a month, earns, is paid and carries on. Null of somebody who has nothing in it. Throws InvalidRequest. */
export async function balanceOf(
  database: Database,
  { connectionId, month, rep }: { connectionId: string; month: string; rep: string | null },
): Promise<CommissionBalance | null> {
  const days = monthFrom(month)
  const locked = (await lockedPeriods(database, { connectionId })).find((one) => one.month === month)
  const balances = locked?.balances ?? (await balancesOf(database, { connectionId, ...days }))
  return balances.find((one) => one.rep === rep) ?? null
}

/** The lines of a selection, as a file comes: piece by piece, and never all of them in memory. */
export async function* linesAs(
  database: Database,
  { selection, format }: { selection: ReportSelection; format: TextFormat },
): AsyncGenerator<string> {
  yield opening({ selection, format, columns: LINE_COLUMNS })
  for (let after = 0; ; ) {
    const lines = await statementLines(database, { selection, first: PAGE_LINES, after })
    if (lines.length > 0) yield written({ rows: lines, columns: LINE_COLUMNS, format, isFirst: after === 0 })
    if (lines.length < PAGE_LINES) break
    after = lines.at(-1)?.place ?? after
  }
  yield closing(format)
}

/** The same lines as a workbook. Throws InvalidRequest when there are too many. */
export async function linesWorkbook(database: Database, selection: ReportSelection): Promise<Buffer> {
  const rows = await statementLines(database, { selection, first: workbookRowsMax + 1, after: 0 })
  return workbookOf({ sheet: 'Commission', columns: LINE_COLUMNS, rows })
}

/** The rows of a report as a workbook. */
export function rowsWorkbook(rows: ReportRow[]): Promise<Buffer> {
  return workbookOf({ sheet: 'Commission', columns: ROW_COLUMNS, rows })
}

/** The statement of one rep, or of the house account, for one month, to print. Throws InvalidRequest. */
export async function statementOf(
  database: Database,
  { selection, month, now }: { selection: ReportSelection; month: string; now: Date },
): Promise<Buffer> {
  const { connectionId, rep, recordedUntil, effectiveUntil } = selection
  if (recordedUntil !== null || effectiveUntil !== null)
    throw new InvalidRequest(
      'A statement is of a month as it stands now: ask for "asOf" or "effectiveUntil" as CSV, JSON or XLSX.',
    )
  if (rep === undefined)
    throw new InvalidRequest('A statement is of one rep: name one as "rep", or ask for "house=true".')
  const lines = await statementLines(database, { selection, first: pdfLinesMax + 1, after: 0 })
  if (lines.length > pdfLinesMax)
    throw new InvalidRequest(`There are more than ${pdfLinesMax} lines: ask for them as CSV.`)
  const connection = await findConnection(database, { id: connectionId })
  const locked = (await lockedPeriods(database, { connectionId })).find((one) => one.month === month)
  return statementPdf({
    company: connection?.name ?? '',
    rep,
    month,
    balance: await balanceOf(database, { connectionId, month, rep }),
    locked: locked ? { at: new Date(locked.lockedAt), by: locked.lockedBy, fingerprint: locked.fingerprint } : null,
    lines,
    now,
  })
}

/** The rows of a report in the same form. */
export function* rowsAs(args: {
  selection: ReportSelection
  rows: ReportRow[]
  format: TextFormat
}): Generator<string> {
  const { selection, rows, format } = args
  yield opening({ selection, format, columns: ROW_COLUMNS })
  yield written({ rows, columns: ROW_COLUMNS, format, isFirst: true })
  yield closing(format)
}

function opening(args: { selection: ReportSelection; format: TextFormat; columns: readonly string[] }): string {
  const { connectionId, from, to } = args.selection
  if (args.format === 'csv') return `${args.columns.join(',')}\r\n`
  return `${JSON.stringify({ connectionId, from, to }).slice(0, -1)},"rows":[\n`
}

function closing(format: TextFormat): string {
  return format === 'csv' ? '' : '\n]}\n'
}

function written<Row extends object>(args: {
  rows: Row[]
  columns: readonly (keyof Row & string)[]
  format: TextFormat
  isFirst: boolean
}): string {
  const { rows, columns, format, isFirst } = args
  if (format === 'csv') return rows.map((row) => `${columns.map((column) => cell(row[column])).join(',')}\r\n`).join('')
  const texts = rows.map((row) => JSON.stringify(Object.fromEntries(columns.map((column) => [column, row[column]]))))
  return `${isFirst || rows.length === 0 ? '' : ',\n'}${texts.join(',\n')}`
}

/** A cell of RFC 4180. A text that a spreadsheet would take for a formula is told apart from one; amounts are left alone. */
function cell(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value)
  const safe = /^[=+@\t\r]|^-(?![\d.]+$)/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
