import type { BookRecord } from './books.ts'
import { Refusal } from './status.ts'
import type { Fields } from './write-xml.ts'

/** The page asked for, as the attributes of a query say. */
export interface Paging {
  iterator: string | undefined
  iteratorId: string | undefined
  maxReturned: number | undefined
}

interface Page {
  records: BookRecord[]
  attributes: Record<string, string | number>
}

/** The iterators that one session has open. They remember what is still to come, and end with the session. */
export class Iterators {
  readonly #open = new Map<string, { records: BookRecord[]; filters: string }>()
  readonly #newId: () => string

  constructor(newId: () => string) {
    this.#newId = newId
  }

  endSession(): void {
    this.#open.clear()
  }

  /** A page of what `find` gives. Throws 3391 for an iterator that this session does not have, or with other filters. */
  page({ query, paging, find }: { query: Fields & { name: string }; paging: Paging; find: () => BookRecord[] }): Page {
    const { iterator, iteratorId, maxReturned = Number.POSITIVE_INFINITY } = paging
    if (iterator === undefined) {
      const records = find().slice(0, maxReturned)
      return { records, attributes: {} }
    }
    const filters = JSON.stringify({ ...query, MaxReturned: undefined })
    const known = iterator === 'Start' ? { records: find(), filters } : this.#open.get(iteratorId ?? '')
    if (!known || known.filters !== filters) throw unknownIterator(iteratorId ?? '')
    const id = iterator === 'Start' ? this.#newId() : (iteratorId ?? '')
    const rest = { filters, records: known.records.slice(maxReturned) }
    if (rest.records.length > 0) this.#open.set(id, rest)
    else this.#open.delete(id)
    return {
      records: known.records.slice(0, maxReturned),
      attributes: { iteratorRemainingCount: rest.records.length, iteratorID: id },
    }
  }
}

function unknownIterator(id: string): Refusal {
  return new Refusal({ statusCode: 3391, message: `The iterator ID "${id}" is invalid or no longer there.` })
}
