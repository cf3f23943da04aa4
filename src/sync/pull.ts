import { v7 as uuidv7 } from 'uuid'
import type { Connection } from '../domain/connection.ts'
import type { PulledRecords } from '../domain/mirror-page.ts'
import { reasonOf } from '../domain/reason.ts'
import type { MirrorReader, Pull, Pulled, StoredExchange } from '../ledgers/ledger.ts'
import { recordDeliveries, saveOutcomes } from '../storage/deliveries.ts'
import type { Lane } from '../storage/lanes.ts'
import { NotAnswered } from './ask.ts'
import { heed, NotAllowed } from './deliver.ts'
import type { Road } from './road.ts'
import { sendRecorded } from './send.ts'

/** The lane of a connection whose ledger is mirrored. */
export interface MirrorLane {
  connection: Connection
  lane: Lane
  reader: MirrorReader
}

/** QuickBooks refused the question itself: asking again would change nothing. */
export class PullRefused extends Error {}

/** What a pull brought. */
export interface Haul extends Omit<PulledRecords, 'toldAt'> {
  /** When it was asked, by our clock. */
  askedAt: Date
  /** The same moment by the slower of the two clocks: no later change can bear an earlier time. */
  through: Date
}

/**
 * Asks one question for the mirror, as every question is asked: recorded, then sent under the guard of the lane; the answer
 * saved, then understood. Throws NotAnswered when it may be asked again later, PullRefused when not, NotAllowed when the
 * guard let it not go.
 */
export async function pull(road: Road, held: MirrorLane, question: Pull): Promise<Haul> {
  const { connection, lane, reader } = held
  const id = uuidv7()
  const exchange: StoredExchange = { ...reader.encode(question), id, idempotencyKey: id, position: 0 }
  const envelope = reader.pack(exchange)
  const drafts = [{ ...envelope, exchanges: [{ ...exchange, postingId: null }] }]
  const [deliveryId = ''] = await recordDeliveries(road.database, { lane, deliveries: drafts, now: road.now() })
  const haul = await sendRecorded(road, {
    ...{ connection, lane, envelope, deliveryId, writes: null },
    async understand(answer, { at: askedAt }) {
      const pulled = reader.decode(exchange, answer)
      await saveOutcomes(road.database, { outcomes: [{ id, outcome: pulled.kind, response: null }] })
      if (pulled.kind === 'pulled') return { ...pulled, askedAt, through: throughOf({ askedAt, ...pulled }) }
      await heed(road, { connection, outcomes: [pulled] })
      throw refusalOf(exchange, pulled)
    },
  })
  if (haul === null) throw new NotAllowed('the guard of the lane lets nothing go')
  return haul
}

function refusalOf({ operation }: StoredExchange, pulled: Exclude<Pulled, { kind: 'pulled' }>): Error {
  const text = `${operation}: ${reasonOf(pulled.reason, pulled.detail).sentence}`
  return pulled.kind === 'rejected' ? new PullRefused(text) : new NotAnswered(text)
}

function throughOf({ askedAt, toldAt }: { askedAt: Date; toldAt: string | null }): Date {
  // The answer was told after it was asked, so that a clock that runs with ours says no less than `askedAt`.
  return toldAt === null ? askedAt : new Date(Math.min(askedAt.getTime(), Date.parse(toldAt)))
}
