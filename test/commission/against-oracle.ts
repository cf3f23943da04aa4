import { collectPayments, recomputeCommission } from '../../src/commission/collect.ts'
import { lockMonth } from '../../src/commission/periods.ts'
import { openFrom } from '../../src/storage/commission-periods.ts'
import { reportRows } from '../../src/storage/commission-report.ts'
import { tieOut } from '../../src/storage/commission-tie-out.ts'
import type { Database } from '../../src/storage/database.ts'
import { company, money, NOW, sell } from './company.ts'
import { judge, type OracleEvent } from './exact-oracle.ts'
import { chanceOf, type History, insertPlan, randomHistory, toEvent, toSale } from './histories.ts'

const MONTHS = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05']
const ALL = { from: '2026-01-01', to: '2026-05-31' }

const COMPANY_HISTORIES = 250

/**
 * So many random histories, 250 to a company, collected in an order of arrival of their own, in batches of random size and some of
 * it twice; with `again` those of every company, else of every fourth, come in a second order too, and are derived once more.
 * The oracle knows of no order. Gives what differs from it, in words; nothing is well.
 */
export async function compareHistories(
  database: Database,
  args: { count: number; seed: number; again: boolean },
): Promise<string[]> {
  const wrong: string[] = []
  for (let begun = 0; begun < args.count; begun += COMPANY_HISTORIES) {
    const chance = chanceOf(args.seed + begun)
    const histories = Array.from({ length: Math.min(COMPANY_HISTORIES, args.count - begun) }, (_, index) =>
      randomHistory({ name: `h${begun + index}`, chance }),
    )
    const expected = expectedOf(histories)
    const isTwice = args.again || begun % (4 * COMPANY_HISTORIES) === 0
    for (const arrival of isTwice ? ['one', 'another'] : ['one']) {
      const connectionId = await company(database)
      const books = { database, timeZone: 'UTC', now: () => NOW }
      await arrive(books, { connectionId, histories, chance })
      const found = await foundOf(database, connectionId)
      wrong.push(...differences({ expected, found, what: `histories from ${begun}, ${arrival} order` }))
      if (arrival === 'one') continue
      await recomputeCommission(books, { connectionId })
      const again = await foundOf(database, connectionId)
      wrong.push(...differences({ expected, found: again, what: `histories from ${begun}, derived again` }))
    }
  }
  return wrong
}

/** Everything of these histories comes to a company, in an order of chance: some invoices are posted after their payments. */
async function arrive(
  books: { database: Database; timeZone: string; now: () => Date },
  args: { connectionId: string; histories: History[]; chance: () => number },
): Promise<void> {
  const { connectionId, histories, chance } = args
  const { database } = books
  const worlds = histories.map(({ world }) => world)
  const events = histories.flatMap((history) => history.events)
  const invoices = worlds.flatMap((world) => world.invoices)
  await insertPlan(database, { connectionId, worlds })
  const early = invoices.filter(() => chance() < 0.7)
  await sell(database, { connectionId, sales: early.map(toSale) })
  for (const batch of batches({ events: [...events, ...events.filter(() => chance() < 0.1)], chance })) {
    await collectPayments(books, { connectionId, bring: async () => ({ events: batch.map(toEvent) }) })
  }
  await sell(database, { connectionId, sales: invoices.filter((one) => !early.includes(one)).map(toSale) })
  await collectPayments(books, { connectionId, bring: async () => ({ events: [] }) })
}

function expectedOf(histories: History[]): Map<string, string> {
  const expected = new Map<string, string>()
  const sums = { commissionable: 0n, excluded: 0n, unapplied: 0n, received: 0n }
  for (const { world, events } of histories) {
    const judged = judge(world, events)
    for (const [key, cents] of judged.amounts) {
      const before = BigInt((expected.get(key) ?? '0.00').replace('.', ''))
      expected.set(key, money(before + cents))
    }
    for (const part of ['commissionable', 'excluded', 'unapplied', 'received'] as const) sums[part] += judged[part]
  }
  for (const [key, amount] of expected) if (amount === '0.00') expected.delete(key)
  for (const [part, cents] of Object.entries(sums)) expected.set(part, money(cents))
  return expected
}

