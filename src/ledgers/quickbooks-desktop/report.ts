import { allOf, type Element, textAt } from './read-xml.ts'

/** A report as QuickBooks lays it out: columns by their ids, and rows that name them. */
export interface Report {
  title: string | null
  subtitle: string | null
  basis: string | null
  /** How many rows it says to have; null where it does not say. */
  rowCount: number | null
  columns: { id: string; titles: string[]; type: string | null }[]
  rows: ReportRow[]
}

export interface ReportRow {
  /** A text stands for itself, and a subtotal or total need not say what it is of. */
  kind: 'text' | 'data' | 'subtotal' | 'total'
  /** The full name of what the row is of, such as an account; null where the row does not say. */
  of: string | null
  ofType: string | null
  /** Each cell by the id of its column; an empty one is missing. */
  cells: Record<string, string>
  text: string | null
}

const ROWS = { TextRow: 'text', DataRow: 'data', SubtotalRow: 'subtotal', TotalRow: 'total' } as const

/** Reads a summary report. Columns are known by their ids, never by their place: QuickBooks leaves empty ones out. */
export function readReport(element: Element): Report {
  return {
    title: textAt(element, 'ReportTitle') ?? null,
    subtitle: textAt(element, 'ReportSubtitle') ?? null,
    basis: textAt(element, 'ReportBasis') ?? null,
    rowCount: numberOf(textAt(element, 'NumRows')),
    columns: allOf(element, 'ColDesc').map((column) => ({
      id: column.attributes.colID ?? '',
      titles: allOf(column, 'ColTitle').flatMap(({ attributes }) => attributes.value ?? []),
      type: textAt(column, 'ColType') ?? null,
    })),
    rows: allOf(element, 'ReportData').flatMap(({ of }) => of.flatMap(rowOf)),
  }
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null
}

function rowOf(row: Element): ReportRow[] {
  if (!isRow(row.name)) return []
  const [data] = allOf(row, 'RowData')
  const cells = allOf(row, 'ColData').flatMap(({ attributes: { colID, value } }): [string, string][] =>
    colID === undefined || value === undefined ? [] : [[colID, value]],
  )
  return [
    {
      kind: ROWS[row.name],
      of: data?.attributes.value ?? null,
      ofType: data?.attributes.rowType ?? null,
      cells: Object.fromEntries(cells),
      text: row.attributes.value ?? null,
    },
  ]
}

function isRow(name: string): name is keyof typeof ROWS {
  return Object.hasOwn(ROWS, name)
}
