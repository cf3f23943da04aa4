import type { Tick } from './tick.ts'

const EVERY_SECONDS = 60
const DOES = 'Renews the sign-ins to QuickBooks that end within half an hour.'

/** Keeps the sign-ins to QuickBooks alive. */
export function tokensTick({ keepTokens }: { keepTokens: () => Promise<void> }): Tick {
  return { name: 'tokens', does: DOES, everySeconds: EVERY_SECONDS, run: keepTokens }
}
