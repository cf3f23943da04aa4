import type { Tick } from './jobs.ts'

const EVERY_SECONDS = 5

/** Moves what a wake-up missed: postings whose time has come, lost answers, write-backs that are due again. */
export function workTick({ wake }: { wake: () => Promise<void> }): Tick {
  return { name: 'work', everySeconds: EVERY_SECONDS, run: wake }
}
