import { afterEach, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
afterEach(() => stage?.close())

interface Witnessed {
  method: string
  path: string
  status: number | null
}

test('every call of the road is a delivery: method, path, status, duration, and the id that Intuit gave it', async () => {
  stage = await openStage({ pending: 5 })
  await stage.fault({
    ...{ system: 'quickbooks-online', entity: 'Invoice', operation: 'create', times: 1 },
    fault: { when: 'before', kind: 'fault', code: '5010' },
  })
  await stage.untilRest()
  const log = await stage.sandbox.fetchControl<Witnessed[]>('/log?system=quickbooks-online')
  // What the company is, is asked outside of any posting.
  const calls = log.filter(({ path }) => path.startsWith('/v3/') && !/\/(companyinfo|preferences)\b/.test(path))
  const deliveries = await stage.fresh.database.rows(
    sql<Witnessed>`select method, path, status from delivery order by sent_at`,
  )
  const inShort = ({ method, path, status }: Witnessed) => `${method} ${path} ${status}`
  expect(calls.length).toBeGreaterThan(2)
  expect(deliveries.map(inShort).toSorted()).toEqual(calls.map(inShort).toSorted())
  const [told] = await stage.fresh.database.rows(sql<{ whole: boolean }>`
    select bool_and(intuit_tid <> '' and duration_ms is not null and answered_at >= sent_at) as whole from delivery`)
  expect(told?.whole).toBe(true)
  // Each try is an exchange of its own, under one key.
  const [tries] = await stage.fresh.database.rows(sql<{ most: number; keys: number }>`
    select count(*)::int as most, count(distinct idempotency_key)::int as keys from exchange
    where purpose = 'POST' and posting_id is not null group by posting_id order by 1 desc limit 1`)
  expect(tries).toEqual({ most: 2, keys: 1 })
})
