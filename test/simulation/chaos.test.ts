import { afterAll, expect, test } from '@jest/globals'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import type { RunningSandbox } from '../sandbox/spawn.ts'
import { chaos } from './chaos.ts'
import { ordersOnly } from './companies.ts'

const ORDERS = 20

let fresh: FreshDatabase
let sandbox: RunningSandbox
afterAll(() => Promise.all([fresh.close(), sandbox.stop()]))

test('two workers, killed and frozen at random, answers lost after the fact: each order has exactly one invoice', async () => {
  const seed = Number(process.env.SIMULATION_SEED ?? Date.now() % 1_000_000)
  process.stdout.write(`SIMULATION_SEED=${seed}\n`)
  ;[fresh, sandbox] = await Promise.all([
    freshDatabase(),
    ordersOnly({ orders: ORDERS, seed, settings: { requestIdMode: 'ignore', quickBooksLatencyMs: 200 } }),
  ])
  const faults = [
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
  for (const fault of faults) {
    await sandbox.fetchControl('/faults', { method: 'POST', body: { system: 'quickbooks-online', ...fault } })
  }
  const { wrong, overlaps, atRest, words, ...report } = await chaos({
    sandbox,
    databaseUrl: fresh.url,
    seed,
    blows: 4,
    secondsBetween: { min: 0.6, max: 1.4 },
    secondsMax: 60,
  })
  process.stdout.write(`${JSON.stringify({ ...report, atRest })}\n`)
  if (wrong.length > 0) process.stdout.write(`${words}\n`)
  expect(wrong).toEqual([])
  expect(overlaps).toEqual([])
  expect(atRest['INVOICE PROCESSED']).toBe(ORDERS)
}, 90_000)
