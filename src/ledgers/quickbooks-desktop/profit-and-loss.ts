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
import type { Report, ReportRow } from './report.ts'

/** The headings under which accounts stand, and what their sums are called. */
const SECTIONS: Readonly<Record<string, { section: BooksSection; totals: string[] }>> = {
  Income: { section: BooksSection.INCOME, totals: ['Total Income'] },
  'Cost of Goods Sold': { section: BooksSection.COST_OF_GOODS, totals: ['Total COGS', 'Total Cost of Goods Sold'] },
  Expense: { section: BooksSection.EXPENSE, totals: ['Total Expense'] },
  'Other Income': { section: BooksSection.OTHER_INCOME, totals: ['Total Other Income'] },
  'Other Expense': { section: BooksSection.OTHER_EXPENSE, totals: ['Total Other Expense'] },
}

/** Headings over sections, which say nothing of an account. */
const COVERS = ['Ordinary Income/Expense', 'Other Income/Expense']

const RESULT_TITLES: Readonly<Record<string, ResultName>> = {
  'Gross Profit': 'GROSS_PROFIT',
  'Net Ordinary Income': 'OPERATING_INCOME',
  'Net Other Income': 'OTHER_NET_INCOME',
  'Net Income': 'NET_INCOME',
}

type Asked = Extract<FigureQuestion, { kind: 'PROFIT_AND_LOSS' }>

/** Reads a GeneralSummaryReport `ProfitAndLossStandard` by month; null is one about which QuickBooks has nothing to say. Throws ReportFault. */
export function readProfitAndLoss(report: Report | null, asked: Asked): ProfitAndLossReport {
  const months = monthsBetween(asked)
  if (report?.rows.length === 0 && (report.rowCount ?? 0) > 0)
    throw new ReportFault('REPORT_INCOMPLETE', { what: 'every row' })
  if (report === null || report.rows.length === 0) return { months, hasTotal: false, sections: [], results: {} }
  const told = report.basis ?? ''
  if (told.toUpperCase() !== asked.basis)
    throw new ReportFault('REPORT_OTHER_BASIS', { asked: asked.basis, told: told || 'nothing' })
  const columns = columnsOf(report)
  const missing = months.filter((month) => !columns.has(month))
  if (missing.length > 0) throw new ReportFault('REPORT_INCOMPLETE', { what: `the column of ${missing.join(', ')}` })
  const hasTotal = columns.has(TOTAL)
  const ids = [...months, ...(hasTotal ? [TOTAL] : [])].map((name) => columns.get(name) ?? '')
  const reader = new RowReader(ids, labelOf(report))
  for (const row of report.rows) reader.take(row)
  return { months, hasTotal, ...reader.end() }
}

const TOTAL = 'total'

function labelOf({ columns }: Report): string {
  return columns.find(({ type }) => type === 'Label')?.id ?? columns[0]?.id ?? ''
}

/** The id of the column of each month, and of their total. */
function columnsOf({ columns }: Report): Map<string, string> {
  const ids = new Map<string, string>()
  for (const { id, titles, type } of columns) {
    if (type !== 'Amount') continue
    const title = titles.join(' ').trim()
    const name = /^total$/i.test(title) ? TOTAL : monthOf(title)
    if (ids.has(name)) throw new ReportFault('REPORT_INCOMPLETE', { what: `a second column beside that of ${name}` })
    ids.set(name, id)
  }
  return ids
}

const NAMES = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** Of a title such as `Jan 26`, or `Nov 1 - 21, 26` of a month that is not over. */
function monthOf(title: string): string {
  const [, name = '', year = ''] = /^([A-Z][a-z]{2})(?: \d.*)?,? '?(\d{2}|\d{4})$/.exec(title) ?? []
  const at = NAMES.indexOf(name)
  if (at < 0) throw new ReportFault('REPORT_INCOMPLETE', { what: `the month of the column "${title.slice(0, 40)}"` })
  return `${year.length === 2 ? '20' : ''}${year}-${String(at + 1).padStart(2, '0')}`
}

