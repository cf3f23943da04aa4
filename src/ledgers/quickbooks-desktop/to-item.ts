import type { MappedItem } from '../../domain/document.ts'
import { plain } from '../../domain/money.ts'
import { ref, type Values } from './values.ts'

/** A new item, as a service: what QuickBooks keeps stock of needs accounts and quantities that a CRM does not know. */
export function itemValues({ document: { name, description, price }, incomeAccountId }: MappedItem): Values {
  return {
    Name: name,
    SalesOrPurchase: {
      Desc: description || undefined,
      Price: price === undefined ? undefined : plain(price),
      AccountRef: ref('ListID', incomeAccountId),
    },
  }
}
