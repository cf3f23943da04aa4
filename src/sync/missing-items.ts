import type { ItemDocument, SalesDocument } from '../domain/document.ts'
import type { Names } from './reference-names.ts'
import type { SalePlan } from './sale-plan.ts'

/** The lines of a document whose products have no item in QuickBooks, and that no rule books with another one. */
export function lackingLines(document: SalesDocument, { names, plan }: { names: Names; plan: SalePlan }) {
  return document.lines.filter(({ item }, index) => !plan.lines[index]?.item && !names.items.has(item.sourceId))
}

/** The items of those lines, by the CRM ids of their products. */
export function lackingItems(args: {
  sales: { document: SalesDocument; plan: SalePlan }[]
  names: Names
}): Map<string, ItemDocument> {
  const lines = args.sales.flatMap(({ document, plan }) => lackingLines(document, { names: args.names, plan }))
  return new Map(
    lines.map(({ item: { sourceId, name } }) => [sourceId, { kind: 'ITEM', sourceId, name, description: '' }]),
  )
}
