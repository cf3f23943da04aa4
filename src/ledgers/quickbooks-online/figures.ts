import type { EmployeeSpell } from '../../domain/headcount.ts'
import { ExchangePurpose } from '../../domain/kinds.ts'
import { lastDayOf } from '../../domain/months.ts'
import { statementsOf } from '../../domain/profit-and-loss.ts'
import { ReportFault } from '../../domain/report-fault.ts'
import type {
  Answer,
  Envelope,
  FigureQuestion,
  FigureReader,
  FiguresTold,
  LedgerRequest,
  StoredExchange,
} from '../ledger.ts'
import { membersOf, readJson } from './exact-json.ts'
import { fromAnswer } from './from-answer.ts'
import { packInto, readOf } from './pack.ts'
import { readProfitAndLoss } from './profit-and-loss.ts'
import { faultsOf } from './read-faults.ts'

const employeesMax = 1000
/** A year in one report: few questions, and an answer that is short. */
const monthsMax = 12

const REPORT = 'report ProfitAndLoss'

/** Reads profit and loss by month, and who is employed. Pure. */
export function openFigures({ realmId }: { realmId: string }): FigureReader {
  return { monthsMax, encode, pack: (exchange) => pack({ exchange, realmId }), decode }
}

function encode(question: FigureQuestion): LedgerRequest {
  const purpose = ExchangePurpose.PULL
  if (question.kind === 'EMPLOYEES') {
    const span = `STARTPOSITION ${question.position} MAXRESULTS ${employeesMax}`
    // Who is inactive is hidden from a query that does not ask for it. Names and pay are not asked for.
    const request = `SELECT Id, Active, HiredDate, ReleasedDate FROM Employee WHERE Active IN (true,false) ORDERBY Id ${span}`
    return { purpose, operation: 'query Employee', request }
  }
  const { from, to, basis } = question
  const request = new URLSearchParams({
    start_date: `${from}-01`,
    end_date: lastDayOf(to),
    accounting_method: basis === 'CASH' ? 'Cash' : 'Accrual',
    summarize_column_by: 'Month',
  })
  return { purpose, operation: REPORT, request: request.toString() }
}

function pack({ exchange, realmId }: { exchange: StoredExchange; realmId: string }): Envelope {
  if (exchange.operation !== REPORT) {
    const [envelope] = packInto({ exchanges: [exchange], realmId, batchItemsMax: 1 })
    if (envelope) return envelope
  }
  const read = readOf({ realmId, resource: 'reports/ProfitAndLoss' })
  return { ...read, path: `${read.path}&${exchange.request}`, exchanges: [exchange] }
}

function decode(asked: { question: FigureQuestion; exchange: StoredExchange; answer: Answer }): FiguresTold {
  const { question, exchange, answer } = asked
  const json = answer.kind === 'answered' && answer.status >= 200 && answer.status < 300 ? readJson(answer.body) : null
  if (json === undefined || json === null || faultsOf(json).length > 0) return refusal(exchange, answer)
  if (question.kind === 'EMPLOYEES') return employeesOf(json)
  try {
    return { kind: 'statements', statements: statementsOf(readProfitAndLoss(json, question)) }
  } catch (error) {
    if (!(error instanceof ReportFault)) throw error
    return { kind: 'faulty', reason: error.reason, detail: error.detail }
  }
}

function employeesOf(json: unknown): FiguresTold {
  const { QueryResponse } = membersOf(json)
  const { Employee: rows = [] } = membersOf(QueryResponse)
  if (QueryResponse === undefined || !Array.isArray(rows)) return misunderstood('no QueryResponse')
  const employees = rows.map((row: unknown) => employeeOf(membersOf(row)))
  return employees.every((employee) => employee !== null)
    ? { kind: 'employees', employees, cut: rows.length >= employeesMax }
    : misunderstood('an Employee that cannot be read')
}

function employeeOf({ Id, Active, HiredDate, ReleasedDate }: Record<string, unknown>): EmployeeSpell | null {
  if (typeof Id !== 'string') return null
  return { id: Id, active: Active !== false, hiredOn: dayOf(HiredDate), releasedOn: dayOf(ReleasedDate) }
}

function dayOf(value: unknown): string | null {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) ? value.slice(0, 10) : null
}

function refusal(exchange: StoredExchange, answer: Answer): FiguresTold {
  const outcome = fromAnswer({ exchanges: [exchange], answer }).get(exchange.id)?.outcome
  switch (outcome?.kind) {
    case 'rejected':
    case 'deferred':
    case 'stopped':
    case 'unknown':
      return outcome
    default:
      return misunderstood(`nothing that a question for figures can be answered with: ${outcome?.kind}`)
  }
}

function misunderstood(detail: string): FiguresTold {
  return { kind: 'unknown', reason: 'ANSWER_NOT_UNDERSTOOD', detail: { detail } }
}
