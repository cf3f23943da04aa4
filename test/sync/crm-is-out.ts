import { expect } from '@jest/globals'
import { sql } from 'kysely'
import { work } from '../../src/sync/work.ts'
import { type Stage, tick } from './stage.ts'

async function states({ fresh }: Stage): Promise<Record<string, number>> {
  const rows = await fresh.database.rows(sql<{ state: string; count: number }>`
    select state, count(*)::int as count from posting where kind = 'INVOICE' group by 1`)
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}

/** The CRM goes while orders are being posted, for so many seconds, and comes back. */
export async function crmIsOut(stage: Stage, { orders, seconds }: { orders: number; seconds: number }): Promise<void> {
  await stage.poll()
  await work(stage.road)
  const { POSTED: before = 0 } = await states(stage)
  expect(before).toBeGreaterThan(0)
  await stage.fault({ fault: { kind: 'cut' } })
  const downAt = stage.clock.now()
  for (let passed = 0; passed < seconds; passed += 60) {
    await tick(stage)
    await stage.clock.advance({ seconds: 55 })
  }
  expect(stage.logged.filter((line) => line.startsWith('the CRM is out'))).toHaveLength(1)
  expect(stage.logged).toHaveLength(1)
  expect(stage.health).toMatchObject({ state: 'DOWN' })
  expect((stage.health.outSince?.getTime() ?? 0) - downAt.getTime()).toBeLessThan(60_000)
  expect(stage.health.outSince).not.toBeNull()
  expect(stage.health.detail).toContain('out since')
  expect((await states(stage)).PROCESSED).toBeUndefined()

  await stage.mend()
  const backAt = stage.clock.now().getTime()
  while ((await states(stage)).PROCESSED !== orders) {
    await tick(stage)
    expect(stage.clock.now().getTime() - backAt).toBeLessThan(60_000)
  }
  expect(stage.health).toMatchObject({ state: 'UP', outSince: null })
  expect(stage.logged.slice(1)).toEqual(['the CRM answers again'])
  expect(await stage.invoices()).toHaveLength(orders)
}
