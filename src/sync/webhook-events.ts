import type { MirroredEntity } from '../domain/mirror.ts'
import type { WebhookEvent } from '../domain/webhook-event.ts'
import { markMerged } from '../storage/mirror.ts'
import { noteWebhook } from '../storage/sync-cursors.ts'
import { finishWebhookEvents, pendingWebhookEvents, postponeWebhookEvents } from '../storage/webhook-events.ts'
import { NotAnswered } from './ask.ts'
import { type MirrorLane, PullRefused, pull } from './pull.ts'
import { later, type Road } from './road.ts'
import { takeRecords } from './take-records.ts'

const EVENTS_MAX = 1_000
/** What is told within so short a time is read together: reads are metered. */
const GATHER_SECONDS = 2
const AGAIN_SECONDS = 30

/**
 * Reads what QuickBooks told us of, each record once however often and in whatever order it was told. What an event says
 * of a record is never believed: what QuickBooks has now is. False when nothing waits.
 */
export async function takeWebhookEvents(road: Road, held: MirrorLane): Promise<boolean> {
  const connectionId = held.connection.id
  const now = road.now()
  const gatheredBefore = later(now, -GATHER_SECONDS)
  const events = await pendingWebhookEvents(road.database, { connectionId, gatheredBefore, limit: EVENTS_MAX, now })
  if (events.length === 0) return false
  for (const [entity, told] of byEntity(events)) {
    const ids = [...new Set(told.map(({ quickBooksId }) => quickBooksId))]
    for (let start = 0; start < ids.length; start += held.reader.idsMax) {
      const asked = new Set(ids.slice(start, start + held.reader.idsMax))
      const chunk = told.filter(({ quickBooksId }) => asked.has(quickBooksId))
      await take(road, held, {
        entity,
        ids: [...asked, ...chunk.flatMap(({ mergedId }) => mergedId ?? [])],
        events: chunk,
      })
    }
  }
  return true
}

async function take(
  road: Road,
  held: MirrorLane,
  { entity, ids, events }: { entity: MirroredEntity; ids: string[]; events: WebhookEvent[] },
): Promise<void> {
  const eventIds = events.map(({ id }) => id)
  const connectionId = held.connection.id
  try {
    const haul = await pull(road, held, { kind: 'IDS', entity, ids })
    const found = new Set(haul.records.map(({ quickBooksId }) => quickBooksId))
    // Told to be deleted and not there when asked for: two witnesses. What is merely not there is left to change capture.
    const dead = events.filter(({ operation, quickBooksId }) => operation === 'DELETED' && !found.has(quickBooksId))
    const active = new Set(haul.records.flatMap((one) => (one.active ? [one.quickBooksId] : [])))
    const merges = events.flatMap(({ mergedId, quickBooksId }) =>
      mergedId && !active.has(mergedId) ? [{ entity, goneId: mergedId, intoId: quickBooksId }] : [],
    )
    await road.database.transaction(async (transaction) => {
      const mergedAway = merges.flatMap(({ goneId }) => (found.has(goneId) ? [] : [goneId]))
      const gone = [...dead.map(({ quickBooksId }) => quickBooksId), ...mergedAway]
      await takeRecords(transaction, { held, haul, gone: gone.map((id) => ({ entity, id })), now: road.now() })
      await markMerged(transaction, { connectionId, merges, now: road.now() })
      await finishWebhookEvents(transaction, { ids: eventIds, now: road.now() })
      await noteWebhook(transaction, { connectionId, entities: [entity], now: road.now() })
    })
  } catch (error) {
    if (!(error instanceof NotAnswered || error instanceof PullRefused)) throw error
    await postponeWebhookEvents(road.database, { ids: eventIds, until: later(road.now(), AGAIN_SECONDS) })
    if (error instanceof NotAnswered) throw error
    road.log.warn({ connection: held.connection.name, error: error.message }, 'what a webhook named cannot be read')
  }
}

function byEntity(events: WebhookEvent[]): Map<MirroredEntity, WebhookEvent[]> {
  const groups = new Map<MirroredEntity, WebhookEvent[]>()
  for (const event of events) {
    if (event.entity) groups.set(event.entity, [...(groups.get(event.entity) ?? []), event])
  }
  return groups
}
