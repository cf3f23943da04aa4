// One worker, or several, on one company and one database, in the test's own process and with a clock that it moves.
import { sql } from 'kysely'
import type { Connection } from '../../src/domain/connection.ts'
import type { Ledger } from '../../src/ledgers/ledger.ts'
import { poll } from '../../src/sync/poll.ts'
import type { Road } from '../../src/sync/road.ts'
import { tell, work } from '../../src/sync/work.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import type { RunningSandbox } from '../sandbox/spawn.ts'
import { ordersOnly } from './companies.ts'
import { MovedClock, openRoad } from './road.ts'

const ROUNDS_MAX = 60
const TICK_SECONDS = 16

export interface Scene {
  fresh: FreshDatabase
  sandbox: RunningSandbox
  clock: MovedClock
  road: Road
  connection: Connection
  /** One more worker on the same company. */
  worker(args: { instance: string; around?: (ledger: Ledger) => Ledger }): Promise<Road>
  fault(rule: object): Promise<void>
  close(): Promise<void>
}

/** So many plain Pending orders, and a road that takes at most `claimMax` of them in one round. */
export async function openScene(args: {
  orders: number
  claimMax: number
  settings?: Record<string, string>
}): Promise<Scene> {
  const { orders, claimMax, settings = {} } = args
  const fresh = await freshDatabase()
  const sandbox = await ordersOnly({ orders, seed: 7, settings })
  const clock = new MovedClock(sandbox)
  const worker = async (extra: { instance: string; around?: (ledger: Ledger) => Ledger }) => {
    const { road, connection } = await openRoad({ database: fresh.database, sandbox, clock, ...extra })
    return { road: { ...road, limits: { ...road.limits, claimMax } }, connection }
  }
  return {
    fresh,
    sandbox,
    clock,
    ...(await worker({ instance: 'one' })),
    worker: async (extra) => (await worker(extra)).road,
    fault: async (rule) => {
      await sandbox.fetchControl('/faults', { method: 'POST', body: { system: 'quickbooks-online', ...rule } })
    },
    close: async () => {
      await Promise.all([fresh.close(), sandbox.stop()])
    },
  }
}

/** Works, a tick after the other, until everything has come to rest. */
export async function untilRest({ fresh, road, clock }: Scene): Promise<void> {
  await poll(road)
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    await work(road)
    await tell(road)
    const [row] = await fresh.database.rows(sql<{ live: number }>`
      select count(*)::int as live from posting
      where state in ('PENDING', 'CLAIMED', 'SENT', 'UNKNOWN', 'POSTED') or write_back_at is not null`)
    if (row?.live === 0) return
    await clock.advance({ seconds: TICK_SECONDS })
  }
}
