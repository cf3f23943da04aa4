import type { Tick } from './tick.ts'

const CHANGES_SECONDS = 900
const DAILY_HOUR = 3
const WEEKLY = { weekday: 0, hour: 2 }
/** How often it is looked whether the day's or the week's work is due. */
const LOOK_SECONDS = 300

/** Keeps the mirror of QuickBooks near: changes every 15 minutes, the numbers every night, and what has no changes on Sundays. */
export function mirrorTicks(run: {
  changes: () => Promise<unknown>
  daily: (args: { hour: number }) => Promise<unknown>
  weekly: (args: { weekday: number; hour: number }) => Promise<unknown>
}): Tick[] {
  return [
    {
      name: 'changes',
      does: 'Asks QuickBooks for what changed since the last time.',
      everySeconds: CHANGES_SECONDS,
      run: run.changes,
    },
    {
      name: 'changes-daily',
      does: 'Once a night, from 03:00 on: compares the numbers of records with QuickBooks, too.',
      everySeconds: LOOK_SECONDS,
      run: () => run.daily({ hour: DAILY_HOUR }),
    },
    {
      name: 'uncaptured-weekly',
      does: 'On Sundays, from 02:00 on: reads tax codes and rates, company and preferences, of whose changes QuickBooks does not tell.',
      everySeconds: LOOK_SECONDS,
      run: () => run.weekly(WEEKLY),
    },
  ]
}
