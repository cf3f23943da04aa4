import type { Tick } from './tick.ts'

const COLLECT_SECONDS = 30
const DAILY_HOUR = 5
/** How often it is looked whether the day's work is due. */
const LOOK_SECONDS = 300

/** Asks for the figures of the books once a day, and counts what was answered. */
export function metricTicks(run: {
  collect: () => Promise<unknown>
  ask: (args: { hour: number }) => Promise<unknown>
}): Tick[] {
  return [
    {
      name: 'metrics',
      does: 'Counts what QuickBooks told of profit and loss and of employees, and follows changes of the rules.',
      everySeconds: COLLECT_SECONDS,
      run: run.collect,
    },
    {
      name: 'metrics-daily',
      does: 'Once a day, from 05:00 on: asks QuickBooks for the figures of this month and the two before; the first time, of 24 months.',
      everySeconds: LOOK_SECONDS,
      run: () => run.ask({ hour: DAILY_HOUR }),
    },
  ]
}
