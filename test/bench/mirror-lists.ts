import { sql } from 'kysely'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { paymentPage, sidesPage } from '../../src/storage/mirror-pages.ts'
import type { FreshDatabase } from '../database.ts'
import { fillMirror } from '../storage/many-mirrored.ts'
import { type Figure, quantile } from './figures.ts'

const TIMES = 41

/** Pages of both sides and of payments, over so many customers and as many payments. */
export async function measureMirrorLists({ database }: FreshDatabase, { rows }: { rows: number }): Promise<Figure[]> {
  await fillMirror(database, { rows })
  await database.run(sql`analyze mirror_record`)
  await database.run(sql`analyze posting`)
  const sides = (selection: object, after: string | null = null) =>
    sidesPage(database, { entity: MirrorEntity.CUSTOMER, selection, request: { first: 50, after } })
  const { endCursor } = await sides({})
  const first = await median(() => sides({}))
  const next = await median(() => sides({}, endCursor))
  const byName = await median(() => sides({ name: 'name 4711' }))
  const payments = await median(() =>
    paymentPage(database, { selection: { customerId: '7' }, request: { first: 50, after: null } }),
  )
  return [
    { name: 'a page of both sides', measured: first, unit: 'ms median', goal: { atMost: 250 } },
    { name: 'a page behind it, beside it', measured: next / first, unit: 'times', goal: { atMost: 3 } },
    { name: 'a page that is found by name, beside it', measured: byName / first, unit: 'times', goal: { atMost: 3 } },
    { name: 'a page of payments of a customer', measured: payments, unit: 'ms median', goal: { atMost: 250 } },
  ]
}

async function median(ask: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let time = 0; time < TIMES; time += 1) {
    const startedAt = performance.now()
    await ask()
    times.push(performance.now() - startedAt)
  }
  return quantile(times, 0.5)
}
