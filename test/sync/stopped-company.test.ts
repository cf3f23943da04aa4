import { afterEach, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Connection } from '../../src/domain/connection.ts'
import { findConnection, turnConnection } from '../../src/storage/connections.ts'
import { work } from '../../src/sync/work.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
afterEach(() => stage?.close())

const HALF_HOUR_SECONDS = 1_800
const TICK_SECONDS = 5

async function customNumbers(customTxnNumbers: boolean): Promise<void> {
  await stage.sandbox.fetchControl('/settings', { method: 'PATCH', body: { customTxnNumbers } })
}

async function asked(): Promise<number> {
  const [row] = await stage.fresh.database.rows(sql<{ count: number }>`
    select count(*)::int as count from delivery where path like '%/companyinfo/%' and sent_at is not null`)
  return row?.count ?? 0
}

const connection = async () => (await findConnection(stage.fresh.database, stage.connection)) as Connection

test('a company that is not fit to post to is asked ever more rarely, goes on when it is fit, and at once for a person', async () => {
  stage = await openStage({ pending: 1 })
  await customNumbers(false)
  for (let second = 0; second < HALF_HOUR_SECONDS; second += TICK_SECONDS) {
    await work(stage.road)
    await stage.clock.advance({ seconds: TICK_SECONDS })
  }
  expect(await connection()).toMatchObject({ state: 'STOPPED', stateReasonCode: 'CUSTOM_NUMBERS_OFF' })
  // 0, 5, 20, 80 s, and then every five minutes.
  expect(await asked()).toBeGreaterThan(6)
  expect(await asked()).toBeLessThan(12)

  await customNumbers(true)
  await stage.clock.advance({ seconds: 301 })
  await work(stage.road)
  expect((await connection()).state).toBe('ACTIVE')

  const another = await stage.another('two')
  await customNumbers(false)
  await stage.fresh.database.run(sql`update connection set state = 'STOPPED'`)
  await work(another)
  await work(another)
  const author = { name: 'an operator', keyId: null, connectionIds: null }
  const before = await asked()
  await work(another)
  expect(await asked()).toBe(before)
  const resumed = { id: stage.connection.id, author, action: 'resumeConnection', now: stage.clock.now() } as const
  expect(await turnConnection(stage.fresh.database, resumed)).toBe(true)
  await customNumbers(true)
  await work(another)
  expect(await asked()).toBe(before + 1)
  expect((await connection()).state).toBe('ACTIVE')
})
