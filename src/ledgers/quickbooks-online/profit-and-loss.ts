import { monthsBetween } from '../../domain/months.ts'
import {
  type AccountNode,
  type Amounts,
  BooksSection,
  type ProfitAndLossReport,
  type ResultName,
} from '../../domain/profit-and-loss.ts'
import { ReportFault, reportAmount } from '../../domain/report-fault.ts'
import type { FigureQuestion } from '../ledger.ts'
import { membersOf } from './exact-json.ts'

/** QuickBooks names its sections for programs, whatever language their titles are in. */
const SECTIONS: Readonly<Record<string, BooksSection>> = {
  Income: BooksSection.INCOME,
  COGS: BooksSection.COST_OF_GOODS,
  Expenses: BooksSection.EXPENSE,
  OtherIncome: BooksSection.OTHER_INCOME,
  OtherExpenses: BooksSection.OTHER_EXPENSE,
}

const RESULT_GROUPS: Readonly<Record<string, ResultName>> = {
  GrossProfit: 'GROSS_PROFIT',
  NetOperatingIncome: 'OPERATING_INCOME',
  NetOtherIncome: 'OTHER_NET_INCOME',
  NetIncome: 'NET_INCOME',
}

/** Rows nest as accounts do; no chart of accounts is as deep. */
const DEPTH_MAX = 20

type Asked = Extract<FigureQuestion, { kind: 'PROFIT_AND_LOSS' }>

/** Reads `reports/ProfitAndLoss` by month. Throws ReportFault. */
export function readProfitAndLoss(json: unknown, asked: Asked): ProfitAndLossReport {
  const { Header, Columns, Rows } = membersOf(json)
  checkHeader(membersOf(Header), asked)
  const rows = listOf(membersOf(Rows).Row)
  const months = monthsBetween(asked)
  if (rows.length === 0) {
    // A company that booked nothing says so; otherwise the rows are missing.
    if (!saysNothing(Header)) throw new ReportFault('REPORT_INCOMPLETE', { what: 'every row' })
    return { months, hasTotal: false, sections: [], results: {} }
  }
  const columns = columnsOf(membersOf(Columns).Column)
  const missing = months.filter((month) => !columns.has(month))
  if (missing.length > 0) throw new ReportFault('REPORT_INCOMPLETE', { what: `the column of ${missing.join(', ')}` })
  const hasTotal = columns.has(TOTAL)
  const places = [...months, ...(hasTotal ? [TOTAL] : [])].map((name) => columns.get(name) ?? 0)
  const report: ProfitAndLossReport = { months, hasTotal, sections: [], results: {} }
  for (const row of rows) takeGroup(report, { row: membersOf(row), places })
  return report
}

const TOTAL = 'total'

function checkHeader(header: Record<string, unknown>, { from, basis }: Asked): void {
  const { ReportName, ReportBasis, StartPeriod } = header
  if (ReportName !== 'ProfitAndLoss') throw new ReportFault('REPORT_INCOMPLETE', { what: 'the head of the report' })
  const told = typeof ReportBasis === 'string' ? ReportBasis : ''
  if (told.toUpperCase() !== basis)
    throw new ReportFault('REPORT_OTHER_BASIS', { asked: basis, told: told || 'nothing' })
  if (StartPeriod !== `${from}-01`)
    throw new ReportFault('REPORT_INCOMPLETE', { what: `the month ${from} as the first` })
}

function saysNothing(header: unknown): boolean {
  return listOf(membersOf(header).Option).some((option) => {
    const { Name, Value } = membersOf(option)
    return Name === 'NoReportData' && Value === 'true'
  })
}

/** Where the column of each month is, and that of the total. Columns that are no money, such as percentages, are left out. */
function columnsOf(columns: unknown): Map<string, number> {
  const places = new Map<string, number>()
  listOf(columns).forEach((column, at) => {
    const { ColTitle, ColType, MetaData } = membersOf(column)
    if (ColType !== 'Money') return
    const meta = new Map(listOf(MetaData).map((one) => [membersOf(one).Name, String(membersOf(one).Value)]))
    const title = typeof ColTitle === 'string' ? ColTitle : ''
    const name = meta.get('ColKey') === TOTAL || title === 'Total' ? TOTAL : monthOf(meta.get('StartDate') ?? title)
    if (places.has(name)) throw new ReportFault('REPORT_INCOMPLETE', { what: `a second column beside that of ${name}` })
    places.set(name, at)
  })
  return places
}

const NAMES = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** Of a first day, or of a title such as `Jan 2026`. */
function monthOf(text: string): string {
  if (/^\d{4}-\d{2}-01$/.test(text)) return text.slice(0, 7)
  const [, name = '', year = ''] = /^([A-Z][a-z]{2})\w* (\d{4})$/.exec(text) ?? []
  const at = NAMES.indexOf(name)
  if (at < 0) throw new ReportFault('REPORT_INCOMPLETE', { what: `the month of the column "${text.slice(0, 40)}"` })
  return `${year}-${String(at + 1).padStart(2, '0')}`
}

interface RowWork {
  row: Record<string, unknown>
  places: number[]
}

function takeGroup(report: ProfitAndLossReport, { row, places }: RowWork): void {
  const group = typeof row.group === 'string' ? row.group : ''
  const section = SECTIONS[group]
  const result = RESULT_GROUPS[group]
  const summary = cellsOf(membersOf(row.Summary), places)
  if (result) {
    if (summary === null) throw new ReportFault('REPORT_INCOMPLETE', { what: group })
    report.results[result] = summary
    return
  }
  const rows = listOf(membersOf(row.Rows).Row)
  if (section === undefined) {
    if (rows.length === 0 && row.ColData === undefined) return
    throw new ReportFault('REPORT_SECTION_UNKNOWN', { section: `"${group || titleOf(row)}"` })
  }
  const accounts = rows.map((inner) => accountOf({ row: membersOf(inner), places }, { parents: [] }))
  report.sections.push({ section, accounts, total: summary })
}

/** A row of an account alone has cells; one with accounts below it has what was booked on itself in its head. */
function accountOf({ row, places }: RowWork, { parents }: { parents: string[] }): AccountNode {
  const head = row.ColData === undefined ? membersOf(row.Header) : row
  const name = titleOf(row)
  if (name === '' || parents.length >= DEPTH_MAX)
    throw new ReportFault('REPORT_INCOMPLETE', { what: 'the name of an account' })
  const path = [...parents, name].join(':')
  const children = listOf(membersOf(row.Rows).Row).map((inner) =>
    accountOf({ row: membersOf(inner), places }, { parents: [...parents, name] }),
  )
  const own = cellsOf(head, places) ?? places.map(() => '0.00')
  return { path, own, children, total: cellsOf(membersOf(row.Summary), places) }
}

function titleOf(row: Record<string, unknown>): string {
  const cells = listOf(row.ColData ?? membersOf(row.Header).ColData)
  const { value } = membersOf(cells[0])
  return typeof value === 'string' ? value.trim() : ''
}

/** The amounts of a row; null when it has no cells. A cell that is empty, or left out, is nothing. */
function cellsOf({ ColData }: Record<string, unknown>, places: number[]): Amounts | null {
  if (ColData === undefined) return null
  const cells = listOf(ColData)
  const { value: name } = membersOf(cells[0])
  return places.map((at) => {
    const { value } = membersOf(cells[at])
    if (value === undefined || value === null) return '0.00'
    return reportAmount(typeof value === 'string' ? value : JSON.stringify(value), String(name))
  })
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : []
}
