import type { LedgerTax } from '../../domain/ledger-record.ts'
import { MirrorEntity, type MirroredTaxRecord } from '../../domain/mirror.ts'
import { decimal, plain, type Quantity } from '../../domain/money.ts'
import { isNumberLiteral, membersOf, readJson } from './exact-json.ts'
import { textOf } from './mirror-records.ts'
import { isOfLines } from './tax-codes.ts'

/** The tax codes of a company, each with the sum of its rates; what is not on the plain amount has no rate that could be told. */
export function taxesOf(records: MirroredTaxRecord[]): LedgerTax[] {
  const rates = new Map(
    records.flatMap(({ entity, quickBooksId, raw }) => {
      const { RateValue } = membersOf(readJson(raw))
      return entity === MirrorEntity.TAX_RATE && isNumberLiteral(RateValue)
        ? [[quickBooksId, RateValue.rawJSON] as const]
        : []
    }),
  )
  return records
    .filter(({ entity }) => entity === MirrorEntity.TAX_CODE)
    .map(({ quickBooksId: id, name, raw }) => ({
      ...{ id, name, isOfLines: isOfLines(id) },
      ratePercent: rateOf(raw, rates),
    }))
}

function rateOf(raw: string, rates: ReadonlyMap<string, string>): Quantity | null {
  const { TaxRateDetail } = membersOf(membersOf(readJson(raw)).SalesTaxRateList)
  const details = (Array.isArray(TaxRateDetail) ? (TaxRateDetail as unknown[]) : []).map(membersOf)
  const parts = details.map(({ TaxRateRef, TaxTypeApplicable = 'TaxOnAmount' }) =>
    TaxTypeApplicable === 'TaxOnAmount' ? rates.get(textOf(membersOf(TaxRateRef).value) ?? '') : undefined,
  )
  if (parts.length === 0 || !parts.every((part) => part !== undefined)) return null
  return plain(parts.reduce((sum, part) => sum.plus(part), decimal(0)))
}

/** The default tax code of a customer, as the accountant chose it. */
export function taxOfCustomer(raw: string): { id: string; name: string | null } | null {
  const { value, name } = membersOf(membersOf(readJson(raw)).DefaultTaxCodeRef)
  const id = textOf(value)
  return id === null || isOfLines(id) ? null : { id, name: textOf(name) }
}
