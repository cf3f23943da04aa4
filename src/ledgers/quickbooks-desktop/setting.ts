import type { CompanyFacts, ItemNames } from './names.ts'

/** What the dialect depends on beside the document. */
export interface Setting {
  names: ItemNames
  company: CompanyFacts
  version: number
}
