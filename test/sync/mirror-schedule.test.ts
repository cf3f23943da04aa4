import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { pino } from 'pino'
import { commissionTicks } from '../../src/jobs/commission.ts'
import { mirrorTicks } from '../../src/jobs/mirror.ts'
import {
  askAllDaily,
  askAllForChanges,
  askForPaymentsDaily,
  readUncapturedWeekly,
} from '../../src/sync/mirror-schedule.ts'
import { watch } from '../../src/sync/watch.ts'
import { type MirrorStage, openMirrorStage } from './mirror-stage.ts'

let stage: MirrorStage
let time: Date
let woken: number

beforeEach(async () => {
  stage = await openMirrorStage()
  woken = 0
})
afterEach(() => stage.close())

/** The ticks as the command schedules them, in the business's time zone, at a time of the test. */
function ticks() {
  const wake = () => {
    woken += 1
  }
  const road = { ...stage.road, crm: { timeZone: 'America/Denver' }, now: () => time, wake }
  const [changes, daily, weekly] = mirrorTicks({
    changes: () => askAllForChanges(road),
    daily: (at) => askAllDaily(road, at),
    weekly: (at) => readUncapturedWeekly(road, at),
  })
  const [, payments] = commissionTicks({
    collect: async () => {},
    pull: (at) => askForPaymentsDaily(road, at),
    readRows: async () => {},
  })
  return { changes, daily, weekly, payments }
}

async function due(): Promise<{ captured: number; counted: number; uncaptured: number }> {
  const [row] = await stage.fresh.database.rows(sql<{ captured: number; counted: number; uncaptured: number }>`
    select count(*) filter (where entity not in ('TAX_CODE', 'TAX_RATE', 'COMPANY_INFO', 'PREFERENCES'))::int as captured,
      count(*) filter (where count_due)::int as counted,
      count(*) filter (where entity in ('TAX_CODE', 'TAX_RATE', 'COMPANY_INFO', 'PREFERENCES'))::int as uncaptured
    from sync_cursor where changes_due_at is not null`)
  return row ?? { captured: 0, counted: 0, uncaptured: 0 }
}

describe('the clock of the mirror', () => {
  test('asks for changes every 15 minutes, and wakes whoever fetches them', async () => {
    time = new Date('2026-03-01T12:00:00Z')
    const { changes } = ticks()
    expect(changes?.everySeconds).toBe(900)
    await changes?.run()
    expect(await due()).toEqual({ captured: 10, counted: 0, uncaptured: 4 })
    expect(woken).toBe(1)
  })

  test('asks every 15 minutes for what was never read, too, and once it was read no more', async () => {
    time = stage.now()
    const { changes } = ticks()
    await changes?.run()
    await stage.steps()
    expect(await stage.differences(['TAX_CODE', 'TAX_RATE', 'COMPANY_INFO', 'PREFERENCES'])).toEqual([])
    await changes?.run()
    expect(await due()).toMatchObject({ captured: 10, uncaptured: 0 })
  })

  test('asks for payments, credits and refunds once a night, from two in the morning of the business', async () => {
    const { payments } = ticks()
    time = new Date('2026-03-02T08:59:00Z')
    await payments?.run()
    expect((await due()).captured).toBe(0)
    time = new Date('2026-03-02T09:01:00Z')
    await payments?.run()
    expect(await due()).toEqual({ captured: 3, counted: 3, uncaptured: 0 })
    await stage.steps()
    await payments?.run()
    expect((await due()).captured).toBe(0)
  })

  test('compares the numbers once a night, from three in the morning of the business', async () => {
    const { daily } = ticks()
    // Denver is seven hours behind.
    time = new Date('2026-03-02T09:59:00Z')
    await daily?.run()
    expect((await due()).counted).toBe(0)
    time = new Date('2026-03-02T10:01:00Z')
    await daily?.run()
    expect((await due()).counted).toBe(10)
    await stage.fresh.database.run(sql`update sync_cursor set count_due = false`)
    time = new Date('2026-03-02T20:00:00Z')
    await daily?.run()
    expect((await due()).counted).toBe(0)
    time = new Date('2026-03-03T10:01:00Z')
    await daily?.run()
    expect((await due()).counted).toBe(10)
  })

  test('reads on Sundays what has no changes to be asked for', async () => {
    const { weekly } = ticks()
    time = new Date('2026-02-28T12:00:00Z')
    await weekly?.run()
    time = new Date('2026-03-01T08:59:00Z')
    await weekly?.run()
    expect((await due()).uncaptured).toBe(0)
    time = new Date('2026-03-01T09:01:00Z')
    await weekly?.run()
    expect((await due()).uncaptured).toBe(4)
    time = stage.now()
    await stage.fresh.database.run(sql`update sync_cursor set changes_due_at = ${time}`)
    await stage.steps()
    expect(await stage.differences(['TAX_CODE', 'TAX_RATE', 'COMPANY_INFO', 'PREFERENCES'])).toEqual([])
  })

  test('begins the mirror by itself: the first question for changes reads everything in full', async () => {
    time = stage.now()
    const { changes, weekly } = ticks()
    await changes?.run()
    await stage.steps()
    expect(await stage.differences(['CUSTOMER', 'ITEM', 'ACCOUNT', 'TERM', 'INVOICE'])).toEqual([])
    expect(weekly?.does).toContain('Sundays')
  })
})

test('an alert is raised when 80 % of the month’s reads are gone, a graver one when all are, and both end with the month', async () => {
  const { database } = stage.fresh
  const limits = { ...stage.road.limits, readsPerMonthMax: 1_000 }
  const look = async (reads: number, at: string) => {
    time = new Date(at)
    await database.run(sql`
      insert into read_meter (connection_id, month, reads) values (${stage.connection.id}, '2026-03', ${reads})
      on conflict (connection_id, month) do update set reads = excluded.reads`)
    await watch({ database, now: () => time, log: pino({ level: 'silent' }), limits })
    const open = await database.rows(
      sql<{ code: string }>`select code from alert where cleared_at is null order by code`,
    )
    return open.map(({ code }) => code).filter((code) => code.startsWith('READS'))
  }
  expect(await look(799, '2026-03-20T12:00:00Z')).toEqual([])
  expect(await look(800, '2026-03-20T12:01:00Z')).toEqual(['READS_RUNNING_OUT'])
  expect(await look(1_000, '2026-03-21T12:00:00Z')).toEqual(['READS_USED_UP'])
  expect(await look(1_000, '2026-04-01T00:00:01Z')).toEqual([])
})
