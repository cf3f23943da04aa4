import { describe, expect, test } from '@jest/globals'
import { type AccountMapping, LineKind, MappingTargetKind } from '../../src/domain/account-mapping.ts'
import { LinkKind } from '../../src/domain/link.ts'
import { compileMappings } from '../../src/domain/mapping-choice.ts'
import type { AccountUse, ChosenCharges, LedgerRecord, Need } from '../../src/ledgers/ledger.ts'
import { bookLints } from '../../src/sync/lint-books.ts'
import { type LookedUp, wantedKey } from '../../src/sync/lint-look-up.ts'
import { effectLints, itemLints, nameLints, usedNames } from '../../src/sync/lint-names.ts'
import { ruleOf, saleOf } from '../domain/rules.ts'
import { aConnection } from './samples.ts'

/** Books discounts to an account, and shipping by itself. */
const ledger = {
  needs: ({ discount }: { discount: string }, chosen: ChosenCharges = {}): Need[] =>
    discount === '0.00'
      ? []
      : [{ role: 'DISCOUNT', entity: LinkKind.ACCOUNT, name: chosen.DISCOUNT?.ACCOUNT ?? 'Discount' }],
}
const record = (name: string, more: Partial<LedgerRecord> = {}): LedgerRecord => ({
  ...{ entity: LinkKind.ACCOUNT, quickBooksId: name, name, active: true, revision: null },
  ...more,
})
const active = (name: string, accountUse: AccountUse): LookedUp => ({
  state: 'ACTIVE',
  record: record(name, { accountUse }),
})

function lints(mappings: Parameters<typeof usedNames>[0]['mappings'], found: Record<string, LookedUp>) {
  const used = usedNames({ mappings, ledger, documents: [saleOf()] })
  const named = Object.entries(found).map(
    ([name, looked]) => [wantedKey({ entity: LinkKind.ACCOUNT, name }), looked] as const,
  )
  return nameLints(used, { found: new Map(named), unasked: [], answeredAt: null }).map(
    ({ code, subject, reasonCode, count }) => ({
      ...{ code, subject, reasonCode, count },
    }),
  )
}

describe('a name that postings need', () => {
  test('is missing, or inactive: said with the orders that wait for it, and the reason that they would fail for', () => {
    const rules = [ruleOf({ name: 'Throws', item: 'TH-*', target: 'Textile income' })]
    expect(
      lints(rules, { Discount: { state: 'MISSING' }, 'Textile income': { state: 'INACTIVE', record: null } }),
    ).toEqual([
      { code: 'NAME_MISSING', subject: 'Discount', reasonCode: 'ACCOUNT_NOT_FOUND', count: 1 },
      { code: 'NAME_INACTIVE', subject: 'Textile income', reasonCode: 'MAPPING_TARGET_MISSING', count: 0 },
    ])
  })

  test.each([
    ['sales to an income account', null, 'INCOME', []],
    ['sales to costs of goods sold', null, 'COST_OF_GOODS', ['ACCOUNT_TYPE_WRONG']],
    ['discounts to costs of goods sold', LineKind.DISCOUNT, 'COST_OF_GOODS', []],
    ['discounts to a bank', LineKind.DISCOUNT, 'OTHER', ['ACCOUNT_TYPE_WRONG']],
  ] as const)('books %s', (_, lineKind, use, codes) => {
    const rule = ruleOf({ name: 'One', lineKind, item: null, customerGroup: 'R*', target: 'Books' })
    expect(
      lints([rule], { Discount: active('Discount', 'INCOME'), Books: active('Books', use) }).map(({ code }) => code),
    ).toEqual(codes)
  })

  test('that could not be asked for is not called missing', () => {
    expect(lints([ruleOf({ name: 'One', item: 'A*' })], {})).toEqual([])
  })
})

const effects = (
  rules: AccountMapping[],
  { booksLinesToAccounts = true, createItems = false }: { booksLinesToAccounts?: boolean; createItems?: boolean } = {},
) =>
  effectLints(rules, { ledger: { ...ledger, booksLinesToAccounts }, connection: aConnection({ createItems }) }).map(
    ({ code, subject, remedy }) => `${code} ${subject}: ${remedy}`,
  )

