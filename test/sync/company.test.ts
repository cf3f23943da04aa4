import { afterEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Connection } from '../../src/domain/connection.ts'
import { findConnection } from '../../src/storage/connections.ts'
import { openStage, type Stage, tick } from './stage.ts'

let stage: Stage
afterEach(() => stage?.close())

async function asked(): Promise<number> {
  const [row] = await stage.fresh.database.rows(sql<{ count: number }>`
    select count(*)::int as count from delivery where path like '%/companyinfo/%' and sent_at is not null`)
  return row?.count ?? 0
}

const connection = async () => (await findConnection(stage.fresh.database, stage.connection)) as Connection

/** The access ends, and an order waits: the next call renews the sign-in by itself. */
async function renewOnTheWay(): Promise<void> {
  await stage.clock.advance({ seconds: 3_700 })
  const [order] = (await stage.orders()).filter(({ BGHasQuickBooksLog }) => BGHasQuickBooksLog === false)
  await stage.logRow({ BGName: order?.Number, BGRecordId: order?.Id })
  await tick(stage)
  const [renewals] = await stage.fresh.database.rows(
    sql<{ count: number }>`select count(*)::int as count from token_refresh where cause = 'CALL'`,
  )
  expect(renewals?.count).toBeGreaterThan(1)
}

describe('the company', () => {
  test('is looked at once at the start, and once after each renewal of its sign-in, before anything else is posted', async () => {
    stage = await openStage({ pending: 1, withoutLogRow: 2 })
    await stage.untilRest()
    for (const _ of [1, 2, 3]) await tick(stage)
    expect(await asked()).toBe(1)
    await renewOnTheWay()
    for (const _ of [1, 2, 3]) await tick(stage)
    expect(await asked()).toBe(2)
  })

  test('that cannot be asked after a renewal is not stopped for that, and goes on as soon as it answers', async () => {
    stage = await openStage({ pending: 1, withoutLogRow: 2 })
    await stage.untilRest()
    await stage.fault({
      ...{ system: 'quickbooks-online', path: 'companyinfo', times: 2 },
      fault: { when: 'before', kind: 'status', status: 503 },
    })
    await renewOnTheWay()
    await tick(stage)
    expect((await connection()).state).toBe('ACTIVE')
    await stage.untilRest()
    expect((await connection()).state).toBe('ACTIVE')
    expect((await stage.invoices()).length).toBe(2)
  })
})
