import { afterEach, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { retryPostings } from '../../src/sync/retry.ts'
import { audit } from './auditor.ts'
import { openScene, type Scene, untilRest } from './scene.ts'

let here: Scene
afterEach(() => here.close())

interface Row {
  id: string
  kind: string
  state: string
  reason_code: string | null
  blocked_by_id: string | null
}

function postings(): Promise<Row[]> {
  return here.fresh.database.rows(
    sql<Row>`select id, kind, state, reason_code, blocked_by_id from posting order by kind, id`,
  )
}

test('invoices whose new customer QuickBooks refuses fail with it, and go with it when they are retried', async () => {
  here = await openScene({ orders: 12, claimMax: 30 })
  await here.fault({ entity: 'Customer', operation: 'create', fault: { kind: 'fault', code: '2020' } })
  await untilRest(here)
  const refused = await postings()
  const customers = refused.filter(({ kind }) => kind === 'CUSTOMER')
  const dependents = refused.filter(({ reason_code }) => reason_code === 'CUSTOMER_FAILED')
  expect(customers.length).toBeGreaterThan(0)
  expect(customers.map(({ state }) => state)).toEqual(customers.map(() => 'FAILED'))
  expect(dependents.length).toBeGreaterThanOrEqual(customers.length)
  // They still know whom they waited for, so that they follow when that one is posted after all.
  const refusedIds = customers.map(({ id }) => id)
  for (const { state, blocked_by_id } of dependents) {
    expect(state).toBe('FAILED')
    expect(refusedIds).toContain(blocked_by_id)
  }

  await here.sandbox.fetchControl('/faults', { method: 'DELETE' })
  await retryPostings(
    here.road,
    dependents.map(({ id }) => id),
  )
  await untilRest(here)
  expect(new Set((await postings()).map(({ state }) => state))).toEqual(new Set(['PROCESSED']))
  expect((await audit({ sandbox: here.sandbox, url: here.fresh.url })).wrong).toEqual([])
})
