// What QuickBooks Online knows about its kinds of records, as data: the fields in the order of an answer, what must be
// given, what may be queried, what may be done. One table serves every kind; nothing branches on a kind's name.
// The tables themselves are in names.ts (customers, items, accounts…) and transactions.ts (invoices, payments…).
import type { EntitySpec } from './entity-spec.ts'
import { nameEntities } from './names.ts'
import { transactionEntities } from './transactions.ts'

export interface Entity extends Omit<EntitySpec, 'fields' | 'required' | 'notQueryable' | 'can'> {
  name: string
  fields: ReadonlyMap<string, number>
  required: string[]
  notQueryable: ReadonlySet<string>
  can: { delete: boolean; void: boolean; create: boolean; update: boolean; cdc: boolean }
}

const words = (text = ''): string[] => text.split(/\s+/).filter(Boolean)

const entities = new Map<string, Entity>()
for (const [name, spec] of Object.entries({ ...nameEntities, ...transactionEntities })) {
  entities.set(name.toLowerCase(), {
    ...spec,
    name,
    fields: new Map(words(spec.fields).map((field, position) => [field, position])),
    required: words(spec.required),
    notQueryable: new Set(words(spec.notQueryable)),
    can: { delete: false, void: false, create: true, update: true, cdc: true, ...spec.can },
  })
}

/** The entity by its name in any case (paths write it in lower case, bodies in camel case). */
export const entityNamed = (name: string): Entity | undefined => entities.get(name.toLowerCase())
