import type { Cell } from 'write-excel-file/node'
import { type Money, spreadsheetNumber } from '../domain/money.ts'
import { InvalidRequest } from '../storage/pages.ts'

/** A workbook is made in memory: beyond this, CSV is the form to ask for. */
export const workbookRowsMax = 50_000

const AMOUNT = /^-?\d{1,13}\.\d\d$/

/** A sheet of a workbook: a line of names, if it has one, and rows. */
export interface Sheet {
  sheet: string
  columns: readonly string[] | null
  rows: unknown[][]
}

/** Sheets with amounts as numbers with two places, and all else as text: nothing is a formula. Throws InvalidRequest. */
export async function workbookWith(sheets: Sheet[]): Promise<Buffer> {
  if (sheets.some(({ rows }) => rows.length > workbookRowsMax)) {
    throw new InvalidRequest(`There are more than ${workbookRowsMax} rows: ask for them as CSV.`)
  }
  const drawn = sheets.map(({ sheet, columns, rows }) => {
    const head = columns ? [columns.map((value): Cell => ({ value, fontWeight: 'bold' }))] : []
    const count = Math.max(columns?.length ?? 0, ...rows.slice(0, 100).map((row) => row.length))
    const widths = Array.from({ length: count }, (_, index) => ({
      width: Math.max(12, (columns?.[index]?.length ?? 16) + 2),
    }))
    const data = [...head, ...rows.map((row) => row.map(cellOf))]
    return { data, sheet, columns: widths, ...(columns ? { stickyRowsCount: 1 } : {}) }
  })
  // Loaded by whoever asks for a workbook: a process that only posts never does.
  const { default: writeWorkbook } = await import('write-excel-file/node')
  return writeWorkbook(drawn).toBuffer()
}

/** One sheet of rows of a kind. Throws InvalidRequest. */
export function workbookOf<Row extends object>(args: {
  sheet: string
  columns: readonly (keyof Row & string)[]
  rows: Row[]
}): Promise<Buffer> {
  const { sheet, columns, rows } = args
  return workbookWith([{ sheet, columns, rows: rows.map((row) => columns.map((column) => row[column])) }])
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return { value, type: Number }
  const text = String(value)
  return AMOUNT.test(text)
    ? { value: spreadsheetNumber(text satisfies Money), type: Number, format: '#,##0.00' }
    : { value: text, type: String }
}
