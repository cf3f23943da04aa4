import type { Tick } from './jobs.ts'

const DOES =
  'Every quarter of an hour: takes over newly posted invoices, so that what was paid of them earns commission.'
const EVERY_SECONDS = 900

/** Brings posted invoices and their payments together. */
export function commissionTick(run: () => Promise<void>): Tick {
  return { name: 'commission', does: DOES, everySeconds: EVERY_SECONDS, run }
}
