import type { Tick } from './tick.ts'

const HOUR = 5
/** How often it is looked whether the night's work is due. */
const LOOK_SECONDS = 300
const DOES = 'Once a night, from 05:00 on: compares CRM, postings and QuickBooks of the last five weeks.'

/** Compares the three sides each night; what differs is listed, and nothing heals by itself. */
export function reconcileTick(run: (args: { hour: number }) => Promise<unknown>): Tick {
  return { name: 'reconcile', does: DOES, everySeconds: LOOK_SECONDS, run: () => run({ hour: HOUR }) }
}
