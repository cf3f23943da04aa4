import { afterEach, expect, test } from '@jest/globals'
import { readProgress } from '../../src/storage/progress.ts'
import { summary } from '../../src/sync/progress.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
afterEach(() => stage.close())

test('the summary says of each reason how many orders it keeps from QuickBooks, and what they amount to', async () => {
  stage = await openStage({ pending: 2, discounted: 1, cancelled: 2, empty: 3, factoryRows: 2 })
  const [first] = [await readProgress(stage.fresh.database)]
  await stage.untilRest()
  const [discounted] = (
    await stage.sandbox.fetchControl<{ OrderId: string; DiscountAmount: string }[]>('/records/creatio.OrderProduct')
  ).filter(({ DiscountAmount }) => DiscountAmount !== '0.00')
  const { Amount } = await stage.order(discounted!.OrderId)
  const progress = await readProgress(stage.fresh.database)
  const lines = summary(progress, { first, seconds: 1, examples: [] }).join('\n')
  expect(lines).toContain(`failed          1   ACCOUNT_NOT_FOUND (${Amount} in all): `)
  expect(lines).toContain('skipped         2   ORDER_CANCELLED: ')
  expect(lines).toContain('skipped         3   ORDER_EMPTY: ')
  expect(lines).toContain('log rows        2   TYPE_NOT_OURS: ')
  expect(lines).toContain('posted          2   new in QuickBooks')
})