async function foundOf(database: Database, connectionId: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const month of MONTHS) {
    for (const { key, amount } of await monthOf(database, { connectionId, month })) {
      if (amount !== '0.00') found.set(`${month} ${key}`, amount)
    }
  }
  const ties = await tieOut(database, { connectionId, ...ALL })
  for (const part of ['commissionable', 'excluded', 'unapplied', 'received'] as const) {
    const all = ties.reduce((sum, tie) => sum + BigInt(tie[part].replace('.', '')), 0n)
    found.set(part, money(all))
  }
  for (const { currency, difference } of ties) {
    if (difference !== '0.00') found.set(`tie-out in ${currency}`, difference)
  }
  return found
}

function differences(args: { expected: Map<string, string>; found: Map<string, string>; what: string }): string[] {
  const { expected, found, what } = args
  const keys = new Set([...expected.keys(), ...found.keys()])
  return [...keys].flatMap((key) =>
    expected.get(key) === found.get(key)
      ? []
      : [`${what}: ${key} is ${found.get(key)}, and should be ${expected.get(key)}`],
  )
}

function batches({ events, chance }: { events: OracleEvent[]; chance: () => number }): OracleEvent[][] {
  const shuffled = events.map((event) => ({ event, place: chance() })).sort((a, b) => a.place - b.place)
  const size = 1 + Math.floor(chance() * events.length)
  const made: OracleEvent[][] = []
  for (let from = 0; from < shuffled.length; from += size)
    made.push(shuffled.slice(from, from + size).map(({ event }) => event))
  return made.length > 8 ? [shuffled.map(({ event }) => event)] : made
}

/**
 * Fifty histories of which months are locked while their events still come. Gives, in words, each rep whose months do not
 * come to the oracle's sum in the end, and each locked month that changed; nothing is well.
 */
export async function compareLocked(database: Database, { seed }: { seed: number }): Promise<string[]> {
  const chance = chanceOf(seed)
  const histories = Array.from({ length: 50 }, (_, index) => randomHistory({ name: `l${index}`, chance }))
  const connectionId = await company(database)
  const books = { database, timeZone: 'UTC', now: () => NOW }
  await insertPlan(database, { connectionId, worlds: histories.map(({ world }) => world) })
  await sell(database, { connectionId, sales: histories.flatMap(({ world }) => world.invoices.map(toSale)) })
  const events = histories.flatMap((history) => history.events)
  const shuffled = events.map((event) => ({ event, place: chance() })).sort((a, b) => a.place - b.place)
  const shown = new Map<string, string>()
  const wrong: string[] = []
  for (const [part, month] of ['2026-01', '2026-02', '2026-03', null].entries()) {
    const batch = shuffled.slice((part * shuffled.length) / 4, ((part + 1) * shuffled.length) / 4)
    await collectPayments(books, {
      connectionId,
      bring: async () => ({ events: batch.map(({ event }) => toEvent(event)) }),
    })
    if (month === null) break
    await lockMonth(books, { connectionId, month, author: 'test' })
    shown.set(month, JSON.stringify(await monthOf(database, { connectionId, month })))
  }
  await recomputeCommission(books, { connectionId })
  const sums = new Map<string, bigint>()
  for (const month of MONTHS) {
    const rows = await monthOf(database, { connectionId, month })
    if (shown.has(month) && shown.get(month) !== JSON.stringify(rows)) wrong.push(`${month} was locked and has changed`)
    for (const { key, amount } of rows) sums.set(`${key}`, (sums.get(`${key}`) ?? 0n) + BigInt(amount.replace('.', '')))
  }
  for (const [key, amount] of expectedOf(histories)) {
    const [month = '', ...rep] = key.split(' ')
    if (month.startsWith('2026'))
      sums.set(rep.join(' '), (sums.get(rep.join(' ')) ?? 0n) - BigInt(amount.replace('.', '')))
  }
  for (const [rep, cents] of sums) if (cents !== 0n) wrong.push(`${rep} differs by ${money(cents)} over all months`)
  return wrong
}

async function monthOf(database: Database, { connectionId, month }: { connectionId: string; month: string }) {
  const to = new Date(Date.UTC(2026, Number(month.slice(5)), 0)).toISOString().slice(0, 10)
  const selection = { connectionId, from: `${month}-01`, to, openFrom: await openFrom(database, { connectionId }) }
  return reportRows(database, {
    selection: { ...selection, recordedUntil: null, effectiveUntil: null, whatIf: [] },
    by: 'REP',
  })
}
