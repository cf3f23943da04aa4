// Figures as the road brings them: the hand-checked books are entered into a played company of either kind, asked for under the
// lane or within a conversation, and counted.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { LedgerKind } from '../../src/domain/kinds.ts'
import { LEDGER_METRICS } from '../../src/domain/ledger-metric.ts'
import { metricTicks } from '../../src/jobs/metrics.ts'
import { collectMetrics } from '../../src/metrics/collect.ts'
import { ledgerMetrics, metricMonths, metricStanding } from '../../src/metrics/report.ts'
import { listConnections } from '../../src/storage/connections.ts'
import { areMonthsDue, askForMonths } from '../../src/storage/metric-pulls.ts'
import { readsOfMonth } from '../../src/storage/read-meter.ts'
import { withLane } from '../../src/sync/lane.ts'
import { askForMetricsDaily, pullMetricsNow } from '../../src/sync/metric-schedule.ts'
import { metricStep } from '../../src/sync/pull-metrics.ts'
import type { Road } from '../../src/sync/road.ts'
import { converse } from '../../src/sync/work.ts'
import { FIGURES, NET_INCOME } from '../fixtures/profit-and-loss/books.ts'
import { ENTERED_ACCOUNTS, ENTERED_JOURNAL } from '../fixtures/profit-and-loss/entered.ts'
import { caller, fileId, openDesktop, ownerId } from '../ledgers/quickbooks-desktop/office.ts'
import { desktopSeed, OpenFile } from '../sandbox/quickbooks-desktop/company-file.ts'
import { companySeed } from '../sandbox/quickbooks-online/open-company.ts'
import { connectionRow, insertRows } from '../storage/rows.ts'
import { type MirrorStage, openMirrorStage } from './mirror-stage.ts'

const YEAR = { from: '2025-01', to: '2025-12' }
const EMPLOYEES = [
  { firstName: 'Ada', lastName: 'Sandbox', initials: 'AS' },
  { firstName: 'Ben', lastName: 'Sandbox', initials: 'BS', hiredOn: '2025-03-15' },
]

let stage: MirrorStage
let road: Road
const desktop = openDesktop()
let file: OpenFile
let ids: { ONLINE: string; DESKTOP: string }

beforeAll(async () => {
  const { accounts } = companySeed
  stage = await openMirrorStage({
    seed: {
      ...companySeed,
      accounts: [...accounts.filter(({ name }) => name !== 'Rent'), ...ENTERED_ACCOUNTS].filter(
        ({ name }, at, all) => all.findIndex((one) => one.name.toLowerCase() === name.toLowerCase()) === at,
      ),
      employees: EMPLOYEES,
      journal: ENTERED_JOURNAL,
    },
  })
  await insertRows(stage.fresh.database, 'connection', [
    connectionRow({ kind: LedgerKind.QUICKBOOKS_DESKTOP, name: 'Desktop', state: 'ACTIVE' }),
  ])
  const others = desktopSeed.accounts.filter(({ name }) => !ENTERED_ACCOUNTS.some((one) => one.name === name))
  // The types of accounts are written otherwise in qbXML.
  const types = ENTERED_ACCOUNTS.map(({ name, accountType }) => ({
    name,
    accountType: accountType.replace('of', 'Of').replaceAll(' ', ''),
  }))
  file = new OpenFile({
    seed: {
      ...desktopSeed,
      accounts: [...others, ...types],
      employees: EMPLOYEES,
      journal: ENTERED_JOURNAL,
    },
  })
  file.quickBooks.stampFileId({ ownerId, fileId })
  const found = await listConnections(stage.fresh.database)
  const idOf = (kind: LedgerKind) => found.find((one) => one.kind === kind)?.id ?? ''
  ids = { ONLINE: idOf(LedgerKind.QUICKBOOKS_ONLINE), DESKTOP: idOf(LedgerKind.QUICKBOOKS_DESKTOP) }
  const online = stage.road.ledgerOf(stage.connection)
  road = {
    ...stage.road,
    crm: { timeZone: 'America/Denver' } as never,
    ledgerOf: ({ kind }) => (kind === LedgerKind.QUICKBOOKS_DESKTOP ? desktop : online),
  }
})
afterAll(() => stage.close())

