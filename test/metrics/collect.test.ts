import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { pino } from 'pino'
import { MappingTargetKind } from '../../src/domain/account-mapping.ts'
import { LEDGER_METRICS } from '../../src/domain/ledger-metric.ts'
import { collectMetrics } from '../../src/metrics/collect.ts'
import { followAllRules, recountMetrics } from '../../src/metrics/recount.ts'
import { ledgerMetrics, metricMonths, metricStanding } from '../../src/metrics/report.ts'
import { listAlerts } from '../../src/storage/alerts.ts'
import { createAccountMapping } from '../../src/sync/change-account-mapping.ts'
import { ROAD_LIMITS } from '../../src/sync/road.ts'
import { watch } from '../../src/sync/watch.ts'
import { ACCOUNTS, FIGURES, NET_INCOME } from '../fixtures/profit-and-loss/books.ts'
import { type Companies, openCompanies } from './books.ts'
import { bodyOf, type Kind, YEAR } from './readers.ts'

const SPAN = { from: '2025-01', to: '2025-12' }
const KINDS: Kind[] = ['ONLINE', 'DESKTOP']

let companies: Companies
beforeAll(async () => {
  companies = await openCompanies()
  for (const kind of KINDS) {
    await companies.answer(kind, YEAR, bodyOf(kind))
    await companies.employ(kind, [{}, { hiredOn: '2025-03-15' }, { active: false, releasedOn: '2025-08-30' }], SPAN)
  }
  await collectMetrics(companies.books)
})
afterAll(() => companies.close())

async function shown(kind: Kind, more: { asOf?: Date; versions?: boolean } = {}) {
  const { database, ids } = companies
  return ledgerMetrics(database, { connectionId: ids[kind], ...SPAN, ...more })
}

/** Each figure as a row of the fixture shows it: from January to December. */
async function table(kind: Kind, more: { asOf?: Date } = {}): Promise<Record<string, string>> {
  const metrics = await shown(kind, more)
  return Object.fromEntries(
    LEDGER_METRICS.map((name) => [
      name,
      metrics.flatMap((one) => (one.category === name ? [one.shown] : [])).join(' '),
    ]),
  )
}

async function months(kind: Kind) {
  const { database, ids } = companies
  return metricMonths(database, { connectionId: ids[kind], ...SPAN })
}

describe('twelve months of hand-checked books', () => {
  test.each(KINDS)('come out to the cent from %s', async (kind) => {
    expect(await table(kind)).toEqual({ ...FIGURES, employees: '2 2 3 3 3 3 3 2 2 2 2 2' })
  })

  test('come out the same from both, account by account', async () => {
    const of = async (kind: Kind) =>
      (await shown(kind)).map(({ month, category, amount, accounts, version }) => ({
        ...{ month, category, amount, accounts, version },
      }))
    expect(await of('ONLINE')).toEqual(await of('DESKTOP'))
  })

  test.each(KINDS)('tie out to the net income of %s, but for the accounts that no rule counts', async (kind) => {
    const told = await months(kind)
    expect(told.map(({ netIncome }) => netIncome).join(' ')).toBe(NET_INCOME)
    expect(told.map(({ netProfit }) => netProfit).join(' ')).toBe(FIGURES.net_profit)
    const shipping = ACCOUNTS.find(([, path]) => path === 'Shipping Income')?.[2]
    expect(told.map(({ difference }) => difference).join(' ')).toBe(shipping)
    expect(told[0]?.unmapped).toEqual([
      expect.objectContaining({
        path: 'Shipping Income',
        section: 'INCOME',
        amount: '12.50',
        ruleId: null,
        rule: null,
      }),
    ])
    expect(told[2]?.unmapped).toEqual([])
  })

  test('name the rule by which each account counts', async () => {
    const metrics = await shown('DESKTOP')
    const accounts = metrics.flatMap((one) => (one.month === '2025-01' ? one.accounts : []))
    expect(Object.fromEntries(accounts.map(({ path, rule }) => [path, rule]))).toMatchObject({
      'Managed Services:Backup': 'Managed services',
      'Product Sales:Discounts': 'Product sales',
      Purchases: 'Cost of goods sold',
      'Payroll Expenses:Taxes': 'Payroll',
      Rent: 'Expenses',
      'Interest Earned': 'Other income',
    })
  })
})

