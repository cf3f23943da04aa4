import { v7 as uuidv7 } from 'uuid'
import type { Connection } from '../domain/connection.ts'
import type { MappedDocument } from '../domain/document.ts'
import { ExchangePurpose } from '../domain/kinds.ts'
import type { Answer, Envelope, Ledger, Outcome, StoredExchange } from '../ledgers/ledger.ts'
import { stopConnection } from '../storage/connections.ts'
import { lastSent, recordDeliveries, saveOutcomes } from '../storage/deliveries.ts'
import type { Lane } from '../storage/lanes.ts'
import { later, type Road } from './road.ts'
import { sendRecorded } from './send.ts'
import { setAside } from './set-aside.ts'
import { settle, type TakenPosting } from './settle.ts'
import { type Aside, alone, type MappedPosting } from './step.ts'

/** The lane is no longer ours, or the connection may not be written to: nothing more is sent in this round. */
export class NotAllowed extends Error {}

/**
 * The key that says what is meant, not who says it: posting, generation and content. Equal for every try; but what changes a
 * record is meant for the revision that was read, and another one makes another request.
 */
export function idempotencyKey({ posting, mapped }: MappedPosting): string {
  const revision = revisionOf(mapped)
  const key = `${posting.id}:${posting.generation}:${posting.contentHash}`
  return revision === null ? key : `${key}:${revision}`
}

/** The revision of the record that a document changes; null for one that makes a record. */
function revisionOf(mapped: MappedDocument): string | null {
  if (mapped.kind === 'VOID') return mapped.revision
  return mapped.kind === 'CUSTOMER' ? (mapped.update?.revision ?? null) : null
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
  const again = new Map<string, StoredExchange[]>()
  const fresh: StoredExchange[] = []
  const aside: Aside[] = []
  const lost = await lostItems(road, { ...args, ledger })
  for (const [position, posting] of args.postings.entries()) {
    const common = { id: uuidv7(), idempotencyKey: idempotencyKey(posting) }
    const item = lost.get(posting.posting.id)
    if (item) {
      const { path, operation, request } = item
      const exchange = { ...common, operation, request, position: item.position, purpose: ExchangePurpose.POST }
      again.set(path, [...(again.get(path) ?? []), exchange])
    } else {
      const request = alone(posting.posting, () => ledger.encode(posting.mapped, common.idempotencyKey))
      if ('to' in request) {
        aside.push(request)
        continue
      }
      fresh.push({ ...request, ...common, position })
    }
    byExchange.set(common.id, posting)
  }
  await setAside(road, { ...args, aside })
  const envelopes = [
    ...[...again].map(([path, exchanges]) => ledger.packAgain({ path, exchanges })),
    ...ledger.pack(fresh, { alone: ledger.pace.alone?.(fresh.length, ledger.limits) ?? 0 }),
  ]
  const taken: TakenPosting[] = []
  const settled = async (outcomes: Map<string, Outcome>) => {
    const pairs = [...outcomes].flatMap(([id, outcome]) => {
      const posting = byExchange.get(id)
      return posting ? [{ ...posting, outcome }] : []
    })
    taken.push(...(await settle(road, { connection: args.connection, claimToken: args.claimToken, answers: pairs })))
  }
  const postingOf = new Map([...byExchange].map(([id, { posting }]) => [id, posting.id]))
  await carry(road, { ...args, envelopes, postingOf, settled })
  return taken
}

/**
 * Postings that were sent, whose answer was lost and whose absence is proven go again as they went: the identical bytes
 * under the identical key, in what is left of their batch. One whose content has changed since is another matter; so is one
 * whose delivery QuickBooks broke down over, where it does one thing after the other: it may go in other company.
 */
async function lostItems(road: Road, { postings, ledger }: { postings: MappedPosting[]; ledger: Ledger }) {
  const keyOf = new Map(
    postings.filter(({ posting }) => posting.absences > 0).map((one) => [one.posting.id, idempotencyKey(one)]),
  )
  const sent = await lastSent(road.database, { postingIds: [...keyOf.keys()] })
  const isSequential = ledger.limits.settleSeconds === 0
  return new Map(
    [...sent].filter(([id, item]) => item.idempotencyKey === keyOf.get(id) && !(isSequential && item.answered)),
  )
}