/** A heading whose sum is yet to come. */
type Open =
  | { kind: 'cover'; title: string }
  | { kind: 'section'; title: string; section: BooksSection; accounts: AccountNode[] }
  | { kind: 'account'; title: string; node: AccountNode }

/** Rows come one after the other: a text opens what a subtotal closes. */
class RowReader {
  readonly #ids: string[]
  readonly #label: string
  readonly #open: Open[] = []
  readonly #sections: ProfitAndLossReport['sections'] = []
  readonly #results: ProfitAndLossReport['results'] = {}

  constructor(ids: string[], label: string) {
    this.#ids = ids
    this.#label = label
  }

  take(row: ReportRow): void {
    if (row.kind === 'text') this.#begin((row.text ?? '').trim())
    else if (row.kind === 'data') this.#account(row)
    else this.#close(row)
  }

  /** Throws ReportFault when a heading was never summed up: its rows are missing. */
  end(): Pick<ProfitAndLossReport, 'sections' | 'results'> {
    const left = this.#open.find(({ kind }) => kind !== 'cover')
    if (left) throw new ReportFault('REPORT_INCOMPLETE', { what: `Total ${left.title}` })
    return { sections: this.#sections, results: this.#results }
  }

  #begin(title: string): void {
    const top = this.#open.at(-1)
    if (top && top.kind !== 'cover') {
      const path = top.kind === 'account' ? `${top.node.path}:${title}` : title
      const node = { path, own: this.#ids.map(() => '0.00'), children: [], total: null }
      childrenOf(top).push(node)
      this.#open.push({ kind: 'account', title, node })
      return
    }
    const section = SECTIONS[title]?.section
    if (COVERS.includes(title)) this.#open.push({ kind: 'cover', title })
    else if (section) this.#open.push({ kind: 'section', title, section, accounts: [] })
    else throw new ReportFault('REPORT_SECTION_UNKNOWN', { section: `"${title}"` })
  }

  /** What was booked on an account that has others below it comes in a row of its own, with the same full name. */
  #account(row: ReportRow): void {
    const top = this.#open.at(-1)
    const label = this.#labelOf(row)
    if (!top || top.kind === 'cover')
      throw new ReportFault('REPORT_SECTION_UNKNOWN', { section: `the one of the account "${row.of ?? label}"` })
    const parent = top.kind === 'account' ? top.node : null
    const isOwn = parent !== null && (row.of === null ? label === `${top.title} - Other` : row.of === parent.path)
    const path = row.of ?? (parent === null ? label : `${parent.path}:${label}`)
    if (path === '') throw new ReportFault('REPORT_INCOMPLETE', { what: 'the name of an account' })
    const own = this.#amounts(row, path)
    if (isOwn) parent.own = own
    else childrenOf(top).push({ path, own, children: [], total: null })
  }

  #close(row: ReportRow): void {
    const label = this.#labelOf(row)
    const top = this.#open.at(-1)
    const result = RESULT_TITLES[label]
    if (result && (!top || top.kind === 'cover')) {
      this.#results[result] = this.#amounts(row, label)
      if (result !== 'GROSS_PROFIT') this.#open.pop()
      return
    }
    if (!top || top.kind === 'cover') {
      throw new ReportFault('REPORT_INCOMPLETE', { what: `what "${label}" is the sum of` })
    }
    const expected = top.kind === 'section' ? (SECTIONS[top.title]?.totals ?? []) : [`Total ${top.title}`]
    if (!expected.includes(label)) throw new ReportFault('REPORT_INCOMPLETE', { what: expected.join(' or ') })
    const total = this.#amounts(row, label)
    if (top.kind === 'account') top.node.total = total
    else this.#sections.push({ section: top.section, accounts: top.accounts, total })
    this.#open.pop()
  }

  #labelOf({ cells, text }: ReportRow): string {
    return (cells[this.#label] ?? text ?? '').trim()
  }

  #amounts({ cells }: ReportRow, where: string): Amounts {
    return this.#ids.map((id) => reportAmount(cells[id] ?? '', where))
  }
}

function childrenOf(open: Exclude<Open, { kind: 'cover' }>): AccountNode[] {
  return open.kind === 'account' ? open.node.children : open.accounts
}
