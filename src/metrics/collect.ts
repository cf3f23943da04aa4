import type { Connection } from '../domain/connection.ts'
import { type EmployeeSpell, headcountOn } from '../domain/headcount.ts'
import { ExchangePurpose } from '../domain/kinds.ts'
import {
  EMPLOYEES,
  type MetricAnswer,
  MetricAnswerState,
  MetricCause,
  MetricQuestion,
} from '../domain/ledger-metric.ts'
import { dayIn, lastDayOf, monthsBetween } from '../domain/months.ts'
import type { MonthStatement } from '../domain/profit-and-loss.ts'
import type { FigureQuestion, FigureReader } from '../ledgers/ledger.ts'
import { listConnections } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { saveMetrics, saveStatement } from '../storage/ledger-metrics.ts'
import { countedConnections, lockMetrics, newAnswers, noteAnswer } from '../storage/metric-answers.ts'
import { type MetricBooks, type MetricRules, metricRules } from './books.ts'
import { countStatements, followRules } from './recount.ts'

/**
 * Takes in what QuickBooks answered to questions for figures, of every company, and follows changes of the rules. An answer, and
 * all that is made of it, is one transaction; one that cannot be believed is marked so, and the figures of before stay.
 */
export async function collectMetrics(books: MetricBooks): Promise<void> {
  const counted = await countedConnections(books.database)
  for (const connection of await listConnections(books.database)) {
    const reader = books.ledgerOf(connection).figures
    if (!reader || !counted.includes(connection.id)) continue
    await books.database.transaction((transaction) => collectOne(books, { transaction, connection, reader }))
  }
}

async function collectOne(
  { timeZone, now: clock }: MetricBooks,
  { transaction, connection, reader }: { transaction: Database; connection: Connection; reader: FigureReader },
): Promise<void> {
  const { id: connectionId } = connection
  const pull = await lockMetrics(transaction, { connectionId })
  if (!pull) return
  const now = clock()
  const rules = await metricRules(transaction, { connectionId })
  await followRules(transaction, { connectionId, before: pull.rules, rules, anyway: false, now })
  const answers = await newAnswers(transaction, { connectionId })
  let pages: EmployeeSpell[] = []
  for (const answer of answers) {
    const told = reader.decode(readAgain(answer))
    const fault = 'reason' in told ? { reason: told.reason, detail: told.detail } : null
    await noteAnswer(transaction, { answer, state: MetricAnswerState[fault ? 'FAULTY' : 'TAKEN'], fault, now })
    if (told.kind === 'statements') await takeStatements(transaction, { answer, rules, now, ...told })
    // The pages of one list come one after the other.
    if (told.kind === 'employees') pages = [...(answer.position === 1 ? [] : pages), ...told.employees]
    if (told.kind === 'employees' && !told.cut) await takeEmployees(transaction, { answer, pages, timeZone, now })
  }
}

/** What was asked and answered, as the ledger reads it: always from the answer that is stored. */
function readAgain(answer: MetricAnswer): Parameters<FigureReader['decode']>[0] {
  const { id, question, fromMonth, toMonth, basis, position, operation, request, status, body } = answer
  const asked: FigureQuestion =
    question === MetricQuestion.EMPLOYEES
      ? { kind: 'EMPLOYEES', position }
      : { kind: 'PROFIT_AND_LOSS', from: fromMonth, to: toMonth, basis }
  return {
    question: asked,
    exchange: { id, idempotencyKey: id, position: 0, purpose: ExchangePurpose.PULL, operation, request },
    answer: { kind: 'answered', status, body, contentType: '', intuitTid: null, durationMs: 0 },
  }
}

interface Taking {
  answer: MetricAnswer
  now: Date
}

async function takeStatements(
  transaction: Database,
  { answer, statements, rules, now }: Taking & { statements: MonthStatement[]; rules: MetricRules },
): Promise<void> {
  const { connectionId, basis, id: answerId } = answer
  const restated: string[] = []
  for (const statement of statements) {
    const isNew = await saveStatement(transaction, { connectionId, statement, basis, answerId, now })
    if (isNew) restated.push(statement.month)
  }
  await countStatements(transaction, { connectionId, months: restated, rules, cause: MetricCause.RESTATED, now })
}

/** Who was employed at the end of each month; of the month that is not over, on the day of the question. */
async function takeEmployees(
  transaction: Database,
  { answer, pages, timeZone, now }: Taking & { pages: EmployeeSpell[]; timeZone: string },
): Promise<void> {
  const { connectionId, fromMonth: from, toMonth: to, id: answerId } = answer
  const today = dayIn({ timeZone, now: answer.askedAt })
  const drafts = monthsBetween({ from, to }).map((month) => {
    const last = lastDayOf(month)
    const count = headcountOn(pages, last < today ? last : today)
    return { month, category: EMPLOYEES, amount: `${count}.00`, accounts: [], answerId }
  })
  await saveMetrics(transaction, { connectionId, drafts, cause: MetricCause.RESTATED, now })
}
