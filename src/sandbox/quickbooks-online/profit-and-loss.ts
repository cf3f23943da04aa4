import { Decimal } from 'decimal.js'
import type { Company, QuickBooksRecord } from './company.ts'
import { refValue } from './company.ts'
import { invalidEnumeration, invalidString, unsupportedOperation } from './fault.ts'
import { type Fields, isFields, type Json, money } from './json-text.ts'
import { accountRows, cell } from './report-rows.ts'

interface Section {
  group: string
  title: string
  type: string
}

const sections: Section[] = [
  { group: 'Income', title: 'Income', type: 'Income' },
  { group: 'COGS', title: 'Cost of Goods Sold', type: 'Cost of Goods Sold' },
  { group: 'Expenses', title: 'Expenses', type: 'Expense' },
  { group: 'OtherIncome', title: 'Other Income', type: 'Other Income' },
  { group: 'OtherExpenses', title: 'Other Expenses', type: 'Other Expense' },
]

/** Amounts by account id and then by column. */
type Sums = Map<string, Map<string, Decimal>>

/** The accrual profit and loss of a span of days, in one column or one per month, computed from the books. */
export function profitAndLoss({ company, query }: { company: Company; query: URLSearchParams }): Fields {
  const from = dayParameter({ query, name: 'start_date', fallback: `${company.today().slice(0, 4)}-01-01` })
  const to = dayParameter({ query, name: 'end_date', fallback: company.today() })
  const summarizeBy = query.get('summarize_column_by') ?? 'Total'
  if (summarizeBy !== 'Total' && summarizeBy !== 'Month') {
    throw invalidEnumeration({ name: 'summarize_column_by', value: summarizeBy })
  }
  if (query.get('accounting_method') === 'Cash') throw unsupportedOperation('ProfitAndLoss on a cash basis')
  const months = summarizeBy === 'Month' ? monthsBetween({ from, to }) : []
  const columns = [...months, 'Total']
  const sums = sumBooks({ company, from, to })
  return {
    Header: {
      Time: company.second(),
      ReportName: 'ProfitAndLoss',
      ReportBasis: 'Accrual',
      StartPeriod: from,
      EndPeriod: to,
      SummarizeColumnsBy: summarizeBy,
      Currency: 'USD',
      Option: [
        { Name: 'AccountingStandard', Value: 'GAAP' },
        { Name: 'NoReportData', Value: String(sums.size === 0) },
      ],
    },
    Columns: {
      Column: [
        { ColTitle: '', ColType: 'Account', MetaData: [{ Name: 'ColKey', Value: 'account' }] },
        ...columns.map(moneyColumn),
      ],
    },
    Rows: { Row: rowsOf({ company, sums, columns }) },
  }
}

function moneyColumn(column: string): Fields {
  const meta = (values: Record<string, string>) => Object.entries(values).map(([Name, Value]) => ({ Name, Value }))
  if (column === 'Total') return { ColTitle: 'Total', ColType: 'Money', MetaData: meta({ ColKey: 'total' }) }
  const first = new Date(`${column}-01T00:00:00Z`)
  const title = first.toLocaleString('en-US', { month: 'short', year: 'numeric', timeZone: 'UTC' })
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0))
  const span = { StartDate: `${column}-01`, EndDate: last.toISOString().slice(0, 10) }
  return { ColTitle: title, ColType: 'Money', MetaData: meta({ ...span, ColKey: title }) }
}

function rowsOf({ company, sums, columns }: { company: Company; sums: Sums; columns: string[] }): Fields[] {
  const total = (group: string): Decimal[] => {
    const type = sections.find((section) => section.group === group)?.type
    return columns.map((column) =>
      sumOf(accountsOf({ company, sums, type }).map(({ Id }) => sums.get(Id)?.get(column))),
    )
  }
  const [income, cost, expenses, otherIncome, otherExpenses] = sections.map(({ group }) => total(group))
  const result = (plus: (Decimal[] | undefined)[], minus: (Decimal[] | undefined)[]): Decimal[] =>
    columns.map((_, at) => sumOf(plus.map((each) => each?.[at])).minus(sumOf(minus.map((each) => each?.[at]))))
  const section = (group: string): Fields => sectionRow({ company, sums, columns, group, totals: total(group) })
  return [
    section('Income'),
    section('COGS'),
    resultRow({ group: 'GrossProfit', title: 'Gross Profit', amounts: result([income], [cost]) }),
    section('Expenses'),
    resultRow({
      group: 'NetOperatingIncome',
      title: 'Net Operating Income',
      amounts: result([income], [cost, expenses]),
    }),
    section('OtherIncome'),
    section('OtherExpenses'),
    resultRow({ group: 'NetOtherIncome', title: 'Net Other Income', amounts: result([otherIncome], [otherExpenses]) }),
    resultRow({
      group: 'NetIncome',
      title: 'Net Income',
      amounts: result([income, otherIncome], [cost, expenses, otherExpenses]),
    }),
  ]
}

