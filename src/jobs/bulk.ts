import type { Tick } from './tick.ts'

const EVERY_SECONDS = 5
const DOES = 'Goes on with bulk operations that nobody works on, and sees what became of their postings.'

/** Takes up bulk operations whose worker died, and counts what has come to rest. */
export function bulkTick({ wake }: { wake: () => Promise<void> }): Tick {
  return { name: 'bulk', does: DOES, everySeconds: EVERY_SECONDS, run: wake }
}
