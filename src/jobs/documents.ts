import type { Tick } from './tick.ts'

const PAYMENTS_SECONDS = 60
const PAYMENTS_HOUR = 2
const CUSTOMERS_HOUR = 3
/** How often it is looked whether the day's work is due. */
const LOOK_SECONDS = 300

/** Takes from the CRM what no log row tells of: payments as they are recorded, and the changes of customers every night. */
export function documentTicks(run: {
  payments: () => Promise<unknown>
  missedPayments: (args: { hour: number }) => Promise<unknown>
  customers: (args: { hour: number }) => Promise<unknown>
}): Tick[] {
  return [
    {
      name: 'payments-recorded',
      does: 'Makes postings of payments that were recorded in the CRM, where the profile says that they are pushed.',
      everySeconds: PAYMENTS_SECONDS,
      run: run.payments,
    },
    {
      name: 'payments-missed',
      does: 'Once a night, from 02:00 on: finds recorded payments that no change showed.',
      everySeconds: LOOK_SECONDS,
      run: () => run.missedPayments({ hour: PAYMENTS_HOUR }),
    },
    {
      name: 'customers-daily',
      does: 'Once a night, from 03:00 on: updates in QuickBooks the customers that changed in the CRM.',
      everySeconds: LOOK_SECONDS,
      run: () => run.customers({ hour: CUSTOMERS_HOUR }),
    },
  ]
}
