import type { Tick } from './tick.ts'

const DOES = 'Once a night, from 04:00 on: deletes bodies of requests and answers that were kept for long enough.'
const HOUR = 4
/** How often it is looked whether the day's pruning is due. */
const EVERY_SECONDS = 300

/** Keeps the stored bodies from growing for ever. */
export function pruneTick(run: (args: { hour: number }) => Promise<unknown>): Tick {
  return { name: 'prune', does: DOES, everySeconds: EVERY_SECONDS, run: () => run({ hour: HOUR }) }
}
