import {
  NO_ORDERS,
  type RunningSandbox,
  type SandboxOptions,
  type SpawnedSandbox,
  spawnSandbox,
  startSandbox,
} from '../sandbox/spawn.ts'

export interface Orders {
  orders: number
  /** Eligible orders of which the order log does not know. */
  withoutLogRow?: number
  /** Orders that were posted long ago: an invoice each in QuickBooks. */
  processed?: number
  seed: number
  settings?: Record<string, string | number | boolean>
}

/** A sandbox whose order log holds so many plain Pending orders and nothing else; a quarter of their customers are new to QuickBooks. */
export function ordersOnly(options: Orders): Promise<RunningSandbox> {
  return startSandbox(worldOf(options))
}

/** The same in a process of its own, whose processor time counts for nobody else. */
export function ordersOnlyAlone(options: Orders): Promise<SpawnedSandbox> {
  return spawnSandbox(worldOf(options))
}

function worldOf({ orders, withoutLogRow = 0, processed = 0, seed, settings }: Orders): SandboxOptions {
  const counts = { ...NO_ORDERS, pending: orders, withoutLogRow, processed }
  return { world: 'incident', seed, counts, ...(settings ? { settings } : {}) }
}

export const SANDBOX_CRM = { userName: 'Supervisor', password: 'sandbox-password' } as const
export const SANDBOX_APP = {
  clientId: 'sandbox-qbo-client',
  clientSecret: 'sandbox-qbo-secret',
  refreshToken: 'sandbox-refresh-token',
} as const
