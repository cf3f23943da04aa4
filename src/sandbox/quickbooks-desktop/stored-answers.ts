import { createHash } from 'node:crypto'
import type { Row, Table } from '../store.ts'
import type { Books } from './books.ts'

interface StoredAnswer extends Row {
  checksum: string
  /** Absent when QuickBooks broke down in the midst of the set. */
  response?: string
}

const idLengthMax = 24

/** What a set with message set ids is answered before anything of it runs: a code alone, or a stored answer; or it shall run. */
export type Recovery = { kind: 'run' } | { kind: 'code'; code: number } | { kind: 'repeat'; response: string }

/** Message set recovery: answers kept by newMessageSetID until oldMessageSetID clears them. */
export class StoredAnswers {
  readonly #books: Books

  constructor(books: Books) {
    this.#books = books
  }

  /**
   * An empty set with both ids alike asks for the stored answer; oldMessageSetID alone clears it. A set whose new id is stored
   * already is not run again: the same requests are given the stored answer, others 9001.
   */
  before({ oldId, newId, checksum, isEmpty }: Asked): Recovery {
    if ([oldId, newId].some((id) => id !== undefined && (id === '' || id.length > idLengthMax)))
      return { kind: 'code', code: 9004 }
    const stored = this.#table.get(newId ?? oldId ?? '')
    if (newId === undefined) {
      if (oldId === undefined) return { kind: 'run' }
      if (stored) this.#table.delete(oldId)
      if (isEmpty) return { kind: 'code', code: stored ? 0 : 600 }
      return { kind: 'run' }
    }
    if (oldId !== undefined && oldId !== newId) this.#table.delete(oldId)
    if (!stored) return isEmpty ? { kind: 'code', code: 600 } : { kind: 'run' }
    const isSame = isEmpty ? oldId === newId : stored.checksum === checksum
    if (!isSame) return { kind: 'code', code: 9001 }
    return stored.response === undefined ? { kind: 'code', code: 9002 } : { kind: 'repeat', response: stored.response }
  }

  put({ id, checksum, response }: { id: string; checksum: string; response?: string }): void {
    this.#table.put(response === undefined ? { Id: id, checksum } : { Id: id, checksum, response })
    const max = this.#books.settings.quickBooksDesktopStoredAnswersMax
    for (const { Id } of this.#table.all()) {
      if (this.#table.size <= max) break
      this.#table.delete(Id)
    }
  }

  get #table(): Table<StoredAnswer> {
    return this.#books.table<StoredAnswer>('messageSets')
  }
}

interface Asked {
  oldId: string | undefined
  newId: string | undefined
  checksum: string
  isEmpty: boolean
}

/** A checksum of the requests of a set, whatever their spacing. */
export const checksumOf = (requests: unknown): string =>
  createHash('sha256').update(JSON.stringify(requests)).digest('base64url')
