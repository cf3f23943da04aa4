import type { MappedSale } from '../domain/document.ts'
import { minus, sum, ZERO } from '../domain/money.ts'
import type { LedgerSale } from '../ledgers/ledger.ts'

/**
 * What QuickBooks returned, with the lines of charges taken out of its lines: a charge that an account mapping books with an
 * item of its own comes back as a line like any other, and only who chose the item knows what it is. An item that is sold
 * on the same document too is left where it is.
 */
export function chargesApart(sale: LedgerSale, { itemIds, charges }: MappedSale): LedgerSale {
  const sold = new Set(itemIds)
  const idOf = (role: 'DISCOUNT' | 'SHIPPING' | 'TAX_ROUNDING') => {
    const id = charges[role]?.id
    return id === undefined || sold.has(id) ? null : id
  }
  const [discountId, shippingId, roundingId] = [idOf('DISCOUNT'), idOf('SHIPPING'), idOf('TAX_ROUNDING')]
  const own = new Set([discountId, shippingId, roundingId])
  const lines = sale.lines.filter(({ itemId }) => itemId === null || !own.has(itemId))
  if (lines.length === sale.lines.length) return sale
  const booked = (id: string | null) =>
    sum(sale.lines.flatMap(({ itemId, amount }) => (id !== null && itemId === id ? [amount] : [])))
  return {
    ...sale,
    lines,
    discount: sum([sale.discount, minus(ZERO, booked(discountId))]),
    shipping: sum([sale.shipping, booked(shippingId)]),
    tax: sum([sale.tax, booked(roundingId)]),
  }
}
