import type { Tick } from './tick.ts'

const DOES = 'Reads the order log of the CRM and makes a posting of each order that is ready.'

/** Reads the order log. */
export function pollTick(args: { everySeconds: number; poll: () => Promise<unknown> }): Tick {
  return { name: 'poll', does: DOES, everySeconds: args.everySeconds, run: args.poll }
}
