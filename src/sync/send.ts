import type { Connection } from '../domain/connection.ts'
import type { Answer, Envelope, Outcome } from '../ledgers/ledger.ts'
import { markSent, recordRead, saveAnswer, saveOutcomes } from '../storage/deliveries.ts'
import type { Lane } from '../storage/lanes.ts'
import { breakerOf } from './breaker.ts'
import { later, type Road } from './road.ts'

/** What is said, counted and stored of each request to QuickBooks, whoever sends it. */
export type Sending = Pick<Road, 'database' | 'ledgerOf' | 'now' | 'random' | 'watch'>

/**
 * Sends one recorded delivery in its turn and under the guard of the lane; the answer is saved as it came, then handed to
 * `understand` before the next one may go. Null when it may not be sent: the lane is no longer ours, the connection was
 * stopped, QuickBooks does not answer, or who called has gone.
 */
export async function sendRecorded<T>(
  road: Sending & Pick<Road, 'limits' | 'signal'>,
  args: {
    connection: Connection
    lane: Lane
    envelope: Envelope
    deliveryId: string
    /** The postings that it writes; null when it writes nothing. */
    writes: string[] | null
    understand: (answer: Answer, sent: { at: Date }) => Promise<T>
  },
): Promise<T | null> {
  const { connection, lane, envelope, deliveryId, writes } = args
  const ledger = road.ledgerOf(connection)
  const release = await ledger.pace.turn(envelope)
  try {
    const { sendWithinSeconds } = road.limits
    const outSeconds = sendWithinSeconds + ledger.limits.answerTimeoutSeconds
    const now = road.now()
    if (road.signal.aborted || !breakerOf(ledger).lets()) return null
    const guard = { deliveryId, lane, postingIds: writes ?? [], writes: writes !== null, outSeconds, now }
    if (!(await markSent(road.database, guard))) return null
    const answer = await ledger.send(envelope, { before: later(now, sendWithinSeconds) })
    await keepAnswer(road, { connection, envelope, deliveryId, answer })
    return await args.understand(answer, { at: now })
  } finally {
    release()
  }
}

/** One question outside of any round, which writes nothing: recorded, sent in its turn, and its answer saved. */
export async function readRecorded(
  road: Sending,
  args: {
    connection: Connection
    envelope: Envelope
    meaning: (answer: Answer) => Outcome['kind']
    right?: { before: Date }
  },
): Promise<Answer> {
  const { connection, envelope, right } = args
  const ledger = road.ledgerOf(connection)
  const release = await ledger.pace.turn(envelope)
  try {
    const connectionId = connection.id
    const { deliveryId, exchangeIds } = await recordRead(road.database, { connectionId, envelope, now: road.now() })
    const answer = await ledger.send(envelope, right)
    await keepAnswer(road, { connection, envelope, deliveryId, answer })
    const outcome = args.meaning(answer)
    await saveOutcomes(road.database, { outcomes: exchangeIds.map((id) => ({ id, outcome, response: null })) })
    return answer
  } finally {
    release()
  }
}

async function keepAnswer(
  road: Sending,
  args: { connection: Connection; envelope: Envelope; deliveryId: string; answer: Answer },
): Promise<void> {
  const { connection, envelope, deliveryId, answer } = args
  const ledger = road.ledgerOf(connection)
  const now = road.now()
  // A QuickBooks that calls us is silent between its calls.
  if (!ledger.mailbox) breakerOf(ledger).note({ answer, now, random: road.random })
  await saveAnswer(road.database, { deliveryId, answer: storedAnswer(answer), now })
  road.watch.delivery({
    ledger: ledger.kind,
    result: answer.kind === 'answered' ? String(answer.status) : answer.kind,
    exchanges: envelope.exchanges.length,
    durationMs: answer.durationMs,
  })
}

function storedAnswer(answer: Answer) {
  const { durationMs } = answer
  return answer.kind === 'answered'
    ? { status: answer.status, body: answer.body, intuitTid: answer.intuitTid, lostReason: null, durationMs }
    : { status: null, body: null, intuitTid: null, lostReason: `${answer.kind}: ${answer.detail}`, durationMs }
}
