import { Decimal } from 'decimal.js'
import type { Company } from './company.ts'
import { refValue } from './company.ts'
import { type Fields, isFields, money, toCents } from './json-text.ts'
import type { SaleLines } from './sale-lines.ts'

/** Base rates in percent by the state a document ships to; a state that is not here taxes nothing. */
const ratePercentByState: Record<string, string> = {
  AZ: '5.6',
  CA: '7.25',
  CO: '2.9',
  FL: '6',
  GA: '4',
  IL: '6.25',
  MA: '6.25',
  MI: '6',
  MN: '6.875',
  NC: '4.75',
  NJ: '6.625',
  NY: '4',
  OH: '5.75',
  PA: '6',
  TN: '7',
  TX: '6.25',
  VA: '4.3',
  WA: '6.5',
}

/**
 * The TxnTaxDetail of a sales document. An explicit TotalTax is honoured; else automated sales tax takes the rate of the
 * ship-to state, a chosen tax code its own rates, and without either there is no tax.
 */
export function completeTax({
  company,
  fields,
  sent,
  parts,
}: {
  company: Company
  fields: Fields
  /** TxnTaxDetail as the client sent it; absent when it sent none. */
  sent: Fields | undefined
  parts: SaleLines
}): Fields {
  const code = sent?.TxnTaxCodeRef
  const kept = code === undefined ? {} : { TxnTaxCodeRef: code }
  if (sent?.TotalTax !== undefined) {
    const lines = sent.TaxLine === undefined ? {} : { TaxLine: sent.TaxLine }
    return { ...kept, TotalTax: toCents(money(sent.TotalTax)).toFixed(), ...lines }
  }
  const rates = company.settings.automatedSalesTax ? stateRates(fields) : codeRates({ company, code: refValue(code) })
  const base = taxableBase({ fields, parts })
  const taxed = rates.map(({ percent, rateId }) => ({
    percent,
    rateId,
    amount: toCents(base.times(percent).dividedBy(100)),
  }))
  const total = taxed.reduce((sum, { amount }) => sum.plus(amount), new Decimal(0))
  const answer: Fields = { ...kept, TotalTax: total.toFixed() }
  if (taxed.length === 0) return answer
  answer.TaxLine = taxed.map(({ percent, rateId, amount }) => ({
    Amount: amount.toFixed(),
    DetailType: 'TaxLineDetail',
    TaxLineDetail: {
      TaxRateRef: { value: rateId },
      PercentBased: true,
      TaxPercent: percent,
      NetAmountTaxable: base.toFixed(),
    },
  }))
  return answer
}

interface Rate {
  percent: string
  rateId: string
}

function stateRates(fields: Fields): Rate[] {
  const address = isFields(fields.ShipAddr) ? fields.ShipAddr : fields.BillAddr
  const state = isFields(address) ? String(address.CountrySubDivisionCode ?? '') : ''
  const percent = ratePercentByState[state.toUpperCase()]
  return percent ? [{ percent, rateId: '1' }] : []
}

function codeRates({ company, code }: { company: Company; code: string | undefined }): Rate[] {
  const taxCode = code === undefined ? undefined : company.get('TaxCode', code)
  const list = taxCode?.SalesTaxRateList
  const details = isFields(list) && Array.isArray(list.TaxRateDetail) ? list.TaxRateDetail : []
  return details.flatMap((detail) => {
    const rate = isFields(detail) ? company.get('TaxRate', refValue(detail.TaxRateRef) ?? '') : undefined
    return rate ? [{ percent: String(rate.RateValue), rateId: rate.Id }] : []
  })
}

/** A discount lowers the taxable sum in proportion when tax applies after it. */
function taxableBase({ fields, parts }: { fields: Fields; parts: SaleLines }): Decimal {
  const isAfterDiscount = fields.ApplyTaxAfterDiscount === true
  if (!isAfterDiscount || parts.subTotal.isZero()) return parts.taxable
  const share = parts.taxable.dividedBy(parts.subTotal.plus(parts.shipping))
  return toCents(parts.taxable.minus(parts.discount.times(share)))
}