const books = () => ({ database: road.database, timeZone: 'America/Denver', now: road.now, ledgerOf: road.ledgerOf })

/** As many steps as are given, under the lane; says how many had something to do. */
async function steps(limit = 100, on: Road = road): Promise<number> {
  let done = 0
  await withLane(on, { connection: stage.connection }, async ({ road: held, lane }) => {
    while (done < limit && (await metricStep(held, { connection: stage.connection, lane }))) done += 1
  })
  return done
}

/** The Web Connector calls, and everything that is due is asked. Gives what was asked. */
async function call(): Promise<string[]> {
  const asked: string[] = []
  const talk = desktop.mailbox.open(caller)
  const speaking = converse(road, ids.DESKTOP).finally(() => talk.finish())
  for (;;) {
    const next = await talk.next({ withinMs: 2_000 })
    if (next === 'done') break
    if (next === 'later') continue
    asked.push(next.body)
    await talk.answer({ response: '', hresult: '', message: '', ...file.process(next.body), withinMs: 2_000 })
  }
  await speaking
  return asked
}

async function ask(connectionId: string, { from, to } = YEAR): Promise<void> {
  await askForMonths(road.database, { connectionId, from, to, firstFrom: from, basis: 'ACCRUAL' })
}

async function table(connectionId: string): Promise<Record<string, string>> {
  const metrics = await ledgerMetrics(road.database, { connectionId, ...YEAR })
  return Object.fromEntries(
    LEDGER_METRICS.map((name) => [
      name,
      metrics.flatMap((one) => (one.category === name ? [one.shown] : [])).join(' '),
    ]),
  )
}

async function standing(connectionId: string) {
  return metricStanding(road.database, { connectionId })
}

const reads = () => readsOfMonth(road.database, { connectionId: ids.ONLINE, now: road.now() })

describe('the hand-checked books', () => {
  test('come out to the cent from a company of QuickBooks Online, in two metered questions', async () => {
    await ask(ids.ONLINE)
    const before = await reads()
    expect(await steps()).toBe(1)
    expect((await reads()) - before).toBe(2)
    await collectMetrics(books())
    expect(await table(ids.ONLINE)).toEqual({ ...FIGURES, employees: '1 1 2 2 2 2 2 2 2 2 2 2' })
    expect(await standing(ids.ONLINE)).toMatchObject({ reason: null, askingFrom: null, askingTo: null })
  })

  test('come out the same from a company file, within a conversation', async () => {
    await ask(ids.DESKTOP)
    expect(await areMonthsDue(road.database, { connectionId: ids.DESKTOP, now: road.now() })).toBe(true)
    const asked = (await call()).filter((body) => /GeneralSummaryReportQuery|EmployeeQuery/.test(body))
    expect(asked).toHaveLength(2)
    expect(asked[0]).toContain('<FromReportDate>2025-01-01</FromReportDate><ToReportDate>2025-12-31</ToReportDate>')
    expect(asked[1]).not.toMatch(/Name|Compensation|SSN/)
    await collectMetrics(books())
    expect(await table(ids.DESKTOP)).toEqual(await table(ids.ONLINE))
    const months = await metricMonths(road.database, { connectionId: ids.DESKTOP, ...YEAR })
    expect(months.map(({ netIncome }) => netIncome).join(' ')).toBe(NET_INCOME)
    expect(await areMonthsDue(road.database, { connectionId: ids.DESKTOP, now: road.now() })).toBe(false)
  })

  test('are kept as they came', async () => {
    const { answers } = await standing(ids.DESKTOP)
    expect(file.responses).toContain(answers.find(({ question }) => question === 'PROFIT_AND_LOSS')?.body)
  })
})

