import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { LineKind, MappingTargetKind, METRIC_CATEGORIES } from '../../src/domain/account-mapping.ts'
import { accountFacts, compileMappings, winnerOf } from '../../src/domain/mapping-choice.ts'
import type { MappingInput } from '../../src/domain/mapping-input.ts'
import { mappingsOn, versionsFor, versionsOf } from '../../src/storage/account-mappings.ts'
import { ourselves } from '../../src/storage/api-keys.ts'
import {
  createAccountMapping,
  deleteAccountMapping,
  updateAccountMapping,
} from '../../src/sync/change-account-mapping.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows } from '../storage/rows.ts'

const NOW = new Date('2026-03-10T12:00:00Z')
const author = ourselves('a test')
const connection = connectionRow()
const connectionId = String(connection.id)

let fresh: FreshDatabase

beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection])
})
afterAll(() => fresh.close())
beforeEach(async () => {
  await fresh.database.run(sql`delete from account_mapping where connection_id is not null or position < 10000`)
})

const rule = (input: Partial<MappingInput> = {}): MappingInput => ({
  connectionId,
  name: 'Throws',
  item: 'TH-*',
  targetKind: MappingTargetKind.ACCOUNT,
  target: 'Textile income',
  ...input,
})
const create = (input: Partial<MappingInput> = {}) =>
  createAccountMapping(fresh.database, { input: rule(input), author, now: NOW })
const update = (id: string, input: Partial<MappingInput> = {}) =>
  updateAccountMapping(fresh.database, { id, input: rule(input), author, now: NOW })
const end = (id: string, from: string) => deleteAccountMapping(fresh.database, { id, from, author, now: NOW })
const versions = async () =>
  (await versionsFor(fresh.database, { connectionId })).filter((one) => one.connectionId !== null)
const on = async (date: string) =>
  (await mappingsOn(fresh.database, { connectionId, date }))
    .filter((one) => one.connectionId !== null)
    .map(({ name, version, target }) => `${name} ${version} ${target}`)

describe('the rules that come with Countersign', () => {
  test('are 22, for all connections, and give every metric category', async () => {
    const rules = await mappingsOn(fresh.database, { connectionId: null, date: '2026-03-10' })
    expect(rules).toHaveLength(22)
    expect(new Set(rules.map(({ target }) => target))).toEqual(new Set(METRIC_CATEGORIES))
    expect(rules.every(({ connectionId: whose, author: by }) => whose === null && by === 'Countersign')).toBe(true)
  })

  test.each([
    ['Professional Services', 'nrr'],
    ['Managed Services (MRR)', 'mrr'],
    ['Annual Support Contracts', 'orr'],
    ['Hardware Sales', 'product_sales'],
    ['Sales of Product Income', 'product_sales'],
    ['Misc. Revenue', 'misc_revenue'],
    ['Payroll Expenses', 'employee_expense'],
    ["Owner's Draw", 'owner_comp'],
    ['Officer Compensation', 'owner_comp'],
    ['Estimated Taxes', 'owner_comp_taxes'],
    ['Cost of Goods Sold', 'product_cogs'],
    ['Hardware COGS', 'product_cogs'],
    ['Office Expenses', 'other_expenses'],
    ['Borrowing corrections', 'other_expenses'],
  ])('count the account "%s" as %s', async (account, category) => {
    const rules = compileMappings(await versionsFor(fresh.database, { connectionId }))
    expect(rules.broken).toEqual([])
    const asked = { facts: accountFacts(account), targetKind: MappingTargetKind.METRIC, date: '2026-03-10' }
    expect(winnerOf(rules, asked)?.mapping.target).toBe(category)
  })
})

