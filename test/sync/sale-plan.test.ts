import { describe, expect, test } from '@jest/globals'
import { LineKind, MappingTargetKind } from '../../src/domain/account-mapping.ts'
import { LinkKind } from '../../src/domain/link.ts'
import { compileMappings } from '../../src/domain/mapping-choice.ts'
import { NO_TAXES } from '../../src/domain/tax-choice.ts'
import type { ChosenCharges, Need } from '../../src/ledgers/ledger.ts'
import { bookingKey, chooseForDocument, planSale } from '../../src/sync/sale-plan.ts'
import { ruleOf, saleOf } from '../domain/rules.ts'

/** A kind of QuickBooks that books discounts to an account and shipping with an item. */
const needs = (_: unknown, chosen: ChosenCharges = {}): Need[] => [
  { role: 'DISCOUNT', entity: LinkKind.ACCOUNT, name: chosen.DISCOUNT?.ACCOUNT ?? 'Discount' },
  { role: 'SHIPPING', entity: LinkKind.ITEM, name: chosen.SHIPPING?.ITEM ?? 'Shipping' },
]

const rules = compileMappings([
  ruleOf({ name: 'Throws', item: 'TH-*', target: 'Textile income' }),
  ruleOf({ name: 'Tables', item: 'TB-*', targetKind: MappingTargetKind.ITEM, target: 'Furniture' }),
  ruleOf({
    name: 'Retail tax',
    customerGroup: 'Retail',
    lineKind: LineKind.ITEM,
    targetKind: MappingTargetKind.TAX_CODE,
    target: 'LOC',
  }),
  ruleOf({ name: 'Retail discount', lineKind: LineKind.DISCOUNT, target: 'Retail discounts' }),
  ruleOf({ name: 'Shipping to an account', lineKind: LineKind.SHIPPING, target: 'Freight' }),
])
const document = saleOf({ tax: '0.00', total: '23.00' })
const choices = chooseForDocument(document, { rules, needs: needs(document), taxes: NO_TAXES })

describe('the booking of a document', () => {
  test('names for each line and charge what was chosen, by which rule, or by default', () => {
    expect(
      choices.map(({ line, lineKind, targetKind, target, rule }) => [line ?? lineKind, targetKind, target, rule]),
    ).toEqual([
      [1, 'ITEM', 'TH-100', null],
      [1, 'ACCOUNT', 'Textile income', 'Throws'],
      [1, 'TAX_CODE', 'LOC', 'Retail tax'],
      [2, 'ITEM', 'Furniture', 'Tables'],
      [2, 'TAX_CODE', 'LOC', 'Retail tax'],
      ['DISCOUNT', 'ACCOUNT', 'Retail discounts', 'Retail discount'],
      // An account is nothing to a QuickBooks that books shipping with an item.
      ['SHIPPING', 'ITEM', 'Shipping', null],
    ])
  })

  test('puts what was chosen in the place of what the product and the connection name', () => {
    const plan = planSale(document, { choices, needs })
    expect(plan.lines).toMatchObject([
      { account: { entity: 'ACCOUNT', name: 'Textile income' }, taxCode: { name: 'LOC' } },
      { item: { entity: 'ITEM', name: 'Furniture' }, taxCode: { name: 'LOC' } },
    ])
    expect(plan.needs).toEqual([
      { role: 'DISCOUNT', entity: 'ACCOUNT', name: 'Retail discounts' },
      { role: 'SHIPPING', entity: 'ITEM', name: 'Shipping' },
    ])
    expect(plan.named.map(({ name, chosen }) => [name, chosen?.rule ?? null])).toContainEqual(['Shipping', null])
  })

  test('is the same as long as what reaches QuickBooks is, whatever the rules are called', () => {
    const renamed = choices.map((choice) => ({ ...choice, rule: 'Another', version: 7, why: 'because' }))
    expect(bookingKey(renamed)).toBe(bookingKey(choices))
    expect(bookingKey(null)).toBe('')
    expect(bookingKey(choices.slice(0, 2))).not.toBe(bookingKey(choices))
  })
})
