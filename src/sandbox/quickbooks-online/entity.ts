// What QuickBooks Online knows about its kinds of records, as data: the fields in the order of an answer, what must be
// given, what may be queried, what may be done. One table serves every kind; nothing branches on a kind's name.
// The tables themselves are in names.ts (customers, items, accounts…) and transactions.ts (invoices, payments…).
import { nameEntities } from './names.ts'
import { transactionEntities } from './transactions.ts'

/** Entities of one family share their completion rules, see write.ts. */
export type Family =
  | 'sale'
  | 'expense'
  | 'payment'
  | 'deposit'
  | 'journal'
  | 'person'
  | 'item'
  | 'account'
  | 'list'
  | 'company'

export interface EntitySpec {
  family: Family
  /** Every known field, in the order of an answer, parted by spaces. */
  fields: string
  required?: string
  /** Allowed values of enumerated fields, parted by commas. */
  enumerations?: Record<string, string>
  /** Known fields that a query may not filter by. */
  notQueryable?: string
  /** What may be done besides create, read and update. */
  can?: { delete?: boolean; void?: boolean; create?: boolean; update?: boolean; cdc?: boolean }
  /** Records of one sequence share their numbering of Ids. */
  sequence: string
  /** The field that must be unique, and the names that share one namespace. */
  uniqueName?: { field: 'DisplayName' | 'Name'; among: string[] }
  hasDocNumber?: boolean
}

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
