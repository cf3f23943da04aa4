import { v7 as uuidv7 } from 'uuid'
import type { Connection } from '../domain/connection.ts'
import { type MetricPull, MetricQuestion } from '../domain/ledger-metric.ts'
import { monthsLater } from '../domain/months.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'
import type { FigureQuestion, FigureReader, FiguresTold, StoredExchange } from '../ledgers/ledger.ts'
import { recordDeliveries, saveOutcomes } from '../storage/deliveries.ts'
import type { Lane } from '../storage/lanes.ts'
import { type AnswerDraft, delayMonths, dueMetricPull, keepAnswers } from '../storage/metric-pulls.ts'
import { readsOfMonth } from '../storage/read-meter.ts'
import { heed, NotAllowed } from './deliver.ts'
import { later, type Road } from './road.ts'
import { sendRecorded } from './send.ts'

const AGAIN_SECONDS = 60
/** What was answered and not understood will hardly be otherwise in a minute. */
const AGAIN_AFTER_RIDDLE_SECONDS = 3_600

interface FigureLane {
  connection: Connection
  lane: Lane
  reader: FigureReader
}

/**
 * Asks for the figures of the newest months that are to be asked for, by whoever has the lane, and keeps the answers as they came;
 * `metrics/` counts them. False when there was nothing to ask. Nothing is asked once the month's reads are used up.
 */
export async function metricStep(
  road: Road,
  { connection, lane }: { connection: Connection; lane: Lane },
): Promise<boolean> {
  const reader = road.ledgerOf(connection).figures
  if (!reader) return false
  const pull = await dueMetricPull(road.database, { connectionId: connection.id, now: road.now() })
  if (!pull) return false
  const reads = await readsOfMonth(road.database, { connectionId: connection.id, now: road.now() })
  if (reads >= road.limits.readsPerMonthMax) return false
  const { fromMonth, toMonth } = pull
  const earliest = monthsLater(toMonth, 1 - reader.monthsMax)
  const from = earliest > fromMonth ? earliest : fromMonth
  const asked = await askAll(road, { connection, lane, reader }, { pull, from, to: toMonth })
  if ('until' in asked) {
    await delayMonths(road.database, { pull, ...asked })
    return true
  }
  const leaves = from > fromMonth ? { from: fromMonth, to: monthsLater(from, -1) } : null
  await keepAnswers(road.database, { pull, leaves, ...asked })
  return true
}

/** Why there is no answer, and when it is asked for again; null where QuickBooks refused the question itself. */
interface Failure {
  reason: ReasonCode
  detail: ReasonDetail
  until: Date | null
}

/** A company whose employees we may not see still has a profit and loss. */
async function askAll(
  road: Road,
  held: FigureLane,
  { pull, from, to }: { pull: MetricPull; from: string; to: string },
): Promise<{ answers: AnswerDraft[]; trouble: Failure | null } | Failure> {
  const { basis } = pull
  const span = { fromMonth: from, toMonth: to, basis }
  const report = await askOne(road, held, { kind: 'PROFIT_AND_LOSS', from, to, basis })
  if ('until' in report) return report
  const statements = [{ ...span, ...report.kept, question: MetricQuestion.PROFIT_AND_LOSS, position: 1 }]
  const pages: AnswerDraft[] = []
  for (let position = 1; ; ) {
    const listed = await askOne(road, held, { kind: 'EMPLOYEES', position })
    if ('until' in listed) return listed.until === null ? { answers: statements, trouble: listed } : listed
    pages.push({ ...span, ...listed.kept, question: MetricQuestion.EMPLOYEES, position })
    const { told } = listed
    if (told.kind !== 'employees' || !told.cut) return { answers: [...statements, ...pages], trouble: null }
    position += told.employees.length
  }
}

type Kept = Pick<AnswerDraft, 'operation' | 'request' | 'status' | 'body' | 'askedAt'>

/** One question, as every question is asked: recorded, then sent under the guard of the lane; the answer saved, then understood. */
async function askOne(
  road: Road,
  { connection, lane, reader }: FigureLane,
  question: FigureQuestion,
): Promise<{ kept: Kept; told: FiguresTold } | Failure> {
  const id = uuidv7()
  const exchange: StoredExchange = { ...reader.encode(question), id, idempotencyKey: id, position: 0 }
  const envelope = reader.pack(exchange)
  const drafts = [{ ...envelope, exchanges: [{ ...exchange, postingId: null }] }]
  const [deliveryId = ''] = await recordDeliveries(road.database, { lane, deliveries: drafts, now: road.now() })
  const said = await sendRecorded(road, {
    ...{ connection, lane, envelope, deliveryId, writes: null },
    async understand(answer, { at: askedAt }) {
      const told = reader.decode({ question, exchange, answer })
      const outcome = 'statements' in told || 'employees' in told ? 'pulled' : told.kind
      await saveOutcomes(road.database, { outcomes: [{ id, outcome, response: null }] })
      if (isRefusal(told)) {
        await heed(road, { connection, outcomes: [told] })
        return failureOf(told, { isAnswered: answer.kind === 'answered', now: road.now() })
      }
      if (answer.kind !== 'answered') throw new Error(`what never came was understood as ${told.kind}`)
      const { operation, request } = exchange
      return { kept: { operation, request, status: answer.status, body: answer.body, askedAt }, told }
    },
  })
  if (said === null) throw new NotAllowed('the guard of the lane lets nothing go')
  return said
}

type Refusal = Extract<FiguresTold, { kind: 'rejected' | 'deferred' | 'stopped' | 'unknown' }>

function isRefusal(told: FiguresTold): told is Refusal {
  return ['rejected', 'deferred', 'stopped', 'unknown'].includes(told.kind)
}

function failureOf(told: Refusal, { isAnswered, now }: { isAnswered: boolean; now: Date }): Failure {
  const { kind, reason, detail } = told
  if (kind === 'rejected') return { reason, detail, until: null }
  const riddle = kind === 'unknown' && isAnswered
  const seconds = kind === 'deferred' ? told.afterSeconds : riddle ? AGAIN_AFTER_RIDDLE_SECONDS : AGAIN_SECONDS
  return { reason, detail, until: later(now, seconds) }
}
