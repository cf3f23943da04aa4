import { ExchangePurpose } from '../domain/kinds.ts'
import { pruneBodies } from '../storage/prune.ts'
import { type BusinessClock, onceADay } from './business-day.ts'
import { later, type Road } from './road.ts'

const DAY_SECONDS = 86_400

/** Small enough that nobody waits for it, and so many of them that a night keeps up with the busiest day. */
const BATCH_ROWS_MAX = 500
const BATCHES_MAX = 400

/** For how long the bodies of requests and answers are kept. */
export interface Retention {
  /** What was read for the mirror: the mirror has it in its own table. */
  pullDays: number
  /** What was written, and what was looked up for it. */
  postDays: number
}

type PruneRoad = Pick<Road, 'database' | 'now' | 'log' | 'signal'> & BusinessClock

/** Once a day, from the given hour of the business on, deletes the bodies that have been kept for long enough. */
export async function pruneDaily(road: PruneRoad, { hour, keep }: { hour: number; keep: Retention }): Promise<void> {
  await onceADay(road, { name: 'prune-bodies', hour, work: () => prune(road, { keep }) })
}

/** Deletes the bodies that have been kept for long enough, the oldest first, batch by batch. What is left at the end waits for the next night. */
export async function prune(road: PruneRoad, { keep }: { keep: Retention }): Promise<{ pulls: number; posts: number }> {
  const pulls = await pruneOf(road, { carries: ExchangePurpose.PULL, days: keep.pullDays })
  const posts =
    (await pruneOf(road, { carries: ExchangePurpose.POST, days: keep.postDays })) +
    (await pruneOf(road, { carries: ExchangePurpose.LOOK_UP, days: keep.postDays }))
  if (pulls + posts > 0) road.log.info({ pulls, posts }, 'bodies that were kept for long enough were deleted')
  return { pulls, posts }
}

async function pruneOf(
  { database, now, signal }: PruneRoad,
  { carries, days }: { carries: ExchangePurpose; days: number },
): Promise<number> {
  const sentBefore = later(now(), -days * DAY_SECONDS)
  let pruned = 0
  for (let batch = 0; batch < BATCHES_MAX && !signal.aborted; batch += 1) {
    const count = await pruneBodies(database, { carries, sentBefore, limit: BATCH_ROWS_MAX, now: now() })
    pruned += count
    if (count < BATCH_ROWS_MAX) break
  }
  return pruned
}
