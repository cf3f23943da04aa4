import { sql } from 'kysely'
import { MetricAnswer, type MetricAnswerState, MetricPull } from '../domain/ledger-metric.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'
import type { Database } from './database.ts'

/** The companies whose figures were ever asked for. */
export async function countedConnections(database: Database): Promise<string[]> {
  const rows = await database.rows(sql<{ connection_id: string }>`
    select connection_id from metric_pull order by connection_id`)
  return rows.map(({ connection_id }) => connection_id)
}

/** Within a transaction: lets nobody else count the figures of a company meanwhile. Null when they were never asked for. */
export async function lockMetrics(
  transaction: Database,
  { connectionId }: { connectionId: string },
): Promise<MetricPull | null> {
  const [pull] = await transaction.entities(
    MetricPull,
    sql`select * from metric_pull where connection_id = ${connectionId} for update`,
  )
  return pull ?? null
}

/** The answers that are yet to be counted, in the order in which they came. */
export function newAnswers(database: Database, { connectionId }: { connectionId: string }): Promise<MetricAnswer[]> {
  return database.entities(
    MetricAnswer,
    sql`select * from metric_answer where connection_id = ${connectionId} and state = 'NEW' order by id`,
  )
}

export async function findAnswer(database: Database, { id }: { id: string }): Promise<MetricAnswer | null> {
  const [answer] = await database.entities(MetricAnswer, sql`select * from metric_answer where id = ${id}`)
  return answer ?? null
}

/** The newest answers of a company, as they came. */
export function answersOf(
  database: Database,
  { connectionId, limit }: { connectionId: string; limit: number },
): Promise<MetricAnswer[]> {
  return database.entities(
    MetricAnswer,
    sql`select * from metric_answer where connection_id = ${connectionId} order by id desc limit ${limit}`,
  )
}

/** An answer was counted, or cannot be believed, and why. The company's state tells of it, until another answer is counted. */
export async function noteAnswer(
  transaction: Database,
  args: {
    answer: MetricAnswer
    state: MetricAnswerState
    fault: { reason: ReasonCode; detail: ReasonDetail } | null
    now: Date
  },
): Promise<void> {
  const { answer, state, fault, now } = args
  const detail = fault ? JSON.stringify(fault.detail) : null
  await transaction.run(sql`
    update metric_answer set state = ${state}, reason = ${fault?.reason ?? null}, reason_detail = ${detail}::jsonb
    where id = ${answer.id}`)
  await transaction.run(
    fault
      ? sql`update metric_pull set reason = ${fault.reason}, reason_detail = ${detail}::jsonb where connection_id = ${answer.connectionId}`
      : sql`update metric_pull set answered_at = ${now} where connection_id = ${answer.connectionId}`,
  )
}

/** By which rules all figures of a company were counted. */
export async function noteRules(
  transaction: Database,
  { connectionId, rules }: { connectionId: string; rules: string },
): Promise<void> {
  await transaction.run(sql`update metric_pull set rules = ${rules} where connection_id = ${connectionId}`)
}
