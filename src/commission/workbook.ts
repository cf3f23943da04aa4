import writeWorkbook, { type Cell } from 'write-excel-file/node'
import { type Money, spreadsheetNumber } from '../domain/money.ts'
import { InvalidRequest } from '../storage/pages.ts'

/** A workbook is made in memory: beyond this, CSV is the form to ask for. */
export const workbookRowsMax = 50_000

const AMOUNT = /^-?\d{1,13}\.\d\d$/

/** A sheet with a line of names, amounts as numbers with two places, and all else as text. Throws InvalidRequest. */
export async function workbookOf<Row extends object>(args: {
  sheet: string
  columns: readonly (keyof Row & string)[]
  rows: Row[]
}): Promise<Buffer> {
  const { sheet, columns, rows } = args
  if (rows.length > workbookRowsMax) {
    throw new InvalidRequest(`There are more than ${workbookRowsMax} rows: ask for them as CSV.`)
  }
  const head = columns.map((value): Cell => ({ value, fontWeight: 'bold' }))
  const data = rows.map((row) => columns.map((column) => cellOf(row[column])))
  const widths = columns.map((column) => ({ width: Math.max(12, column.length + 2) }))
  return writeWorkbook([head, ...data], { sheet, columns: widths, stickyRowsCount: 1 }).toBuffer()
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return { value, type: Number }
  const text = String(value)
  return AMOUNT.test(text)
    ? { value: spreadsheetNumber(text satisfies Money), type: Number, format: '#,##0.00' }
    : { value: text, type: String }
}
