// JSON as QuickBooks Online writes it: money keeps two decimals in the text (`100.00`, but `0`), quantities and prices
// keep the digits they were given. Decimals live in memory as strings, so that no amount is ever a binary float;
// the names of the fields alone decide which literal is a decimal.
import { Decimal } from 'decimal.js'

export type Json = null | boolean | number | string | Json[] | Fields
export type Fields = { [name: string]: Json | undefined }

const moneyFields = new Set(
  (
    'Amount TotalAmt Balance BalanceWithJobs OpenBalance UnappliedAmt RemainingCredit TotalTax NetAmountTaxable ' +
    'HomeTotalAmt HomeBalance Deposit CurrentBalance CurrentBalanceWithSubAccounts DiscountAmt TaxInclusiveAmt'
  ).split(' '),
)
const measureFields = new Set(
  (
    'Qty UnitPrice PurchaseCost QtyOnHand RateValue TaxPercent DiscountPercent DiscountRate RatePercent ExchangeRate ' +
    'BillRate CostRate ReorderPoint OverrideDeltaAmount'
  ).split(' '),
)

export const isDecimalField = (name: string): boolean => moneyFields.has(name) || measureFields.has(name)

/** True for a plain object: neither null nor a list. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Parses a request body; decimals come back as the digits that were sent. Throws SyntaxError on bad JSON. */
export function parseJson(text: string): Json {
  return JSON.parse(text, (name: string, value: Json, context?: { source?: string }) =>
    typeof value === 'number' && isDecimalField(name) ? (context?.source ?? String(value)) : value,
  ) as Json
}

/** Writes an answer. `undefined` fields are left out; decimals become literals by the name of their field. */
export function writeJson(value: Json | undefined, name = ''): string {
  if (Array.isArray(value)) return `[${value.map((each) => writeJson(each)).join(',')}]`
  if (isFields(value)) {
    const members = Object.entries(value).filter(([, each]) => each !== undefined)
    return `{${members.map(([key, each]) => `${JSON.stringify(key)}:${writeJson(each, key)}`).join(',')}}`
  }
  const isDecimal = (typeof value === 'string' || typeof value === 'number') && isDecimalField(name)
  return isDecimal ? decimalLiteral({ name, value: String(value) }) : JSON.stringify(value ?? null)
}

function decimalLiteral({ name, value }: { name: string; value: string }): string {
  const isPlain = /^-?(0|[1-9]\d*)(\.\d+)?$/.test(value)
  if (measureFields.has(name) && isPlain) return value
  const decimal = money(value)
  if (!decimal.isFinite()) return JSON.stringify(value)
  if (decimal.isZero()) return '0'
  return moneyFields.has(name) ? decimal.toDecimalPlaces(2, Decimal.ROUND_HALF_UP).toFixed(2) : decimal.toFixed()
}

/** An amount out of a record or a request; an absent one is zero, a malformed one is NaN. */
export function money(value: unknown): Decimal {
  if (value === undefined || value === null || value === '') return new Decimal(0)
  try {
    return new Decimal(String(value))
  } catch {
    return new Decimal(Number.NaN)
  }
}

/** Half-up to the cent: QuickBooks' one rounding rule. */
export const toCents = (amount: Decimal): Decimal => amount.toDecimalPlaces(2, Decimal.ROUND_HALF_UP)
