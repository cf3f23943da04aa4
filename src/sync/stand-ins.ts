import type { SalesDocument } from '../domain/document.ts'
import { LinkKind } from '../domain/link.ts'
import { type Names, nameKey } from './reference-names.ts'
import type { SalePlan } from './sale-plan.ts'

/** The names of a document, with a stand-in for each id that is not known, so that it can be shown or compared all the same. */
export function withStandIns(
  { document, plan, names }: { document: SalesDocument; plan: SalePlan; names: Names },
  standInFor: (entity: LinkKind, name: string) => string,
): Names {
  const { sourceId, name } = document.customer
  const [customers, items, named] = [new Map(names.customers), new Map(names.items), new Map(names.named)]
  if (!customers.has(sourceId)) customers.set(sourceId, standInFor(LinkKind.CUSTOMER, name))
  for (const [index, { item }] of document.lines.entries()) {
    if (!plan.lines[index]?.item && !items.has(item.sourceId))
      items.set(item.sourceId, standInFor(LinkKind.ITEM, item.name))
  }
  const optional = new Set(plan.needs.flatMap((need) => ('name' in need && need.optional ? [nameKey(need)] : [])))
  for (const one of plan.named) {
    const key = nameKey(one)
    if (!named.has(key) && !(optional.has(key) && !one.chosen)) named.set(key, standInFor(one.entity, one.name))
  }
  return { ...names, customers, items, named }
}
