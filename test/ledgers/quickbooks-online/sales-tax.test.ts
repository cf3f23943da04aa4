import { describe, expect, test } from '@jest/globals'
import type { MappedInvoice } from '../../../src/domain/document.ts'
import { MirrorEntity } from '../../../src/domain/mirror.ts'
import { lossesOf } from '../../../src/ledgers/quickbooks-online/losses.ts'
import { problemsOf } from '../../../src/ledgers/quickbooks-online/problems.ts'
import { namesTax } from '../../../src/ledgers/quickbooks-online/sales-tax.ts'
import { taxesOf, taxOfCustomer } from '../../../src/ledgers/quickbooks-online/taxes.ts'
import { toRequest } from '../../../src/ledgers/quickbooks-online/to-request.ts'
import { invoice } from './answers.ts'

/** The contract's invoice: 1,234.50 and 0.05 gross, the first taxed; a tax of 80.25. */
function taxed(ratePercent: string | undefined, tax = '80.25'): MappedInvoice {
  const code = { id: '7', name: 'County', ...(ratePercent === undefined ? {} : { ratePercent }) }
  return {
    ...invoice,
    charges: { ...invoice.charges, SALES_TAX: code },
    document: { ...invoice.document, tax },
  }
}

describe('the tax code of a document in QuickBooks Online', () => {
  test('stands beside the amount of the tax, and where none was chosen, the amount stands alone', () => {
    expect(JSON.parse(toRequest(taxed(undefined)).request).TxnTaxDetail).toEqual({
      TxnTaxCodeRef: { value: '7' },
      TotalTax: 80.25,
    })
    expect(JSON.parse(toRequest(invoice).request).TxnTaxDetail).toEqual({ TotalTax: 80.25 })
  })

  test('that does not come to the amount is named with both, and what rounding leaves fits', () => {
    expect(problemsOf(taxed('6.5'))).toEqual([])
    expect(problemsOf(taxed('6.5', '80.22'))).toEqual([])
    // With the shipping of 25.00 in it.
    expect(problemsOf(taxed('6.5', '81.87'))).toEqual([])
    expect(problemsOf(taxed(undefined, '1.00'))).toEqual([])
    expect(problemsOf(taxed('7.25'))).toMatchObject([
      {
        field: 'sales tax',
        value: '80.25',
        problem: 'its sales tax is 80.25, and the tax code "County" comes to 89.50 (7.25 % of 1234.50)',
      },
    ])
  })

  test('is left to QuickBooks where it computes tax by itself, and that is said', () => {
    const { document } = invoice
    expect(namesTax(document, 'BY_RATE')).toBe(true)
    expect(namesTax(document, null)).toBe(true)
    expect(namesTax(document, 'AUTOMATED')).toBe(false)
    expect(namesTax({ ...document, tax: '0.00' }, 'BY_RATE')).toBe(false)
    const what = 'whose tax it is, automated sales tax decides by where it is shipped to'
    expect(lossesOf(invoice, { salesTax: 'AUTOMATED' })).toContainEqual({ what, detail: '80.25' })
    expect(lossesOf(invoice).map((loss) => loss.what)).not.toContain(what)
  })

  test('is none where sales tax is switched off: a tax is refused before it is sent', () => {
    expect(problemsOf(invoice, { salesTax: 'OFF' })).toMatchObject([
      { field: 'sales tax of the company', problem: 'it has sales tax, which is switched off in QuickBooks' },
    ])
    expect(problemsOf({ ...invoice, document: { ...invoice.document, tax: '0.00' } }, { salesTax: 'OFF' })).toEqual([])
  })
})

describe('the taxes of the mirror', () => {
  const record = (entity: MirrorEntity.TAX_CODE | MirrorEntity.TAX_RATE, quickBooksId: string, raw: object) => ({
    ...{ entity, quickBooksId, name: `Tax ${quickBooksId}`, raw: JSON.stringify(raw) },
  })
  const details = (ids: string[], type = 'TaxOnAmount') => ({
    SalesTaxRateList: {
      TaxRateDetail: ids.map((value) => ({ TaxRateRef: { value }, TaxTypeApplicable: type })),
    },
  })

  test('have the sum of their rates, to the last digit, and none where a rate is unknown or on another tax', () => {
    const records = [
      record(MirrorEntity.TAX_RATE, '1', { RateValue: 7.25 }),
      record(MirrorEntity.TAX_RATE, '2', { RateValue: 0.125 }),
      record(MirrorEntity.TAX_CODE, '10', details(['1', '2'])),
      record(MirrorEntity.TAX_CODE, '11', details(['1', '3'])),
      record(MirrorEntity.TAX_CODE, '12', details(['1'], 'TaxOnTax')),
      record(MirrorEntity.TAX_CODE, 'NON', {}),
    ]
    expect(taxesOf(records).map(({ id, ratePercent, isOfLines }) => [id, ratePercent, isOfLines])).toEqual([
      ['10', '7.375', false],
      ['11', null, false],
      ['12', null, false],
      ['NON', null, true],
    ])
  })

  test('are a customer’s own where the accountant chose one, which "taxable" alone is not', () => {
    const customer = (value: string) => JSON.stringify({ DefaultTaxCodeRef: { value } })
    expect(taxOfCustomer(customer('10'))).toEqual({ id: '10', name: null })
    expect(taxOfCustomer(customer('TAX'))).toBeNull()
    expect(taxOfCustomer('{}')).toBeNull()
  })
})