/** What the watch would tell people of. */
async function alerts(): Promise<string[]> {
  const { database, books } = companies
  await watch({ database, now: books.now, log: pino({ level: 'silent' }), limits: ROAD_LIMITS })
  return (await listAlerts(database, { open: true })).map(({ code }) => code)
}

describe('what changes later', () => {
  const restated = () => bodyOf('ONLINE', { question: YEAR })
  /** A bill of December that was entered late, with every sum that it is in. */
  const withLateBill = (body: string) => {
    const report = JSON.parse(body)
    const add = (row: { value: string }[]) => {
      for (const at of [12, 13]) {
        const cell = row[at]
        const cents = BigInt((cell?.value || '0.00').replace('.', '')) + 1000n
        if (cell) cell.value = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`
      }
    }
    const take = (row: { value: string }[]) => {
      for (const at of [12, 13]) {
        const cell = row[at]
        const cents = BigInt((cell?.value ?? '').replace('.', '')) - 1000n
        if (cell) cell.value = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`
      }
    }
    const [, , , expenses, operating, , , , net] = report.Rows.Row
    add(expenses.Rows.Row.find((row: { ColData?: { value: string }[] }) => row.ColData?.[0]?.value === 'Rent').ColData)
    add(expenses.Summary.ColData)
    take(operating.Summary.ColData)
    take(net.Summary.ColData)
    return JSON.stringify(report)
  }

  test('a report that says the same adds no version', async () => {
    const before = (await shown('ONLINE', { versions: true })).length
    companies.at('2026-01-06T12:00:00Z')
    await companies.answer('ONLINE', YEAR, restated())
    await collectMetrics(companies.books)
    expect((await shown('ONLINE', { versions: true })).length).toBe(before)
  })

  test('a restatement ends the old version and adds a new one; what was known before can still be asked for', async () => {
    companies.at('2026-01-07T12:00:00Z')
    await companies.answer('ONLINE', YEAR, withLateBill(restated()))
    await collectMetrics(companies.books)
    const now = await table('ONLINE')
    expect(now.other_expenses?.split(' ').at(-1)).toBe('267.50')
    expect(now.net_profit?.split(' ').at(-1)).toBe('5234.62')
    expect(now.nrr).toBe(FIGURES.nrr)
    expect((await table('ONLINE', { asOf: new Date('2026-01-07T11:59:59Z') })).net_profit).toBe(FIGURES.net_profit)
    const versions = (await shown('ONLINE', { versions: true })).filter(
      ({ category, month }) => category === 'net_profit' && month === '2025-12',
    )
    expect(versions.map(({ version, shown: amount, cause }) => `${version} ${amount} ${cause}`)).toEqual([
      '1 5244.62 FIRST',
      '2 5234.62 RESTATED',
    ])
    expect(versions[0]?.knownUntil).toEqual(versions[1]?.knownFrom)
    expect((await months('ONLINE')).map(({ version }) => version)).toEqual([...Array(11).fill(1), 2])
  })

  test('a report that does not add up changes no figure, says why, and is kept as it came', async () => {
    const before = await table('ONLINE')
    companies.at('2026-01-08T12:00:00Z')
    const faulty = restated().replace('"1543.20"', '"9999.99"')
    await companies.answer('ONLINE', YEAR, faulty)
    await collectMetrics(companies.books)
    expect(await table('ONLINE')).toEqual(before)
    const { database, ids } = companies
    const standing = await metricStanding(database, { connectionId: ids.ONLINE })
    expect(standing.reason?.sentence).toBe(
      'The profit and loss that QuickBooks gave does not add up: Total Product Sales is 1498.10, and its rows make 9954.89.',
    )
    expect(await alerts()).toEqual(['REPORT_DOES_NOT_ADD_UP'])
    expect(standing.answers[0]).toMatchObject({ state: 'FAULTY', reason: 'REPORT_DOES_NOT_ADD_UP', body: faulty })
  })

  test('the next report that adds up takes the complaint away', async () => {
    const { database, ids } = companies
    await companies.answer('ONLINE', YEAR, withLateBill(restated()))
    await collectMetrics(companies.books)
    expect((await metricStanding(database, { connectionId: ids.ONLINE })).reason).toBeNull()
    expect(await alerts()).toEqual([])
  })

  test('a rule that people write counts history anew, and asks QuickBooks nothing', async () => {
    const { database, ids, books } = companies
    const asked = await companies.questions()
    companies.at('2026-01-09T12:00:00Z')
    const input = {
      name: 'Freight',
      account: '*Shipping*',
      targetKind: MappingTargetKind.METRIC,
      target: 'misc_revenue',
    }
    const author = { name: 'ann', keyId: null, connectionIds: null }
    await createAccountMapping(database, { input, author, now: books.now() })
    await followAllRules(books)
    for (const kind of KINDS) {
      expect(
        (await months(kind)).every(({ difference, unmapped }) => difference === '0.00' && unmapped.length === 0),
      ).toBe(true)
      const december = (await shown(kind)).find(
        ({ category, month }) => category === 'misc_revenue' && month === '2025-12',
      )
      expect(december).toMatchObject({ shown: '34.17', cause: 'REMAPPED', version: 2 })
    }
    expect(await companies.questions()).toBe(asked)
    const again = (await shown('DESKTOP', { versions: true })).length
    expect(await recountMetrics(books, { connectionId: ids.DESKTOP })).toBe(0)
    expect((await shown('DESKTOP', { versions: true })).length).toBe(again)
  })

  test('a rule that holds from a day on counts the months that end on that day or later', async () => {
    const { database, ids, books } = companies
    const input = {
      name: 'Rent is owner’s',
      account: 'Rent',
      targetKind: MappingTargetKind.METRIC,
      target: 'owner_comp',
      position: 5,
    }
    const more = { connectionId: ids.DESKTOP, effectiveFrom: '2025-11-30' }
    const author = { name: 'ann', keyId: null, connectionIds: null }
    await createAccountMapping(database, { input: { ...input, ...more }, author, now: books.now() })
    await followAllRules(books)
    const owner = (await table('DESKTOP')).owner_comp?.split(' ')
    expect(owner?.slice(8)).toEqual(['600.00', '600.00', '857.50', '857.50'])
    expect((await table('ONLINE')).owner_comp).toBe(FIGURES.owner_comp)
  })

  test('a rule of the wrong side counts nothing: revenue is never an expense, and the reverse', async () => {
    const { database, ids, books } = companies
    const input = {
      name: 'Wrong',
      account: 'Managed*',
      targetKind: MappingTargetKind.METRIC,
      target: 'other_expenses',
      position: 1,
    }
    const author = { name: 'ann', keyId: null, connectionIds: null }
    await createAccountMapping(database, {
      input: { ...input, connectionId: ids.ONLINE },
      author,
      now: books.now(),
    })
    await followAllRules(books)
    expect((await table('ONLINE')).mrr).toBe(FIGURES.mrr)
  })

  test('employees who are entered late restate the months that they worked in', async () => {
    companies.at('2026-01-10T12:00:00Z')
    await companies.employ('DESKTOP', [{}, { hiredOn: '2025-03-15' }, { hiredOn: '2025-11-30' }], SPAN)
    await collectMetrics(companies.books)
    expect((await table('DESKTOP')).employees).toBe('1 1 2 2 2 2 2 2 2 2 3 3')
  })
})

