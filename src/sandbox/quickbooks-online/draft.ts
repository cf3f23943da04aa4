import type { Company, QuickBooksRecord } from './company.ts'
import type { Entity } from './entity.ts'
import type { Fields } from './json-text.ts'

/** A record on its way into the books. */
export interface Draft {
  company: Company
  entity: Entity
  id: string
  /** The whole record as it will be, before completion. */
  fields: Fields
  /** What the client sent, with its references resolved. */
  sent: Fields
  /** What was there before, for an update. */
  previous: QuickBooksRecord | undefined
}

export interface Completed {
  fields: Fields
  /** Changes to other records that follow from this one; run once it is in the books. */
  afterwards?: () => void
}

/** The fields in the order in which the entity's answers carry them. */
export function inAnswerOrder({ entity, fields }: { entity: Entity; fields: Fields }): Fields {
  const position = (name: string): number => entity.fields.get(name) ?? entity.fields.size
  const known = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(known.sort(([one], [other]) => position(one) - position(other)))
}
