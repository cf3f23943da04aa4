import { type Pennies, penniesOf } from './amounts.ts'
import { type BookRecord, type Books, fieldsOf, fullNameOf, listOf, refOf, textOf } from './books.ts'
import type { Answered, Call } from './call.ts'
import { macroDays } from './query-transactions.ts'
import { type AccountNode, ReportRows } from './report-rows.ts'
import { Refusal } from './status.ts'
import { elements, tag } from './write-xml.ts'

/** Sums by account id, one for each column. */
type Sums = Map<string, Pennies[]>

/** The profit and loss of a span of days on the accrual basis, in one column or one per month and their total. */
export function profitAndLoss({ books, fields }: Call): Answered {
  const { SummarizeColumnsBy = 'TotalOnly', ReturnRows = 'ActiveOnly' } = fields
  const isPlayed = ['TotalOnly', 'Month'].includes(String(SummarizeColumnsBy)) && ReturnRows !== 'All'
  if (fields.GeneralSummaryReportType !== 'ProfitAndLossStandard' || fields.ReportBasis === 'Cash' || !isPlayed) {
    throw new Refusal({
      statusCode: 3250,
      message: 'This report is not enabled or not available in this version of QuickBooks.',
    })
  }
  const [from, to] = reportDays({ books, fields })
  const months = SummarizeColumnsBy === 'Month' ? monthsBetween({ from, to }) : []
  const columns = [...months, 'TOTAL']
  const rows = new ReportRows(columns.length)
  writeRows({ books, rows, sums: sumBooks({ books, from, to, columns }) })
  const body =
    elements({
      ReportTitle: 'Profit & Loss',
      ReportSubtitle: `${from} through ${to}`,
      ReportBasis: 'Accrual',
      NumRows: String(rows.count),
      NumColumns: String(columns.length + 1),
      NumColTitleRows: '1',
    }) +
    [undefined, ...columns.map(titleOf)].map((title, at) => columnDescription({ title, id: at + 1 })).join('') +
    tag({ name: 'ReportData', body: rows.xml })
  return { body: tag({ name: 'ReportRet', body }) }
}

/** A month as QuickBooks heads its column, such as `Jan 26`. */
function titleOf(column: string): string {
  const [year = '', month = ''] = column.split('-')
  const name = new Date(`2000-${month}-01T00:00:00Z`)
  return month === '' ? column : `${name.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' })} ${year.slice(2)}`
}

function columnDescription({ title, id }: { title: string | undefined; id: number }): string {
  const colType = title === undefined ? 'Label' : 'Amount'
  const body = tag({ name: 'ColTitle', attributes: { titleRow: 1, value: title } }) + elements({ ColType: colType })
  return tag({
    name: 'ColDesc',
    attributes: { colID: id, dataType: title === undefined ? 'STRTYPE' : 'AMTTYPE' },
    body,
  })
}

function reportDays({ books, fields }: { books: Books; fields: Call['fields'] }): [string, string] {
  const today = books.today()
  const period = fieldsOf(fields.ReportPeriod)
  if (!period) return macroDays({ today, macro: textOf(fields.ReportDateMacro) ?? 'ThisMonthToDate' })
  const [from, to] = [textOf(period.FromReportDate) ?? '1901-01-01', textOf(period.ToReportDate) ?? '9999-12-31']
  if (from > to)
    throw new Refusal({ statusCode: 3030, message: 'Invalid date range: From date is greater than To date.' })
  return [from, to]
}

function monthsBetween({ from, to }: { from: string; to: string }): string[] {
  const months: string[] = []
  let [year = 0, month = 1] = from.split('-').map(Number)
  while (`${year}-${String(month).padStart(2, '0')}` <= to.slice(0, 7) && months.length < 120) {
    months.push(`${year}-${String(month).padStart(2, '0')}`)
    year += month === 12 ? 1 : 0
    month = (month % 12) + 1
  }
  return months
}

function writeRows({ books, rows, sums }: { books: Books; rows: ReportRows; sums: Sums }): void {
  const section = (type: string, title: string) => rows.section({ title, tops: accountTree({ books, sums, type }) })
  rows.text('Ordinary Income/Expense')
  const income = section('Income', 'Income')
  const cost = section('CostOfGoodsSold', 'Cost of Goods Sold')
  const gross = rows.minus(income, cost)
  rows.subtotal({ title: 'Gross Profit', amounts: gross })
  const expense = section('Expense', 'Expense')
  const ordinary = rows.minus(gross, expense)
  rows.subtotal({ title: 'Net Ordinary Income', amounts: ordinary })
  const otherIncome = section('OtherIncome', 'Other Income')
  const otherExpense = section('OtherExpense', 'Other Expense')
  const net = rows.minus(rows.plus(ordinary, otherIncome), otherExpense)
  rows.total({ title: 'Net Income', amounts: net })
}

/** The accounts of a type that moved, each under its parent. */
function accountTree({ books, sums, type }: { books: Books; sums: Sums; type: string }): AccountNode[] {
  const accounts = [...books.list('Account').all()].filter(({ AccountType }) => AccountType === type)
  const nodesBelow = (parentId: string | undefined): AccountNode[] =>
    accounts
      .filter(({ ParentRef }) => refOf(ParentRef)?.ListID === parentId)
      .map((account) => ({
        name: textOf(account.Name) ?? '',
        fullName: fullNameOf(account),
        amounts: sums.get(account.Id),
        children: nodesBelow(account.Id),
      }))
      .filter(({ amounts, children }) => amounts !== undefined || children.length > 0)
  return nodesBelow(undefined)
}

function sumBooks({ books, from, to, columns }: { books: Books; from: string; to: string; columns: string[] }): Sums {
  const sums: Sums = new Map()
  const add = ({ day, accountId, pennies }: { day: string; accountId: string | undefined; pennies: Pennies }): void => {
    if (accountId === undefined || day < from || day > to) return
    const amounts = sums.get(accountId) ?? columns.map(() => 0n)
    sums.set(accountId, amounts)
    columns.forEach((column, at) => {
      if (column === 'TOTAL' || column === day.slice(0, 7)) amounts[at] = (amounts[at] ?? 0n) + pennies
    })
  }
  const documents = [
    { txn: 'Invoice', lines: 'InvoiceLineRet', sign: 1n },
    { txn: 'CreditMemo', lines: 'CreditMemoLineRet', sign: -1n },
  ] as const
  for (const { txn, lines, sign } of documents) {
    for (const record of books.transactions(txn).all()) {
      if (record.IsPending === 'true') continue
      for (const line of listOf(record[lines])) {
        const item = books.list('Item').get(refOf(line.ItemRef)?.ListID ?? '')
        if (item?.kind === 'ItemSubtotalRet') continue
        const accountId = textOf(line.overrideAccountId) ?? accountIdOf(item)
        add({ day: String(record.TxnDate), accountId, pennies: sign * penniesOf(textOf(line.Amount)) })
      }
    }
  }
  for (const { date, accountName, amount } of books.journal().all()) {
    const account = books.find({ list: 'Account', ref: { FullName: accountName } })
    add({ day: date, accountId: account?.Id, pennies: penniesOf(amount) })
  }
  return sums
}

function accountIdOf(item: BookRecord | undefined): string | undefined {
  const both = fieldsOf(item?.SalesAndPurchase)
  const ref =
    item?.AccountRef ?? item?.IncomeAccountRef ?? both?.IncomeAccountRef ?? fieldsOf(item?.SalesOrPurchase)?.AccountRef
  return refOf(ref)?.ListID
}
