import { Journal, type JournalLine } from './journal.ts'

/** What the sandbox remembers: named tables of records and single values, in memory, journalled when a directory is given. */
export class Store {
  readonly #tables = new Map<string, Table<Row>>()
  readonly #values = new Map<string, unknown>()
  #journal: Journal | undefined

  static open({ directory }: { directory?: string | undefined } = {}): Store {
    const store = new Store()
    if (directory) {
      const journal = Journal.open({
        directory,
        onLine: (line) => store.#replay(line),
        snapshot: () => store.#snapshot(),
      })
      store.#journal = journal
    }
    return store
  }

  table<T extends Row>(name: string): Table<T> {
    let table = this.#tables.get(name)
    if (!table) {
      table = new Table<Row>({ name, onChange: (line) => this.#journal?.append(line) })
      this.#tables.set(name, table)
    }
    return table as unknown as Table<T>
  }

  hasTable(name: string): boolean {
    return this.#tables.has(name)
  }

  tableNames(): string[] {
    return [...this.#tables.keys()].sort()
  }

  value<T>(name: string): Value<T> {
    return {
      get: () => this.#values.get(name) as T | undefined,
      set: (value) => {
        this.#values.set(name, value)
        this.#journal?.append({ v: name, x: value })
      },
    }
  }

  /** Journals all changes of `work` together: for loading a world, and for a group of changes that belongs together. */
  together<T>(work: () => T): T {
    return this.#journal ? this.#journal.together(work) : work()
  }

  close(): void {
    this.#journal?.close()
    this.#journal = undefined
  }

  #replay(line: JournalLine): void {
    if ('v' in line) this.#values.set(line.v, line.x)
    else if ('r' in line) this.table(line.t).put(line.r)
    else this.table(line.t).delete(line.d)
  }

  *#snapshot(): Iterable<JournalLine> {
    for (const [name, value] of this.#values) yield { v: name, x: value }
    for (const [name, table] of this.#tables) for (const record of table.all()) yield { t: name, r: record }
  }
}

export interface Row {
  Id: string
}

export interface Value<T> {
  get(): T | undefined
  set(value: T): void
}

export interface Index<T> {
  /** The records under the key, in the order they were put. */
  get(key: string): T[]
  /** The same by Id, uncopied: for those who only count and read. */
  bucket(key: string): ReadonlyMap<string, T>
}

/** Records by Id. Put a new object to change one: the table keeps the object it is given and writes it to the journal. */
export class Table<T extends Row> {
  readonly name: string
  readonly #records = new Map<string, T>()
  readonly #indexes = new Map<string, KeyIndex<T>>()
  readonly #onChange: (line: JournalLine) => void
  #version = 0

  constructor({ name, onChange }: { name: string; onChange: (line: JournalLine) => void }) {
    this.name = name
    this.#onChange = onChange
  }

  get(id: string): T | undefined {
    return this.#records.get(id)
  }

  put(record: T): void {
    this.#records.set(record.Id, record)
    this.#version += 1
    for (const index of this.#indexes.values()) index.put(record)
    this.#onChange({ t: this.name, r: record })
  }

  delete(id: string): void {
    if (!this.#records.delete(id)) return
    this.#version += 1
    for (const index of this.#indexes.values()) index.delete(id)
    this.#onChange({ t: this.name, d: id })
  }

  all(): IterableIterator<T> {
    return this.#records.values()
  }

  /** Grows with each change. */
  get version(): number {
    return this.#version
  }

  get size(): number {
    return this.#records.size
  }

  /** An index by name, built at the first call and kept up to date afterwards; later calls give the same one. */
  index(name: string, keyOf: (record: T) => string | undefined): Index<T> {
    let index = this.#indexes.get(name)
    if (!index) {
      index = new KeyIndex<T>(keyOf)
      for (const record of this.#records.values()) index.put(record)
      this.#indexes.set(name, index)
    }
    return index
  }
}

class KeyIndex<T extends Row> implements Index<T> {
  readonly #keyOf: (record: T) => string | undefined
  /** The key each record was filed under, so that it can be found again after the record has changed. */
  readonly #filed = new Map<string, string>()
  readonly #buckets = new Map<string, Map<string, T>>()

  constructor(keyOf: (record: T) => string | undefined) {
    this.#keyOf = keyOf
  }

  get(key: string): T[] {
    return [...this.bucket(key).values()]
  }

  bucket(key: string): ReadonlyMap<string, T> {
    return this.#buckets.get(key) ?? new Map()
  }

  put(record: T): void {
    const key = this.#keyOf(record)
    if (this.#filed.get(record.Id) !== key) this.delete(record.Id)
    if (key === undefined) return
    this.#filed.set(record.Id, key)
    const bucket = this.#buckets.get(key)
    if (bucket) bucket.set(record.Id, record)
    else this.#buckets.set(key, new Map([[record.Id, record]]))
  }

  delete(id: string): void {
    const key = this.#filed.get(id)
    if (key === undefined) return
    this.#filed.delete(id)
    const bucket = this.#buckets.get(key)
    bucket?.delete(id)
    if (bucket?.size === 0) this.#buckets.delete(key)
  }
}