function sectionRow({ company, sums, columns, group, totals }: SectionWork): Fields {
  const { title = '', type } = sections.find((section) => section.group === group) ?? {}
  const rows = accountRows({
    accounts: [...company.table('Account').all()].filter(({ AccountType }) => AccountType === type),
    amountsOf: ({ Id }) => (sums.has(Id) ? columns.map((column) => sums.get(Id)?.get(column)) : undefined),
  })
  const empty = columns.map(() => ({ value: '' }))
  return {
    Header: { ColData: [{ value: title }, ...empty] },
    Rows: rows.length > 0 ? { Row: rows } : {},
    Summary: { ColData: [{ value: `Total ${title}` }, ...totals.map(cell)] },
    type: 'Section',
    group,
  }
}

interface SectionWork {
  company: Company
  sums: Sums
  columns: string[]
  group: string
  totals: Decimal[]
}

const resultRow = ({ group, title, amounts }: { group: string; title: string; amounts: Decimal[] }): Fields => ({
  Summary: { ColData: [{ value: title }, ...amounts.map(cell)] },
  type: 'Section',
  group,
})

const sumOf = (amounts: (Decimal | undefined)[]): Decimal =>
  amounts.reduce<Decimal>((sum, amount) => sum.plus(amount ?? 0), new Decimal(0))

function accountsOf({
  company,
  sums,
  type,
}: {
  company: Company
  sums: Sums
  type: string | undefined
}): QuickBooksRecord[] {
  return [...company.table('Account').all()].filter(({ Id, AccountType }) => AccountType === type && sums.has(Id))
}

/** What each kind of document does to profit: the sign of its lines. */
const signs: Record<string, 1 | -1> = {
  Invoice: 1,
  SalesReceipt: 1,
  CreditMemo: -1,
  RefundReceipt: -1,
  Bill: 1,
  Purchase: 1,
  VendorCredit: -1,
  JournalEntry: 1,
}

function sumBooks({ company, from, to }: { company: Company; from: string; to: string }): Sums {
  const sums: Sums = new Map()
  for (const [entityName, sign] of Object.entries(signs)) {
    for (const record of company.table(entityName).all()) {
      const day = String(record.TxnDate)
      if (day < from || day > to) continue
      for (const line of Array.isArray(record.Line) ? record.Line : []) {
        const effect = isFields(line) ? effectOf({ company, line }) : undefined
        if (!effect) continue
        const columns = sums.get(effect.accountId) ?? new Map<string, Decimal>()
        for (const column of [day.slice(0, 7), 'Total']) {
          columns.set(column, sumOf([columns.get(column), effect.amount.times(sign)]))
        }
        sums.set(effect.accountId, columns)
      }
    }
  }
  return sums
}

/** The account that a line moves, and by how much in the direction of that account. */
function effectOf({
  company,
  line,
}: {
  company: Company
  line: Fields
}): { accountId: string; amount: Decimal } | undefined {
  const amount = money(line.Amount)
  const detail = (name: string): Fields | undefined => (isFields(line[name]) ? (line[name] as Fields) : undefined)
  const to = ({ reference, value }: { reference: Json | undefined; value: Decimal }) => {
    const accountId = refValue(reference)
    return accountId === undefined ? undefined : { accountId, amount: value }
  }
  const sold = detail('SalesItemLineDetail')
  if (sold) return to({ reference: incomeAccount({ company, itemId: refValue(sold.ItemRef) }), value: amount })
  const discount = detail('DiscountLineDetail')
  if (discount) return to({ reference: discount.DiscountAccountRef, value: amount.negated() })
  const spent = detail('AccountBasedExpenseLineDetail')
  if (spent) return to({ reference: spent.AccountRef, value: amount })
  const bought = detail('ItemBasedExpenseLineDetail')
  if (bought)
    return to({ reference: company.get('Item', refValue(bought.ItemRef) ?? '')?.ExpenseAccountRef, value: amount })
  const booked = detail('JournalEntryLineDetail')
  if (!booked) return undefined
  const account = company.get('Account', refValue(booked.AccountRef) ?? '')
  const isRaised = (account?.Classification === 'Revenue') === (booked.PostingType === 'Credit')
  return to({ reference: booked.AccountRef, value: isRaised ? amount : amount.negated() })
}

/** Shipping has no item of its own; it is income of the account named for it, or of the first income account. */
function incomeAccount({ company, itemId }: { company: Company; itemId: string | undefined }): Json | undefined {
  if (itemId !== 'SHIPPING_ITEM_ID') return company.get('Item', itemId ?? '')?.IncomeAccountRef
  const income = [...company.table('Account').all()].filter(({ AccountType }) => AccountType === 'Income')
  const found = income.find(({ Name }) => /shipping/i.test(String(Name))) ?? income[0]
  return found && { value: found.Id }
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

function dayParameter({ query, name, fallback }: { query: URLSearchParams; name: string; fallback: string }): string {
  const given = query.get(name) ?? fallback
  if (!/^\d{4}-\d{2}-\d{2}$/.test(given)) throw invalidString({ name, value: given })
  return given
}
