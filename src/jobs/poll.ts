import type { Tick } from './jobs.ts'

/** Reads the order log. */
export function pollTick(args: { everySeconds: number; poll: () => Promise<unknown> }): Tick {
  return { name: 'poll', everySeconds: args.everySeconds, run: args.poll }
}
