import {
  LEDGER_METRICS,
  type LedgerMetric,
  type MetricAccount,
  type MetricAnswer,
  UNMAPPED,
} from '../domain/ledger-metric.ts'
import { type Money, minus, ZERO } from '../domain/money.ts'
import { isMonth, monthsLater } from '../domain/months.ts'
import type { BooksBasis } from '../domain/profit-and-loss.ts'
import type { Reason } from '../domain/reason.ts'
import { listConnections } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { type MetricSelection, metricsBetween, statementsBetween } from '../storage/ledger-metrics.ts'
import { answersOf } from '../storage/metric-answers.ts'
import { metricPull, troubleOf } from '../storage/metric-pulls.ts'
import { InvalidRequest, idFrom } from '../storage/pages.ts'

const MONTHS_MAX = 120
const ANSWERS_SHOWN = 20

/** What a reader asks for. */
export interface MetricRequest {
  connectionId: string
  /** `yyyy-mm`, both included. */
  from: string
  to: string
  /** As it was known then; left out: now. */
  asOf?: Date | null
  /** Every version instead of one. */
  versions?: boolean | null
}

/** The figures of the months from one to another, by month. Throws InvalidRequest. */
export async function ledgerMetrics(database: Database, request: MetricRequest): Promise<LedgerMetric[]> {
  return metricsBetween(database, { ...(await selectionOf(database, request)), categories: LEDGER_METRICS })
}

/** A month as a whole: whether what was counted ties out to QuickBooks' own net income, and what was not counted. */
export interface MetricMonth {
  month: string
  basis: BooksBasis
  /** Of what QuickBooks told of the month. */
  version: number
  knownFrom: Date
  netProfit: Money
  netIncome: Money
  difference: Money
  unmapped: MetricAccount[]
}

/** Throws InvalidRequest. */
export async function metricMonths(
  database: Database,
  request: Omit<MetricRequest, 'versions'>,
): Promise<MetricMonth[]> {
  const selection = await selectionOf(database, request)
  const metrics = await metricsBetween(database, { ...selection, categories: ['net_profit', UNMAPPED] })
  const known = new Map(metrics.map((metric) => [`${metric.month} ${metric.category}`, metric]))
  return (await statementsBetween(database, selection)).map(({ month, basis, version, knownFrom, netIncome }) => {
    const netProfit = known.get(`${month} net_profit`)?.amount ?? ZERO
    const unmapped = known.get(`${month} ${UNMAPPED}`)?.accounts ?? []
    return { month, basis, version, knownFrom, netProfit, netIncome, difference: minus(netIncome, netProfit), unmapped }
  })
}

/** How the figures of a company stand: what is still to be asked for, and why the last question brought nothing. */
export interface MetricStanding {
  basis: BooksBasis | null
  askingFrom: string | null
  askingTo: string | null
  answeredAt: Date | null
  reason: Reason | null
  answers: MetricAnswer[]
}

/** Throws InvalidRequest. */
export async function metricStanding(database: Database, request: { connectionId: string }): Promise<MetricStanding> {
  const connectionId = await connectionOf(database, request)
  const pull = await metricPull(database, { connectionId })
  const answers = await answersOf(database, { connectionId, limit: ANSWERS_SHOWN })
  return {
    basis: pull?.basis ?? null,
    askingFrom: pull?.fromMonth ?? null,
    askingTo: pull?.toMonth ?? null,
    answeredAt: pull?.answeredAt ?? null,
    reason: pull ? troubleOf(pull) : null,
    answers,
  }
}

/** Throws InvalidRequest: for what is no month, months the wrong way round, too many, or a connection that is not there. */
async function selectionOf(database: Database, request: MetricRequest): Promise<MetricSelection> {
  const { from, to, asOf, versions } = request
  for (const [name, month] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (!isMonth(month))
      throw new InvalidRequest(`"${name}" is "${month.slice(0, 30)}", which is no month: write it as 2026-03.`)
  }
  if (from > to) throw new InvalidRequest(`"from" is ${from} and "to" is ${to}: the first month comes first.`)
  if (monthsLater(from, MONTHS_MAX - 1) < to)
    throw new InvalidRequest(`From ${from} to ${to} is more than ${MONTHS_MAX} months: ask for less at once.`)
  const connectionId = await connectionOf(database, request)
  return { connectionId, from, to, knownAt: asOf ?? null, everyVersion: versions ?? false }
}

async function connectionOf(database: Database, request: { connectionId: string }): Promise<string> {
  const connectionId = idFrom({ id: request.connectionId, what: 'connection' })
  if ((await listConnections(database)).some(({ id }) => id === connectionId)) return connectionId
  throw new InvalidRequest(`There is no connection ${connectionId}: the query "connections" lists them.`)
}