type Decode = Ledger['decode']

/**
 * Carries deliveries to QuickBooks and back, as many at once as the ledger allows: recorded, then sent under the guard
 * of the lane; the answer saved, then understood. An exchange that could not be sent has no outcome. When one of them
 * fails here, the others are waited for all the same: whoever gives the lane back has nothing under way. Throws
 * NotAllowed when the guard let one not go.
 */
export async function carry(
  road: Road,
  args: {
    connection: Connection
    lane: Lane
    envelopes: Envelope[]
    postingOf: Map<string, string>
    settled?: (outcomes: Map<string, Outcome>) => Promise<void>
    /** How answers are understood: as the ledger does, unless they answer more than their envelopes ask. */
    decode?: Decode
  },
): Promise<Map<string, Outcome>> {
  const ledger = road.ledgerOf(args.connection)
  const { concurrentMax } = ledger.limits
  const { envelopes } = args
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
    let saving = Promise.resolve()
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const carried = await carryOne(road, { ...args, ...next })
        if (carried === null) throw new NotAllowed('the guard of the lane lets nothing go')
        const { outcomes } = carried
        for (const [id, outcome] of outcomes) all.set(id, outcome)
        const before = saving
        saving = carried.saving
        saving.catch(() => undefined)
        // Whoever waits at the other end waits until all is settled. What each exchange came to is saved meanwhile, or later.
        await allSettled([before, args.settled?.(outcomes) ?? Promise.resolve()])
        if (isKnown(outcomes)) ledger.settled?.(next.envelope)
      }
    } finally {
      await saving
    }
  }
  const carriers = Array.from({ length: Math.min(concurrentMax, waiting.length) }, carrier)
  await allSettled(carriers)
  return all
}

/** What is not known yet may still be asked for. */
function isKnown(outcomes: Map<string, Outcome>): boolean {
  return [...outcomes.values()].every(({ kind }) => kind !== 'unknown' && kind !== 'absent')
}

/** Waits for all, then throws what the first of them threw, if any did. */
export async function allSettled(tasks: Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(tasks)).find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}

/**
 * Null when it may not be sent: the lane is no longer ours, the connection was stopped, QuickBooks does not answer, or who
 * called has gone.
 * `saving` keeps what each exchange came to; the answer itself is saved by then.
 */
async function carryOne(
  road: Road,
  args: {
    connection: Connection
    lane: Lane
    envelope: Envelope
    deliveryId: string
    postingOf: Map<string, string>
    decode?: Decode
  },
): Promise<{ outcomes: Map<string, Outcome>; saving: Promise<void> } | null> {
  const { connection, envelope } = args
  const ledger = road.ledgerOf(connection)
  const isWrite = envelope.exchanges.some(({ purpose }) => purpose === ExchangePurpose.POST)
  const writes = isWrite ? envelope.exchanges.flatMap(({ id }) => args.postingOf.get(id) ?? []) : null
  const understand = async (answer: Answer) => {
    const understood = (args.decode ?? ledger.decode)(envelope.exchanges, answer)
    await heed(road, { connection, outcomes: [...understood.values()].map(({ outcome }) => outcome) })
    const rows = [...understood].map(([id, { outcome, response }]) => ({ id, outcome: outcome.kind, response }))
    return {
      outcomes: new Map([...understood].map(([id, { outcome }]) => [id, outcome])),
      saving: saveOutcomes(road.database, { outcomes: rows }),
    }
  }
  return sendRecorded(road, { ...args, writes, understand })
}

/** What an answer means for the whole connection: slow down, or stop. */
export async function heed(road: Road, args: { connection: Connection; outcomes: Outcome[] }): Promise<void> {
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
    await stopConnection(road.database, {
      id: connection.id,
      reason: stop.reason,
      detail: stop.detail,
      now: road.now(),
    })
    road.log.error({ connection: connection.name, reason: stop.reason, ...stop.detail }, 'the connection was stopped')
  }
}
