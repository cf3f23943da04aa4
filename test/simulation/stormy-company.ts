import { expect } from '@jest/globals'
import { freshDatabase } from '../database.ts'
import { chaos } from './chaos.ts'
import { ordersOnly } from './companies.ts'

const FAULTS = [
  { entity: 'Invoice', operation: 'create', everyNth: 3, fault: { when: 'after', kind: 'fault', code: '6000' } },
  { path: '/batch?requestid', everyNth: 2, times: 2, fault: { when: 'after', kind: 'cut' } },
  {
    entity: 'Customer',
    operation: 'create',
    everyNth: 3,
    times: 2,
    fault: { when: 'after', kind: 'timeout', seconds: 5 },
  },
]

/** Two workers, killed and frozen at random, answers lost after the fact: each order has exactly one invoice. Prints its seed. */
export async function outliveStorm({ orders, blows }: { orders: number; blows: number }): Promise<void> {
  const seed = Number(process.env.SIMULATION_SEED ?? Date.now() % 1_000_000)
  process.stdout.write(`SIMULATION_SEED=${seed}\n`)
  const [fresh, sandbox] = await Promise.all([
    freshDatabase(),
    ordersOnly({ orders, seed, settings: { requestIdMode: 'ignore', quickBooksLatencyMs: 200 } }),
  ])
  try {
    for (const fault of FAULTS) {
      await sandbox.fetchControl('/faults', { method: 'POST', body: { system: 'quickbooks-online', ...fault } })
    }
    const { wrong, overlaps, atRest, words, ...report } = await chaos({
      sandbox,
      databaseUrl: fresh.url,
      seed,
      blows,
      secondsBetween: { min: 0.6, max: 1.4 },
      secondsMax: 60,
    })
    process.stdout.write(`${JSON.stringify({ ...report, atRest })}\n`)
    if (wrong.length > 0) process.stdout.write(`${words}\n`)
    expect(wrong).toEqual([])
    expect(overlaps).toEqual([])
    expect(atRest['INVOICE PROCESSED']).toBe(orders)
  } finally {
    await Promise.all([fresh.close(), sandbox.stop()])
  }
}
