import { describe, expect, test } from '@jest/globals'
import { LineKind, type LineMapping, MappingTargetKind } from '../../src/domain/account-mapping.ts'
import { compileMappings, factsOf } from '../../src/domain/mapping-choice.ts'
import { readMapping } from '../../src/domain/mapping-input.ts'
import { chooseTax, NO_TAXES, type Taxes } from '../../src/domain/tax-choice.ts'
import { ruleOf, saleOf } from './rules.ts'

const ITEM = MappingTargetKind.ITEM
const billing = { lines: [], state: 'CA', postalCode: '94103' }
const sale = saleOf({ customer: { ...saleOf().customer, billing } })
const california = ruleOf({
  name: 'California',
  lineKind: LineKind.TAX,
  shipTo: 'CA',
  targetKind: ITEM,
  target: 'CA tax',
})
const sanFrancisco = ruleOf({
  ...{
    name: 'San Francisco',
    lineKind: LineKind.TAX,
    shipTo: 'CA 941*',
    position: 5,
    targetKind: ITEM,
    target: 'SF tax',
  },
})
const retail = ruleOf({
  name: 'Retail',
  lineKind: LineKind.TAX,
  customerGroup: 'Retail',
  position: 99,
  targetKind: ITEM,
})
const taxes: Taxes = { ...NO_TAXES, rateOf: (name) => (name === 'SF tax' ? '8.625' : null) }
const ofCustomer = { ...taxes, ofCustomer: () => 'Their tax' }

function taxOf(
  document = sale,
  args: {
    rules?: Parameters<typeof compileMappings>[0]
    taxes?: Taxes
    target?: string | null
    lines?: LineMapping[]
  } = {},
) {
  const { rules = [california, sanFrancisco], target = 'Sales tax', lines = [] } = args
  const facts = factsOf(document).find(({ kind }) => kind === LineKind.TAX)
  if (!facts) throw new Error('the document has no tax')
  const named = { targetKind: lines.length > 0 ? MappingTargetKind.TAX_CODE : ITEM, target }
  return chooseTax(document, { rules: compileMappings(rules), facts, named, lines, taxes: args.taxes ?? taxes })
}

describe('the tax of a document', () => {
  test('is the one that the order names, before that of its customer, before that of the place', () => {
    expect(taxOf({ ...sale, taxName: 'Its own' }, { taxes: ofCustomer })).toMatchObject({
      ...{ target: 'Its own', basis: 'ORDER', rule: null, beats: ['San Francisco', 'California'] },
      why: 'The order itself names it, which comes before rules for where it is shipped to.',
    })
    expect(taxOf(sale, { taxes: ofCustomer })).toMatchObject({
      ...{ target: 'Their tax', basis: 'CUSTOMER' },
      why: expect.stringMatching(/^It is the tax of the customer in QuickBooks/),
    })
    expect(taxOf(sale)).toMatchObject({
      ...{ target: 'SF tax', basis: 'RULE', rule: 'San Francisco', version: 1, ratePercent: '8.625' },
      why: expect.stringContaining('shipped to "CA 941*"'),
    })
  })

  test('is a matter of a rule that looks at no place before all else, wherever it stands', () => {
    const found = taxOf(
      { ...sale, taxName: 'Its own' },
      { rules: [california, sanFrancisco, retail], taxes: ofCustomer },
    )
    expect(found).toMatchObject({ target: 'Retail income', basis: 'RULE', rule: 'Retail' })
  })

  test('is what the connection names where nobody else speaks, and nothing where it names nothing', () => {
    const oregon = { ...sale, shipTo: { lines: [], state: 'OR', postalCode: '97301' } }
    expect(taxOf(oregon)).toMatchObject({ target: 'Sales tax', basis: 'DEFAULT' })
    expect(taxOf(oregon, { target: null })).toBeNull()
    expect(taxOf({ ...oregon, shipTo: { lines: [], state: 'CA' } })).toMatchObject({ target: 'CA tax' })
  })

  test('is the tax code that a rule gives a line, where one is taken for the whole document', () => {
    const line = (target: string) =>
      ({ line: 1, targetKind: MappingTargetKind.TAX_CODE, target, rule: 'Lines', ruleId: 'x', beats: [] }) as never
    const ofLines = { ...ofCustomer, isOfLines: (name: string) => name === 'NON' }
    expect(taxOf(sale, { lines: [line('NON'), line('County')], taxes: ofLines })).toMatchObject({
      ...{ line: null, lineKind: 'TAX', target: 'County', rule: 'Lines' },
      why: 'A rule gives it to line 1, and QuickBooks takes one tax code for a whole document.',
    })
    expect(taxOf(sale, { lines: [line('NON')], taxes: ofLines })).toMatchObject({ basis: 'CUSTOMER' })
  })
})

test('a rule looks at where it is shipped to for the tax of a document alone', () => {
  const read = (values: object) =>
    readMapping(
      { name: 'A rule', shipTo: 'CA', lineKind: LineKind.TAX, targetKind: ITEM, target: 'CA tax', ...values },
      { position: 1, effectiveFrom: '0001-01-01' },
    ).problems
  expect(read({})).toEqual([])
  expect(read({ targetKind: MappingTargetKind.TAX_CODE })).toEqual([])
  expect(read({ lineKind: LineKind.SHIPPING })).toEqual([
    expect.stringMatching(/^"shipTo" is a condition for the sales tax/),
  ])
  expect(read({ targetKind: MappingTargetKind.ACCOUNT })).toHaveLength(1)
  expect(read({ shipTo: '(', patternKind: 'REGEX' })).toHaveLength(1)
})
