import { registerEnumType } from 'type-graphql'
import { isZero, type Money, minus, sum, ZERO } from './money.ts'
import { ReportFault } from './report-fault.ts'

/** Where an account stands in a profit and loss, whatever QuickBooks calls the section. */
export enum BooksSection {
  INCOME = 'INCOME',
  COST_OF_GOODS = 'COST_OF_GOODS',
  EXPENSE = 'EXPENSE',
  OTHER_INCOME = 'OTHER_INCOME',
  OTHER_EXPENSE = 'OTHER_EXPENSE',
}
registerEnumType(BooksSection, { name: 'BooksSection', description: 'The section of a profit and loss.' })

/** What each section is called, for people and for the rules that look at names. */
export const SECTION_NAMES: Readonly<Record<BooksSection, string>> = {
  INCOME: 'Income',
  COST_OF_GOODS: 'Cost of Goods Sold',
  EXPENSE: 'Expenses',
  OTHER_INCOME: 'Other Income',
  OTHER_EXPENSE: 'Other Expenses',
}

/** Whether what an account in a section shows raises profit. */
export function isRevenue(section: BooksSection): boolean {
  return section === BooksSection.INCOME || section === BooksSection.OTHER_INCOME
}

/** By which of two ways the books are counted: when it is invoiced, or when it is paid. */
export type BooksBasis = 'ACCRUAL' | 'CASH'

/** One amount for each column of a report, in its order. */
export type Amounts = Money[]

/** An account as a report shows it: what was booked on itself, the accounts below it, and the sum that is told. */
export interface AccountNode {
  /** Its name below the names of its parents: `Payroll:Taxes`. */
  path: string
  own: Amounts
  children: AccountNode[]
  /** Null where the report tells none. */
  total: Amounts | null
}

const RESULTS = ['GROSS_PROFIT', 'OPERATING_INCOME', 'OTHER_NET_INCOME', 'NET_INCOME'] as const
export type ResultName = (typeof RESULTS)[number]

/** A profit and loss of whole months, as both kinds of QuickBooks tell it. */
export interface ProfitAndLossReport {
  /** `yyyy-mm`, one for each column but the last, which is their sum where `hasTotal`. */
  months: string[]
  hasTotal: boolean
  sections: { section: BooksSection; accounts: AccountNode[]; total: Amounts | null }[]
  results: Partial<Record<ResultName, Amounts>>
}

/** What one account showed in one month: positive raises revenue in a revenue section, and expense in any other. */
export interface AccountFigure {
  path: string
  section: BooksSection
  amount: Money
}

/** The profit and loss of one month, its accounts in the order of sections and names; none of them is zero. */
export interface MonthStatement {
  month: string
  accounts: AccountFigure[]
  /** QuickBooks' own. */
  netIncome: Money
}

/**
 * The months of a report, once each of its totals is proven to be the sum of its rows. Throws ReportFault, with the first thing
 * that is wrong: of such a report nothing is counted. Pure.
 */
export function statementsOf(report: ProfitAndLossReport): MonthStatement[] {
  const width = report.months.length + (report.hasTotal ? 1 : 0)
  const leaves = report.sections.flatMap(({ section, accounts, total }) => {
    const name = SECTION_NAMES[section]
    if (accounts.length > 0 && total === null) throw new ReportFault('REPORT_INCOMPLETE', { what: `Total ${name}` })
    const below = accounts.map((account) => added(account, width))
    if (total !== null)
      assertEqual({
        what: `Total ${name}`,
        told: total,
        sum: plus(
          width,
          below.map((one) => one.sum),
        ),
      })
    return below.flatMap(({ figures }) => figures.map((figure) => ({ ...figure, section })))
  })
  refuseTwoSections(leaves)
  const net = checkResults({ report, leaves, width })
  return report.months.map((month, at) => ({ month, accounts: figuresOf(leaves, at), netIncome: net[at] ?? ZERO }))
}

interface Leaf {
  path: string
  amounts: Amounts
}

function added(account: AccountNode, width: number): { sum: Amounts; figures: Leaf[] } {
  const below = account.children.map((child) => added(child, width))
  const whole = plus(width, [account.own, ...below.map((one) => one.sum)])
  if (account.total !== null) assertEqual({ what: `Total ${account.path}`, told: account.total, sum: whole })
  const own = account.own.every(isZero) ? [] : [{ path: account.path, amounts: account.own }]
  return { sum: whole, figures: [...own, ...below.flatMap(({ figures }) => figures)] }
}

