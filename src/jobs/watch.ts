import type { Tick } from './tick.ts'

const EVERY_SECONDS = 15
const DOES = 'Looks for what a person should know of: raises alerts, and clears those that are over.'

/** Raises and clears alerts. */
export function watchTick({ watch }: { watch: () => Promise<void> }): Tick {
  return { name: 'watch', does: DOES, everySeconds: EVERY_SECONDS, run: watch }
}
