import type { Books } from './books.ts'
import type { Iterators, Paging } from './iterators.ts'
import type { Fields } from './write-xml.ts'

/** One request on its way: its name without `Rq`, and what stands in it. */
export interface Call {
  books: Books
  name: string
  fields: Fields
  /** IncludeRetElement: the elements that the answer shall have; empty for all. */
  only: string[]
  paging: Paging
  iterators: Iterators
}

/** What becomes of a request: without a status it went well. `body` is XML. */
export interface Answered {
  statusCode?: number
  message?: string
  attributes?: Record<string, string | number>
  body: string
}