describe('a rule for the account of lines', () => {
  const rules = [
    ruleOf({ name: 'Lines', lineKind: LineKind.ITEM, target: 'Textile income' }),
    ruleOf({ name: 'Throws', item: 'TH-*', target: 'Throw income' }),
    // It books discounts, too.
    ruleOf({ name: 'Retail', customerGroup: 'Retail' }),
  ]

  test('has no effect where QuickBooks books a line to the account of its item, and is told the remedy', () => {
    const remedy = (account: string) =>
      `Choose an item instead (target kind ITEM), one whose income account is "${account}", or delete the rule.`
    expect(effects(rules, { booksLinesToAccounts: false })).toEqual([
      `NO_EFFECT Lines: ${remedy('Textile income')}`,
      `NO_EFFECT Throws: ${remedy('Throw income')}`,
    ])
    expect(effects(rules)).toEqual([])
  })

  test('has its effect on new items, where those may be created, and one is wanted there', () => {
    expect(effects(rules, { booksLinesToAccounts: false, createItems: true })).toEqual([])
    const lints = (mappings: AccountMapping[], createItems: boolean) =>
      itemLints(mappings, aConnection({ createItems })).map(({ code, reasonCode }) => `${code} ${reasonCode}`)
    expect(lints([], true)).toEqual(['ITEM_ACCOUNT_UNCHOSEN ITEM_ACCOUNT_UNUSABLE'])
    expect(lints(rules, true)).toEqual([])
    expect(lints([], false)).toEqual([])
  })
})

describe('a rule for a charge', () => {
  test('that this kind of QuickBooks books otherwise has no effect, and says what would', () => {
    const rules = [
      ruleOf({ name: 'Account', lineKind: LineKind.DISCOUNT }),
      ruleOf({ name: 'Item', lineKind: LineKind.DISCOUNT, targetKind: MappingTargetKind.ITEM }),
      ruleOf({ name: 'Freight', lineKind: LineKind.SHIPPING, targetKind: MappingTargetKind.ITEM }),
    ]
    expect(effects(rules)).toEqual([
      'NO_EFFECT Item: Choose an account instead, or delete the rule.',
      'NO_EFFECT Freight: Delete the rule.',
    ])
  })
})

describe('the books of a company', () => {
  const account = (name: string, use: AccountUse, isActive = true) => [name, { name, use, active: isActive }] as const
  const item = (name: string, incomeAccountId: string, costAccountId: string | null = null) =>
    record(name, { entity: LinkKind.ITEM, item: { incomeAccountId, costAccountId } })

  test('whose items book costs to an income account, or sales to costs, or to what is inactive, are named', () => {
    const accounts = new Map([
      account('Sales', 'INCOME'),
      account('COGS', 'COST_OF_GOODS'),
      account('Old', 'INCOME', false),
    ])
    const items = [item('A', 'Sales', 'COGS'), item('B', 'Sales', 'Sales'), item('C', 'COGS'), item('D', 'Old')]
    const found = bookLints({ accounts, items }, { rules: compileMappings([]), date: '2026-03-01' })
    expect(found.map(({ code, subject, examples }) => [code, subject, examples])).toEqual([
      ['ACCOUNT_TYPE_WRONG', 'COGS', ['C']],
      ['NAME_INACTIVE', 'Old', ['D']],
      ['ACCOUNT_TYPE_WRONG', 'Sales', ['B']],
    ])
  })

  test('whose cost account is an income account in QuickBooks is named, with the rule that says otherwise', () => {
    const accounts = new Map([account('Hardware COGS', 'INCOME'), account('Payroll', 'EXPENSE')])
    const rules = compileMappings([
      ruleOf({ name: 'COGS', account: '*COGS*', targetKind: MappingTargetKind.METRIC, target: 'product_cogs' }),
      ruleOf({ name: 'Payroll', account: '*pay*', targetKind: MappingTargetKind.METRIC, target: 'employee_expense' }),
    ])
    expect(bookLints({ accounts, items: [] }, { rules, date: '2026-03-01' })).toMatchObject([
      {
        ...{ code: 'ACCOUNT_TYPE_WRONG', subject: 'COGS', examples: ['Hardware COGS'] },
        sentence:
          'The rule "COGS" would count "Hardware COGS" as product_cogs; in QuickBooks it is an income account, so that no figure counts it by this rule.',
      },
    ])
  })
})