test('an answer that is kept never changes', async () => {
  const { database } = companies
  await expect(database.run(sql`update metric_answer set body = ''`)).rejects.toThrow('never change')
})

describe('a reader who asks wrongly is told what is wrong', () => {
  const nobody = '01993a00-0000-7000-8000-0000000000ff'

  test.each([
    [{ from: '2025-13' }, '"from" is "2025-13", which is no month: write it as 2026-03.'],
    [{ to: 'December' }, '"to" is "December", which is no month: write it as 2026-03.'],
    [{ from: '2025-12', to: '2025-01' }, '"from" is 2025-12 and "to" is 2025-01: the first month comes first.'],
    [{ from: '2001-01' }, 'From 2001-01 to 2025-12 is more than 120 months: ask for less at once.'],
    [{ connectionId: nobody }, `There is no connection ${nobody}: the query "connections" lists them.`],
    [{ connectionId: 'x' }, '"x" is not the id of a connection: ids are UUIDs, as the lists give them.'],
  ])('%p', async (wrong, sentence) => {
    const { database, ids } = companies
    const request = { connectionId: ids.ONLINE, ...SPAN, ...wrong }
    await expect(ledgerMetrics(database, request)).rejects.toThrow(sentence)
    await expect(metricMonths(database, request)).rejects.toThrow(sentence)
  })

  test('months of which nothing is known are none', async () => {
    const { database, ids } = companies
    const request = { connectionId: ids.ONLINE, from: '2020-01', to: '2020-12' }
    expect(await ledgerMetrics(database, request)).toEqual([])
    expect(await metricMonths(database, request)).toEqual([])
  })
})
