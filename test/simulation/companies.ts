import { type RunningSandbox, startSandbox } from '../sandbox/spawn.ts'

/** A sandbox whose order log holds so many plain Pending orders and nothing else; a quarter of their customers are new to QuickBooks. */
export function ordersOnly(options: {
  orders: number
  /** Eligible orders of which the order log does not know. */
  withoutLogRow?: number
  /** Orders that were posted long ago: an invoice each in QuickBooks. */
  processed?: number
  seed: number
  settings?: Record<string, string | number | boolean>
}): Promise<RunningSandbox> {
  return startSandbox({
    world: 'incident',
    seed: options.seed,
    counts: {
      ...NONE,
      pending: options.orders,
      withoutLogRow: options.withoutLogRow ?? 0,
      processed: options.processed ?? 0,
    },
    ...(options.settings ? { settings: options.settings } : {}),
  })
}

const NONE = {
  falselyProcessed: 0,
  processed: 0,
  stuckAbsent: 0,
  stuckInQuickBooks: 0,
  timedOutAbsent: 0,
  timedOutInQuickBooks: 0,
  pending: 0,
  adoptable: 0,
  mismatched: 0,
  discounted: 0,
  unknownCustomer: 0,
  cancelled: 0,
  empty: 0,
  zeroQuantity: 0,
  severalRows: 0,
  deleteRows: 0,
  factoryRows: 0,
  inventoryRows: 0,
  commissionRows: 0,
  withoutLogRow: 0,
}

export const SANDBOX_CRM = { userName: 'Supervisor', password: 'sandbox-password' } as const
export const SANDBOX_APP = {
  clientId: 'sandbox-qbo-client',
  clientSecret: 'sandbox-qbo-secret',
  refreshToken: 'sandbox-refresh-token',
} as const
