import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decimal, minus, percentOf, roundToCents, sum } from '../../../src/domain/money.ts'
import { needsOf, planTax, type TaxPlan } from '../../../src/ledgers/quickbooks-desktop/sales-tax.ts'
import { desktopInvoice, setting } from './answers.ts'

const { names, company } = setting

/** A plan with its problems in words. */
function inWords({ rounding, problems }: TaxPlan) {
  return { rounding, problems: problems.map(({ problem }) => problem) }
}

/** The contract's invoice with another tax, or other charges. */
function planned({ tax, ...charges }: { tax?: string } & Partial<ReturnType<typeof desktopInvoice>['charges']>) {
  const mapped = desktopInvoice()
  if (tax !== undefined) mapped.document.tax = tax
  return inWords(planTax({ mapped: { ...mapped, charges: { ...mapped.charges, ...charges } }, names, company }))
}

describe('the sales tax, which QuickBooks Desktop computes itself', () => {
  test('what rounding leaves is a line of its own, of at most a cent for each taxable line, more or less', () => {
    expect(planned({ tax: '80.24' })).toEqual({ rounding: '0.00', problems: [] })
    expect(planned({ tax: '80.25' })).toEqual({ rounding: '0.01', problems: [] })
    expect(planned({ tax: '80.23' })).toEqual({ rounding: '-0.01', problems: [] })
  })

  test('a bigger difference is no rounding, and is named with both taxes', () => {
    const { rounding, problems } = planned({ tax: '80.26' })
    expect(rounding).toBe('0.00')
    expect(problems).toEqual(['QuickBooks computes a sales tax of 80.24 (6.5 % of 1234.50), the order has 80.26'])
  })

  test('without an item that books the rest, a rest is a problem, and none is needed for none', () => {
    const mapped = desktopInvoice()
    const { TAX_ROUNDING: _, ...charges } = mapped.charges
    const without = { ...mapped, charges }
    expect(inWords(planTax({ mapped: without, names, company })).problems).toEqual([
      expect.stringMatching(/no item "Sales tax rounding" books the rest/),
    ])
    without.document.tax = '80.24'
    expect(planTax({ mapped: without, names, company }).problems).toEqual([])
  })

  test('a tax item that is missing, or whose rate is not known, is a problem', () => {
    expect(planned({ SALES_TAX: { id: '1' } }).problems).toEqual([
      '"Sales tax" is no active sales tax item with one rate: a group of several cannot be used, name one item',
    ])
    const { SALES_TAX: _, ...charges } = desktopInvoice().charges
    const mapped = { ...desktopInvoice(), charges }
    expect(inWords(planTax({ mapped, names, company })).problems).toEqual([
      'QuickBooks has no sales tax item named "Sales tax"',
    ])
  })

  test('a sales tax code that a mapping chose says whether its line is taxed, and the document says it of a code that nobody knows', () => {
    const mapped = { ...desktopInvoice(), bookings: [{ taxCodeId: 'exempt' }, { taxCodeId: 'taxed' }] }
    const codes = new Map([
      ['exempt', false],
      ['taxed', true],
    ])
    const planOf = (taxCodes: Map<string, boolean>) => planTax({ mapped, names, company: { ...company, taxCodes } })
    expect(inWords(planOf(codes)).problems).toEqual([expect.stringContaining('a sales tax of 0.00 (6.5 % of 0.05)')])
    expect(planOf(new Map())).toEqual({ rounding: '0.01', problems: [] })
  })

  test('an untaxed document needs no tax item, and one without discount and shipping needs nothing', () => {
    const { document } = desktopInvoice()
    expect(needsOf({ document: { ...document, tax: '0.00' }, names, company }).map(({ role }) => role)).toEqual([
      'DISCOUNT',
      'SHIPPING',
    ])
    expect(
      needsOf({ document: { ...document, tax: '0.00', discount: '0.00', shipping: '0.00' }, names, company }),
    ).toEqual([])
  })

  test('taxes that were rounded line by line always fit, whatever the prices and discounts', () => {
    const cents = fc
      .integer({ min: 1, max: 10_000_000 })
      .map((pennies) => roundToCents(decimal(pennies).dividedBy(100)))
    const line = fc.record({ amount: cents, percent: fc.integer({ min: 0, max: 100 }) })
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 2000 }), (lines, rate) => {
        const ratePercent = decimal(rate).dividedBy(100).toFixed()
        const mapped = desktopInvoice()
        const [sample] = mapped.document.lines
        mapped.document.lines = lines.map(({ amount, percent }, index) => ({
          ...sample!,
          position: index + 1,
          amount,
          discountAmount: percentOf({ amount, percent: String(percent) }),
        }))
        const taxes = mapped.document.lines.map(({ amount, discountAmount }) =>
          percentOf({ amount: minus(amount, discountAmount), percent: ratePercent }),
        )
        mapped.document.tax = sum(taxes)
        mapped.charges.SALES_TAX = { id: '1', ratePercent }
        expect(planTax({ mapped, names, company }).problems).toEqual([])
      }),
    )
  })
})