describe('a rule', () => {
  test('is made in version 1, stands behind those before it, and leaves an audit entry with all that it says', async () => {
    const [first, second] = [await create(), await create({ name: 'Tables', item: 'TB-*' })]
    expect([first, second]).toMatchObject([
      { version: 1, position: 10, begins: null, effectiveTo: null },
      { version: 1, position: 20 },
    ])
    const [entry] = await fresh.database.rows(
      sql<{
        subject: string
        author: string
      }>`select subject, author from audit_entry where action = 'createAccountMapping' order by id desc limit 1`,
    )
    expect(entry).toMatchObject({ author: 'a test', subject: expect.stringContaining('"item":"TB-*"') })
  })

  test('is changed by another version, from its first day on: the one before stays as it was, up to that day', async () => {
    const { id } = await create()
    await update(id, { target: 'Throw income', effectiveFrom: '2026-04-01' })
    expect(await on('2026-03-31')).toEqual(['Throws 1 Textile income'])
    expect(await on('2026-04-01')).toEqual(['Throws 2 Throw income'])
    expect(await versionsOf(fresh.database, [id])).toMatchObject([
      { version: 2, effectiveTo: null },
      { version: 1, effectiveTo: '2026-04-01', endedBy: 'a test' },
    ])
  })

  test('is corrected for all its days when no day is named, and the version that was wrong is kept', async () => {
    const { id } = await create()
    await update(id, { target: 'Throw income' })
    expect(await on('2020-01-01')).toEqual(['Throws 2 Throw income'])
    expect(await versionsOf(fresh.database, [id])).toHaveLength(2)
    expect(await versions()).toHaveLength(1)
  })

  test('that is deleted ends on a day, and holds for the days before it', async () => {
    const { id } = await create()
    expect(await end(id, '2026-03-10')).toBe(true)
    expect(await on('2026-03-09')).toEqual(['Throws 1 Textile income'])
    expect(await on('2026-03-10')).toEqual([])
    expect(await end(id, '2026-03-10')).toBe(false)
    await expect(update(id)).rejects.toThrow(/was deleted/)
  })

  test('whose days would overlap a planned version is refused, and says how they would not', async () => {
    const { id } = await create()
    await update(id, { target: 'Throw income', effectiveFrom: '2026-06-01' })
    await expect(update(id, { effectiveFrom: '2026-05-01' })).rejects.toThrow(
      /version 2 of "Throws" holds from 2026-06-01.*effectiveTo: "2026-06-01"/,
    )
    await update(id, { target: 'May income', effectiveFrom: '2026-05-01', effectiveTo: '2026-06-01' })
    expect(await Promise.all(['2026-04-30', '2026-05-31', '2026-06-01'].map(on))).toEqual([
      ['Throws 1 Textile income'],
      ['Throws 3 May income'],
      ['Throws 2 Throw income'],
    ])
  })

  test('changed by two at once becomes two versions, one after the other, and holds once', async () => {
    const { id } = await create()
    await Promise.all([update(id, { target: 'A' }), update(id, { target: 'B' }), update(id, { target: 'C' })])
    expect((await versionsOf(fresh.database, [id])).map(({ version }) => version)).toEqual([4, 3, 2, 1])
    expect(await versions()).toHaveLength(1)
  })

  test('without a condition is refused before others, named, and taken behind them', async () => {
    await create({ position: 50 })
    const all = { name: 'All', item: null, target: 'Sales' }
    await expect(create({ ...all, position: 10 })).rejects.toThrow(/no condition.*"Throws" \(position 50\)/)
    await create({ ...all, position: 60 })
    // Rules of another kind choose something else, and are not in its way.
    await create({ ...all, position: 5, targetKind: MappingTargetKind.TAX_CODE, target: 'NON' })
    await expect(create({ ...all, name: 'All later', position: 55, lineKind: LineKind.ITEM })).resolves.toBeDefined()
  })

  test.each([
    ['two things at once', { name: ' ', target: '' }, /"name" has 1 to 100 characters; "target" has 1 to 159/],
    [
      'a regular expression that may take for ever',
      { patternKind: 'REGEX' as const, item: '(a)\\1' },
      /"item": .*backreferences/,
    ],
    [
      'a metric category that there is not',
      { targetKind: MappingTargetKind.METRIC, target: 'product_sale' },
      /no metric category.*Did you mean/,
    ],
    [
      'a condition on an account, for an account',
      { account: 'Sales*' },
      /"account" is a condition for metric categories only/,
    ],
    [
      'conditions on accounts and on lines',
      { account: 'S*', targetKind: MappingTargetKind.METRIC, target: 'mrr' },
      /write two rules/,
    ],
    ['a day that there is not', { effectiveFrom: '2026-02-30' }, /"effectiveFrom" is a day/],
    ['an end before its beginning', { effectiveFrom: '2026-03-02', effectiveTo: '2026-03-01' }, /would end/],
    ['a place that there is not', { position: 0 }, /"position" is a number from 1/],
    ['a connection that there is not', { connectionId: '00000000-0000-4000-8000-000000000000' }, /no connection/],
  ])('with %s is refused in words, and nothing is kept', async (_, input, words) => {
    await expect(create(input)).rejects.toThrow(words)
    expect(await versions()).toEqual([])
  })
})