describe('what is asked', () => {
  test('once a day, from five in the morning of the business: 24 months at first, then three', async () => {
    let time = new Date('2026-03-02T11:59:00Z')
    let woken = 0
    const fresh = { ...road, now: () => time, wake: () => (woken += 1) }
    await road.database.run(sql`delete from metric_pull where connection_id = ${ids.DESKTOP}`)
    const [, daily] = metricTicks({
      collect: async () => {},
      ask: (at) => askForMetricsDaily(fresh, { ...at, basis: 'ACCRUAL' }),
    })
    await daily?.run()
    expect((await standing(ids.DESKTOP)).askingFrom).toBeNull()
    time = new Date('2026-03-02T12:01:00Z')
    await daily?.run()
    expect(await standing(ids.DESKTOP)).toMatchObject({ askingFrom: '2024-04', askingTo: '2026-03' })
    expect(await standing(ids.ONLINE)).toMatchObject({ askingFrom: '2026-01', askingTo: '2026-03' })
    await daily?.run()
    expect(woken).toBe(1)
  })

  test('is asked a year at a time, the newest first, and goes on where another process left off', async () => {
    await road.database.run(sql`update metric_pull set from_month = null, to_month = null`)
    await ask(ids.ONLINE, { from: '2024-01', to: '2025-12' })
    expect(await steps(1)).toBe(1)
    expect(await standing(ids.ONLINE)).toMatchObject({ askingFrom: '2024-01', askingTo: '2024-12' })
    expect(await steps(100, { ...road, owner: `${road.owner}-other` })).toBe(1)
    expect(await standing(ids.ONLINE)).toMatchObject({ askingFrom: null, askingTo: null })
    await collectMetrics(books())
    expect(
      (await metricMonths(road.database, { connectionId: ids.ONLINE, from: '2024-01', to: '2025-12' })).length,
    ).toBe(24)
  })

  test('on another basis is asked from the first month on, and a refusal is said and not repeated', async () => {
    await pullMetricsNow(road, { connectionId: ids.ONLINE, months: 1, basis: 'CASH' })
    const { askingFrom, askingTo } = await standing(ids.ONLINE)
    expect([askingFrom, askingTo].map((month) => month?.slice(5))).toHaveLength(2)
    expect(askingFrom?.slice(0, 4)).not.toBe(askingTo?.slice(0, 4))
    expect(await steps()).toBe(1)
    expect(await standing(ids.ONLINE)).toMatchObject({ askingFrom: null, reason: { code: 'QUICKBOOKS_REJECTED' } })
    expect(await steps()).toBe(0)
  })

  test('is not asked once the month’s reads are used up', async () => {
    await ask(ids.ONLINE)
    const poor = { ...road, limits: { ...road.limits, readsPerMonthMax: await reads() } }
    expect(await steps(100, poor)).toBe(0)
    expect(await standing(ids.ONLINE)).toMatchObject({ askingTo: '2025-12' })
  })

  test('is asked again a while after QuickBooks did not answer, and then all is well', async () => {
    stage.company.sandbox.faults.add({
      system: 'quickbooks-online',
      path: '/reports/',
      times: 1,
      fault: { kind: 'status', status: 503 },
    })
    expect(await steps()).toBe(1)
    const waiting = await standing(ids.ONLINE)
    expect(waiting.reason).not.toBeNull()
    expect(waiting.askingTo).toBe('2025-12')
    expect(await steps()).toBe(0)
    stage.advance(3_600)
    expect(await steps()).toBe(1)
    expect((await standing(ids.ONLINE)).reason).toBeNull()
  })

  test.each([
    [{ months: 0 }, '"months" is 0: ask for 1 to 120 months.'],
    [{ months: 121 }, '"months" is 121: ask for 1 to 120 months.'],
    [{ connectionId: '01993a00-0000-7000-8000-0000000000ff' }, 'There is no connection'],
  ])('%p is refused', async (wrong, sentence) => {
    const request = { connectionId: ids.ONLINE, months: 3, basis: 'ACCRUAL' as const, ...wrong }
    await expect(pullMetricsNow(road, request)).rejects.toThrow(sentence)
  })
})
