import type { Tick } from './tick.ts'

const ITEMS_HOUR = 4
/** How often it is looked whether the day's work is due. */
const LOOK_SECONDS = 300

/** Matches the items of QuickBooks to the products of the CRM every night. */
export function itemsTick(run: { pull: (args: { hour: number }) => Promise<unknown> }): Tick {
  return {
    name: 'items-daily',
    does: 'Once a night, from 04:00 on: matches the items of QuickBooks to products of the CRM, and updates those.',
    everySeconds: LOOK_SECONDS,
    run: () => run.pull({ hour: ITEMS_HOUR }),
  }
}
