import { afterEach, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { parseProfile } from '../../src/creatio/profile.ts'
import { tell, work } from '../../src/sync/work.ts'
import { crmIsOut } from './crm-is-out.ts'
import { openStage, type Stage } from './stage.ts'

const { actions } = parseProfile().orderLog
const ORDERS = 240

let stage: Stage
afterEach(() => stage.close())

test('a CRM that is down for an hour loses nothing, costs one line in the log, stands in the status, and knows within a minute of its return', async () => {
  stage = await openStage({ pending: 260 })
  await crmIsOut(stage, { orders: 260, seconds: 3_600 })
}, 60_000)

test('two processes that tell hundreds of orders at once never tell twice', async () => {
  stage = await openStage({ pending: ORDERS })
  await stage.poll()
  for (let round = 0; round < 5; round += 1) await work(stage.road)
  const other = await stage.another('two')
  await Promise.all([tell(stage.road), tell(other), tell(stage.road), tell(other)])
  const [row] = await stage.fresh.database.rows(sql<{ count: number }>`
    select count(*)::int as count from posting where kind = 'INVOICE' and state = 'PROCESSED'`)
  expect(row?.count).toBe(ORDERS)
  // Rows that the CRM wrote of itself: one for each change of an order.
  const told = await stage.rows({ BGActionId: actions.UPDATE })
  expect(told).toHaveLength(ORDERS)
  expect(new Set(told.map(({ BGRecordId }) => BGRecordId)).size).toBe(ORDERS)
})
