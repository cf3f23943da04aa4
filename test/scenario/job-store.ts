import { expect } from '@jest/globals'
import { type RunningSandbox, startSandbox } from '../sandbox/spawn.ts'
import { pendingOrders } from './played-crm.ts'
import { type Served, serve, until } from './serve.ts'

const ORDERS = 60

interface StateCount {
  key: string
  count: number
}

/**
 * Sixty orders wait in the CRM. While they are being posted the job store is wiped, again and again: all sixty are
 * PROCESSED in the end, each with one invoice, and the ticks are back.
 */
export async function drainWhileWiped(args: {
  settings: Record<string, string>
  store: string
  wipe: (served: Served) => Promise<void>
}): Promise<void> {
  const sandbox = await startSandbox({
    world: 'incident',
    counts: pendingOrders(ORDERS),
    settings: { quickBooksLatencyMs: 400 },
  })
  const served = await serve({ sandbox, settings: args.settings })
  try {
    await until(async () => (await invoices(sandbox)).length > 0, { what: 'the first invoice is posted' })
    const wiping = wipeUntilDrained({ served, wipe: args.wipe })
    await until(async () => (await processed(served)) === ORDERS, { what: 'all orders are processed' })
    expect(await wiping).toBeGreaterThan(0)
    const numbers = (await invoices(sandbox)).map(({ DocNumber }) => DocNumber)
    expect(numbers).toHaveLength(ORDERS)
    expect(new Set(numbers).size).toBe(ORDERS)
    await until(() => served.output().includes('missing from the job store'), { what: 'the loss was noticed' })
    const found = await ticksThatAreBack(served)
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(['poll', 'work']))
    for (const job of found) expect(job.store).toBe(args.store)
    const { status } = await served.ask<{ status: { jobStore: string } }>('{ status { jobStore } }')
    expect(status.jobStore).toBe(args.store)
    const { code, seconds } = await served.end()
    expect(code).toBe(0)
    // One that hangs does not end at all.
    expect(seconds).toBeLessThan(20)
  } finally {
    await served.end()
    await sandbox.stop()
  }
}

async function wipeUntilDrained({ served, wipe }: { served: Served; wipe: (served: Served) => Promise<void> }) {
  let times = 0
  while ((await processed(served)) < ORDERS) {
    await wipe(served)
    times += 1
  }
  return times
}

async function processed(served: Served): Promise<number> {
  const { postingCounts } = await served.ask<{ postingCounts: StateCount[] }>(
    '{ postingCounts(filter: { kinds: [INVOICE] }) { key count } }',
  )
  return postingCounts.find(({ key }) => key === 'PROCESSED')?.count ?? 0
}

interface Tick {
  name: string
  store: string
  nextRunAt: string | null
}

/** Waits for every tick. A store that was wiped a moment ago may not answer yet. */
async function ticksThatAreBack(served: Served): Promise<Tick[]> {
  let found: Tick[] = []
  const look = async () => {
    try {
      found = (await served.ask<{ jobs: Tick[] }>('{ jobs { name store nextRunAt } }')).jobs
    } catch (error) {
      if (String(error).includes('does not answer')) return false
      throw error
    }
    return found.length > 0 && found.every(({ nextRunAt }) => nextRunAt !== null)
  }
  await until(look, { what: 'the ticks are back' })
  return found
}

async function invoices(sandbox: RunningSandbox): Promise<{ DocNumber: string }[]> {
  const tables = await sandbox.fetchControl<Record<string, number>>('/tables')
  return tables['qbo.Invoice'] === undefined ? [] : sandbox.fetchControl('/records/qbo.Invoice')
}