/** An account may be told in two rows of one section, but not be revenue and expense at once. */
function refuseTwoSections(leaves: (Leaf & { section: BooksSection })[]): void {
  for (const [account, rows] of Map.groupBy(leaves, ({ path }) => path.toLowerCase())) {
    const sections = [...new Set(rows.map(({ section }) => SECTION_NAMES[section]))]
    if (sections.length > 1) {
      throw new ReportFault('REPORT_ACCOUNT_TWICE', {
        account: `"${rows[0]?.path ?? account}"`,
        sections: sections.join(' and '),
      })
    }
  }
}

/** Gives the net income, month by month; that of a report without any row is nothing. */
function checkResults(args: {
  report: ProfitAndLossReport
  leaves: (Leaf & { section: BooksSection })[]
  width: number
}): Amounts {
  const { report, leaves, width } = args
  const of = (section: BooksSection) =>
    plus(
      width,
      leaves.filter((leaf) => leaf.section === section).map(({ amounts }) => amounts),
    )
  const less = (from: Amounts, amounts: Amounts) => from.map((amount, at) => minus(amount, amounts[at] ?? ZERO))
  const gross = less(of(BooksSection.INCOME), of(BooksSection.COST_OF_GOODS))
  const operating = less(gross, of(BooksSection.EXPENSE))
  const other = less(of(BooksSection.OTHER_INCOME), of(BooksSection.OTHER_EXPENSE))
  const sums: Record<ResultName, Amounts> = {
    GROSS_PROFIT: gross,
    OPERATING_INCOME: operating,
    OTHER_NET_INCOME: other,
    NET_INCOME: plus(width, [operating, other]),
  }
  for (const name of RESULTS) {
    const told = report.results[name]
    if (told) assertEqual({ what: RESULT_NAMES[name], told, sum: sums[name] })
  }
  const net = report.results.NET_INCOME
  if (!net && leaves.length > 0) throw new ReportFault('REPORT_INCOMPLETE', { what: RESULT_NAMES.NET_INCOME })
  const columns = [
    ...leaves.map(({ path, amounts }) => ({ what: path, amounts })),
    { what: 'Net Income', amounts: net },
  ]
  if (report.hasTotal) for (const row of columns) if (row.amounts) assertAcross(row.what, row.amounts)
  return net ?? plus(width, [])
}

const RESULT_NAMES: Readonly<Record<ResultName, string>> = {
  GROSS_PROFIT: 'Gross Profit',
  OPERATING_INCOME: 'Net Operating Income',
  OTHER_NET_INCOME: 'Net Other Income',
  NET_INCOME: 'Net Income',
}

function assertAcross(what: string, amounts: Amounts): void {
  const told = amounts.at(-1) ?? ZERO
  assertEqual({ what: `${what} in the column of the total`, told: [told], sum: [sum(amounts.slice(0, -1))] })
}

function assertEqual(args: { what: string; told: Amounts; sum: Amounts }): void {
  const at = args.sum.findIndex((amount, index) => !isZero(minus(amount, args.told[index] ?? ZERO)))
  if (at < 0) return
  const { [at]: made = ZERO } = args.sum
  throw new ReportFault('REPORT_DOES_NOT_ADD_UP', { what: args.what, told: args.told[at] ?? ZERO, sum: made })
}

function plus(width: number, rows: Amounts[]): Amounts {
  return Array.from({ length: width }, (_, at) => sum(rows.map((row) => row[at] ?? ZERO)))
}

function figuresOf(leaves: (Leaf & { section: BooksSection })[], at: number): AccountFigure[] {
  const bySection = Map.groupBy(leaves, ({ section, path }) => `${section} ${path}`)
  return [...bySection.values()]
    .flatMap((rows) => {
      const [first] = rows
      const amount = sum(rows.map(({ amounts }) => amounts[at] ?? ZERO))
      return first && !isZero(amount) ? [{ path: first.path, section: first.section, amount }] : []
    })
    .toSorted((one, other) => orderOf(one.section) - orderOf(other.section) || (one.path < other.path ? -1 : 1))
}

const ORDER = Object.values(BooksSection)

function orderOf(section: BooksSection): number {
  return ORDER.indexOf(section)
}
