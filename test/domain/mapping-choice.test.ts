import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { LineKind, MappingTargetKind, TaxState } from '../../src/domain/account-mapping.ts'
import { contentHash } from '../../src/domain/document.ts'
import { chooseFor, compileMappings, factsOf, type LineFacts } from '../../src/domain/mapping-choice.ts'
import { shadowsOf } from '../../src/domain/mapping-shadows.ts'
import { ruleOf, saleOf } from './rules.ts'

const DATE = '2026-03-01'
const connectionId = '99999999-9999-4999-8999-999999999999'

function chosen(rules: Parameters<typeof compileMappings>[0], facts: LineFacts | undefined, date = DATE) {
  if (!facts) throw new Error('There is no such line')
  const byDefault = { target: 'TH-100', why: 'the item of its product code' }
  return chooseFor(compileMappings(rules), { facts, targetKind: MappingTargetKind.ACCOUNT, date, byDefault })
}

const [throws, table, discount, shipping, tax] = factsOf(saleOf())

describe('what rules see of a document', () => {
  test('is each line with its SKU, name, category, sales group and tax, and each charge that is not zero', () => {
    expect(throws).toMatchObject({
      line: 1,
      kind: LineKind.ITEM,
      items: ['TH-100', 'Copper throw'],
      category: 'Textiles',
      customerGroup: 'Retail',
      taxState: TaxState.TAXABLE,
    })
    expect([table?.taxState, discount?.kind, shipping?.kind, tax?.kind]).toEqual([
      'EXEMPT',
      'DISCOUNT',
      'SHIPPING',
      'TAX',
    ])
    expect(discount).toMatchObject({ line: null, items: [], amount: '-2.00' })
    expect(factsOf(saleOf({ discount: '0.00', shipping: '0.00', tax: '0.00' }))).toHaveLength(2)
  })

  test('is no part of the content: another sales group is no other invoice', () => {
    const other = saleOf({ mappingFacts: { customerGroup: 'Wholesale', categories: [null, null] } })
    expect(contentHash(other)).toBe(contentHash(saleOf()))
    expect(contentHash(saleOf({ number: '62002' }))).not.toBe(contentHash(saleOf()))
  })
})

describe('of the rules that match', () => {
  test('the first wins, and says which it came before', () => {
    const choice = chosen(
      [
        ruleOf({ name: 'Late', position: 30, item: '*throw*' }),
        ruleOf({
          name: 'Textiles',
          position: 20,
          category: 'text*',
          customerGroup: 'Retail',
          taxState: TaxState.TAXABLE,
        }),
        ruleOf({ name: 'Tables', position: 10, item: 'TB-*' }),
      ],
      throws,
    )
    expect(choice).toMatchObject({
      line: 1,
      target: 'Textiles income',
      rule: 'Textiles',
      version: 1,
      beats: ['Late'],
      why: 'It is the first rule that matches (category "text*", customer group "Retail", tax state TAXABLE); it comes before "Late".',
    })
  })

  test('those of the connection come before those for all, whatever their places', () => {
    const rules = [
      ruleOf({ name: 'All', position: 1, item: '*' }),
      ruleOf({ name: 'Own', position: 9, item: '*', connectionId }),
    ]
    expect(chosen(rules, throws)?.rule).toBe('Own')
  })

  test('only those count that hold on the day of the document', () => {
    const rules = [
      ruleOf({ name: 'Old', item: '*', effectiveTo: DATE }),
      ruleOf({ name: 'New', item: '*', effectiveFrom: DATE }),
    ]
    expect(chosen(rules, throws)?.rule).toBe('New')
    expect(chosen(rules, throws, '2026-02-28')?.rule).toBe('Old')
  })

  test('none: the default counts, and says so', () => {
    expect(chosen([ruleOf({ name: 'Lamps', item: 'LA-*' })], throws)).toMatchObject({
      target: 'TH-100',
      rule: null,
      version: null,
      why: 'No rule matches, so the default counts: the item of its product code.',
    })
  })

  test.each([
    ['a condition on an item, of a charge that has none', { item: '*' }, discount, false],
    ['a kind of line', { lineKind: LineKind.DISCOUNT }, discount, true],
    ['another kind of line', { lineKind: LineKind.SHIPPING }, discount, false],
    ['the name of the item', { item: 'oak *' }, table, true],
    ['a condition on accounts', { account: '*' }, throws, false],
  ])('%s decides', (_, conditions, facts, matches) => {
    expect(chosen([ruleOf({ name: 'One', ...conditions })], facts)?.rule ?? null).toBe(matches ? 'One' : null)
  })

  test('one whose pattern cannot be used never matches, is listed, and stops no other', () => {
    const broken = ruleOf({ name: 'Broken', patternKind: 'REGEX', item: '(?=a)' })
    const compiled = compileMappings([broken, ruleOf({ name: 'Fine', item: 'TH-*' })])
    expect(compiled.broken).toMatchObject([
      { mapping: { name: 'Broken' }, problem: expect.stringContaining('Lookarounds') },
    ])
    expect(chosen([broken, ruleOf({ name: 'Fine', item: 'TH-*' })], throws)?.rule).toBe('Fine')
  })
})

