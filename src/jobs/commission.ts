import type { Tick } from './tick.ts'

const COLLECT_SECONDS = 60
const NIGHTLY_HOUR = 2
/** After the night's payments. */
const ROWS_HOUR = 4
/** How often it is looked whether the night's work is due. */
const LOOK_SECONDS = 300

/** Brings payments into the books, and once a night asks QuickBooks for all that changed of them, and the CRM what others put into its table. */
export function commissionTicks(run: {
  collect: () => Promise<unknown>
  pull: (args: { hour: number }) => Promise<unknown>
  readRows: (args: { hour: number }) => Promise<unknown>
}): Tick[] {
  return [
    {
      name: 'commission',
      does: 'Every minute: takes payments and invoices that changed into the ledger of payment applications, tells the CRM, and asks it who earns.',
      everySeconds: COLLECT_SECONDS,
      run: run.collect,
    },
    {
      name: 'payments-daily',
      does: 'Once a night, from 02:00 on: asks QuickBooks for payments, credits and refunds, and compares their numbers.',
      everySeconds: LOOK_SECONDS,
      run: () => run.pull({ hour: NIGHTLY_HOUR }),
    },
    {
      name: 'commission-rows-daily',
      does: 'Once a night, from 04:00 on: finds rows of others in the CRM’s own table of commission that no payment of QuickBooks stands behind.',
      everySeconds: LOOK_SECONDS,
      run: () => run.readRows({ hour: ROWS_HOUR }),
    },
  ]
}
