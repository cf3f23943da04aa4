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
