import { poll } from '../sync/poll.ts'
import type { Road } from '../sync/road.ts'
import type { Tick } from './jobs.ts'

/** Reads the order log. */
export function pollTick(road: Road, { everySeconds }: { everySeconds: number }): Tick {
  return { name: 'poll', everySeconds, run: () => poll(road) }
}
