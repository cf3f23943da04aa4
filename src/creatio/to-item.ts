import type { ItemDocument } from '../domain/document.ts'
import type { CrmWare } from './product.ts'

/** The item that a product is to QuickBooks; null when it has no code, for by that name lines find it. */
export function toItem({ id, code, name, price, category }: CrmWare): ItemDocument | null {
  if (code === null) return null
  return {
    kind: 'ITEM',
    sourceId: id,
    name: code,
    description: name ?? '',
    ...(price === null ? {} : { price }),
    ...(category === null ? {} : { category }),
  }
}
