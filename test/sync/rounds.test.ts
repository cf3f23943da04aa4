import { afterEach, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Road } from '../../src/sync/road.ts'
import { work } from '../../src/sync/work.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
afterEach(() => stage?.close())

/** A road that takes two postings in a round, so that each round is one delivery. */
async function openSmallRounds(orders: number): Promise<Road> {
  stage = await openStage({ pending: orders }, { quickBooksLatencyMs: 150 }, { answerTimeoutSeconds: 10 })
  await stage.poll()
  return { ...stage.road, limits: { ...stage.road.limits, claimMax: 2 } }
}

interface Sent {
  from: number
  until: number
  customers: boolean
}

async function deliveriesOfWrites(): Promise<Sent[]> {
  return stage.fresh.database.rows(sql<Sent>`
    select extract(epoch from sent_at)::float8 as from, extract(epoch from answered_at)::float8 as until,
      bool_or(operation = 'create Customer') as customers
    from delivery join exchange on delivery_id = delivery.id where purpose = 'POST' group by delivery.id order by sent_at`)
}

test('the next round is made ready and sent while the answers of one are awaited, and never a third', async () => {
  const road = await openSmallRounds(10)
  await work(road)
  const sent = await deliveriesOfWrites()
  const beside = sent.map((one) => sent.filter(({ from, until }) => from <= one.from && until > one.from).length)
  expect(Math.max(...beside)).toBe(2)
})

test('a round with customers is waited for: no order of the next one takes its customer for missing', async () => {
  const road = await openSmallRounds(12)
  await work(road)
  const states = await stage.fresh.database.rows(
    sql<{ kind: string; state: string }>`select distinct kind, state from posting order by kind`,
  )
  expect(states).toEqual([
    { kind: 'CUSTOMER', state: 'POSTED' },
    { kind: 'INVOICE', state: 'POSTED' },
  ])
  const sent = await deliveriesOfWrites()
  const withCustomers = sent.filter(({ customers }) => customers)
  expect(withCustomers.length).toBeGreaterThan(0)
  for (const one of withCustomers) {
    expect(sent.filter(({ from }) => from > one.from && from < one.until)).toEqual([])
  }
})
