import type { LedgerItem } from '../../domain/ledger-record.ts'
import { isNumberLiteral, membersOf, readJson } from './exact-json.ts'
import { textOf } from './mirror-records.ts'

/** What is bought for nobody's stock, bundles and categories are no products of a CRM. */
const SOLD: Readonly<Record<string, LedgerItem['sold']>> = { Inventory: 'GOODS', Service: 'SERVICE' }

/** A mirrored item in canonical words; null for raw JSON that is none. */
export function itemOf(raw: string): LedgerItem | null {
  const { Type, Description, UnitPrice } = membersOf(readJson(raw))
  const type = textOf(Type)
  if (type === null) return null
  return {
    sold: SOLD[type] ?? null,
    description: textOf(Description) ?? '',
    price: isNumberLiteral(UnitPrice) ? UnitPrice.rawJSON : null,
  }
}
