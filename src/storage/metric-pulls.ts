import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { type MetricAnswer, MetricPull } from '../domain/ledger-metric.ts'
import { isReasonCode, type Reason, type ReasonCode, type ReasonDetail, reasonOf } from '../domain/reason.ts'
import type { Database } from './database.ts'

type Basis = MetricPull['basis']

/**
 * Asks for the figures of months, besides those that are still to be asked for; whoever has the lane of the connection asks
 * QuickBooks. Without a first month it is `firstFrom` when nothing was ever asked, or asked on the other basis, and else `from`.
 */
export async function askForMonths(
  database: Database,
  args: { connectionId: string; from: string; to: string; firstFrom: string; basis: Basis },
): Promise<void> {
  const { connectionId, from, to, firstFrom, basis } = args
  await database.run(sql`
    insert into metric_pull (connection_id, from_month, to_month, basis, asked)
    values (${connectionId}, least(${from}, ${firstFrom}), ${to}, ${basis}, 1)
    on conflict (connection_id) do update set basis = excluded.basis, asked = metric_pull.asked + 1, due_at = null,
        from_month = least(metric_pull.from_month,
          case when metric_pull.basis = excluded.basis then ${from} else least(${from}, ${firstFrom}) end),
        to_month = greatest(metric_pull.to_month, excluded.to_month)`)
}

export async function metricPull(
  database: Database,
  { connectionId }: { connectionId: string },
): Promise<MetricPull | null> {
  const [pull] = await database.entities(
    MetricPull,
    sql`select * from metric_pull where connection_id = ${connectionId}`,
  )
  return pull ?? null
}

/** What is to be asked now; null when nothing is. */
export async function dueMetricPull(
  database: Database,
  { connectionId, now }: { connectionId: string; now: Date },
): Promise<(MetricPull & { fromMonth: string; toMonth: string }) | null> {
  const pull = await metricPull(database, { connectionId })
  if (!pull || pull.fromMonth === null || pull.toMonth === null || (pull.dueAt && pull.dueAt > now)) return null
  return Object.assign(pull, { fromMonth: pull.fromMonth, toMonth: pull.toMonth })
}

/** What an answer is kept with. */
export type AnswerDraft = Pick<
  MetricAnswer,
  'question' | 'fromMonth' | 'toMonth' | 'basis' | 'position' | 'operation' | 'request' | 'status' | 'body' | 'askedAt'
>

/**
 * Keeps what QuickBooks answered about the newest months that were to be asked for, as it came, and goes on to those before them.
 * When something was asked for meanwhile, the months stay: they are asked for once more.
 */
export function keepAnswers(
  database: Database,
  args: {
    pull: MetricPull
    answers: AnswerDraft[]
    /** The months that are left. */
    leaves: { from: string; to: string } | null
    /** What QuickBooks would not tell beside them. */
    trouble: { reason: ReasonCode; detail: ReasonDetail } | null
  },
): Promise<void> {
  const { pull, answers, leaves, trouble } = args
  const detail = trouble ? JSON.stringify(trouble.detail) : null
  return database.transaction(async (transaction) => {
    for (const answer of answers) await keepAnswer(transaction, { connectionId: pull.connectionId, answer })
    await transaction.run(sql`
      update metric_pull set from_month = ${leaves?.from ?? null}, to_month = ${leaves?.to ?? null}, due_at = null
      where connection_id = ${pull.connectionId} and asked = ${pull.asked}`)
    await transaction.run(sql`
      update metric_pull set reason = ${trouble?.reason ?? null}, reason_detail = ${detail}::jsonb
      where connection_id = ${pull.connectionId}`)
  })
}

async function keepAnswer(
  transaction: Database,
  { connectionId, answer }: { connectionId: string; answer: AnswerDraft },
): Promise<void> {
  await transaction.run(sql`
    insert into metric_answer (id, connection_id, question, from_month, to_month, basis, position, operation, request, status, body,
        state, asked_at)
    values (${uuidv7()}, ${connectionId}, ${answer.question}, ${answer.fromMonth}, ${answer.toMonth}, ${answer.basis}, ${answer.position},
        ${answer.operation}, ${answer.request}, ${answer.status}, ${answer.body.replaceAll('\u0000', '')}, 'NEW', ${answer.askedAt})`)
}

/** QuickBooks did not give them: asked again at `until`, or, when it never will, not before somebody asks. */
export async function delayMonths(
  database: Database,
  args: { pull: MetricPull; until: Date | null; reason: ReasonCode; detail: ReasonDetail },
): Promise<void> {
  const { pull, until, reason, detail } = args
  await database.run(sql`
    update metric_pull set due_at = ${until}, reason = ${reason}, reason_detail = ${JSON.stringify(detail)}::jsonb,
        from_month = case when ${until}::timestamptz is null then null else from_month end,
        to_month = case when ${until}::timestamptz is null then null else to_month end
    where connection_id = ${pull.connectionId} and asked = ${pull.asked}`)
}

/** Whether figures are to be asked for that somebody has waited for. */
export async function areMonthsDue(
  database: Database,
  { connectionId, now }: { connectionId: string; now: Date },
): Promise<boolean> {
  return (await dueMetricPull(database, { connectionId, now })) !== null
}

/** Why the last question for figures brought nothing; null when it did. */
export function troubleOf({ reason, reasonDetail }: Pick<MetricPull, 'reason' | 'reasonDetail'>): Reason | null {
  return reason !== null && isReasonCode(reason) ? reasonOf(reason, reasonDetail ?? {}) : null
}
