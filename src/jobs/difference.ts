import type { Tick } from './tick.ts'

const DOES = 'Once a night, from 03:00 on: finds orders that could be invoiced and that no log row asks for.'
const HOUR = 3
/** How often it is looked whether the day's difference is due. */
const EVERY_SECONDS = 300

/** Compares the orders with the order log, once a day. */
export function differenceTick(run: (args: { hour: number }) => Promise<unknown>): Tick {
  return { name: 'difference', does: DOES, everySeconds: EVERY_SECONDS, run: () => run({ hour: HOUR }) }
}
