import type { EmployeeSpell } from '../../domain/headcount.ts'
import { ExchangePurpose } from '../../domain/kinds.ts'
import { lastDayOf } from '../../domain/months.ts'
import { statementsOf } from '../../domain/profit-and-loss.ts'
import { ReportFault } from '../../domain/report-fault.ts'
import type { Answer, FigureQuestion, FigureReader, FiguresTold, LedgerRequest, StoredExchange } from '../ledger.ts'
import { notUnderstood } from './faults.ts'
import { readProfitAndLoss } from './profit-and-loss.ts'
import { asking, packOne, readPulled, refused } from './pull.ts'
import { type Element, textAt } from './read-xml.ts'
import { readReport } from './report.ts'

/** A year in one report: QuickBooks computes it in one go, while somebody waits. */
const monthsMax = 12

/** Reads profit and loss by month, and who is employed, in a conversation, once its postings are through. Pure. */
export function openFigures({ version }: { version: () => number }): FigureReader {
  return {
    monthsMax,
    encode: (question) => encode(question, version()),
    pack: (exchange) => packOne(exchange, version()),
    decode,
  }
}

function encode(question: FigureQuestion, version: number): LedgerRequest {
  const purpose = ExchangePurpose.PULL
  if (question.kind === 'EMPLOYEES') {
    // All come in one answer. Names, pay and social security numbers are not asked for.
    const values = { ActiveStatus: 'All', IncludeRetElement: ['ListID', 'IsActive', 'HiredDate', 'ReleasedDate'] }
    return { purpose, operation: 'query Employee', request: asking({ name: 'EmployeeQuery', values, version }) }
  }
  const { from, to, basis } = question
  const values = {
    GeneralSummaryReportType: 'ProfitAndLossStandard',
    DisplayReport: 'false',
    ReportPeriod: { FromReportDate: `${from}-01`, ToReportDate: lastDayOf(to) },
    SummarizeColumnsBy: 'Month',
    // A month in which nothing was booked would have no column.
    ReturnColumns: 'All',
    ReportBasis: basis === 'CASH' ? 'Cash' : 'Accrual',
  }
  const request = asking({ name: 'GeneralSummaryReportQuery', values, version })
  return { purpose, operation: 'report ProfitAndLossStandard', request }
}

function decode(asked: { question: FigureQuestion; exchange: StoredExchange; answer: Answer }): FiguresTold {
  const { question, exchange, answer } = asked
  const { request } = exchange
  const found = readPulled<Element>({ request, answer, read: (record) => record })
  if (!Array.isArray(found)) return found
  if (question.kind === 'EMPLOYEES') {
    const employees = found.map(employeeOf)
    return employees.every((employee) => employee !== null)
      ? { kind: 'employees', employees, cut: false }
      : refused(notUnderstood('the list of employees holds a record that cannot be read'))
  }
  const [report = null, ...others] = found
  if (others.length > 0 || (report && report.name !== 'ReportRet'))
    return refused(notUnderstood(`${found.length} records instead of one report`))
  try {
    const statements = statementsOf(readProfitAndLoss(report && readReport(report), question))
    return { kind: 'statements', statements }
  } catch (error) {
    if (!(error instanceof ReportFault)) throw error
    return { kind: 'faulty', reason: error.reason, detail: error.detail }
  }
}

function employeeOf(record: Element): EmployeeSpell | null {
  const id = textAt(record, 'ListID')
  if (record.name !== 'EmployeeRet' || id === undefined) return null
  return {
    id,
    active: textAt(record, 'IsActive') !== 'false',
    hiredOn: textAt(record, 'HiredDate') ?? null,
    releasedOn: textAt(record, 'ReleasedDate') ?? null,
  }
}
