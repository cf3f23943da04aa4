import { v7 as uuidv7 } from 'uuid'
import type { Connection } from '../domain/connection.ts'
import { ExchangePurpose } from '../domain/kinds.ts'
import type { Answer, Envelope, Outcome, StoredExchange } from '../ledgers/ledger.ts'
import { stopConnection } from '../storage/connections.ts'
import { markSent, recordDeliveries, saveAnswer, saveOutcomes } from '../storage/deliveries.ts'
import type { Lane } from '../storage/lanes.ts'
import { later, type Road } from './road.ts'
import { settle, type TakenPosting } from './settle.ts'
import type { MappedPosting } from './step.ts'

/** The key that says what is meant, not who says it: posting, generation and content. Equal for every try. */
function idempotencyKey({ posting }: MappedPosting): string {
  return `${posting.id}:${posting.generation}:${posting.contentHash}`
}

/**
 * Posts documents: each becomes an exchange, exchanges travel together in deliveries, and each answer is settled when
 * it comes. Gives the postings whose number or name QuickBooks says is taken.
 */
export async function deliver(
  road: Road,
  args: { connection: Connection; lane: Lane; claimToken: string; postings: MappedPosting[] },
): Promise<TakenPosting[]> {
  const ledger = road.ledgerOf(args.connection)
  const byExchange = new Map<string, MappedPosting>()
  const exchanges = args.postings.map((posting, position): StoredExchange => {
    const id = uuidv7()
    byExchange.set(id, posting)
    return { ...ledger.encode(posting.mapped), id, position, idempotencyKey: idempotencyKey(posting) }
  })
  const taken: TakenPosting[] = []
  const settled = async (outcomes: Map<string, Outcome>) => {
    const pairs = [...outcomes].flatMap(([id, outcome]) => {
      const posting = byExchange.get(id)
      return posting ? [{ ...posting, outcome }] : []
    })
    taken.push(...(await settle(road, { connection: args.connection, claimToken: args.claimToken, answers: pairs })))
  }
  const postingOf = new Map([...byExchange].map(([id, { posting }]) => [id, posting.id]))
  await carry(road, { ...args, exchanges, postingOf, settled })
  return taken
}

/**
 * Carries exchanges to QuickBooks and back, as many deliveries at once as the ledger allows: recorded, then sent under
 * the guard of the lane; the answer saved, then understood. An exchange that could not be sent has no outcome.
 */
export async function carry(
  road: Road,
  args: {
    connection: Connection
    lane: Lane
    exchanges: StoredExchange[]
    postingOf: Map<string, string>
    settled?: (outcomes: Map<string, Outcome>) => Promise<void>
  },
): Promise<Map<string, Outcome>> {
  const ledger = road.ledgerOf(args.connection)
  const envelopes = ledger.pack(args.exchanges)
  const ids = await recordDeliveries(road.database, {
    lane: args.lane,
    now: road.now(),
    deliveries: envelopes.map((envelope) => ({
      ...envelope,
      exchanges: envelope.exchanges.map((exchange) => ({
        ...exchange,
        postingId: args.postingOf.get(exchange.id) ?? null,
      })),
    })),
  })
  const waiting = envelopes.map((envelope, index) => ({ envelope, deliveryId: ids[index] ?? '' }))
  const all = new Map<string, Outcome>()
  const carrier = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const outcomes = await carryOne(road, { ...args, ...next })
      if (outcomes === null) return
      for (const [id, outcome] of outcomes) all.set(id, outcome)
      await args.settled?.(outcomes)
    }
  }
  await Promise.all(Array.from({ length: Math.min(ledger.limits.concurrentMax, waiting.length) }, carrier))
  return all
}

/** Null when it may not be sent: the lane is no longer ours, or the connection was stopped. */
async function carryOne(
  road: Road,
  args: { connection: Connection; lane: Lane; envelope: Envelope; deliveryId: string; postingOf: Map<string, string> },
): Promise<Map<string, Outcome> | null> {
  const { connection, envelope, deliveryId, lane } = args
  const ledger = road.ledgerOf(connection)
  const release = await ledger.pace.turn(envelope)
  try {
    const writes = envelope.exchanges.some(({ purpose }) => purpose === ExchangePurpose.POST)
    const postingIds = envelope.exchanges.flatMap(({ id }) => args.postingOf.get(id) ?? [])
    const { answerTimeoutSeconds } = ledger.limits
    const sent = await markSent(road.database, {
      deliveryId,
      lane,
      postingIds,
      writes,
      answerTimeoutSeconds,
      now: road.now(),
    })
    if (!sent) return null
    const answer = await ledger.send(envelope)
    await saveAnswer(road.database, { deliveryId, answer: storedAnswer(answer), now: road.now() })
    const result = answer.kind === 'answered' ? String(answer.status) : answer.kind
    road.watch.delivery({
      ledger: ledger.kind,
      result,
      exchanges: envelope.exchanges.length,
      durationMs: answer.durationMs,
    })
    const understood = ledger.decode(envelope.exchanges, answer)
    const outcomes = [...understood].map(([id, { outcome, response }]) => ({ id, outcome: outcome.kind, response }))
    await saveOutcomes(road.database, { outcomes })
    await heed(road, { connection, outcomes: [...understood.values()].map(({ outcome }) => outcome) })
    return new Map([...understood].map(([id, { outcome }]) => [id, outcome]))
  } finally {
    release()
  }
}

function storedAnswer(answer: Answer) {
  const { durationMs } = answer
  return answer.kind === 'answered'
    ? { status: answer.status, body: answer.body, intuitTid: answer.intuitTid, lostReason: null, durationMs }
    : { status: null, body: null, intuitTid: null, lostReason: `${answer.kind}: ${answer.detail}`, durationMs }
}

/** What an answer means for the whole connection: slow down, or stop. */
async function heed(road: Road, args: { connection: Connection; outcomes: Outcome[] }): Promise<void> {
  const { connection, outcomes } = args
  const waits = outcomes.flatMap((outcome) =>
    outcome.kind === 'deferred' && outcome.scope === 'connection' ? [outcome] : [],
  )
  const longest = Math.max(0, ...waits.map(({ afterSeconds }) => afterSeconds))
  if (longest > 0) {
    road.ledgerOf(connection).pace.pauseUntil(later(road.now(), longest))
    road.log.warn(
      { connection: connection.name, reason: waits[0]?.reason, seconds: longest },
      'QuickBooks is left alone for a while',
    )
  }
  const stop = outcomes.find((outcome) => outcome.kind === 'stopped')
  if (stop) {
    await stopConnection(road.database, { id: connection.id, reason: stop.reason, detail: stop.detail })
    road.log.error({ connection: connection.name, reason: stop.reason, ...stop.detail }, 'the connection was stopped')
  }
}