describe('a rule that can never win', () => {
  const names = (rules: Parameters<typeof shadowsOf>[0]) =>
    shadowsOf(rules).map(({ mapping, by }) => `${mapping.name} by ${by.name}`)

  test('is proven where an earlier one asks for less, or for the same', () => {
    expect(
      names([
        ruleOf({ name: 'Throws', position: 1, item: 'TH-*' }),
        ruleOf({ name: 'Throw 1', position: 2, item: 'TH-1*', customerGroup: 'Retail' }),
        ruleOf({ name: 'Retail', position: 3, customerGroup: 'Retail' }),
        ruleOf({ name: 'Tax', position: 4, item: 'TH-1', targetKind: MappingTargetKind.TAX_CODE }),
      ]),
    ).toEqual(['Throw 1 by Throws'])
  })

  test('is not one that an earlier one shadows on some days only, or on some lines only', () => {
    expect(
      names([
        ruleOf({ name: 'March', position: 1, item: '*', effectiveFrom: '2026-03-01', effectiveTo: '2026-04-01' }),
        ruleOf({ name: 'Shipping', position: 2, lineKind: LineKind.SHIPPING }),
        ruleOf({ name: 'Throws', position: 3, item: 'TH-*' }),
      ]),
    ).toEqual([])
  })

  test('never wins a line, whatever lines there are', () => {
    const text = fc.constantFrom('a', 'ab', 'b', 'ba', 'abc')
    const pattern = fc.option(fc.constantFrom('*', 'a*', '*b', 'a', 'ab', '?', '*b*'), { nil: null })
    const rule = fc.record({
      item: pattern,
      category: pattern,
      taxState: fc.constantFrom(null, TaxState.TAXABLE, TaxState.EXEMPT),
    })
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 2, maxLength: 6 }),
        fc.array(fc.tuple(text, text), { maxLength: 8 }),
        (given, lines) => {
          const rules = given.map((values, index) => ruleOf({ name: String(index), position: index + 1, ...values }))
          const compiled = compileMappings(rules)
          const shadowed = new Set(shadowsOf(rules).map(({ mapping }) => mapping.id))
          for (const [item, category] of lines) {
            for (const taxState of Object.values(TaxState)) {
              const facts = {
                line: 1,
                kind: LineKind.ITEM,
                items: [item],
                category,
                customerGroup: null,
                taxState,
                shipTo: [],
                account: null,
                amount: '1.00',
              }
              const [winner] = compiled.matching(facts, MappingTargetKind.ACCOUNT)
              if (winner) expect(shadowed.has(winner.id)).toBe(false)
            }
          }
        },
      ),
    )
  })
})
