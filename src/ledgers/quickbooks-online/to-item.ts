import type { MappedItem } from '../../domain/document.ts'
import { plain } from '../../domain/money.ts'
import { numberLiteral } from './exact-json.ts'

/** A new item, as a service: what QuickBooks keeps stock of needs accounts and quantities that a CRM does not know. */
export function itemBody({ document: { name, description, price }, incomeAccountId }: MappedItem): object {
  return {
    Name: name,
    Type: 'Service',
    Description: description || undefined,
    UnitPrice: price === undefined ? undefined : numberLiteral(plain(price)),
    IncomeAccountRef: { value: incomeAccountId },
  }
}
