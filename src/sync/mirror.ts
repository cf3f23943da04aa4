import type { Connection } from '../domain/connection.ts'
import type { Lane } from '../storage/lanes.ts'
import { readsOfMonth } from '../storage/read-meter.ts'
import { captureDueChanges } from './change-capture.ts'
import type { MirrorLane } from './pull.ts'
import { readNextPage } from './read-mirror.ts'
import type { Road } from './road.ts'
import { takeWebhookEvents } from './webhook-events.ts'

/**
 * One step of the mirror, by whoever has the lane: what QuickBooks told us of, then changes that are due, then one page of
 * what a person asked for. False when there was nothing to do. Nothing is asked once the month's reads are used up: what is
 * left is for the look-ups of postings. Throws NotAnswered, NotAllowed.
 */
export async function mirrorStep(
  road: Road,
  { connection, lane }: { connection: Connection; lane: Lane },
): Promise<boolean> {
  const reader = road.ledgerOf(connection).mirror
  if (!reader) return false
  const held: MirrorLane = { connection, lane, reader }
  const reads = await readsOfMonth(road.database, { connectionId: connection.id, now: road.now() })
  if (reads >= road.limits.readsPerMonthMax) return false
  return (
    (await takeWebhookEvents(road, held)) || (await captureDueChanges(road, held)) || (await readNextPage(road, held))
  )
}
