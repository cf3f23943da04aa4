import { expect, test } from '@jest/globals'
import { isMet } from '../bench/figures.ts'
import { measureWebhooks } from '../bench/webhooks.ts'
import { ordersOnly } from '../simulation/companies.ts'

test('a tenth of the flood: each webhook is acknowledged, told twice and out of order, and the mirror equals QuickBooks', async () => {
  const sandbox = await ordersOnly({ orders: 0, processed: 60, seed: 6 })
  try {
    const [, ...figures] = await measureWebhooks({ sandbox, notices: 100, seconds: 1 })
    expect(figures.filter((figure) => !isMet(figure))).toEqual([])
  } finally {
    await sandbox.stop()
  }
})
