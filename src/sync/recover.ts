import { v7 as uuidv7 } from 'uuid'
import type { Connection } from '../domain/connection.ts'
import { ExchangePurpose } from '../domain/kinds.ts'
import type { Posting } from '../domain/posting.ts'
import type { Answer, Outcome, StoredExchange } from '../ledgers/ledger.ts'
import { saveOutcomes } from '../storage/deliveries.ts'
import type { Lane } from '../storage/lanes.ts'
import { type LastDelivery, lastDeliveries } from '../storage/last-deliveries.ts'
import { carry } from './deliver.ts'
import type { Road } from './road.ts'

interface Lost {
  connection: Connection
  lane: Lane
  postings: Posting[]
}

/**
 * What can be known of lost postings without looking for them: an answer that was stored and that nobody understood
 * before the process ended, and an answer that QuickBooks itself kept and repeats when it is asked: one that never came,
 * or came damaged. Gives outcomes by posting id.
 */
export async function recover(road: Road, args: Lost): Promise<Map<string, Outcome>> {
  const deliveries = await lastDeliveries(road.database, { postingIds: args.postings.map(({ id }) => id) })
  const unread = deliveries.filter(
    ({ answer, exchanges }) => answer && exchanges.some(({ outcome }) => outcome === null),
  )
  const wanted = new Set(args.postings.map(({ id }) => id))
  const unanswered = deliveries.filter(
    ({ answer, exchanges }) =>
      answer === null ||
      exchanges.some(({ postingId, outcome }) => outcome === 'unknown' && postingId !== null && wanted.has(postingId)),
  )
  const outcomes = new Map<string, Outcome>()
  for (const delivery of unread) {
    for (const [id, outcome] of await readStored(road, { ...args, delivery })) outcomes.set(id, outcome)
  }
  for (const delivery of unanswered) {
    for (const [id, outcome] of await askToRepeat(road, { ...args, delivery })) outcomes.set(id, outcome)
  }
  return new Map([...outcomes].filter(([id]) => wanted.has(id)))
}

async function readStored(
  road: Road,
  { connection, delivery }: { connection: Connection; delivery: LastDelivery },
): Promise<[string, Outcome][]> {
  const { answer, exchanges } = delivery
  if (!answer) return []
  const stored: Answer = { kind: 'answered', contentType: '', ...answer }
  const understood = road.ledgerOf(connection).decode(exchanges, stored)
  const unread = exchanges.filter(({ outcome }) => outcome === null)
  await saveOutcomes(road.database, {
    outcomes: unread.flatMap(({ id }) => {
      const one = understood.get(id)
      return one ? [{ id, outcome: one.outcome.kind, response: one.response }] : []
    }),
  })
  return unread.flatMap(({ id, postingId }): [string, Outcome][] => {
    const outcome = understood.get(id)?.outcome
    return postingId && outcome ? [[postingId, outcome]] : []
  })
}

/** One question for a lost delivery; each of its exchanges has a twin that holds what is repeated of it. */
async function askToRepeat(
  road: Road,
  { connection, lane, delivery }: { connection: Connection; lane: Lane; delivery: LastDelivery },
): Promise<[string, Outcome][]> {
  const ledger = road.ledgerOf(connection)
  if (!ledger.askAgain) return []
  const { path, exchanges } = delivery
  const twins = exchanges.map((exchange): StoredExchange & { postingId: string | null; lostId: string } => ({
    ...exchange,
    id: uuidv7(),
    lostId: exchange.id,
    purpose: ExchangePurpose.LOOK_UP,
    operation: `repeat ${exchange.operation}`,
  }))
  const envelope = { ...ledger.askAgain({ path, exchanges }), exchanges: twins }
  const outcomes = await carry(road, {
    connection,
    lane,
    envelopes: [envelope],
    postingOf: new Map(twins.flatMap(({ id, postingId }) => (postingId ? [[id, postingId]] : []))),
    decode: (_, answer) => {
      const understood = ledger.decode(exchanges, answer)
      return new Map(
        twins.flatMap(({ id, lostId }) => {
          const one = understood.get(lostId)
          return one ? [[id, one]] : []
        }),
      )
    },
  })
  return twins.flatMap(({ id, postingId }): [string, Outcome][] => {
    const outcome = outcomes.get(id)
    return postingId && outcome ? [[postingId, outcome]] : []
  })
}
